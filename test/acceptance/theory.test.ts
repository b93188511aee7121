import { describe, expect, test } from 'vitest';
import type { RunRequest } from '../../src/index.ts';
import { batchMeans, repairman, responseEkM1, responseMMc, waitMG1 } from './queueing-formulas.ts';
import { simulated } from './scenario.ts';

/*
 * Machines that are queueing systems with a known solution: everything but one kind of server costs nothing. What the
 * simulation measures must have the exact value in its 99.9 % confidence interval.
 */
const MS = 1e6;
/** Load begins when the last volume is online even where one slow path does it all; what happens at first is not measured. */
const FROM_S = 10;
const SETTLED_S = 10.5;
const NO_COSTS = `costs: { ssch: 0s, tsch: 0s, stsch: 0s, msch: 0s }`;
const FREE_CPUS = 'systems: { lpar1: { cpus: 64, costs: { interrupt: 0s, driverPath: 0s } } }\n';

/** `servers` channel paths that need Exp(1 ms) for a start, under volumes whose control unit needs no time at all. */
const pathServers = (servers: number, volumes: number, maxOpen: number): string => `machine:
  ${NO_COSTS}
  chpids:
    "0.40-0.4${servers - 1}":
      { maxOpen: ${maxOpen}, occupancy: { exponential: 1ms }, bandwidth: 1000000GB/s, distance: 0m, switch: 0s }
  controlUnits: { lcu0: { cache: { hitRatio: 1 }, hitRead: 0s, hitWrite: 0s, control: 0s, maxConcurrentPerPort: 100000 } }
  dasd: { "0.0.1000-0.0.1${(volumes - 1).toString(16).padStart(3, '0')}": {} }
${FREE_CPUS}`;

/** One volume whose reads need a time with the given distribution, behind a channel path that needs none. */
const deviceServer = (service: string): string => `machine:
  ${NO_COSTS}
  chpids: { 0.40: { base: 0s, perCcw: 0s, bandwidth: 1000000GB/s, distance: 0m, switch: 0s } }
  controlUnits: { lcu0: { cache: { hitRatio: 1 }, hitRead: ${service} } }
  dasd: { 0.0.1000: {} }
${FREE_CPUS}`;

/** So many seconds of measured load. */
const load = (seconds: number, workload: string): string =>
  `duration: ${SETTLED_S + seconds}s\nworkload: { all: { from: ${FROM_S}s, ${workload} } }\n`;

/** One figure of all requests after the warm-up, in milliseconds, in the order of their answers. */
async function measured(text: string, figure: (request: RunRequest) => number): Promise<number[]> {
  const values: number[] = [];
  await simulated(`${text}trace: { level: events, filter: [fault] }\n`, [], {
    onRequest: (request) => {
      if (request.arrivalNs > SETTLED_S * 1e9) values.push(figure(request) / MS);
    },
  });
  return values;
}

const sinceStart = ({ startNs, endNs }: RunRequest): number => endNs - startNs;
const response = ({ arrivalNs, endNs }: RunRequest): number => endNs - arrivalNs;
const waiting = ({ iosqNs }: RunRequest): number => iosqNs;

function expectMean(values: readonly number[], exact: number): void {
  const { mean, halfWidth } = batchMeans(values);
  expect(halfWidth / exact, 'the interval is narrow enough to say something').toBeLessThan(0.15);
  expect(Math.abs(mean - exact), `${mean} ± ${halfWidth} ms, exact ${exact} ms`).toBeLessThan(halfWidth);
}

/** Poisson arrivals over so many volumes that two requests hardly ever meet at one: they meet at the channel paths. */
const VOLUMES = 256;
const poisson = (perMs: number, seconds: number): string =>
  load(seconds, `ratePerVolume: ${(perMs * 1e3) / VOLUMES}/s, addresses: uniform`);

describe('M/M/c: channel paths that share one queue', () => {
  const cases = [
    { servers: 1, busy: 0.5, seconds: 80 },
    { servers: 2, busy: 0.7, seconds: 60 },
    { servers: 4, busy: 0.8, seconds: 30 },
    { servers: 8, busy: 0.6, seconds: 15 },
    { servers: 8, busy: 0.9, seconds: 20 },
  ];
  test.each(cases)('$servers paths, busy $busy of the time', async ({ servers, busy, seconds }) => {
    const perMs = busy * servers;
    const text = `${pathServers(servers, VOLUMES, 1)}${poisson(perMs, seconds)}strategies: { selection: pooled }\n`;
    expectMean(await measured(text, sinceStart), responseMMc(servers, perMs, 1));
  });
});

describe('E_c/M/1: rotation deals arrivals out to c channel paths with queues of their own', () => {
  test.each([
    { servers: 2, busy: 0.7, seconds: 60 },
    { servers: 4, busy: 0.6, seconds: 30 },
    { servers: 8, busy: 0.8, seconds: 15 },
  ])('$servers paths, busy $busy of the time', async ({ servers, busy, seconds }) => {
    const perMs = busy * servers;
    const text = pathServers(servers, VOLUMES, 4096) + poisson(perMs, seconds);
    const values = await measured(text, sinceStart);
    const exact = responseEkM1(servers, perMs, 1);
    expectMean(values, exact);
    // Regular arrivals are better than random ones (M/M/1 at each path); one queue for all is better still.
    const { mean } = batchMeans(values);
    expect(mean).toBeGreaterThan(responseMMc(servers, perMs, 1));
    expect(mean).toBeLessThan(responseMMc(1, busy, 1));
  });

  test('is M/M/c as soon as a path takes one start only and starts wait for the first that is free', async () => {
    const text = pathServers(4, VOLUMES, 1) + poisson(0.8 * 4, 25);
    expectMean(await measured(text, sinceStart), responseMMc(4, 3.2, 1));
  });
});

describe('M/G/1: one volume, by Pollaczek and Khinchine', () => {
  const DETERMINISTIC = { service: '500us', secondMoment: 0.25 };
  const EXPONENTIAL = { service: '{ exponential: 500us }', secondMoment: 0.5 };
  const UNIFORM = { service: '{ uniform: [0us, 1ms] }', secondMoment: 1 / 3 };
  const ERLANG = { service: '{ erlang: { stages: 3, mean: 500us } }', secondMoment: 1 / 3 };
  const HYPEREXPONENTIAL = {
    service: '{ hyperexponential: { share: 0.9, first: 200us, second: 3200us } }',
    secondMoment: 0.9 * 2 * 0.04 + 0.1 * 2 * 10.24,
  };
  test.each([
    { ...DETERMINISTIC, busy: 0.8, seconds: 60 },
    { ...EXPONENTIAL, busy: 0.5, seconds: 60 },
    { ...EXPONENTIAL, busy: 0.8, seconds: 100 },
    { ...UNIFORM, busy: 0.5, seconds: 60 },
    { ...ERLANG, busy: 0.5, seconds: 60 },
    { ...HYPEREXPONENTIAL, busy: 0.3, seconds: 120 },
  ])('service $service, busy $busy of the time', async ({ service, secondMoment, busy, seconds }) => {
    const perMs = busy / 0.5;
    const text =
      deviceServer(service) + load(seconds, `ratePerVolume: ${perMs * 1e3}/s, reads: 1, addresses: uniform`);
    expectMean(await measured(text, waiting), waitMG1(perMs, 0.5, secondMoment));
  });
});

describe('M/M/c//N, the machine repairman: applications that think, channel paths that serve', () => {
  test.each([
    { customers: 6, servers: 1, seconds: 60 },
    { customers: 12, servers: 2, seconds: 40 },
    { customers: 42, servers: 8, seconds: 15 },
  ])('$customers applications, $servers paths', async ({ customers, servers, seconds }) => {
    const closed = load(
      seconds,
      'arrivals: closed, applications: 1, think: { exponential: 5ms }, addresses: uniform',
    );
    const text = `${pathServers(servers, customers, 1)}${closed}strategies: { selection: pooled }\n`;
    const values = await measured(text, response);
    const exact = repairman(customers, servers, 5, 1);
    expectMean(values, exact.response);
    const perMs = values.length / (seconds * 1e3);
    expect(perMs / exact.throughput).toBeGreaterThan(0.98);
    expect(perMs / exact.throughput).toBeLessThan(1.02);
  });
});

test('the formulas give what textbooks print', () => {
  expect(responseMMc(1, 0.5, 1)).toBeCloseTo(2, 12);
  expect(responseMMc(2, 1, 1)).toBeCloseTo(4 / 3, 12);
  expect(waitMG1(0.5, 1, 2)).toBeCloseTo(1, 12);
  expect(responseEkM1(1, 0.5, 1)).toBeCloseTo(2, 9);
  expect(repairman(42, 8, 5, 1).throughput).toBeCloseTo(6.7601, 4);
  expect(repairman(42, 8, 5, 1).response).toBeCloseTo(1.2129, 4);
});
