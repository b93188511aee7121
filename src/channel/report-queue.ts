import { Crw } from '../zarch/crw.ts';

/**
 * The channel-report words of one image, oldest first, and whether the next one calls for a machine check.
 *
 * A machine check is requested once; only a STCRW that finds the queue empty arms it again. When the queue has no room for
 * all words of a report, the report is lost and the most recently queued word gets its overflow bit (Principles of
 * Operation, "Channel-Report Word", bit 2).
 */
export class ReportQueue {
  /** Words queued and read, and reports lost so far. */
  queued = 0;
  read = 0;
  lost = 0;
  private readonly ring: Crw[];
  private head = 0;
  private length = 0;
  private armed = true;

  constructor(depth: number) {
    this.ring = Array.from({ length: depth }, () => new Crw());
  }

  get pending(): number {
    return this.length;
  }

  /** Queues copies of the words of one report. False when it was lost. */
  push(report: Readonly<Crw>, chained: Readonly<Crw> | null = null): boolean {
    const words = chained === null ? 1 : 2;
    if (this.length + words > this.ring.length) {
      this.lost++;
      if (this.length > 0) this.ring[(this.head + this.length - 1) % this.ring.length].overflow = 1;
      return false;
    }
    this.append(report);
    if (chained !== null) this.append(chained);
    return true;
  }

  /** True once per arming: the report just queued must be announced by a machine check. */
  takeAnnouncement(): boolean {
    const announce = this.armed && this.length > 0;
    if (announce) this.armed = false;
    return announce;
  }

  /** STCRW: cc 0 and the oldest report, or cc 1 and zeros. */
  store(into: Crw): 0 | 1 {
    if (this.length === 0) {
      copyCrw(EMPTY, into);
      this.armed = true;
      return 1;
    }
    copyCrw(this.ring[this.head], into);
    this.head = (this.head + 1) % this.ring.length;
    this.length--;
    this.read++;
    return 0;
  }

  private append(word: Readonly<Crw>): void {
    copyCrw(word, this.ring[(this.head + this.length) % this.ring.length]);
    this.length++;
    this.queued++;
  }
}

const EMPTY: Readonly<Crw> = new Crw();

function copyCrw(from: Readonly<Crw>, to: Crw): void {
  to.solicited = from.solicited;
  to.overflow = from.overflow;
  to.chained = from.chained;
  to.rsc = from.rsc;
  to.ancillary = from.ancillary;
  to.erc = from.erc;
  to.rsid = from.rsid;
}
