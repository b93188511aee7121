/** Most bins of one series: more than a figure has pixels says nothing more, and makes the page large. */
const MOST_BINS = 600;
const FINEST_NS = 50_000;

/** How many events of a kind fell into each piece of time; pieces grow until there are few enough that hold any. */
export class TimeBins {
  widthNs = FINEST_NS;
  private readonly bins: number[] = [];
  private readonly counts: number[] = [];

  /** Times come in ascending order. */
  add(timeNs: number): void {
    const bin = Math.floor(timeNs / this.widthNs);
    const last = this.bins.length - 1;
    if (this.bins[last] === bin) {
      this.counts[last]++;
      return;
    }
    this.bins.push(bin);
    this.counts.push(1);
    if (this.bins.length > MOST_BINS) this.widen();
  }

  *[Symbol.iterator](): Generator<{ fromNs: number; toNs: number; count: number }> {
    for (const [at, bin] of this.bins.entries()) {
      yield { fromNs: bin * this.widthNs, toNs: (bin + 1) * this.widthNs, count: this.counts[at] };
    }
  }

  private widen(): void {
    this.widthNs *= 2;
    let kept = -1;
    for (let at = 0; at < this.bins.length; at++) {
      const bin = Math.floor(this.bins[at] / 2);
      if (kept >= 0 && this.bins[kept] === bin) this.counts[kept] += this.counts[at];
      else {
        kept++;
        this.bins[kept] = bin;
        this.counts[kept] = this.counts[at];
      }
    }
    this.bins.length = kept + 1;
    this.counts.length = kept + 1;
  }
}

/** A number that changes in steps, such as the devices with wrong masks. */
export interface Step {
  readonly atNs: number;
  readonly value: number;
}

const MOST_STEPS = 3000;

/** Steps in ascending order of time; where there are too many, those that follow closely on each other become one. */
export class StepSeries {
  readonly steps: Step[] = [];
  private gapNs = 0;

  push(atNs: number, value: number): void {
    const last = this.steps.at(-1);
    if (last?.value === value) return;
    if (last !== undefined && atNs - last.atNs <= this.gapNs) this.steps.pop();
    this.steps.push({ atNs: last !== undefined && atNs - last.atNs <= this.gapNs ? last.atNs : atNs, value });
    if (this.steps.length > MOST_STEPS) this.thin();
  }

  private thin(): void {
    const steps = this.steps.splice(0);
    this.gapNs = Math.max(1000, this.gapNs * 2);
    for (const { atNs, value } of steps) this.push(atNs, value);
  }
}
