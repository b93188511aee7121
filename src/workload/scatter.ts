import { assert } from '../kernel/assert.ts';

/** Reciprocal of the golden ratio: of all multiples of a number, those of this one lie furthest apart on a circle. */
const GOLDEN_SECTION = 0.6180339887498949;
const LIMIT = 2 ** 31;
const HALF_WORD = 2 ** 16;

/**
 * A permutation of 0 … n − 1 that puts consecutive numbers far apart: any first m of them keep a distance of about
 * n / (2.6 · m) or more from each other. With it the popular places of a volume are spread instead of being neighbours.
 */
export class Scatter {
  readonly size: number;
  private readonly factorHigh: number;
  private readonly factorLow: number;
  private readonly offset: number;

  /** `offset` turns the whole picture, so that volumes do not all have the same hot spots. */
  constructor(size: number, offset: number) {
    assert(size >= 1 && size < LIMIT, `a permutation of ${size} places is out of range`);
    const factor = coprimeNear(Math.round(size * GOLDEN_SECTION), size);
    this.size = size;
    this.factorHigh = Math.floor(factor / HALF_WORD);
    this.factorLow = factor % HALF_WORD;
    this.offset = offset % size;
  }

  /** Where number `index` is put. The factor is taken in two halves to keep every product exact. */
  place(index: number): number {
    const high = (this.factorHigh * index) % this.size;
    return (high * HALF_WORD + this.factorLow * index + this.offset) % this.size;
  }
}

/** The first number from `start` on that has no divisor in common with `size`. */
function coprimeNear(start: number, size: number): number {
  let candidate = Math.max(1, start);
  while (greatestCommonDivisor(candidate, size) !== 1) candidate++;
  return candidate;
}

function greatestCommonDivisor(a: number, b: number): number {
  let [divisor, rest] = [a, b];
  while (rest !== 0) [divisor, rest] = [rest, divisor % rest];
  return divisor;
}
