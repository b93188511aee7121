import { assertNever } from '../kernel/assert.ts';
import type { Stream } from '../kernel/random.ts';
import { HotAddresses } from './hot-addresses.ts';
import { Scatter } from './scatter.ts';
import { RunAddresses, SequentialAddresses } from './sequential-addresses.ts';
import type { AddressOptions } from './workload.ts';
import { ZipfRanks } from './zipf.ts';

/**
 * Where in its extent a source of requests reads and writes. Random patterns divide the extent into places for the largest
 * request, so that requests of one size address the same blocks or have none in common.
 */
export interface AddressPattern {
  /** First block of the next request, which has `blockCount` blocks, counted from the extent's first. */
  next(blockCount: number): number;
}

/** The pattern that `options` describe over `blocks` blocks for requests of up to `largest`, drawing from `stream`. */
export function createAddressPattern(
  options: AddressOptions,
  blocks: number,
  largest: number,
  stream: Stream,
): AddressPattern {
  const places = Math.floor(blocks / largest);
  switch (options.kind) {
    case 'uniform':
      return new UniformAddresses(places, largest, stream);
    case 'zipf':
      return new ZipfAddresses(places, largest, options.theta, stream);
    case 'hot':
      return new HotAddresses(places, largest, options, stream);
    case 'sequential':
      return options.run === undefined
        ? new SequentialAddresses(places, largest, options.start ?? stream.uniform())
        : new RunAddresses(places, largest, options.run, options.start, stream);
    default:
      return assertNever(options);
  }
}

class UniformAddresses implements AddressPattern {
  private readonly places: number;
  private readonly size: number;
  private readonly stream: Stream;

  constructor(places: number, size: number, stream: Stream) {
    this.places = places;
    this.size = size;
    this.stream = stream;
  }

  next(): number {
    return Math.floor(this.stream.uniform() * this.places) * this.size;
  }
}

/** Popularity falls with rank; popular places are scattered over the extent. */
class ZipfAddresses implements AddressPattern {
  private readonly ranks: ZipfRanks;
  private readonly scatter: Scatter;
  private readonly size: number;
  private readonly stream: Stream;

  constructor(places: number, size: number, theta: number, stream: Stream) {
    this.ranks = new ZipfRanks(places, theta);
    this.scatter = new Scatter(places, Math.floor(stream.uniform() * places));
    this.size = size;
    this.stream = stream;
  }

  next(): number {
    return this.scatter.place(this.ranks.draw(this.stream)) * this.size;
  }
}
