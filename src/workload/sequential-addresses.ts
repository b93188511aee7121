import type { Stream } from '../kernel/random.ts';
import type { AddressPattern } from './addresses.ts';

/** One request behind the other, and from the front again where there is no more room. */
export class SequentialAddresses implements AddressPattern {
  private readonly end: number;
  private at: number;

  /** `start`, 0 … 1, is moved to the place before it. */
  constructor(places: number, size: number, start: number) {
    this.end = places * size;
    this.at = Math.min(Math.floor(start * places), places - 1) * size;
  }

  next(blockCount: number): number {
    if (this.at + blockCount > this.end) this.at = 0;
    const first = this.at;
    this.at = first + blockCount;
    return first;
  }
}

/**
 * Runs of requests behind each other. Each request ends its run with the same probability, so lengths are geometric, as
 * of a program that reads members of a library one after the other.
 */
export class RunAddresses implements AddressPattern {
  private readonly places: number;
  private readonly size: number;
  private readonly jump: number;
  private readonly stream: Stream;
  private at: number;

  constructor(places: number, size: number, mean: number, start: number | undefined, stream: Stream) {
    this.places = places;
    this.size = size;
    this.jump = 1 / mean;
    this.stream = stream;
    this.at = Math.min(Math.floor((start ?? stream.uniform()) * places), places - 1) * size;
  }

  /** Two draws whether it jumps or not, so that the mean length moves no later draw. */
  next(blockCount: number): number {
    const ends = this.stream.uniform() < this.jump;
    const elsewhere = Math.floor(this.stream.uniform() * this.places) * this.size;
    const first = this.at + blockCount > this.places * this.size ? 0 : this.at;
    this.at = ends ? elsewhere : first + blockCount;
    return first;
  }
}
