import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandFaults } from '../../src/faults/expand.ts';
import type { BreakdownFault, Fault, MortalPart } from '../../src/faults/fault.ts';
import { inOrder } from '../../src/faults/in-order.ts';
import { drawLifetime, type Lifetime } from '../../src/faults/lifetime.ts';
import type { FaultAction } from '../../src/faults/step.ts';
import { RandomStreams, Stream } from '../../src/kernel/random.ts';

const DAY_NS = 86_400e9;
const HOUR_NS = 3_600e9;
const chpids = (count: number): MortalPart[] =>
  Array.from({ length: count }, (_, at) => ({ label: `chpid ${at}`, chpid: at }));

const BREAKDOWN: BreakdownFault = {
  kind: 'breakdown',
  name: '',
  atNs: 0,
  parts: chpids(1),
  life: { kind: 'exponential', meanNs: 30 * DAY_NS },
  repairNs: 12 * HOUR_NS,
  untilNs: 100 * DAY_NS,
};
const expand = (faults: readonly Fault[]): FaultAction[] => [...expandFaults(faults, new RandomStreams('7'))];

describe('the time to failure', () => {
  const sample = (life: Lifetime, size: number): number[] => {
    const stream = new Stream('7', 'lives');
    return Array.from({ length: size }, () => drawLifetime(life, stream));
  };
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;

  // Coefficients of variation of Weibull's distribution: sqrt(Γ(1 + 2/k) / Γ(1 + 1/k)² − 1), from tables.
  it.each([
    [0.5, 2.2361],
    [1, 1],
    [2, 0.5227],
    [5, 0.229],
  ])('of shape %d has the mean that is given and varies by %d', (shape, variation) => {
    const lives = sample({ kind: 'weibull', meanNs: DAY_NS, shape }, 20_000);
    const average = mean(lives);
    const deviation = Math.sqrt(mean(lives.map((life) => (life - average) * (life - average))));
    expect(Math.abs(average / DAY_NS - 1)).toBeLessThan((4 * variation) / Math.sqrt(20_000));
    expect(Math.abs(deviation / average / variation - 1)).toBeLessThan(0.1);
  });

  it('of shape 1 is the exponential one', () => {
    const weibull = sample({ kind: 'weibull', meanNs: DAY_NS, shape: 1 }, 100);
    const exponential = sample({ kind: 'exponential', meanNs: DAY_NS }, 100);
    for (const [at, life] of weibull.entries())
      expect(Math.abs(life / exponential[at] - 1)).toBeLessThan(1e-9);
  });
});

describe('parts that break down', () => {
  it('are broken for the share of time that renewal theory says', () => {
    const steps = expand([{ ...BREAKDOWN, parts: chpids(400) }]);
    let brokenNs = 0;
    for (const { atNs, ...step } of steps) brokenNs += 'on' in step && step.on ? atNs : -atNs;
    // 400 parts over 100 days fail about 400 · 100 / 30.5 = 1311 times; they begin whole, which costs about half a repair.
    const failures = steps.length / 2;
    expect(Math.abs(failures - (400 * 100) / 30.5)).toBeLessThan(4 * Math.sqrt(1311));
    const share = brokenNs / (400 * 100 * DAY_NS);
    expect(Math.abs(share / (0.5 / 30.5) - 1)).toBeLessThan(0.12);
  });

  it('take turns, each one broken and mended', () => {
    const steps = expand([{ ...BREAKDOWN, parts: chpids(20) }]);
    const works = new Map<number, boolean>();
    let before = 0;
    for (const step of steps) {
      expect(step.atNs).toBeGreaterThanOrEqual(before);
      before = step.atNs;
      if (step.kind !== 'configure') throw new Error('a CHPID is configured');
      expect(step.on).toBe(!(works.get(step.chpid) ?? true));
      works.set(step.chpid, step.on);
    }
    expect([...works.values()].every((working) => working)).toBe(true);
    expect(before).toBeLessThanOrEqual(BREAKDOWN.untilNs);
  });

  it('fail when they would have failed, whatever other parts there are', () => {
    const own = (faults: readonly Fault[]): number[] =>
      expand(faults)
        .filter((step) => step.kind === 'configure' && step.chpid === 3)
        .map(({ atNs }) => atNs);
    const alone = own([{ ...BREAKDOWN, parts: chpids(4).slice(3) }]);
    expect(alone.length).toBeGreaterThan(0);
    expect(own([{ ...BREAKDOWN, parts: chpids(40) }])).toEqual(alone);
    const director: Fault = {
      ...BREAKDOWN,
      parts: [{ label: 'director sw1', part: 'director sw1', links: [{ chpid: 3, controlUnit: 0 }] }],
    };
    expect(own([director, BREAKDOWN, { ...BREAKDOWN, parts: chpids(4) }])).toEqual(
      own([BREAKDOWN, { ...BREAKDOWN, parts: chpids(4) }]),
    );
  });

  it('a director takes all its links at once', () => {
    const links = [0, 1, 2].map((chpid) => ({ chpid, controlUnit: 0 }));
    const parts = [{ label: 'director sw1', part: 'director sw1', links }];
    const steps = expand([{ ...BREAKDOWN, parts }]);
    expect(steps.length).toBeGreaterThan(0);
    for (let at = 0; at < steps.length; at += 3) {
      const together = steps.slice(at, at + 3);
      expect(new Set(together.map(({ atNs }) => atNs)).size).toBe(1);
      expect(together.map((step) => step.kind === 'link' && step.link)).toEqual(links);
    }
  });

  it('are asked for their next failure only', () => {
    const parts = chpids(1_000);
    const streams = new RandomStreams('7');
    const steps = expandFaults([{ ...BREAKDOWN, parts, untilNs: Number.MAX_SAFE_INTEGER }], streams);
    for (let step = 0; step < 10; step++) steps.next();
    const draws = Object.values(streams.drawCounts()).reduce((sum, count) => sum + count, 0);
    // Each part has drawn one life and one repair, those that came back once more, and those that live too long no repair.
    expect(draws).toBeGreaterThan(1_900);
    expect(draws).toBeLessThanOrEqual(2_020);
  });
});

describe('stories in order of time', () => {
  it('are told like one that was sorted', () => {
    const story = fc.array(fc.nat(20), { maxLength: 8 }).map((times) => times.sort((a, b) => a - b));
    fc.assert(
      fc.property(fc.array(story, { maxLength: 7 }), (stories) => {
        const told = stories.map((times, source) => times.map((atNs, at) => ({ atNs, source, at })));
        const sorted = told.flat().sort((a, b) => a.atNs - b.atNs || a.source - b.source || a.at - b.at);
        expect([...inOrder(told.map((steps) => steps[Symbol.iterator]()))]).toEqual(sorted);
      }),
    );
  });
});
