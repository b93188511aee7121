import { assert } from '../../kernel/assert.ts';
import type { BlockRequest } from '../../observe/block-request.ts';

/** First-in, first-out queue of application requests. It grows by doubling and never shrinks. */
export class RequestRing {
  length = 0;
  private ring: (BlockRequest | null)[] = [null, null, null, null];
  private head = 0;

  push(request: BlockRequest): void {
    if (this.length === this.ring.length) this.grow();
    this.ring[(this.head + this.length) & (this.ring.length - 1)] = request;
    this.length++;
  }

  first(): BlockRequest {
    assert(this.length > 0, 'an empty ring has no first request');
    return this.ring[this.head]!;
  }

  shift(): BlockRequest {
    const request = this.first();
    this.ring[this.head] = null;
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.length--;
    return request;
  }

  private grow(): void {
    const { ring, head } = this;
    const room = Array.from(ring, () => null);
    this.ring = [...ring.slice(head), ...ring.slice(0, head), ...room];
    this.head = 0;
  }
}
