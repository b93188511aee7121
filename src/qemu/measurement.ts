import type { MeasurementControl } from '../channel/channel-subsystem.ts';
import type { Storage } from '../zarch/storage.ts';
import type { VirtualSubchannel } from './subchannel.ts';

const FORMAT_0_BLOCK_BYTES = 32;

/**
 * Channel measurement (css.c:css_do_schm, css_update_chnmon): QEMU counts starts and resumptions, in the first field of
 * the measurement block, and measures nothing else. Keys and device-connect-time measurement are ignored.
 */
export class Measurement {
  private readonly storage: Storage;
  private active = false;
  private origin = 0;

  constructor(storage: Storage) {
    this.storage = storage;
  }

  /** SCHM. Starting what is active already changes nothing: the area can only be moved after a stop. */
  control({ update, origin }: MeasurementControl): void {
    if (update === this.active) return;
    this.active = update;
    this.origin = update ? origin : 0;
  }

  /** SSCH and RSCH, once they are accepted: either measurement-mode bit of the subchannel is enough. */
  count(sch: VirtualSubchannel): void {
    const { pmcw, measurementBlock } = sch.schib;
    if (!this.active || pmcw.measurementMode === 0) return;
    if (pmcw.measurementFormat1 === 1) this.add(measurementBlock, 4);
    else this.add(this.origin + pmcw.measurementIndex * FORMAT_0_BLOCK_BYTES, 2);
  }

  reset(): void {
    this.active = false;
    this.origin = 0;
  }

  /** What SCHM has set. */
  save(): { readonly active: boolean; readonly origin: number } {
    return { active: this.active, origin: this.origin };
  }

  load({ active, origin }: { readonly active: boolean; readonly origin: number }): void {
    this.active = active;
    this.origin = origin;
  }

  /** Adds one to a counter of so many bytes, which wraps around; nothing happens where there is no storage. */
  private add(address: number, bytes: number): void {
    if (this.storage.check(address, bytes, 0, 'store') !== 0) return;
    this.storage.fetch(address, COUNTER, 0, bytes);
    for (let at = bytes - 1; at >= 0; at--) {
      COUNTER[at]++;
      if (COUNTER[at] !== 0) break;
    }
    this.storage.store(address, COUNTER, 0, bytes);
  }
}

const COUNTER = new Uint8Array(4);
