import { assert } from '../../kernel/assert.ts';

/**
 * Storage for channel reports, of which each takes a little: that of the host's kernel, or that of a QEMU. There is always
 * enough, unless a fault of the scenario says otherwise.
 */
export class ReportStorage {
  /** Reports that have found storage so far, and those that have given it back. */
  taken = 0;
  givenBack = 0;
  private shortage = 0;
  private draw: () => number = () => 1;

  /** From now on a report finds none with this probability; `draw` is uniform in [0, 1). */
  runShort(probability: number, draw: () => number): void {
    this.shortage = probability;
    this.draw = draw;
  }

  /** Takes storage for one report; false: there is none. */
  take(): boolean {
    const found = this.shortage === 0 || this.draw() >= this.shortage;
    if (found) this.taken++;
    return found;
  }

  /** Reports have been read, or are freed with what held them. */
  giveBack(reports = 1): void {
    this.givenBack += reports;
    assert(this.givenBack <= this.taken, 'a report gives its storage back once');
  }
}
