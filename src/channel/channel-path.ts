import { FifoServer } from '../kernel/fifo-server.ts';
import type { SimTime } from '../kernel/time.ts';
import type { Chpid } from '../zarch/ids.ts';
import type { ControlUnit } from './control-unit.ts';
import type { PathGeneration } from './path-generations.ts';
import type { PathImpairments } from './path-impairment.ts';

/** How long a start occupies the channel processor, in place of the generation's cost: a function of one uniform draw. */
export type Occupancy = (draw: number, ccws: number) => SimTime;

/**
 * One channel path: a channel processor that serves starts one after the other, a wire each way, and a limit on the
 * exchanges that may be open.
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
  /** Exchanges open now, and how many of them are in transport mode. */
  open = 0;
  private openTransport = 0;
  /** Subchannels that wait for an exchange on this path, by mode. */
  private readonly waiting = new WaitingStarts();
  private readonly waitingTransport = new WaitingStarts();
  /** True while the path is being taken out of use: nothing new may start on it. */
  leaving = false;
  /** What makes it slow or faulty; null, and nobody looks any further, while nothing does. */
  impairments: PathImpairments | null = null;

  // Measurement: totals since the start of the run.
  bytesRead = 0;
  bytesWritten = 0;
  private openAreaNs = 0;
  private openSince: SimTime = 0;

  /** The processor and the wires: what the utilisation law is checked on. */
  readonly servers: readonly FifoServer[];
  private readonly processor = new FifoServer();
  private readonly readWire = new FifoServer();
  /** The same as the read wire where reading and writing share one. */
  private readonly writeWire: FifoServer;
  private readonly occupancy: Occupancy | null;

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
    this.writeWire = generation.halfDuplex ? this.readWire : new FifoServer();
    this.servers = [this.processor, this.readWire, this.writeWire];
  }

  /** Programs started so far. */
  get operations(): number {
    return this.processor.jobs;
  }

  /** Time until `now` that the channel processor was busy, ns. */
  processorBusyBy(now: SimTime): SimTime {
    return this.processor.busyBy(now);
  }

  /**
   * Time until `now` that the wire was busy, ns; where there is one each way, the busier one. A channel that holds one
   * exchange at a time is busy as long as the exchange is open, whether bytes move or not.
   */
  wireBusyBy(now: SimTime): SimTime {
    if (this.generation.maxOpen === 1) return this.openExchangeArea(now);
    return Math.max(this.readWire.busyBy(now), this.writeWire.busyBy(now));
  }

  /** Each mode has exchanges of its own. */
  hasFreeExchange(transport: boolean): boolean {
    if (this.leaving) return false;
    const { maxOpen, transportMaxOpen } = this.generation;
    return transport ? this.openTransport < transportMaxOpen : this.open - this.openTransport < maxOpen;
  }

  openExchange(now: SimTime, transport: boolean): void {
    this.measureOpen(now);
    this.open++;
    if (transport) this.openTransport++;
  }

  closeExchange(now: SimTime, transport: boolean): void {
    this.measureOpen(now);
    this.open--;
    if (transport) this.openTransport--;
  }

  waitingFor(transport: boolean): WaitingStarts {
    return transport ? this.waitingTransport : this.waiting;
  }

  /** Serves the start of a program on the channel processor; returns when its first command leaves for the control unit. */
  serveStart(now: SimTime, draw: number, ccws: number): SimTime {
    const { baseNs, perCcwNs } = this.generation;
    const cost = this.occupancy === null ? baseNs + perCcwNs * ccws : this.occupancy(draw, ccws);
    return this.processor.enter(now, cost);
  }

  /** Serves the start of a program in transport mode. */
  serveTransport(now: SimTime): SimTime {
    return this.processor.enter(now, this.generation.transportNs);
  }

  /** Serves one more command of a program; returns when it leaves for the control unit. */
  serveCommand(now: SimTime): SimTime {
    return this.processor.enter(now, this.generation.perCcwNs);
  }

  /**
   * Moves data over the wire; returns when the last byte has left. Where the other end takes them slowly, the wire is
   * occupied for longer, and whoever is next waits for it, whatever control unit he talks to.
   */
  transfer(now: SimTime, unit: ControlUnit, readBytes: number, writeBytes: number): SimTime {
    const share = this.impairments === null ? 1 : this.impairments.bandwidth(unit, now);
    let end = now;
    if (readBytes > 0) {
      end = this.readWire.enter(now, this.wireTime(readBytes, share));
      this.bytesRead += readBytes;
    }
    if (writeBytes > 0) {
      end = Math.max(end, this.writeWire.enter(now, this.wireTime(writeBytes, share)));
      this.bytesWritten += writeBytes;
    }
    return end;
  }

  /** What a frame that leaves at `now` takes to the other end, or from there. */
  travelNs(now: SimTime, unit: ControlUnit): SimTime {
    if (this.impairments === null) return this.propagationNs;
    return this.propagationNs + this.impairments.delayNs(unit, now);
  }

  /** The path has left the configuration or failed: what it was serving is gone. */
  purge(now: SimTime): void {
    for (const server of this.servers) server.reset(now);
  }

  /** Exchange-nanoseconds open so far: its growth over an interval divided by the interval is the mean number open. */
  openExchangeArea(now: SimTime): number {
    this.measureOpen(now);
    return this.openAreaNs;
  }

  private wireTime(bytes: number, share: number): SimTime {
    return Math.round((bytes * 1_000) / (this.generation.megabytesPerSecond * share));
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
