import { RandomStreams, type Stream } from '../../src/kernel/random.ts';

/**
 * What chance decides about one scenario. Every choice has a random stream of its own, named after what is chosen, so that a
 * new axis changes nothing else about the scenarios of a seed.
 */
export class Draws {
  private readonly streams: RandomStreams;

  /** Scenario number `index` of a swarm is the same however many are drawn. */
  constructor(seed: string, index: number) {
    this.streams = new RandomStreams(`${seed}/${index}`);
  }

  about(name: string): Draw {
    return new Draw(this.streams.stream(name));
  }
}

/** Draws for one choice. */
export class Draw {
  private readonly stream: Stream;

  constructor(stream: Stream) {
    this.stream = stream;
  }

  chance(probability: number): boolean {
    return this.stream.uniform() < probability;
  }

  /** Both ends included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.stream.uniform() * (most - least + 1));
  }

  /** What stands twice is twice as likely. */
  pick<T>(values: readonly T[]): T {
    return values[this.whole(0, values.length - 1)];
  }

  /** Each with the same probability, in their order. */
  some<T>(values: readonly T[], probability = 0.5): T[] {
    return values.filter(() => this.chance(probability));
  }

  /** As `some`, but at least one. */
  oneOrMore<T>(values: readonly T[], probability = 0.3): T[] {
    const chosen = this.some(values, probability);
    return chosen.length > 0 ? chosen : [this.pick(values)];
  }

  /** A time in whole milliseconds, as scenarios write it. */
  ms(least: number, most: number): string {
    return `${this.whole(least, most)}ms`;
  }
}
