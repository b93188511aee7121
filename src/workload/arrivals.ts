import { assert } from '../kernel/assert.ts';
import { exponential, type Stream } from '../kernel/random.ts';
import { NEVER, NS_PER_S, type SimTime } from '../kernel/time.ts';
import type { RateShape } from './rate-shape.ts';
import type { MmppOptions } from './workload.ts';

/**
 * When the requests of an open workload arrive at one volume: each call is asked for the arrival after `now`. A shape
 * lets its rates rise and fall; stays in a state are not touched by it.
 */
export interface ArrivalProcess {
  next(now: SimTime): SimTime;
}

/** Poisson arrivals: independent exponential times between requests. */
export class PoissonArrivals implements ArrivalProcess {
  private readonly stream: Stream;
  private readonly meanNs: number;
  private readonly shape: RateShape | null;

  constructor(stream: Stream, perSecond: number, shape: RateShape | null = null) {
    assert(perSecond > 0, 'a Poisson process has a positive rate');
    this.stream = stream;
    this.meanNs = NS_PER_S / perSecond;
    this.shape = shape;
  }

  next(now: SimTime): SimTime {
    const gap = exponential(this.stream.uniform(), this.meanNs);
    return this.shape === null ? now + gap : this.shape.after(now, gap);
  }
}

/**
 * Markov-modulated Poisson process with two states: quiet times and bursts follow each other, each with its own rate. It
 * begins in the state that an observer at a random time would find.
 */
export class MmppArrivals implements ArrivalProcess {
  private readonly arrivals: Stream;
  private readonly stays: Stream;
  private readonly options: MmppOptions;
  private readonly shape: RateShape | null;
  private bursting = false;
  private stateEndNs: SimTime = NEVER;
  private begun = false;

  /** Arrivals and stays draw from streams of their own, so that a state lasts as long whatever its rate is. */
  constructor(arrivals: Stream, stays: Stream, options: MmppOptions, shape: RateShape | null = null) {
    assert(options.quietPerSecond + options.burstPerSecond > 0, 'one of the two rates is positive');
    this.arrivals = arrivals;
    this.stays = stays;
    this.options = options;
    this.shape = shape;
  }

  next(now: SimTime): SimTime {
    if (!this.begun) this.begin(now);
    let from = now;
    for (;;) {
      const arrival = this.nextInState(from);
      if (arrival < this.stateEndNs) return arrival;
      // The rest of the draw is forgotten: exponential times have no memory.
      from = this.stateEndNs;
      this.enter(!this.bursting, from);
    }
  }

  private nextInState(from: SimTime): SimTime {
    const perSecond = this.bursting ? this.options.burstPerSecond : this.options.quietPerSecond;
    if (perSecond === 0) return NEVER;
    const gap = exponential(this.arrivals.uniform(), NS_PER_S / perSecond);
    return this.shape === null ? from + gap : this.shape.after(from, gap);
  }

  private begin(now: SimTime): void {
    const { quietNs, burstNs } = this.options;
    this.begun = true;
    this.enter(this.stays.uniform() * (quietNs + burstNs) < burstNs, now);
  }

  private enter(bursting: boolean, now: SimTime): void {
    const meanNs = bursting ? this.options.burstNs : this.options.quietNs;
    this.bursting = bursting;
    // A stay has at least one nanosecond, so that the states cannot alternate for ever at one instant.
    this.stateEndNs = now + Math.max(1, exponential(this.stays.uniform(), meanNs));
  }
}
