import { assert } from '../../kernel/assert.ts';

/** What becomes of reports for which there is no storage, or no room in a list. */
export interface ReportShortage {
  /** Probability that a report finds none. */
  readonly probability: number;
  /** Reports that a list holds all the same; zero: lists do not matter, and a loss is not told. */
  readonly limit: number;
}

/**
 * Storage for channel reports, of which each takes a little: that of the host's kernel, or that of a QEMU. There is always
 * enough, and no list has a limit, unless a fault of the scenario says otherwise. Who finds a list full tells the reader
 * so, as a machine does: by the overflow bit of the report that was queued last.
 */
export class ReportStorage {
  /** Reports that have found storage so far, and those that have given it back. */
  taken = 0;
  givenBack = 0;
  private shortage: ReportShortage = { probability: 0, limit: 0 };
  private draw: () => number = () => 1;

  /** From now on; `draw` is uniform in [0, 1). */
  runShort(shortage: ReportShortage, draw: () => number): void {
    this.shortage = shortage;
    this.draw = draw;
  }

  /** Whether a list in which so many reports wait has room for another one. */
  hasRoom(waiting: number): boolean {
    const { probability, limit } = this.shortage;
    return limit === 0 || probability === 0 || waiting < limit || this.draw() >= probability;
  }

  /** Takes storage for one report; false: there is none. */
  take(): boolean {
    const { probability, limit } = this.shortage;
    const found = limit > 0 || probability === 0 || this.draw() >= probability;
    if (found) this.taken++;
    return found;
  }

  /** Reports have been read, or are freed with what held them. */
  giveBack(reports = 1): void {
    this.givenBack += reports;
    assert(this.givenBack <= this.taken, 'a report gives its storage back once');
  }
}
