import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandFaults, type FaultAction } from '../../src/faults/expand.ts';
import type { ErrorRateFault, Fault, FlapFault } from '../../src/faults/fault.ts';
import { RandomStreams } from '../../src/kernel/random.ts';
import { NS_PER_S } from '../../src/kernel/time.ts';
import type { ResolvedFault } from '../../src/scenario/resolved.ts';

const expand = (faults: readonly Fault[], seed = '7'): readonly FaultAction[] =>
  expandFaults(faults, new RandomStreams(seed));
const second = (seconds: number): number => seconds * NS_PER_S;

const FLAP: FlapFault = {
  kind: 'flap',
  name: 'loose-plug',
  atNs: second(1),
  chpids: [0x40],
  what: 'link',
  controlUnit: 0,
  downNs: second(1),
  upNs: second(2),
  untilNs: second(6),
  spacing: 'exact',
};

describe('faults become steps', () => {
  it('a channel path is lost and returns', () => {
    const faults: Fault[] = [
      { kind: 'configure', name: 'loss', atNs: second(2), chpids: [0x40], on: false },
      { kind: 'configure', name: 'return', atNs: second(12), chpids: [0x40], on: true },
    ];
    expect(expand(faults)).toEqual([
      { atNs: second(2), fault: 0, kind: 'configure', chpid: 0x40, on: false, reported: true },
      { atNs: second(12), fault: 1, kind: 'configure', chpid: 0x40, on: true, reported: true },
    ]);
  });

  it('several paths take one step each, in the order of the scenario', () => {
    const faults: Fault[] = [
      { kind: 'vary', name: '', atNs: 5, chpids: [0x41, 0x40], on: false, system: 1 },
      { kind: 'reset', name: '', atNs: 5, controlUnit: 2 },
      { kind: 'link', name: '', atNs: 4, chpids: [0x42], on: false, controlUnit: -1 },
    ];
    expect(expand(faults)).toEqual([
      { atNs: 4, fault: 2, kind: 'link', chpid: 0x42, on: false, controlUnit: -1 },
      { atNs: 5, fault: 0, kind: 'vary', chpid: 0x41, on: false, system: 1 },
      { atNs: 5, fault: 0, kind: 'vary', chpid: 0x40, on: false, system: 1 },
      { atNs: 5, fault: 1, kind: 'reset', controlUnit: 2 },
    ]);
  });

  it('a path goes without report with the probability that is given, whatever else there is', () => {
    const reported = (unreported: number, others: readonly Fault[] = []): (boolean | undefined)[] => {
      const chpids = Array.from({ length: 200 }, (_, chpid) => chpid);
      const silent: Fault = { kind: 'configure', name: 'quiet', atNs: 1, chpids, on: false, unreported };
      const steps = expand([...others, silent]).filter(({ atNs }) => atNs === 1);
      return steps.map((step) => ('reported' in step ? step.reported : undefined));
    };
    expect(new Set(reported(0))).toEqual(new Set([true]));
    expect(new Set(reported(1))).toEqual(new Set([false]));
    const half = reported(0.5);
    expect(half.filter((report) => report === true).length).toBeGreaterThan(70);
    expect(half.filter((report) => report === true).length).toBeLessThan(130);
    const other: Fault = { ...FLAP, what: 'configure', chpids: [0x41], unreported: 0.5 };
    expect(reported(0.5, [other])).toEqual(half);
  });

  it('reports get lost for a time, a guest is killed once', () => {
    const faults: Fault[] = [
      { kind: 'lose-reports', name: '', atNs: 5, untilNs: 9, system: 1, probability: 0.5, limit: 2 },
      { kind: 'kill', name: '', atNs: 7, system: 2 },
    ];
    expect(expand(faults)).toEqual([
      { atNs: 5, fault: 0, kind: 'lose-reports', system: 1, probability: 0.5, limit: 2 },
      { atNs: 7, fault: 1, kind: 'kill', system: 2 },
      { atNs: 9, fault: 0, kind: 'lose-reports', system: 1, probability: 0, limit: 2 },
    ]);
  });

  it('a scenario can hand them over as they are', () => {
    const accept = (faults: readonly Fault[]): number => faults.length;
    const resolved: readonly ResolvedFault[] = [{ ...FLAP }];
    expect(accept(resolved)).toBe(1);
  });
});

describe('a flapping path', () => {
  const times = (faults: readonly Fault[]): [number, boolean][] =>
    expand(faults).map((action) => [
      action.atNs / NS_PER_S,
      (action.kind === 'link' || action.kind === 'configure') && action.on,
    ]);

  it('goes and comes every period, and its last loss is cut short', () => {
    expect(times([FLAP])).toEqual([
      [1, false],
      [2, true],
      [4, false],
      [5, true],
    ]);
    expect(times([{ ...FLAP, untilNs: second(4.5) }])).toEqual([
      [1, false],
      [2, true],
      [4, false],
      [4.5, true],
    ]);
  });

  it('ends after its number of losses', () => {
    expect(times([{ ...FLAP, count: 1 }])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  it('can be the channel path instead of the link, with all paths in step', () => {
    const actions = expand([{ ...FLAP, what: 'configure', chpids: [0x40, 0x41], count: 1 }]);
    expect(actions.map(({ kind, atNs }) => [kind, atNs / NS_PER_S])).toEqual([
      ['configure', 1],
      ['configure', 1],
      ['configure', 2],
      ['configure', 2],
    ]);
  });

  it('has exponential spans with these means when it is told so', () => {
    const actions = expand([{ ...FLAP, spacing: 'exponential', untilNs: second(30_000) }]);
    const downs: number[] = [];
    const ups: number[] = [];
    for (let index = 1; index < actions.length; index++) {
      (index % 2 === 1 ? downs : ups).push(actions[index].atNs - actions[index - 1].atNs);
    }
    const mean = (spans: number[]): number =>
      spans.reduce((sum, span) => sum + span, 0) / spans.length / NS_PER_S;
    // About 10,000 losses: standard error 1 %.
    expect(Math.abs(mean(downs) - 1)).toBeLessThan(0.04);
    expect(Math.abs(mean(ups) - 2)).toBeLessThan(0.08);
  });

  it('is not moved by other faults of the scenario', () => {
    const flap: FlapFault = { ...FLAP, spacing: 'exponential', untilNs: second(60) };
    const other: Fault[] = [
      { kind: 'reset', name: 'restart', atNs: 0, controlUnit: 0 },
      { ...flap, name: '', chpids: [0x41] },
    ];
    const own = (faults: readonly Fault[], index: number): number[] =>
      expand(faults)
        .filter(({ fault }) => fault === index)
        .map(({ atNs }) => atNs);
    expect(own([...other, flap], 2)).toEqual(own([flap], 0));
    expect(own([...other, flap], 1)).not.toEqual(own([flap], 0));
  });

  it('always comes back, in time', () => {
    const flaps = fc.record({
      atNs: fc.nat(1_000),
      downNs: fc.integer({ min: 1, max: 200 }),
      upNs: fc.integer({ min: 1, max: 200 }),
      lastNs: fc.integer({ min: 1, max: 2_000 }),
      spacing: fc.constantFrom<'exact' | 'exponential'>('exact', 'exponential'),
    });
    fc.assert(
      fc.property(flaps, fc.string(), ({ lastNs, ...fields }, seed) => {
        const flap = { ...FLAP, ...fields, untilNs: fields.atNs + lastNs };
        const actions = expand([flap], `seed ${seed}`);
        expect(actions[0]).toMatchObject({ atNs: flap.atNs, on: false });
        expect(actions.at(-1)).toMatchObject({ on: true });
        expect(actions.at(-1)!.atNs).toBeLessThanOrEqual(flap.untilNs);
        for (const [index, action] of actions.entries()) {
          expect(action).toMatchObject({ on: index % 2 === 1 });
          if (index > 0) expect(action.atNs).toBeGreaterThan(actions[index - 1].atNs);
        }
      }),
    );
  });
});

describe('error rates', () => {
  const span = (
    atNs: number,
    untilNs: number,
    probability: number,
    chpids: readonly number[] = [0x40],
  ): ErrorRateFault => ({
    kind: 'error-rate',
    name: '',
    atNs,
    untilNs,
    probability,
    chpids,
  });

  it('begin and end', () => {
    expect(expand([span(10, 20, 0.25)])).toEqual([
      { atNs: 10, fault: 0, kind: 'error-rate', chpid: 0x40, probability: 0.25 },
      { atNs: 20, fault: 0, kind: 'error-rate', chpid: 0x40, probability: 0 },
    ]);
  });

  it('at every time the highest of those that cover the path is in force', () => {
    const spans = fc.array(
      fc
        .tuple(
          fc.nat(50),
          fc.integer({ min: 1, max: 50 }),
          fc.integer({ min: 1, max: 10 }),
          fc.constantFrom([0x40], [0x41], [0x40, 0x41]),
        )
        .map(([atNs, length, tenths, chpids]) => span(atNs, atNs + length, tenths / 10, chpids)),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(spans, (faults) => {
        const inForce = new Map<number, number>([
          [0x40, 0],
          [0x41, 0],
        ]);
        const actions = expand(faults);
        for (let now = 0; now <= 100; now++) {
          for (const action of actions) {
            if (action.kind === 'error-rate' && action.atNs === now)
              inForce.set(action.chpid, action.probability);
          }
          for (const [chpid, probability] of inForce) {
            const covering = faults.filter(
              (f) => f.chpids.includes(chpid) && f.atNs <= now && now < f.untilNs,
            );
            expect(probability).toBe(Math.max(0, ...covering.map((f) => f.probability)));
          }
        }
      }),
    );
  });
});
