import { describe, expect, it } from 'vitest';
import { NS_PER_MS } from '../../src/kernel/time.ts';
import type { ArrivalOptions } from '../../src/workload/create-workload.ts';
import { BLOCKS, playPatterns } from './play.ts';

const copy = (
  pairs: readonly (readonly [number, number])[],
  applicationsPerPair = 1,
  thinkNs = 0,
): ArrivalOptions => ({ kind: 'copy', pairs, applicationsPerPair, think: () => thinkNs });
const CHUNK = { sizes: [{ blocks: 60, share: 1 }] } as const;

describe('a copy', () => {
  const { seen, workload } = playPatterns(copy([[0, 1]]), [CHUNK], { volumes: 2, seconds: 4 });
  const [reads, writes] = seen;

  it('reads the one volume from its front, and writes what it has read to the other', () => {
    expect(reads.every(({ write }) => !write)).toBe(true);
    expect(writes.every(({ write }) => write)).toBe(true);
    expect(Math.abs(reads.length - writes.length)).toBeLessThanOrEqual(1);
    const chunks = BLOCKS / 60;
    expect(reads.map(({ firstBlock }) => firstBlock)).toEqual(reads.map((_, at) => 24 + (at % chunks) * 60));
    expect(writes.map(({ firstBlock }) => firstBlock)).toEqual(
      reads.slice(0, writes.length).map(({ firstBlock }) => firstBlock),
    );
  });

  it('writes a chunk when it has it, and reads the next one when that is written', () => {
    // Both take a millisecond, and nobody thinks.
    expect(reads.slice(0, 3).map(({ arrivalNs }) => arrivalNs)).toEqual(
      [0, 2, 4].map((ms) => ms * NS_PER_MS),
    );
    expect(writes.slice(0, 3).map(({ arrivalNs }) => arrivalNs)).toEqual(
      [1, 3, 5].map((ms) => ms * NS_PER_MS),
    );
    expect(workload.ended).toBe(workload.issued);
  });

  it('thinks before each read', () => {
    const [paused] = playPatterns(copy([[0, 1]], 1, 3 * NS_PER_MS), [CHUNK], { volumes: 2, seconds: 1 }).seen;
    expect(paused.slice(0, 3).map(({ arrivalNs }) => arrivalNs / NS_PER_MS)).toEqual([3, 8, 13]);
  });

  it('is several copies when there are several pairs, each with its applications', () => {
    const { seen: both } = playPatterns(
      copy(
        [
          [0, 2],
          [3, 1],
        ],
        2,
      ),
      [CHUNK],
      { volumes: 4, seconds: 1 },
    );
    expect(both.map((requests) => requests.some(({ write }) => write))).toEqual([false, true, true, false]);
    const started = [0, 1].map((application) =>
      both[3].find((request) => request.application === application),
    );
    expect(started.map((request) => request?.firstBlock)).toEqual([24, 24 + BLOCKS / 2]);
  });
});
