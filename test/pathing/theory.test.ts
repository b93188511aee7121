import { describe, expect, test } from 'vitest';
import type { RunRequest } from '../../src/index.ts';
import { batchMeans, responseEkM1, responseMMc } from '../acceptance/queueing-formulas.ts';
import { simulated } from '../acceptance/scenario.ts';
import { responseShortestQueue } from './shortest-queue.ts';

/*
 * Channel paths that are the only servers of a machine, under Poisson arrivals: each policy makes another queueing
 * system of them. What is measured must have the exact value in its 99.9 % confidence interval.
 */
const MS = 1e6;
const FROM_S = 10;
const SETTLED_S = 10.5;
/** So many volumes that two requests hardly ever meet at one: they meet at the channel paths. */
const VOLUMES = 256;

interface Case {
  readonly paths: number;
  readonly busy: number;
  /** Mean service, ms. */
  readonly service: number;
  readonly seconds: number;
}

const machine = ({ paths, service }: Case): string => `machine:
  costs: { ssch: 0s, tsch: 0s, stsch: 0s, msch: 0s }
  chpids:
    "0.40-0.4${paths - 1}":
      { maxOpen: 4096, occupancy: { exponential: ${service}ms }, bandwidth: 1000000GB/s, distance: 0m, switch: 0s }
  controlUnits: { lcu0: { cache: { hitRatio: 1 }, hitRead: 0s, hitWrite: 0s, control: 0s, maxConcurrentPerPort: 100000 } }
  dasd: { "0.0.1000-0.0.10${(VOLUMES - 1).toString(16)}": {} }
systems: { lpar1: { cpus: 64, costs: { interrupt: 0s, driverPath: 0s } } }
`;

const load = (perMs: number, seconds: number): string =>
  `duration: ${SETTLED_S + seconds}s
workload: { all: { from: ${FROM_S}s, ratePerVolume: ${(perMs * 1e3) / VOLUMES}/s, addresses: uniform } }
trace: { level: events, filter: [fault] }
`;

/** Time from start to answer in ms, of requests that arrive in the span and in the order of their answers. */
async function responses(text: string, fromS: number, toS: number): Promise<number[]> {
  const values: number[] = [];
  const onRequest = ({ arrivalNs, startNs, endNs }: RunRequest): void => {
    if (arrivalNs > fromS * 1e9 && arrivalNs < toS * 1e9) values.push((endNs - startNs) / MS);
  };
  await simulated(text, [], { onRequest });
  return values;
}

function expectMean(values: readonly number[], exact: number): void {
  const { mean, halfWidth } = batchMeans(values);
  expect(halfWidth / exact, 'the interval is narrow enough to say something').toBeLessThan(0.15);
  expect(Math.abs(mean - exact), `${mean} ± ${halfWidth} ms, exact ${exact} ms`).toBeLessThan(halfWidth);
}

const measured = (of: Case, perMs: number, policy: string): Promise<number[]> => {
  const text = `${machine(of)}${load(perMs, of.seconds)}strategies: { selection: ${policy} }\n`;
  return responses(text, SETTLED_S, SETTLED_S + of.seconds);
};

const CASES: readonly Case[] = [
  { paths: 2, busy: 0.7, service: 0.2, seconds: 8 },
  { paths: 4, busy: 0.7, service: 0.5, seconds: 10 },
  { paths: 8, busy: 0.4, service: 0.5, seconds: 6 },
];

describe.each(CASES)('$paths paths, busy $busy of the time with $service ms each', (of) => {
  const { paths, busy, service } = of;
  const perMs = (paths * busy) / service;

  test('one queue for all is M/M/c', async () => {
    expectMean(await measured(of, perMs, 'pooled'), responseMMc(paths, perMs, service));
  });

  test('the fewest open exchanges are the shortest queue', async () => {
    // A queue is this long once in a hundred thousand arrivals, or more rarely.
    const most = { 2: 25, 4: 9, 8: 4 }[paths]!;
    const exact = responseShortestQueue(paths, perMs, service, most);
    expectMean(await measured(of, perMs, 'least-busy'), exact);
    expect(exact).toBeGreaterThan(responseMMc(paths, perMs, service));
    expect(exact).toBeLessThan(responseEkM1(paths, perMs, service));
  });

  test('rotation deals out to E_c/M/1 queues', async () => {
    expectMean(await measured(of, perMs, 'rotation'), responseEkM1(paths, perMs, service));
  });

  test('chance makes M/M/1 queues', async () => {
    expectMean(await measured(of, perMs, 'random'), responseMMc(1, busy / service, service));
  });

  test('one fixed path does what one path can', async () => {
    expectMean(await measured(of, busy / service, 'fixed'), responseMMc(1, busy / service, service));
  });
});

describe('a path that goes and is not told to be back', () => {
  test.each([
    { paths: 2, busy: 0.35, service: 0.2, seconds: 12 },
    { paths: 8, busy: 0.7, service: 0.4, seconds: 5 },
  ])('makes M/M/$paths a server poorer, until an operator varies it', async (of) => {
    const { paths, busy, service, seconds } = of;
    const perMs = (paths * busy) / service;
    const times = [1, 2, 3, 4].map((part) => SETTLED_S + part * seconds);
    const [goneS, backS, variedS, endS] = times;
    const text = `${machine(of).replace('maxOpen: 4096', 'maxOpen: 1')}${load(perMs, 4 * seconds)}faults:
  - { at: ${goneS}s, chpid: 0.40, do: configure-off }
  - { at: ${backS}s, chpid: 0.40, do: configure-on, unreported: 1 }
actions:
  - { at: ${variedS}s, do: vary-path, chpid: 0.40, to: off }
  - { at: ${variedS + 0.1}s, do: vary-path, chpid: 0.40, to: on }
`;
    const values: { arrivalNs: number; ms: number }[] = [];
    await simulated(text, [], {
      onRequest: ({ arrivalNs, startNs, endNs }) => {
        values.push({ arrivalNs, ms: (endNs - startNs) / MS });
      },
    });
    // Path verification loads the paths for a moment after each change.
    const span = (fromS: number, toS: number): number[] =>
      values
        .filter(({ arrivalNs }) => arrivalNs > (fromS + 0.5) * 1e9 && arrivalNs < toS * 1e9)
        .map(({ ms }) => ms);
    const all = responseMMc(paths, perMs, service);
    const fewer = responseMMc(paths - 1, perMs, service);
    expectMean(span(FROM_S, goneS), all);
    expectMean(span(goneS, backS), fewer);
    expectMean(span(backS, variedS), fewer);
    expectMean(span(variedS, endS), all);
  });
});

test('the balance equations give what is known of special cases', () => {
  expect(responseShortestQueue(1, 0.5, 1, 60)).toBeCloseTo(responseMMc(1, 0.5, 1), 6);
  // Two queues, half busy: between M/M/2, which is 4/3, and two M/M/1, which is 2.
  expect(responseShortestQueue(2, 1, 1, 30)).toBeCloseTo(1.4263, 3);
});
