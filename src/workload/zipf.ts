import { assert } from '../kernel/assert.ts';
import type { Stream } from '../kernel/random.ts';

/**
 * Ranks with probabilities proportional to (rank + 1)^−theta, by rejection-inversion (Hörmann and Derflinger, "Rejection-
 * inversion to generate variates from monotone discrete distributions", 1996): no table, whatever the number of ranks,
 * and hardly more than one draw per rank.
 *
 * The density h(x) = x^−theta is integrated as H; a point below the curve is drawn by inverting H and accepted when it
 * falls into the histogram of the ranks.
 */
export class ZipfRanks {
  private readonly ranks: number;
  private readonly theta: number;
  private readonly integralFirst: number;
  private readonly integralLast: number;
  /** Points closer than this to their rank need no further test. */
  private readonly sureDistance: number;

  constructor(ranks: number, theta: number) {
    assert(ranks >= 1 && theta > 0, `a Zipf distribution over ${ranks} ranks with theta ${theta}`);
    this.ranks = ranks;
    this.theta = theta;
    this.integralFirst = this.integral(1.5) - 1;
    this.integralLast = this.integral(ranks + 0.5);
    this.sureDistance = 2 - this.inverse(this.integral(2.5) - this.density(2));
  }

  /** A rank, 0 the most popular. */
  draw(stream: Stream): number {
    for (;;) {
      const area = this.integralLast + stream.uniform() * (this.integralFirst - this.integralLast);
      const point = this.inverse(area);
      const rank = Math.min(Math.max(Math.floor(point + 0.5), 1), this.ranks);
      if (rank - point <= this.sureDistance || area >= this.integral(rank + 0.5) - this.density(rank)) {
        return rank - 1;
      }
    }
  }

  /** Powers by exp and log, which are the same on every platform. */
  private density(x: number): number {
    return Math.exp(-this.theta * Math.log(x));
  }

  /** Integral of the density from 1 to `x`: (x^(1 − theta) − 1) / (1 − theta), log x where theta is one. */
  private integral(x: number): number {
    const log = Math.log(x);
    return growth((1 - this.theta) * log) * log;
  }

  private inverse(area: number): number {
    const exponent = Math.max((1 - this.theta) * area, -1);
    return Math.exp(logGrowth(exponent) * area);
  }
}

const SMALL = 1e-5;

/** (e^x − 1) / x, by its series where the difference would lose digits. */
const growth = (x: number): number =>
  Math.abs(x) > SMALL ? (Math.exp(x) - 1) / x : 1 + (x / 2) * (1 + (x / 3) * (1 + x / 4));

/** log(1 + x) / x. */
const logGrowth = (x: number): number =>
  Math.abs(x) > SMALL ? Math.log1p(x) / x : 1 - x * (1 / 2 - x * (1 / 3 - x / 4));
