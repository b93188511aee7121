import type { SimTime } from '../kernel/time.ts';
import type { Chpid, SubchannelId } from '../zarch/ids.ts';
import type { BlockRequest } from './block-request.ts';
import { Samples } from './samples.ts';

/**
 * Blocks of writes whose channel path went while they were in progress. Nobody knows which of them the volume has, until
 * the request is started again and has its answer; a system that ends before, or another that reads meanwhile, finds old
 * blocks or new ones. Reads put nothing at risk.
 *
 *   machine: operation lost its path ──► driver: request is started again ──► request ends, its blocks are counted
 *
 * Blocks count at the time of the loss. What fails without another start has a definite answer, and does not count; nor
 * does what never ends.
 */
export class WritesAtRisk {
  private readonly samples: Samples[];
  /** Losses by system and subchannel, whose request has not been started again yet. */
  private readonly losses = new Map<string, Loss>();
  /** The same by request. */
  private readonly started = new Map<number, Loss>();

  constructor(systems: number) {
    this.samples = Array.from({ length: systems }, () => new Samples());
  }

  /** Blocks of one system at risk from losses in [from, to); of one channel path or of all (null). */
  of(system: number, fromNs: SimTime, toNs: SimTime, chpid: Chpid | null): Float64Array {
    return this.samples[system].between(fromNs, toNs, chpid);
  }

  /** An operation lost its path; the system and the subchannel are those of the driver. */
  pathLost(at: SimTime, system: number, subchannel: SubchannelId, chpid: Chpid): void {
    this.losses.set(`${system}/${subchannel}`, { at, chpid });
  }

  /** A request is started again. */
  retried(system: number, subchannel: SubchannelId, request: number): void {
    if (this.losses.size === 0) return;
    const device = `${system}/${subchannel}`;
    const loss = this.losses.get(device);
    if (loss === undefined) return;
    this.losses.delete(device);
    this.started.set(request, loss);
  }

  /** A request that was started more than once has ended. */
  ended(system: number, request: BlockRequest): void {
    const loss = this.started.get(request.id);
    if (loss === undefined) return;
    this.started.delete(request.id);
    // A loss that concerned something else on the device was before the request.
    if (request.write && request.startNs <= loss.at)
      this.samples[system].add(loss.at, request.blockCount, loss.chpid);
  }
}

interface Loss {
  readonly at: SimTime;
  readonly chpid: Chpid;
}
