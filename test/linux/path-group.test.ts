import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  analysePgids,
  fillPgids,
  newPgidRecords,
  pgidRecord,
  settledPaths,
} from '../../src/linux/path-group.ts';

/** What SENSE PATH GROUP ID may say on one path, in words. */
interface PathStory {
  readonly valid: boolean;
  readonly state: 'reset' | 'ungrouped' | 'grouped';
  readonly reservation: 'none' | 'elsewhere' | 'here';
  readonly multipath: boolean;
  readonly group: string;
  readonly allowed: boolean;
}

const story = fc.record<PathStory>({
  valid: fc.boolean(),
  state: fc.constantFrom('reset', 'ungrouped', 'grouped'),
  reservation: fc.constantFrom('none', 'elsewhere', 'here'),
  multipath: fc.boolean(),
  group: fc.constantFrom('', 'A', 'B'),
  allowed: fc.boolean(),
});
const stories = fc.array(story, { minLength: 8, maxLength: 8 });

const STATE = { reset: 0x00, ungrouped: 0x80, grouped: 0xc0 };
const RESERVATION = { none: 0x00, elsewhere: 0x20, here: 0x30 };

function encode(paths: readonly PathStory[]): Uint8Array {
  const records = newPgidRecords();
  paths.forEach(({ state, reservation, multipath, group }, index) => {
    const record = pgidRecord(records, index);
    record[0] = STATE[state] | RESERVATION[reservation] | (multipath ? 0x08 : 0);
    if (group !== '') record[11] = group.charCodeAt(0);
  });
  return records;
}

const maskOf = (paths: readonly PathStory[], wanted: (path: PathStory) => boolean): number =>
  paths.reduce((mask, path, index) => (wanted(path) ? mask | (0x80 >> index) : mask), 0);

describe('analysis of path-group ids', () => {
  it('agrees with the rules in words, whatever the paths say', () => {
    fc.assert(
      fc.property(stories, fc.boolean(), (paths, multipath) => {
        const records = encode(paths);
        const valid = maskOf(paths, (path) => path.valid);
        const analysis = analysePgids(records, valid);
        const asked = paths.filter((path) => path.valid);
        const groups = new Set(asked.map((path) => path.group).filter((group) => group !== ''));
        expect(analysis.mismatch).toBe(groups.size > 1);
        expect(analysis.reserved).toBe(
          maskOf(paths, (path) => path.valid && path.reservation === 'elsewhere'),
        );
        expect(analysis.reset).toBe(maskOf(paths, (path) => path.valid && path.group === ''));
        expect(analysis.chosen).toBe(paths.findIndex((path) => path.valid && path.group !== ''));
        const opm = maskOf(paths, (path) => path.allowed);
        const right = (path: PathStory): boolean =>
          path.valid &&
          path.state === (path.allowed ? 'grouped' : 'ungrouped') &&
          path.multipath === multipath;
        expect(settledPaths(records, valid, opm, multipath)).toBe(maskOf(paths, right));
      }),
    );
  });

  it('fills all records with the id that was found, else with the own one', () => {
    const own = Uint8Array.from({ length: 11 }, (_, at) => at + 1);
    const records = newPgidRecords();
    fillPgids(records, -1, own);
    for (let index = 0; index < 8; index++) expect(pgidRecord(records, index).slice(1)).toEqual(own);
    pgidRecord(records, 5).fill(7, 1);
    fillPgids(records, 5, own);
    for (let index = 0; index < 8; index++)
      expect(pgidRecord(records, index).slice(1)).toEqual(own.map(() => 7));
  });
});
