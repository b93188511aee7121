import { describe, expect, it } from 'vitest';
import { BlockRequest, OUTCOME } from '../../src/observe/block-request.ts';
import { BlockVersions } from '../../src/observe/block-versions.ts';

const owner = { completed() {} };

function request(
  write: boolean,
  block: number,
  versions: number[],
  startNs: number,
  endNs: number,
): BlockRequest {
  const made = new BlockRequest(owner, 4);
  made.write = write;
  made.firstBlock = block;
  made.blockCount = versions.length;
  made.versions.set(versions);
  made.startNs = startNs;
  made.endNs = endNs;
  made.outcome = OUTCOME.COMPLETED;
  return made;
}

describe('versions of blocks', () => {
  it('accept a read of what was written, or of something newer', () => {
    const versions = new BlockVersions(1);
    versions.ended(0, 1, request(true, 1023, [5, 5], 0, 10));
    versions.ended(0, 1, request(false, 1023, [5, 6], 10, 20));
    versions.ended(0, 2, request(false, 1023, [0, 0], 10, 20));
    expect(versions.staleReads).toBe(0);
  });

  it('find a read that lost a write, and say which', () => {
    const versions = new BlockVersions(1);
    versions.ended(0, 1, request(true, 1023, [5, 5], 0, 10));
    versions.ended(0, 1, request(false, 1022, [0, 5, 4], 10, 20));
    expect(versions.staleReads).toBe(1);
    expect(versions.firstStale).toContain('version 4 of block 1024');
  });

  it('are not checked on a volume that two systems see: their drivers count for themselves', () => {
    const versions = new BlockVersions(2);
    const seen = { subchannel: 1, device: '0.0.1000', chpids: [], controlUnit: 0 };
    versions.leaveOutShared([
      { ...seen, system: 0 },
      { ...seen, system: 1 },
    ]);
    versions.ended(0, 1, request(true, 8, [5], 0, 10));
    versions.ended(0, 1, request(false, 8, [1], 10, 20));
    expect(versions.staleReads).toBe(0);
  });

  it('prove nothing by a read that began before the write had completed', () => {
    const versions = new BlockVersions(1);
    versions.ended(0, 1, request(true, 8, [5], 0, 10));
    versions.ended(0, 1, request(false, 8, [4], 9, 20));
    expect(versions.staleReads).toBe(0);
  });
});
