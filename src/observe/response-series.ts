import type { SimTime } from '../kernel/time.ts';
import type { BlockRequest } from './block-request.ts';

/** Batches kept; requests beyond five times as many make batches larger. */
const CAPACITY = 2 ** 18;

/**
 * Response times of completed requests in the order of their ends, averaged in batches: what is looked at to find the end
 * of a warm-up. All memory is there from the beginning: when it is full, neighbours are joined and batches are twice as
 * large from then on.
 */
export class ResponseSeries {
  /** Mean response of each batch, ns, and when its last request ended. */
  readonly means: Float64Array;
  readonly ends: Float64Array;
  /** Full batches. */
  length = 0;
  /** Requests in a batch. */
  size: number;
  /** Arrival of the request that ended first; 0 while there is none. */
  firstArrivalNs: SimTime = 0;
  /** Of the batch that is not full yet. */
  private sum = 0;
  private count = 0;

  /** `size`: requests in a batch; `capacity`: batches kept, an even number. */
  constructor(size: number, capacity = CAPACITY) {
    this.size = size;
    this.means = new Float64Array(capacity);
    this.ends = new Float64Array(capacity);
  }

  completed(request: BlockRequest): void {
    if (this.length === 0 && this.count === 0) this.firstArrivalNs = request.arrivalNs;
    this.sum += request.endNs - request.arrivalNs;
    if (++this.count < this.size) return;
    this.means[this.length] = this.sum / this.size;
    this.ends[this.length++] = request.endNs;
    this.sum = 0;
    this.count = 0;
    if (this.length === this.means.length) this.join();
  }

  private join(): void {
    const { means, ends } = this;
    this.length /= 2;
    this.size *= 2;
    for (let batch = 0; batch < this.length; batch++) {
      means[batch] = (means[2 * batch] + means[2 * batch + 1]) / 2;
      ends[batch] = ends[2 * batch + 1];
    }
  }
}
