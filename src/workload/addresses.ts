import { assertNever } from '../kernel/assert.ts';
import type { Stream } from '../kernel/random.ts';
import { Scatter } from './scatter.ts';
import type { AddressOptions, WorkloadVolume } from './workload.ts';
import { ZipfRanks } from './zipf.ts';

/**
 * Where on its volume a source of requests reads and writes. A volume is divided into places of one request each, so
 * that two requests address the same blocks or have none in common.
 */
export interface AddressPattern {
  /** Place of the next request, 0 … places − 1. */
  next(): number;
}

/** Places that a volume has for requests of `blockCount` blocks. */
export const placesOf = (volume: WorkloadVolume, blockCount: number): number =>
  Math.floor(volume.blocks / blockCount);

/** The pattern that `options` describe over `places` places, drawing from `stream`. */
export function createAddressPattern(
  options: AddressOptions,
  places: number,
  stream: Stream,
): AddressPattern {
  switch (options.kind) {
    case 'uniform':
      return new UniformAddresses(places, stream);
    case 'zipf':
      return new ZipfAddresses(places, options.theta, stream);
    case 'sequential':
      return new SequentialAddresses(places, stream);
    default:
      return assertNever(options);
  }
}

class UniformAddresses implements AddressPattern {
  private readonly places: number;
  private readonly stream: Stream;

  constructor(places: number, stream: Stream) {
    this.places = places;
    this.stream = stream;
  }

  next(): number {
    return Math.floor(this.stream.uniform() * this.places);
  }
}

/** Popularity falls with rank; popular places are scattered over the volume. */
class ZipfAddresses implements AddressPattern {
  private readonly ranks: ZipfRanks;
  private readonly scatter: Scatter;
  private readonly stream: Stream;

  constructor(places: number, theta: number, stream: Stream) {
    this.ranks = new ZipfRanks(places, theta);
    this.scatter = new Scatter(places, Math.floor(stream.uniform() * places));
    this.stream = stream;
  }

  next(): number {
    return this.scatter.place(this.ranks.draw(this.stream));
  }
}

/** One place after the other from a random start, and from the first again after the last. */
class SequentialAddresses implements AddressPattern {
  private readonly places: number;
  private at: number;

  constructor(places: number, stream: Stream) {
    this.places = places;
    this.at = Math.floor(stream.uniform() * places);
  }

  next(): number {
    const place = this.at;
    this.at = place + 1 === this.places ? 0 : place + 1;
    return place;
  }
}
