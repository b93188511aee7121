import { describe, expect, test } from 'vitest';
import type { RunRequest } from '../../src/index.ts';
import { responseWithAliases } from './alias-queue.ts';
import { batchMeans, responseMMc } from './queueing-formulas.ts';
import { count, counts, lossAndReturn, simulated } from './scenario.ts';

/*
 * Parallel access volumes: one volume under Poisson arrivals, whose service in the control unit is exponential, and
 * nothing else takes time. A base alone is an M/M/1 queue; aliases make of it what the driver makes of them.
 */
const MS = 1e6;
/** Linux knows its aliases when it has read the unit-address configuration again, half a minute after the first time. */
const FROM_S = 40;

const volume = (aliases: number, aliasOf: string): string => `machine:
  costs: { ssch: 0s, tsch: 0s, stsch: 0s, msch: 0s }
  chpids: { "0.40-0.43": { maxOpen: 4096, base: 0s, perCcw: 0s, bandwidth: 1000000GB/s, distance: 0m, switch: 0s } }
  controlUnits: { lcu0: { cache: { hitRatio: 1 }, hitRead: { exponential: 1ms }, hitWrite: 1ms, control: 0s } }
  dasd:
    0.0.1000: {}
${aliases === 0 ? '' : `    "0.0.10f0-0.0.10f${aliases - 1}": { aliasOf: ${aliasOf} }`}
systems: { lpar1: { cpus: 64, costs: { interrupt: 0s, driverPath: 0s } } }
`;

async function responses(
  aliases: number,
  aliasOf: string,
  perMs: number,
  seconds: number,
): Promise<number[]> {
  const values: number[] = [];
  const onRequest = ({ arrivalNs, endNs }: RunRequest): void => {
    if (arrivalNs > (FROM_S + 1) * 1e9) values.push((endNs - arrivalNs) / MS);
  };
  const load = `duration: ${FROM_S + seconds}s
workload: { all: { from: ${FROM_S}s, ratePerVolume: ${perMs * 1e3}/s, reads: 1, addresses: uniform } }
trace: { level: events, filter: [fault] }
`;
  await simulated(volume(aliases, aliasOf) + load, [], { onRequest });
  return values;
}

function expectMean(values: readonly number[], exact: number): void {
  const { mean, halfWidth } = batchMeans(values);
  expect(halfWidth / exact, 'the interval is narrow enough to say something').toBeLessThan(0.15);
  expect(Math.abs(mean - exact), `${mean} ± ${halfWidth} ms, exact ${exact} ms`).toBeLessThan(halfWidth);
}

describe('a volume under load', () => {
  test('over its base alone is an M/M/1 queue', async () => {
    expectMean(await responses(0, '', 0.7, 120), responseMMc(1, 0.7, 1));
  });

  test.each([
    [1, '0.0.1000', 1.4],
    [1, 'any', 1.4],
    [2, 'any', 2.1],
  ])('with %i aliases of %s is the queueing system of its driver', async (aliases, aliasOf, perMs) => {
    const exact = responseWithAliases(aliases, perMs, 1, 40);
    expectMean(await responses(aliases, aliasOf, perMs, 60), exact);
    // One queue for all would be better, and as many volumes with a part of the load each much worse.
    expect(exact).toBeGreaterThan(responseMMc(aliases + 1, perMs, 1));
    expect(exact).toBeLessThan(responseMMc(1, perMs / (aliases + 1), 1));
  });

  test('with many aliases hardly waits: an M/M/8 queue at a quarter of its load', async () => {
    const values = await responses(7, 'any', 2, 60);
    const { mean, halfWidth } = batchMeans(values);
    const exact = responseMMc(8, 2, 1);
    expect(mean).toBeGreaterThan(exact - halfWidth);
    expect(mean).toBeLessThan(1.25 * exact);
  });
});

describe('aliases that go', () => {
  const machine = (aliasOf: string): string => `duration: 46s
machine:
  chpids: { "0.40-0.43": {} }
  dasd: { "0.0.1000-0.0.1003": {}, "0.0.10f0-0.0.10f7": { aliasOf: ${aliasOf} } }
workload: { oltp: { from: 40s, ratePerVolume: 6500/s } }
`;

  const unharmed = { 'io.failed': 0, 'io.lost': 0, 'io.stale_reads': 0 };

  test('leave their requests to the base', async () => {
    const gone = 'faults: [{ at: 42s, name: gone, do: detach, device: "0.0.10f0-0.0.10f7" }]\n';
    const run = await simulated(machine('any') + gone);
    expect(count(run, 'io.killed', 'gone')).toBeGreaterThan(0);
    expect(count(run, 'io.retried', 'gone')).toBe(count(run, 'io.killed', 'gone'));
    expect(counts(run, '', Object.keys(unharmed))).toEqual(unharmed);
  });

  test('with one of their paths go on over the others', async () => {
    const loss = 'faults: [{ at: 42s, name: loss, chpid: 0.40, do: configure-off }]\n';
    const run = await simulated(machine('0.0.1000') + loss);
    expect(counts(run, '', Object.keys(unharmed))).toEqual(unharmed);
    const stsch = count(run, 'host.stsch', 'loss');
    expect(stsch).toBeGreaterThanOrEqual(4 * 12);
    expect(stsch).toBeLessThanOrEqual(5 * 12);
  });
});

describe('aliases that are passed through', () => {
  const guest = (volumes: number, aliases: number, relay: string): string => `duration: 14s
machine:
  chpids: { "0.40-0.43": {} }
  dasd:
    "0.0.1000-0.0.10${(volumes - 1).toString(16).padStart(2, '0')}": {}
${aliases === 0 ? '' : `    "0.0.20f0-0.0.20${(0xf0 + aliases - 1).toString(16)}": { aliasOf: any }`}
systems:
  host: { kind: kvm-host }
  guest1: { kind: guest, on: host, passthrough: [${aliases === 0 ? '' : `"0.0.20f0-0.0.20${(0xf0 + aliases - 1).toString(16)}", `}"0.0.1000-0.0.10${(volumes - 1).toString(16).padStart(2, '0')}"] }
strategies: { relay: ${relay} }
${lossAndReturn()}`;

  /** Every subchannel has the lost path, whether it is a volume or a way to one. */
  test.each([
    [6, 0],
    [6, 6],
    [6, 10],
  ])('have %i volumes and %i aliases told one by one', async (volumes, aliases) => {
    const all = volumes + aliases;
    const told = await simulated(guest(volumes, aliases, 'upstream'));
    expect(count(told, 'kernel.eventfd.path', 'loss')).toBe(all);
    expect(count(told, 'vmm.crw', 'loss')).toBe(all);
    const once = await simulated(guest(volumes, aliases, 'report-per-chpid'));
    expect(count(once, 'kernel.eventfd.path', 'loss')).toBe(1);
    const looked = count(once, 'guest.stsch', 'loss');
    expect(looked).toBeGreaterThanOrEqual(4 * all);
    expect(looked).toBeLessThanOrEqual(5 * all);
    // As many reports as devices, and each has all of them looked at.
    expect(count(told, 'guest.stsch', 'loss')).toBeGreaterThan(all * all);
  });
});
