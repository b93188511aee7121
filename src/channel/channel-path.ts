import type { SimTime } from '../kernel/time.ts';
import type { Chpid } from '../zarch/ids.ts';
import type { PathGeneration } from './path-generations.ts';

/** How long a start occupies the channel processor, in place of the generation's cost: a function of one uniform draw. */
export type Occupancy = (draw: number, ccws: number) => SimTime;

/**
 * One channel path: a channel processor that serves starts one after the other, a wire each way, and a limit on the
 * exchanges that may be open. Both servers are FIFO, so the time at which they are free again is all their state.
 *
 *   start ─► processor (occupancy) ─► propagation ─► control unit … ─► wire (bytes) ─► propagation ─► status
 */
export class ChannelPath {
  readonly chpid: Chpid;
  /** Position in the machine's list of channel paths. */
  readonly index: number;
  readonly generation: PathGeneration;
  /** Fibre and switch, one way, ns. */
  readonly propagationNs: SimTime;
  /** Exchanges open now. */
  open = 0;
  /** Subchannels that wait for an exchange on this path. */
  readonly waiting = new WaitingStarts();
  /** True while the path is being taken out of use: nothing new may start on it. */
  leaving = false;
  /** Probability that a start on this path ends with an interface-control check. */
  errorRate = 0;

  // Measurement: totals since the start of the run.
  operations = 0;
  processorBusyNs: SimTime = 0;
  wireBusyNs: SimTime = 0;
  bytesRead = 0;
  bytesWritten = 0;
  private openAreaNs = 0;
  private openSince: SimTime = 0;

  private readonly occupancy: Occupancy | null;
  private processorFreeAt: SimTime = 0;
  private readWireFreeAt: SimTime = 0;
  private writeWireFreeAt: SimTime = 0;

  constructor(
    chpid: Chpid,
    index: number,
    generation: PathGeneration,
    propagationNs: SimTime,
    occupancy: Occupancy | null,
  ) {
    this.chpid = chpid;
    this.index = index;
    this.generation = generation;
    this.propagationNs = propagationNs;
    this.occupancy = occupancy;
  }

  get hasFreeExchange(): boolean {
    return this.open < this.generation.maxOpen && !this.leaving;
  }

  openExchange(now: SimTime): void {
    this.measureOpen(now);
    this.open++;
  }

  closeExchange(now: SimTime): void {
    this.measureOpen(now);
    this.open--;
  }

  /** Serves the start of a program on the channel processor; returns when its first command leaves for the control unit. */
  serveStart(now: SimTime, draw: number, ccws: number): SimTime {
    const { baseNs, perCcwNs } = this.generation;
    const cost = this.occupancy === null ? baseNs + perCcwNs * ccws : this.occupancy(draw, ccws);
    const end = Math.max(now, this.processorFreeAt) + cost;
    this.processorFreeAt = end;
    this.processorBusyNs += cost;
    this.operations++;
    return end;
  }

  /** Moves data over the wire; returns when the last byte has left. */
  transfer(now: SimTime, readBytes: number, writeBytes: number): SimTime {
    let end = now;
    if (readBytes > 0) {
      end = this.serveWire(now, readBytes, true);
      this.bytesRead += readBytes;
    }
    if (writeBytes > 0) {
      end = Math.max(end, this.serveWire(now, writeBytes, this.generation.halfDuplex));
      this.bytesWritten += writeBytes;
    }
    return end;
  }

  /** The path has left the configuration or failed: what it was serving is gone. */
  purge(now: SimTime): void {
    this.processorBusyNs -= Math.max(0, this.processorFreeAt - now);
    this.processorFreeAt = now;
    this.readWireFreeAt = now;
    this.writeWireFreeAt = now;
  }

  /** Exchange-nanoseconds open so far: its growth over an interval divided by the interval is the mean number open. */
  openExchangeArea(now: SimTime): number {
    this.measureOpen(now);
    return this.openAreaNs;
  }

  private serveWire(now: SimTime, bytes: number, readWire: boolean): SimTime {
    const cost = Math.round((bytes * 1_000) / this.generation.megabytesPerSecond);
    const end = Math.max(now, readWire ? this.readWireFreeAt : this.writeWireFreeAt) + cost;
    if (readWire) this.readWireFreeAt = end;
    else this.writeWireFreeAt = end;
    this.wireBusyNs += cost;
    return end;
  }

  private measureOpen(now: SimTime): void {
    this.openAreaNs += this.open * (now - this.openSince);
    this.openSince = now;
  }
}

/**
 * Starts that found no free exchange, first come first served. A start waits on all its paths at once and is taken by
 * the first that becomes free; its tickets on the others are then stale and are dropped when they are met.
 */
export class WaitingStarts {
  private subchannels = new Int32Array(16);
  private tickets = new Float64Array(16);
  private head = 0;
  private length = 0;

  /** `isLive` tells stale tickets apart when the ring is full, so that it does not grow with them. */
  push(subchannel: number, ticket: number, isLive: (subchannel: number, ticket: number) => boolean): void {
    if (this.length === this.subchannels.length) this.makeRoom(isLive);
    const at = (this.head + this.length++) & (this.subchannels.length - 1);
    this.subchannels[at] = subchannel;
    this.tickets[at] = ticket;
  }

  /** The first waiting start that is still live, removed; −1 when there is none. */
  shift(isLive: (subchannel: number, ticket: number) => boolean): number {
    while (this.length > 0) {
      const subchannel = this.subchannels[this.head];
      const ticket = this.tickets[this.head];
      this.head = (this.head + 1) & (this.subchannels.length - 1);
      this.length--;
      if (isLive(subchannel, ticket)) return subchannel;
    }
    return -1;
  }

  private makeRoom(isLive: (subchannel: number, ticket: number) => boolean): void {
    const capacity = this.subchannels.length;
    const subchannels = new Int32Array(capacity * 2);
    const tickets = new Float64Array(capacity * 2);
    let kept = 0;
    for (let at = 0; at < this.length; at++) {
      const from = (this.head + at) & (capacity - 1);
      if (!isLive(this.subchannels[from], this.tickets[from])) continue;
      subchannels[kept] = this.subchannels[from];
      tickets[kept++] = this.tickets[from];
    }
    this.length = kept;
    this.head = 0;
    if (kept > capacity / 2) {
      this.subchannels = subchannels;
      this.tickets = tickets;
    } else {
      this.subchannels.set(subchannels.subarray(0, capacity));
      this.tickets.set(tickets.subarray(0, capacity));
    }
  }
}
