import { assert } from '../kernel/assert.ts';
import type { RandomStreams, Stream } from '../kernel/random.ts';
import type { BlockRequest } from '../observe/block-request.ts';
import { type AddressPattern, createAddressPattern } from './addresses.ts';
import { chosen, thresholdsOf } from './shares.ts';
import type { RequestPattern, WorkloadVolume } from './workload.ts';

/** One pattern on one volume: the requests that it makes for one source, from streams of its own. */
export class PatternDraws {
  private readonly firstBlock: number;
  private readonly reads: number;
  private readonly addresses: AddressPattern;
  private readonly directionStream: Stream;
  /** Null where all requests have one size. */
  private readonly sizeStream: Stream | null;
  private readonly sizes: readonly number[];
  private readonly sizeThresholds: Float64Array;

  constructor(pattern: RequestPattern, volume: WorkloadVolume, streams: RandomStreams, prefix: string) {
    const { sizes, reads, addresses, extent } = pattern;
    const [from, to] = extent;
    const first = Math.floor(from * volume.blocks);
    const blocks = Math.floor(to * volume.blocks) - first;
    const largest = largestOf(pattern);
    assert(blocks >= largest, `volume ${volume.name} has no room for a request of ${largest} blocks`);
    const own = pattern.name === '' ? prefix : `${prefix}/${pattern.name}`;
    this.firstBlock = volume.firstBlock + first;
    this.reads = reads;
    this.addresses = createAddressPattern(addresses, blocks, largest, streams.stream(`${own}/address`));
    this.directionStream = streams.stream(`${own}/direction`);
    this.sizeStream = sizes.length === 1 ? null : streams.stream(`${own}/size`);
    this.sizes = sizes.map(({ blocks }) => blocks);
    this.sizeThresholds = thresholdsOf(sizes);
  }

  /** Says of `request` how large it is, where it lies, and whether it writes. */
  fill(request: BlockRequest): void {
    const size = this.sizeStream === null ? 0 : chosen(this.sizeThresholds, this.sizeStream.uniform());
    const blockCount = this.sizes[size];
    request.blockCount = blockCount;
    request.firstBlock = this.firstBlock + this.addresses.next(blockCount);
    request.write = this.directionStream.uniform() >= this.reads;
  }
}

/** Blocks of the largest request of a pattern. */
export const largestOf = ({ sizes }: Pick<RequestPattern, 'sizes'>): number =>
  sizes.reduce((largest, { blocks }) => Math.max(largest, blocks), 1);
