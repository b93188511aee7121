import { describe, expect, it } from 'vitest';
import { expandFaults } from '../../src/faults/expand.ts';
import type { Fault, FlapFault, FlappingPaths, SlowFault } from '../../src/faults/fault.ts';
import type { FaultAction } from '../../src/faults/step.ts';
import { RandomStreams } from '../../src/kernel/random.ts';
import { NS_PER_S } from '../../src/kernel/time.ts';
import type { ResolvedFault } from '../../src/scenario/resolved.ts';

const expand = (faults: readonly Fault[], seed = '7'): readonly FaultAction[] => [
  ...expandFaults(faults, new RandomStreams(seed)),
];
const second = (seconds: number): number => seconds * NS_PER_S;

const link = (chpid: number, controlUnit = 0) => ({ chpid, controlUnit });
const EVERY_THIRD = { downNs: second(1), upNs: second(2), spacing: 'exact' } as const;

const FLAP: FlapFault = {
  kind: 'flap',
  name: 'loose-plug',
  atNs: second(1),
  what: 'link',
  links: [link(0x40)],
  part: '',
  rhythm: EVERY_THIRD,
  untilNs: second(6),
};
const FLAPPING_PATH: FlappingPaths = {
  kind: 'flap',
  name: 'loose-card',
  atNs: second(1),
  what: 'configure',
  chpids: [0x40],
  rhythm: EVERY_THIRD,
  untilNs: second(6),
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
      { kind: 'link', name: '', atNs: 4, links: [link(0x42)], part: 'cable c', on: false },
    ];
    expect(expand(faults)).toEqual([
      { atNs: 4, fault: 2, kind: 'link', link: link(0x42), part: 'cable c', on: false },
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
    const other: Fault = { ...FLAPPING_PATH, chpids: [0x41], unreported: 0.5 };
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
    expect(times([{ ...FLAP, rhythm: { ...EVERY_THIRD, count: 1 } }])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  it('can be the channel path instead of the link, with all paths in step', () => {
    const actions = expand([
      { ...FLAPPING_PATH, chpids: [0x40, 0x41], rhythm: { ...EVERY_THIRD, count: 1 } },
    ]);
    expect(actions.map(({ kind, atNs }) => [kind, atNs / NS_PER_S])).toEqual([
      ['configure', 1],
      ['configure', 1],
      ['configure', 2],
      ['configure', 2],
    ]);
  });

  it('has exponential spans with these means when it is told so', () => {
    const actions = expand([
      { ...FLAP, rhythm: { ...EVERY_THIRD, spacing: 'exponential' }, untilNs: second(30_000) },
    ]);
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
    const rhythm = { ...EVERY_THIRD, spacing: 'exponential' } as const;
    const flap: FlapFault = { ...FLAP, rhythm, untilNs: second(60) };
    const other: Fault[] = [
      { kind: 'reset', name: 'restart', atNs: 0, controlUnit: 0 },
      { ...FLAPPING_PATH, rhythm, name: '', chpids: [0x41], untilNs: second(60) },
    ];
    const own = (faults: readonly Fault[], index: number): number[] =>
      expand(faults)
        .filter(({ fault }) => fault === index)
        .map(({ atNs }) => atNs);
    expect(own([...other, flap], 2)).toEqual(own([flap], 0));
    expect(own([...other, flap], 1)).not.toEqual(own([flap], 0));
  });
});

describe('links that share a way', () => {
  const links = [link(0x40), link(0x41), link(0x40, 1)];
  const loss: Fault = { kind: 'link', name: 'switch', atNs: 100, links, part: 'director sw1', on: false };

  it('go at one time', () => {
    expect(expand([loss]).map((step) => [step.atNs, 'link' in step && step.link])).toEqual(
      links.map((each) => [100, each]),
    );
  });

  it('or one by one within a span, each at its own time', () => {
    const steps = expand([{ ...loss, spreadNs: 1_000 }]);
    const times = steps.map(({ atNs }) => atNs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(3);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...times)).toBeLessThan(1_100);
    expect(steps.map((step) => 'link' in step && step.link)).toEqual(expect.arrayContaining(links));
  });
});

describe('a gray fault', () => {
  const slow: SlowFault = {
    kind: 'slow',
    name: 'jam',
    atNs: 10,
    links: [link(0x40)],
    rampNs: 0,
    steps: 0,
    untilNs: 100,
    delay: { kind: 'deterministic', meanNs: 7 },
  };
  const spans = (gray: SlowFault): [number, string][] =>
    expand([gray]).map((step) => [step.atNs, 'on' in step && step.on ? 'ends' : 'begins']);

  it('is in force from its beginning to its end', () => {
    expect(spans(slow)).toEqual([
      [10, 'begins'],
      [100, 'ends'],
    ]);
  });

  it('comes and goes in its rhythm', () => {
    expect(spans({ ...slow, rhythm: { downNs: 20, upNs: 30, spacing: 'exact' } })).toEqual([
      [10, 'begins'],
      [30, 'ends'],
      [60, 'begins'],
      [80, 'ends'],
    ]);
  });
});
