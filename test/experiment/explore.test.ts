import { describe, expect, it } from 'vitest';
import { explore } from '../../src/experiment/explore.ts';
import { formatMoves } from '../../src/experiment/explore-order.ts';
import { simulate } from '../../src/experiment/simulate.ts';
import { raceRun, raceScenario } from './race-run.ts';

describe('exploring two clerks', () => {
  it('runs every order once: six ways in which two reads and two writes can lie', async () => {
    const found = await explore(raceScenario(), raceRun(2));
    expect(found).toMatchObject({ orders: 6, isComplete: true, estimate: 6, isInterrupted: false });
    expect(found.events.map(({ name, timeNs }) => `${name} ${timeNs}`)).toEqual([
      'read 0 100',
      'write 0 110',
      'read 1 120',
      'write 1 130',
    ]);
  });

  it('counts outcomes: money is lost when both read before one writes', async () => {
    const { outcomes, failed } = await explore(raceScenario(), raceRun(2));
    expect(failed).toBe(4);
    expect(outcomes.map(({ orders, fails }) => [orders, fails])).toEqual([
      [4, true],
      [2, false],
    ]);
    const [lost, kept] = outcomes;
    expect(lost.differences).toEqual(['host.gone{system=lpar1}: - -> 1']);
    expect(kept.differences).toEqual([]);
    expect(kept.moves).toEqual([]);
  });

  it('finds the shortest order that fails, and tells what it does', async () => {
    const { failure } = await explore(raceScenario(), raceRun(2));
    expect(failure?.moves).toEqual([{ event: 1, rank: 1 }]);
    expect(failure?.reasons).toEqual(['never device.gone: happened 1 times, first at 10000 ns']);
    expect(failure?.events.map(({ name, aheadOf }) => [name, ...aheadOf])).toEqual([
      ['read 1', 'read 0'],
      ['read 0'],
      ['write 1'],
      ['write 0'],
    ]);
  });

  it('finds nothing where there is nothing to find', async () => {
    const { failure, orders, outcomes } = await explore(raceScenario(), raceRun(1));
    expect([failure, orders, outcomes.length]).toEqual([null, 1, 1]);
  });

  it('takes a defect of the simulator for an order that fails', async () => {
    const { failure, failed } = await explore(raceScenario(), raceRun(2, true));
    expect(failed).toBe(4);
    expect(failure?.reasons[0]).toMatch(
      /^defect of the simulator: event 4 \(write, target 0\) at \d+ ns: money is lost$/,
    );
  });

  it('leaves events in their place that the scenario wants there', async () => {
    const onlyReads = await explore(raceScenario('  events: [read]\n'), raceRun(2));
    // A read can be held up, past the other read or past a write that it thereby follows.
    expect(onlyReads.orders).toBe(3);
    const nothing = await explore(raceScenario('  events: [read, wri*]\n  fixed: ["*"]\n'), raceRun(2));
    expect([nothing.orders, nothing.choices]).toEqual([1, 0]);
  });

  it('gives the same every time', async () => {
    const twice = [
      await explore(raceScenario('  limit: 40\n'), raceRun(4)),
      await explore(raceScenario('  limit: 40\n'), raceRun(4)),
    ];
    expect(JSON.stringify(twice[0])).toBe(JSON.stringify(twice[1]));
  });

  it('stops when it is asked to, with what it has', async () => {
    let asked = 0;
    const found = await explore(raceScenario(), raceRun(3), { shouldStop: () => ++asked > 10 });
    expect(found.isInterrupted).toBe(true);
    expect(found.isComplete).toBe(false);
    expect(found.orders).toBeGreaterThan(0);
    expect(found.orders).toBeLessThan(90);
  });
});

describe('more orders than the limit', () => {
  it('are run by number of moves and at random, and their number is estimated', async () => {
    // (2 · 4)! / 2^4 orders of four clerks.
    const found = await explore(raceScenario('  limit: 400\n'), raceRun(4));
    expect(found.isComplete).toBe(false);
    expect(found.orders).toBeGreaterThan(200);
    expect(found.orders).toBeLessThanOrEqual(400);
    expect(found.estimate).toBeGreaterThan(2520 / 2);
    expect(found.estimate).toBeLessThan(2520 * 2);
  });

  it('draw other orders from another seed', async () => {
    const [one, other] = await Promise.all(
      ['1', '2'].map((seed) => explore({ ...raceScenario('  limit: 40\n'), seed }, raceRun(4))),
    );
    expect(one.outcomes).not.toEqual(other.outcomes);
  });

  it('are shortened when one of them fails', async () => {
    const scenario = raceScenario('  limit: 2\n');
    const found = await explore(scenario, raceRun(5));
    expect(found.orders).toBe(2);
    expect(found.failure).not.toBeNull();
    expect(found.failure!.moves).toHaveLength(1);
  });
});

describe('the order that fails', () => {
  it('fails again in a plain run of a scenario that has it', async () => {
    const scenario = raceScenario();
    const { failure } = await explore(scenario, raceRun(3));
    const repeated = { ...scenario, explore: { ...scenario.explore!, order: failure!.moves } };
    const result = await simulate(repeated, raceRun(3));
    expect(result.verdicts.filter(({ fails }) => fails).map(({ text }) => text)).toEqual([
      'never device.gone',
    ]);
    expect(result.verdicts.map(({ text }) => text)).toContain('the order of events fits');
    const natural = await simulate(scenario, raceRun(3));
    expect(natural.verdicts.some(({ fails }) => fails)).toBe(false);
  });

  it('is refused where it does not fit', async () => {
    const reasons = async (order: string): Promise<string[]> => {
      const { verdicts } = await simulate(raceScenario(`  order: ${order}\n`), raceRun(2));
      return verdicts.filter(({ text, fails }) => fails && text.includes('fits')).map(({ reason }) => reason);
    };
    expect(await reasons('[[1, 1]]')).toEqual([]);
    expect(await reasons('[[1, 2]]')).toEqual(['event 1 has 1 places behind it, not 2']);
    expect(await reasons('[[7, 1]]')).toEqual(['1 of 1 moves found nothing to choose among']);
  });

  it('is written as event and rank', () => {
    expect(
      formatMoves([
        { event: 17, rank: 2 },
        { event: 20, rank: 1 },
      ]),
    ).toBe('17:2 20:1');
    expect(formatMoves([])).toBe('');
  });
});
