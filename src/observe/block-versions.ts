import { SparseCounters } from '../kernel/sparse-counters.ts';
import { NEVER, type SimTime } from '../kernel/time.ts';
import type { SubchannelId } from '../zarch/ids.ts';
import { type BlockRequest, OUTCOME } from './block-request.ts';
import { DeviceTable } from './device-table.ts';
import type { ObservedSubchannel } from './path-times.ts';

/**
 * Checks that no data are lost: a read that began after a write of the same block had completed returns that write's
 * version or a later one. A read that overlaps a write of its volume proves nothing and is not checked. Versions come
 * from one driver, so a volume that several systems write to is not checked either. Writes of a volume that overlap may
 * have taken effect in either order: of one block, the older version counts.
 */
export class BlockVersions {
  /** Reads that returned a block older than the last completed write of it. */
  staleReads = 0;
  /** What was wrong first, for the report; empty while nothing was. */
  firstStale = '';
  private readonly devices: DeviceTable;
  /** By device row: the version last written of each block. */
  private readonly lastWritten: SparseCounters[] = [];
  /** By device row: when the last write completed; for ever, when the volume is not checked. */
  private lastWriteNs = new Float64Array(64);

  constructor(systems: number) {
    this.devices = new DeviceTable(systems);
  }

  ended(system: number, subchannel: SubchannelId, request: BlockRequest): void {
    if (request.outcome !== OUTCOME.COMPLETED) return;
    const row = this.row(system, subchannel);
    if (this.lastWriteNs[row] === NEVER) return;
    if (request.write) this.completeWrite(row, request);
    else if (request.startNs >= this.lastWriteNs[row]) this.completeRead(row, request);
  }

  /** Leaves out every volume that several systems see. */
  leaveOutShared(subchannels: readonly ObservedSubchannel[]): void {
    const seenBy = new Map<string, number>();
    for (const { device } of subchannels) seenBy.set(device, (seenBy.get(device) ?? 0) + 1);
    for (const { system, subchannel, device } of subchannels) {
      if (seenBy.get(device)! > 1) this.lastWriteNs[this.row(system, subchannel)] = NEVER;
    }
  }

  private completeWrite(row: number, request: BlockRequest): void {
    const lastWritten = this.lastWritten[row];
    const overlaps = request.startNs < this.lastWriteNs[row];
    for (let at = 0; at < request.blockCount; at++) {
      const block = request.firstBlock + at;
      const version = request.versions[at];
      lastWritten.write(block, overlaps ? Math.min(version, lastWritten.read(block)) : version);
    }
    this.lastWriteNs[row] = request.endNs;
  }

  private completeRead(row: number, request: BlockRequest): void {
    const lastWritten = this.lastWritten[row];
    for (let at = 0; at < request.blockCount; at++) {
      const written = lastWritten.read(request.firstBlock + at);
      if (request.versions[at] >= written) continue;
      this.staleReads++;
      if (this.firstStale === '') this.firstStale = describeStale(request, at, written);
      return;
    }
  }

  private row(system: number, subchannel: SubchannelId): number {
    const row = this.devices.row(system, subchannel);
    if (row === this.lastWritten.length) this.addDevice();
    return row;
  }

  private addDevice(): void {
    this.lastWritten.push(new SparseCounters());
    if (this.lastWritten.length <= this.lastWriteNs.length) return;
    const grown = new Float64Array(this.lastWriteNs.length * 2);
    grown.set(this.lastWriteNs);
    this.lastWriteNs = grown;
  }
}

function describeStale(request: BlockRequest, at: number, written: number): string {
  const when: SimTime = request.endNs;
  const block = request.firstBlock + at;
  return `request ${request.id} read version ${request.versions[at]} of block ${block} at ${when} ns, version ${written} had been written`;
}
