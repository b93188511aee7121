import type { Stream } from '../kernel/random.ts';
import { NS_PER_S, type SimTime } from '../kernel/time.ts';
import type { ArrivalProcess } from './arrivals.ts';
import type { RateShape } from './rate-shape.ts';
import type { TrainOptions } from './workload.ts';

/**
 * Trains of requests: at even distances while one passes, and none until the next. The first train begins somewhere in a
 * pause, so that volumes are not all hit together, and each has its first request within one distance from its beginning:
 * so many requests as its length and the rate say in the mean, even where a train is shorter than that distance.
 */
export class TrainArrivals implements ArrivalProcess {
  private readonly draws: Stream;
  private readonly options: TrainOptions;
  private readonly shape: RateShape | null;
  private readonly gapNs: number;
  private trainFrom: SimTime = 0;
  private trainUntil: SimTime = 0;
  /** From the beginning of the train to its next request at factor one: one number, so that no rounding adds up. */
  private workNs = 0;
  private begun = false;

  constructor(draws: Stream, options: TrainOptions, shape: RateShape | null = null) {
    this.draws = draws;
    this.options = options;
    this.shape = shape;
    this.gapNs = NS_PER_S / options.perSecond;
  }

  next(now: SimTime): SimTime {
    if (!this.begun) {
      this.begun = true;
      this.couple(now + Math.floor(this.pause() * this.draws.uniform()));
    }
    for (;;) {
      const arrival = this.arrival();
      this.workNs += this.gapNs;
      if (arrival < this.trainUntil) return arrival;
      this.couple(this.trainUntil + this.pause());
    }
  }

  /** A pause has at least one nanosecond, so that trains cannot follow each other for ever at one instant. */
  private pause(): SimTime {
    return Math.max(1, this.options.pause(this.draws.uniform()));
  }

  private couple(from: SimTime): void {
    this.trainFrom = from;
    this.trainUntil = from + this.options.length(this.draws.uniform());
    this.workNs = this.draws.uniform() * this.gapNs;
  }

  private arrival(): SimTime {
    const { trainFrom, workNs, shape } = this;
    return shape === null ? trainFrom + Math.floor(workNs) : shape.after(trainFrom, workNs);
  }
}
