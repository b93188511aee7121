import type { Storage } from '../zarch/storage.ts';
import type { Notifier } from './notifier.ts';
import type { VirtualSubchannel } from './subchannel.ts';
import type { QemuTrace } from './trace.ts';

const NO_ADDRESS = -1;
/** Bit of the summary byte that stands for virtio devices. */
const SUMMARY_BIT = 0x01;
const BYTE = new Uint8Array(1);

/** Where the indicators of a device are, as a migration sends it. */
export interface IndicatorState {
  readonly queues: number;
  readonly config: number;
  readonly summary: number;
  readonly firstBit: number;
  readonly isc: number;
}

/**
 * Bits in the guest's storage by which a device says what it wants, before it interrupts (virtio-ccw.c:virtio_ccw_notify).
 * With classic indicators each notification gives an I/O interruption of the subchannel, unless its status is pending
 * already. With adapter indicators many devices share a summary byte, and only the one that finds it zero interrupts.
 */
export class VirtioIndicators {
  /** Addresses of the guest's storage; NO_ADDRESS until they are set. */
  private queues = NO_ADDRESS;
  private config = NO_ADDRESS;
  private summary = NO_ADDRESS;
  /** First bit of the queues, and the subclass, for adapter interruptions. */
  private firstBit = 0;
  private isc = 0;
  private readonly storage: Storage;
  private readonly trace: QemuTrace;

  constructor(storage: Storage, trace: QemuTrace) {
    this.storage = storage;
    this.trace = trace;
  }

  get areSet(): boolean {
    return this.queues !== NO_ADDRESS;
  }

  setClassic(address: number): void {
    this.queues = address;
  }

  setConfig(address: number): void {
    this.config = address;
  }

  setAdapter(summary: number, queues: number, firstBit: number, isc: number): void {
    this.summary = summary;
    this.queues = queues;
    this.firstBit = firstBit;
    this.isc = isc;
  }

  reset(): void {
    this.queues = NO_ADDRESS;
    this.config = NO_ADDRESS;
    this.summary = NO_ADDRESS;
  }

  save(): IndicatorState {
    const { queues, config, summary, firstBit, isc } = this;
    return { queues, config, summary, firstBit, isc };
  }

  load({ queues, config, summary, firstBit, isc }: IndicatorState): void {
    this.config = config;
    this.setAdapter(summary, queues, firstBit, isc);
  }

  notifyConfig(sch: VirtualSubchannel, notifier: Notifier): void {
    if (this.config === NO_ADDRESS) return;
    this.setBit(this.config, 0);
    notifier.unsolicited(sch);
  }

  notifyQueue(sch: VirtualSubchannel, vector: number, notifier: Notifier): void {
    if (!this.areSet) return;
    if (!sch.adapterInterruptions) {
      this.setBit(this.queues, vector);
      notifier.unsolicited(sch);
      return;
    }
    const bit = this.firstBit + vector;
    this.setByte(this.queues + Math.floor(bit / 8), 0x80 >> (bit % 8));
    if (this.setByte(this.summary, SUMMARY_BIT) === 0) notifier.adapter(this.isc);
  }

  /** Bit `bit`, counted from the right, of a doubleword. */
  private setBit(address: number, bit: number): void {
    this.or(address + 7 - (bit >> 3), 1 << (bit & 7));
  }

  private setByte(address: number, bits: number): number {
    const old = this.or(address, bits);
    this.trace.indicator(address, old, old | bits);
    return old;
  }

  /** Sets bits of a byte and returns what it was; nothing happens where there is no storage. */
  private or(address: number, bits: number): number {
    if (this.storage.check(address, 1, 0, 'store') !== 0) return 0;
    this.storage.fetch(address, BYTE);
    const old = BYTE[0];
    BYTE[0] = old | bits;
    this.storage.store(address, BYTE);
    return old;
  }
}
