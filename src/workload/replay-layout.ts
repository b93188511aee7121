import { assert } from '../kernel/assert.ts';
import type { WorkloadVolume } from './workload.ts';

/** Where a place in a trace's device lies. */
export interface PlacedBlocks {
  /** Position of the volume in the workload's list. */
  volume: number;
  firstBlock: number;
  blockCount: number;
}

/**
 * Lays one device of a trace over one or several volumes, one behind the other. `wrap`: what does not fit begins again at
 * the front. `scale`: a device that is larger is pressed together, so that its ends stay its ends.
 */
export class ReplayLayout {
  /** Blocks of all volumes together. */
  readonly blocks: number;
  private readonly volumes: readonly WorkloadVolume[];
  /** Positions of the volumes in the workload's list. */
  private readonly positions: readonly number[];
  private readonly scale: number;

  /** `deviceBlocks`: size of the trace's device, as far as the trace tells; null: addresses are not scaled. */
  constructor(volumes: readonly WorkloadVolume[], positions: readonly number[], deviceBlocks: number | null) {
    assert(positions.length > 0, 'a device of a trace lies on a volume');
    this.volumes = volumes;
    this.positions = positions;
    this.blocks = positions.reduce((sum, position) => sum + volumes[position].blocks, 0);
    this.scale = deviceBlocks === null ? 1 : Math.min(1, this.blocks / Math.max(1, deviceBlocks));
  }

  /** Block of the device → block in the row of volumes at which a request begins. */
  startOf(block: number): number {
    return this.scale === 1 ? block % this.blocks : Math.min(Math.floor(block * this.scale), this.blocks - 1);
  }

  /** As many of `count` blocks from `start` on as one request can have; the others begin behind it, or at the front. */
  place(start: number, count: number, most: number, placed: PlacedBlocks): void {
    let offset = start % this.blocks;
    for (const position of this.positions) {
      const { blocks, firstBlock } = this.volumes[position];
      if (offset < blocks) {
        placed.volume = position;
        placed.firstBlock = firstBlock + offset;
        placed.blockCount = Math.min(count, most, blocks - offset);
        return;
      }
      offset -= blocks;
    }
  }
}
