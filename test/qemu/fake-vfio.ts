import type { Process, Steps } from '../../src/kernel/process.ts';
import { E, type Errno } from '../../src/linux/errno.ts';
import type { EventFd } from '../../src/linux/vfio/event-fd.ts';
import {
  CommandRegion,
  DEVICE_FLAG,
  type DeviceInfo,
  IoRegion,
  IRQ,
  REGION,
  REGION_BYTES,
  REGION_CAPABILITY_TYPE,
  REGION_SUBTYPE,
  REGION_TYPE_CCW,
  type ReadableRegion,
  type RegionIndex,
  type RegionInfo,
  type VfioCcwDevice,
  type WritableRegion,
} from '../../src/linux/vfio/uapi.ts';
import { copyExtendedStatus, copySchib, copyScsw } from '../../src/zarch/block-copy.ts';
import { Irb } from '../../src/zarch/irb.ts';
import { Schib } from '../../src/zarch/schib.ts';

/** What a kernel of the host offers; all of it unless said otherwise. */
export interface FakeOffer {
  readonly regions?: readonly RegionIndex[];
  /** Size of a region that differs from what user space expects. */
  readonly wrongSize?: RegionIndex;
  readonly irqs?: number;
}

/** vfio-ccw as a test wants it: answers as set, and everything that QEMU does is written down. */
export class FakeVfio implements VfioCcwDevice {
  readonly subchannel = 0x10007;
  readonly deviceNumber = 0x1000;
  readonly chpids = new Uint8Array([0x40, 0x41, 0, 0, 0, 0, 0, 0]);
  pim = 0xc0;
  pam = 0xc0;
  pom = 0xff;
  isOpen = false;
  /** The subchannel is not operational, and the kernel keeps the device. */
  gone = false;
  /** Answers to coming writes, in order; 0 when there are none left. */
  readonly answers: Errno[] = [];
  /** Answer to each read. */
  readAnswer: Errno = E.OK;
  openAnswer: Errno = E.OK;
  /** What reading the regions gives. */
  readonly schib = new Schib();
  readonly irb = new Irb();
  readonly reports: number[] = [];
  readonly written: string[] = [];
  /** What happens while a region is being read. */
  onRead: () => void = () => {};
  readonly triggers = new Map<number, EventFd>();
  private readonly offered: readonly RegionIndex[];
  private readonly offer: FakeOffer;

  constructor(offer: FakeOffer = {}) {
    this.offer = offer;
    Object.assign(this.schib.pmcw, { pim: this.pim, pam: this.pam, pom: this.pom });
    this.offered = offer.regions ?? [REGION.IO, REGION.COMMAND, REGION.SCHIB, REGION.CRW];
  }

  get info(): DeviceInfo {
    const flags = DEVICE_FLAG.RESET | DEVICE_FLAG.CCW | (this.gone ? DEVICE_FLAG.NOT_OPERATIONAL : 0);
    return { flags, regions: this.isOpen ? this.offered.length : 1, irqs: this.offer.irqs ?? 3 };
  }

  regionInfo(index: number): RegionInfo | null {
    const region = this.offered[index];
    if (region === undefined) return null;
    const bytes = REGION_BYTES[region] + (this.offer.wrongSize === region ? 4 : 0);
    const capability =
      region === REGION.IO
        ? null
        : { id: REGION_CAPABILITY_TYPE, type: REGION_TYPE_CCW, subtype: REGION_SUBTYPE[region] };
    return { flags: 3, bytes, offset: index << 10, capability };
  }

  irqCount(irq: number): number {
    return irq < this.info.irqs ? 1 : E.INVAL;
  }

  setTrigger(irq: number, eventFd: EventFd | null): Errno {
    if (eventFd === null) this.triggers.delete(irq);
    else this.triggers.set(irq, eventFd);
    return E.OK;
  }

  *open(self: Process): Steps<Errno> {
    yield* self.settle();
    this.written.push('open');
    this.isOpen = this.openAnswer === E.OK;
    return this.openAnswer;
  }

  *close(self: Process): Steps {
    yield* self.settle();
    this.written.push('close');
    this.isOpen = false;
  }

  *reset(self: Process): Steps<Errno> {
    yield* self.settle();
    this.written.push('reset');
    return E.OK;
  }

  *write(self: Process, region: WritableRegion): Steps<Errno> {
    yield* self.work(100);
    if (region instanceof IoRegion) {
      const { fctl, actl } = region.scsw;
      this.written.push(`io ${fctl.toString(16)}/${actl.toString(16)} pfch ${region.orb.prefetch}`);
    } else if (region instanceof CommandRegion) this.written.push(`command ${region.command}`);
    return this.answers.shift() ?? E.OK;
  }

  *read(self: Process, region: ReadableRegion): Steps<Errno> {
    yield* self.work(100);
    this.written.push(`read ${region.index}`);
    this.onRead();
    if (this.readAnswer !== E.OK) return this.readAnswer;
    switch (region.index) {
      case REGION.IO:
        copyScsw(this.irb.scsw, region.irb.scsw);
        copyExtendedStatus(this.irb, region.irb);
        break;
      case REGION.SCHIB:
        copySchib(this.schib, region.schib);
        break;
      case REGION.CRW:
        region.crw = this.reports.shift() ?? 0;
        break;
    }
    return E.OK;
  }

  /** An interruption with this status. */
  interrupt(scsw: Partial<Irb['scsw']>, rest: Partial<Irb> = {}): void {
    Object.assign(this.irb.scsw, scsw);
    Object.assign(this.irb, rest);
    this.triggers.get(IRQ.IO)!.signal();
  }

  /** The subchannel goes or comes back. */
  setGone(gone: boolean): void {
    this.gone = gone;
    this.triggers.get(IRQ.OPER)?.signal();
  }

  report(...words: number[]): void {
    this.reports.push(...words);
    this.triggers.get(IRQ.CRW)!.signal();
  }
}
