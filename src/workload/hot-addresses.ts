import type { Stream } from '../kernel/random.ts';
import type { AddressPattern } from './addresses.ts';

export interface HotOptions {
  /** Part of the requests that fall into hot pieces, 0 … 1, and part of the places that are hot. */
  readonly share: number;
  readonly of: number;
  readonly extents: number;
}

/**
 * A few busy data sets on a volume: hot pieces at even distances, and the same chance for every place inside them, and for
 * every place outside.
 *
 *   places  │hot│      cold      │hot│      cold      │hot│      cold        │   turned by an offset of the source
 *           └────── period ──────┘
 */
export class HotAddresses implements AddressPattern {
  private readonly places: number;
  private readonly size: number;
  private readonly share: number;
  private readonly extents: number;
  private readonly period: number;
  /** Hot places at the front of each period. */
  private readonly hot: number;
  private readonly offset: number;
  private readonly stream: Stream;

  constructor(places: number, size: number, { share, of, extents }: HotOptions, stream: Stream) {
    this.places = places;
    this.size = size;
    this.share = share;
    this.extents = Math.max(1, Math.min(extents, Math.floor(places / 2)));
    this.period = Math.floor(places / this.extents);
    this.hot = Math.min(Math.max(1, Math.round((places * of) / this.extents)), this.period);
    this.offset = Math.floor(stream.uniform() * places);
    this.stream = stream;
  }

  /** One draw: its first part says whether the place is hot, and is stretched to choose among those places. */
  next(): number {
    const uniform = this.stream.uniform();
    const cold = this.places - this.extents * this.hot;
    const place =
      uniform < this.share || cold === 0
        ? this.hotPlace(Math.floor((cold === 0 ? uniform : uniform / this.share) * this.extents * this.hot))
        : this.coldPlace(Math.floor(((uniform - this.share) / (1 - this.share)) * cold));
    return ((place + this.offset) % this.places) * this.size;
  }

  private hotPlace(index: number): number {
    const extent = Math.floor(index / this.hot);
    return extent * this.period + (index - extent * this.hot);
  }

  /** What division leaves over lies behind the last piece. */
  private coldPlace(index: number): number {
    const perPeriod = this.period - this.hot;
    const extent =
      perPeriod === 0 ? this.extents - 1 : Math.min(Math.floor(index / perPeriod), this.extents - 1);
    return extent * this.period + this.hot + (index - extent * perPeriod);
  }
}
