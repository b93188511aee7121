import { assert, SimulationDefect } from '../kernel/assert.ts';
import { BlockRequest, OUTCOME, type RequestOwner } from '../observe/block-request.ts';
import { NONE } from '../zarch/ids.ts';

/** Requests of one workload, used again and again: as many exist as were ever outstanding together. */
export class RequestPool {
  private readonly free: BlockRequest[] = [];
  private readonly owner: RequestOwner;
  private readonly maxBlocks: number;
  private readonly limit: number;
  private created = 0;

  constructor(owner: RequestOwner, maxBlocks: number, limit: number) {
    this.owner = owner;
    this.maxBlocks = maxBlocks;
    this.limit = limit;
  }

  /** A request in its initial state; null when `limit` of them are outstanding. */
  take(): BlockRequest | null {
    const request = this.free.pop();
    if (request !== undefined) {
      request.reset();
      return request;
    }
    if (this.created === this.limit) return null;
    this.created++;
    return new BlockRequest(this.owner, this.maxBlocks);
  }

  /** Takes an ended request back. Its number is withdrawn, which is how a second end is recognised. */
  giveBack(request: BlockRequest): void {
    assert(request.id !== NONE, 'a request ends once');
    if (request.outcome === OUTCOME.IN_FLIGHT) {
      throw new SimulationDefect(`request ${request.id} came back without an outcome`);
    }
    request.id = NONE;
    this.free.push(request);
  }
}
