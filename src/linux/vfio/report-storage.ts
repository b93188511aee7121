/**
 * Storage for channel reports, of which each takes a little: that of the host's kernel, or that of a QEMU. There is always
 * enough, unless a fault of the scenario says otherwise.
 */
export class ReportStorage {
  private shortage = 0;
  private draw: () => number = () => 1;

  /** From now on a report finds none with this probability; `draw` is uniform in [0, 1). */
  runShort(probability: number, draw: () => number): void {
    this.shortage = probability;
    this.draw = draw;
  }

  /** Takes storage for one report; false: there is none. */
  take(): boolean {
    return this.shortage === 0 || this.draw() >= this.shortage;
  }
}
