import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRIORITY } from '../../../src/kernel/priority.ts';
import { Processes } from '../../../src/kernel/process.ts';
import { Simulation } from '../../../src/kernel/simulation.ts';
import { ReportList } from '../../../src/linux/vfio/report-list.ts';

/* Channel reports between the thread that adds them and the one that reads them (experiment "crw_list_race"). */

const STEP = 20;

/** Adds words 1, 2, … at some times and reads at others; returns what was read, and what is left to read. */
function overlap(
  isLocked: boolean,
  adds: readonly number[],
  reads: readonly number[],
): { read: number[]; left: number[]; lost: number } {
  const sim = new Simulation();
  const processes = new Processes(sim);
  const list = new ReportList(isLocked, STEP);
  const read: number[] = [];
  const spawn = (name: string, times: readonly number[], body: Parameters<Processes['spawn']>[4]): void => {
    processes.spawn(name, PRIORITY.HOST, null, 0, function* (self) {
      for (const time of [...times].sort((one, other) => one - other)) {
        if (time > sim.now) yield* self.sleep(time - sim.now);
        yield* body(self);
      }
    });
  };
  let word = 0;
  spawn('kmcheck', adds, (self) => list.add(self, ++word));
  spawn('reader', reads, function* (self) {
    const taken = yield* list.take(self);
    if (taken !== 0) read.push(taken);
  });
  sim.run(1_000_000);
  return { read, left: list.words, lost: list.lost };
}

describe('the list of channel reports', () => {
  const times = fc.array(fc.nat(400), { maxLength: 8 });

  it('with a lock gives every word once and in order, however adding and reading overlap', () => {
    fc.assert(
      fc.property(times, times, (adds, reads) => {
        const { read, left } = overlap(true, adds, reads);
        expect([...read, ...left]).toEqual(adds.map((_, at) => at + 1));
      }),
    );
  });

  it('without one does so as long as nothing overlaps', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 12 }), (kinds) => {
        const at = kinds.map((_, index) => index * 2 * STEP);
        const adds = at.filter((_, index) => kinds[index]);
        const { read, left } = overlap(
          false,
          adds,
          at.filter((_, index) => !kinds[index]),
        );
        expect([...read, ...left]).toEqual(adds.map((_, index) => index + 1));
      }),
    );
  });

  it('without one loses a word that is added while the only other one is taken', () => {
    // The reader has read the links of the first word when the second is linked behind it.
    expect(overlap(false, [0, 100], [110])).toEqual({ read: [1], left: [], lost: 1 });
    expect(overlap(true, [0, 100], [110])).toEqual({ read: [1], left: [2], lost: 0 });
  });

  it('without one can stay empty for ever: what is added later is linked to nothing', () => {
    // The first word is taken wholly between the two steps of adding the second.
    const { read, left, lost } = overlap(false, [0, 100, 200, 300], [95, 400, 500]);
    expect(left).toEqual([]);
    expect(lost).toBe(4 - read.length);
    expect(lost).toBeGreaterThan(1);
  });
});
