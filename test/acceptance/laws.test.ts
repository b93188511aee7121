import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/experiment/simulate.ts';
import type { RunEvent, RunRequest } from '../../src/index.ts';
import type { ChannelPathMeter } from '../../src/observe/intervals.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import { count, resolve, simulated, volumesOnPaths } from './scenario.ts';

/*
 * Laws that hold for every run whatever its distributions are. Each run asserts them on its own sums when it ends; here
 * they are worked out again from what a run tells: its events and its requests.
 */
const END_NS = 8e9;
const BUSY = `duration: 8s
${volumesOnPaths(10, 4)}
workload:
  bursts: { arrivals: mmpp, ratePerVolume: 20/s, burst: { ratePerVolume: 900/s, length: 60ms, every: 300ms } }
  stream: { arrivals: closed, applications: 3, think: 2ms, block: 48KiB, reads: 0.5, addresses: sequential }
faults:
  - { at: 3s, name: loss, chpid: "0.40-0.41", do: configure-off }
  - { at: 5s, name: return, chpid: "0.40-0.41", do: configure-on }
`;

test("Little's law: requests in progress are rate times response time", async () => {
  const events: RunEvent[] = [];
  const requests: RunRequest[] = [];
  await simulated(`${BUSY}trace: { level: all, filter: [io.started, io.completed, io.failed] }\n`, [], {
    onEvent: (event) => events.push(event),
    onRequest: (request) => requests.push(request),
  });
  let inProgress = 0;
  let areaNs = 0;
  let since = 0;
  const open = new Map<number, number>();
  for (const { event, tNs, fields } of events) {
    const { request } = fields;
    areaNs += inProgress * (tNs - since);
    since = tNs;
    inProgress += event === 'io.started' ? 1 : -1;
    if (event === 'io.started') open.set(request, tNs);
    else open.delete(request);
  }
  areaNs += inProgress * (END_NS - since);
  expect(open.size).toBe(inProgress);
  const unfinishedNs = [...open.values()].reduce((sum, startedNs) => sum + END_NS - startedNs, 0);
  const responseNs = requests.reduce((sum, { arrivalNs, endNs }) => sum + endNs - arrivalNs, 0);
  expect(requests.length).toBeGreaterThan(10_000);
  expect(areaNs).toBe(responseNs + unfinishedNs);
});

test('the parts of a response time add up to at most the whole; without a retry only the waits between are missing', async () => {
  const requests: RunRequest[] = [];
  await simulated(`${BUSY}trace: { level: events, filter: [fault] }\n`, [], {
    onRequest: (request) => requests.push(request),
  });
  for (const { arrivalNs, endNs, iosqNs, pendNs, discNs, connNs, interruptDelayNs, retries } of requests) {
    const parts = iosqNs + pendNs + discNs + connNs + interruptDelayNs;
    if (retries === 0) expect(parts).toBe(endNs - arrivalNs);
    else expect(parts).toBeLessThanOrEqual(endNs - arrivalNs);
  }
});

describe('the utilisation law: share of time busy is rate times service time', () => {
  const SERVICE_NS = 100_000;
  const fixed = [
    'machine.chpids["0.40-0.43"].base=100us',
    'machine.chpids["0.40-0.43"].perCcw=0s',
    'machine.chpids["0.40-0.43"].bandwidth=1000000GB/s',
  ];

  test('on every channel path in every phase', async () => {
    const run = await simulated(`phases: { calm: [1s, 2s], lost: [3500ms, 4500ms] }\n${BUSY}`, fixed);
    const { calm, lost, return: returned } = run.summary.phases;
    for (const { phase, spanNs } of [
      { phase: calm, spanNs: 1e9 },
      { phase: lost, spanNs: 1e9 },
      { phase: returned, spanNs: 3e9 },
    ]) {
      for (const { utilisation, operations } of phase.channelPaths) {
        const busyNs = utilisation * spanNs;
        // An operation may reach over each end of the span.
        expect(Math.abs(busyNs - operations * SERVICE_NS)).toBeLessThanOrEqual(SERVICE_NS * 64);
        expect(utilisation).toBeLessThanOrEqual(1);
      }
    }
    expect(lost.channelPaths[0].operations).toBe(0);
  });

  test('also where a path is saturated: it is never busy for longer than the time that passes', async () => {
    const run = await simulated(
      `duration: 4s
${volumesOnPaths(32, 1)}
workload: { flood: { arrivals: closed, applications: 8, think: 0s, block: 96KiB, reads: 0.5, from: 1s } }
warmup: 2s
`,
      ['machine.chpids["0.40"].bandwidth=40MB/s'],
    );
    const [{ utilisation }] = run.summary.total.channelPaths;
    expect(utilisation).toBeGreaterThan(0.9);
    expect(utilisation).toBeLessThanOrEqual(1);
    expect(count(run, 'io.completed')).toBeGreaterThan(1_000);
  });

  test('a run whose channel paths say otherwise is a defect, not a result', async () => {
    const lying = { busyBy: () => 5, busyPeriodsBy: () => 4 };
    const run = simulate(resolve(BUSY), (scenario, observer) => {
      const built = buildSimulation(scenario, observer);
      const [first, ...others] = built.channelPaths;
      const liar: ChannelPathMeter = Object.create(first, { servers: { value: [lying] } });
      return { ...built, channelPaths: [liar, ...others] };
    });
    await expect(run).rejects.toThrow('utilisation law of 0.40/0: busy for 4 ns with 5 ns of work');
  });
});
