import seedrandom from 'seedrandom';
import { assert } from './assert.ts';
import type { SimTime } from './time.ts';

/**
 * Named random streams of one run. Every component and purpose has its own stream, so a new draw here moves nothing
 * there. The generator is seedrandom's Alea with 53-bit draws; this is the only file that imports it.
 */
export class Stream {
  readonly name: string;
  /** Draws taken so far. */
  draws = 0;
  private readonly next: () => number;

  constructor(seed: string, name: string) {
    this.name = name;
    this.next = seedrandom.alea(`${seed}/${name}`).double;
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    this.draws++;
    return this.next();
  }
}

export class RandomStreams {
  readonly seed: string;
  private readonly streams = new Map<string, Stream>();

  /** `seed` must be the text that is printed: 1 and '1' would be different generators. */
  constructor(seed: string) {
    assert(typeof seed === 'string' && seed.length > 0, 'a run needs a seed');
    this.seed = seed;
  }

  /** The stream of this name, created on first use. */
  stream(name: string): Stream {
    let stream = this.streams.get(name);
    if (stream === undefined) {
      stream = new Stream(this.seed, name);
      this.streams.set(name, stream);
    }
    return stream;
  }

  /** Draw counts by stream name, sorted by name. */
  drawCounts(): Record<string, number> {
    const names = [...this.streams.keys()].sort();
    return Object.fromEntries(names.map((name) => [name, this.streams.get(name)!.draws]));
  }
}

/** Exponential variate with the given mean from a uniform draw, rounded to whole nanoseconds. */
export function exponential(uniform: number, meanNs: number): SimTime {
  // 1 − uniform is exact, because a draw has 53 bits; rounding by floor takes half the time of Math.round.
  return Math.floor(0.5 - Math.log(1 - uniform) * meanNs);
}
