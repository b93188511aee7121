import { describe, expect, it } from 'vitest';
import { exponential, RandomStreams } from '../../src/kernel/random.ts';
import { NS_PER_MS, type SimTime } from '../../src/kernel/time.ts';
import { CoalescingWindow, type PathChange, type WindowKind } from '../../src/relay/coalescing-window.ts';

const MS = NS_PER_MS;

interface Told {
  readonly at: SimTime;
  readonly change: PathChange;
}

/** Times at which a path changes, beginning with its loss, and what a window of this kind makes of them. */
function tell(kind: WindowKind, lengthNs: SimTime, changes: readonly SimTime[]): Told[] {
  const window = new CoalescingWindow(kind, lengthNs);
  const told: Told[] = [];
  const closeUntil = (now: SimTime): void => {
    while (window.deadline <= now) {
      const at = window.deadline;
      const change = window.close();
      if (change !== null) told.push({ at, change });
    }
  };
  changes.forEach((now, index) => {
    closeUntil(now);
    window.add(now, index % 2 === 0 ? 'gone' : 'back');
  });
  closeUntil(changes[changes.length - 1] + lengthNs);
  return told;
}

describe('a tumbling window', () => {
  it('tells a single change at its end', () => {
    expect(tell('tumbling', 10 * MS, [0])).toEqual([{ at: 10 * MS, change: 'gone' }]);
  });

  it('tells the last of the changes that it covers, and the next change opens another', () => {
    expect(tell('tumbling', 10 * MS, [0, 4 * MS, 9 * MS, 12 * MS])).toEqual([
      { at: 10 * MS, change: 'gone' },
      { at: 22 * MS, change: 'back' },
    ]);
  });

  it('is over at its deadline: a change at that very time is not in it', () => {
    expect(tell('tumbling', 10 * MS, [0, 10 * MS])).toEqual([
      { at: 10 * MS, change: 'gone' },
      { at: 20 * MS, change: 'back' },
    ]);
  });
});

describe('a debounce window', () => {
  it('begins anew with every change, so that a storm is told when it is over', () => {
    expect(tell('debounce', 10 * MS, [0, 9 * MS, 18 * MS, 27 * MS])).toEqual([
      { at: 37 * MS, change: 'back' },
    ]);
  });

  it('tells of a rest that is as long as itself', () => {
    expect(tell('debounce', 10 * MS, [0, 10 * MS])).toHaveLength(2);
  });
});

describe('a net-change window', () => {
  it('keeps silent about a path that is back before its end', () => {
    expect(tell('net-change', 10 * MS, [0, 4 * MS])).toEqual([]);
  });

  it('tells an odd number of changes', () => {
    expect(tell('net-change', 10 * MS, [0, 4 * MS, 8 * MS])).toEqual([{ at: 10 * MS, change: 'gone' }]);
  });

  it('compares with what was told, not with how the window began', () => {
    const window = new CoalescingWindow('net-change', 10 * MS);
    window.add(0, 'gone');
    expect(window.close()).toBe('gone');
    // Reported twice by a machine: the guest knows already.
    window.add(20 * MS, 'gone');
    expect(window.close()).toBeNull();
    window.add(40 * MS, 'back');
    expect(window.close()).toBe('back');
  });
});

/**
 * A path that changes as a Poisson process of rate λ, gathered over W: reports per change by renewal theory. The test is
 * two-sided with five standard errors, estimated from twenty batches.
 */
describe('changes that come as a Poisson process', () => {
  const BATCHES = 20;
  const CHANGES = 20_000;
  const formulas: Record<WindowKind, (load: number) => number> = {
    tumbling: (load) => 1 / (1 + load),
    debounce: (load) => Math.exp(-load),
    'net-change': (load) => (1 + Math.exp(-2 * load)) / 2 / (1 + load),
  };

  function changesOf(name: string): SimTime[] {
    const stream = new RandomStreams('coalescing').stream(name);
    let now = 0;
    return Array.from({ length: CHANGES }, () => {
      now += exponential(stream.uniform(), MS);
      return now;
    });
  }

  for (const kind of Object.keys(formulas) as WindowKind[]) {
    for (const load of [0.2, 1, 3]) {
      it(`${kind}, λW = ${load}`, () => {
        const shares = Array.from(
          { length: BATCHES },
          (_, batch) => tell(kind, load * MS, changesOf(`${kind}/${load}/${batch}`)).length / CHANGES,
        );
        const mean = shares.reduce((sum, share) => sum + share, 0) / BATCHES;
        const variance =
          shares.reduce((sum, share) => sum + (share - mean) * (share - mean), 0) / (BATCHES - 1);
        expect(Math.abs(mean - formulas[kind](load))).toBeLessThan(5 * Math.sqrt(variance / BATCHES));
      });
    }
  }

  it('a debounce window speaks up during a storm after (e^λW − 1)/λ on average', () => {
    const load = 2;
    const told = tell('debounce', load * MS, changesOf('storm'));
    const gaps = told.slice(1).map(({ at }, index) => at - told[index].at);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) * (gap - mean), 0) / (gaps.length - 1);
    // From one report to the next: the wait for the first change of a cycle, 1/λ, and the storm that follows it. The first
    // change of the cycle begins the storm, which ends when a gap is longer than W.
    const expected = ((Math.exp(load) - 1) / 1 + 1) * MS;
    expect(Math.abs(mean - expected)).toBeLessThan(5 * Math.sqrt(variance / gaps.length));
  });
});
