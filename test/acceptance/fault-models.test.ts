import { describe, expect, test } from 'vitest';
import type { RunEvent, RunRequest } from '../../src/index.ts';
import { count, counts, simulated } from './scenario.ts';

const HARM = { 'io.lost': 0, 'io.failed': 0, 'io.stale_reads': 0 };

const FABRIC = `machine:
  chpids: { "0.40-0.43": {} }
  controlUnits: { lcu0: {}, lcu1: {} }
  directors: { sw1: { chpids: 0.40-0.41 }, sw2: { chpids: 0.42-0.43 } }
  cables: { trunk: { chpids: [0.41, 0.42], controlUnits: lcu1 } }
  dasd:
    "0.0.1000-0.0.1004": { controlUnit: lcu0 }
    "0.0.1100-0.0.1104": { controlUnit: lcu1 }
`;

/** Links that go or come in a run: time in ms, CHPID and control unit. */
async function linkEvents(faults: string, event: 'link.down' | 'link.up'): Promise<string[]> {
  const events: RunEvent[] = [];
  await simulated(`duration: 6s\n${FABRIC}faults:\n${faults}`, [], { onEvent: (it) => events.push(it) });
  return events
    .filter((it) => it.event === event)
    .map(({ tNs, chpid, fields: { control_unit: unit } }) => `${tNs / 1e6} ${chpid} lcu${unit}`);
}

describe('links that share a way go together', () => {
  test.each([
    ['director: sw1', ['2000 0.40 lcu0', '2000 0.41 lcu0', '2000 0.40 lcu1', '2000 0.41 lcu1']],
    ['director: sw1, chpid: 0.41', ['2000 0.41 lcu0', '2000 0.41 lcu1']],
    ['cable: trunk', ['2000 0.41 lcu1', '2000 0.42 lcu1']],
    ['director: sw2, cable: trunk', ['2000 0.42 lcu1']],
    ['controlUnit: lcu0-lcu1, port: 3', ['2000 0.43 lcu0', '2000 0.43 lcu1']],
    ['chpid: 0.40, controlUnit: lcu1', ['2000 0.40 lcu1']],
  ])('{ %s }', async (what, links) => {
    expect(await linkEvents(`  - { at: 2s, do: link-down, ${what} }`, 'link.down')).toEqual(links);
  });

  test('and come back when nothing on their way is broken any more', async () => {
    const faults = `  - { at: 2s, do: link-down, director: sw2 }
  - { at: 3s, do: link-down, cable: trunk }
  - { at: 4s, do: link-up, director: sw2 }
  - { at: 5s, do: link-up, cable: trunk }`;
    expect(await linkEvents(faults, 'link.up')).toEqual([
      '4000 0.42 lcu0',
      '4000 0.43 lcu0',
      '4000 0.43 lcu1',
      '5000 0.41 lcu1',
      '5000 0.42 lcu1',
    ]);
  });

  test('half of the paths of each volume, once: everything goes on with the others', async () => {
    const run = await simulated(`duration: 6s
${FABRIC}workload: { oltp: { ratePerVolume: 100/s, until: 5s } }
faults: [{ at: 2s, name: loss, do: link-down, director: sw1 }]`);
    expect(counts(run, '', Object.keys(HARM))).toEqual(HARM);
    expect(counts(run, 'loss', ['machine.fault', 'machine.crw', 'host.chsc'])).toEqual({
      'machine.fault': 4,
      'machine.crw': 1,
      'host.chsc': 4,
    });
  });
});

describe('a gray path', () => {
  const requestsWith = async (faults: string, rate = '20/s'): Promise<RunRequest[]> => {
    const requests: RunRequest[] = [];
    await simulated(
      `duration: 5s
machine: { dasd: { "0.0.1000-0.0.1007": {} } }
workload: { oltp: { from: 1s, until: 4s, ratePerVolume: ${rate}, reads: 1 } }
faults: [${faults}]`,
      [],
      { onRequest: (it) => requests.push(it) },
    );
    return requests;
  };
  const shortest = (requests: readonly RunRequest[], chpid: string, from = 0, to = 5): number =>
    Math.min(
      ...requests
        .filter((it) => it.chpid === chpid && it.startNs >= from * 1e9 && it.startNs < to * 1e9)
        .map(({ pendNs }) => pendNs),
    );

  test('has a longer command response time, which is part of pending time, and the others have not', async () => {
    const well = await requestsWith('');
    const slow = await requestsWith('{ at: 1s, do: slow, chpid: 0.41, delay: 300us }');
    for (const chpid of ['0.40', '0.42', '0.43']) expect(shortest(slow, chpid)).toBe(shortest(well, chpid));
    expect(shortest(slow, '0.41')).toBe(shortest(well, '0.41') + 300_000);
  });

  test('becomes slower and slower, and is well again in the end', async () => {
    const ramp = '{ at: 1s, do: slow, chpid: 0.41, delay: 1ms, ramp: 2s, steps: 2, until: 3500ms }';
    const [well, slow] = [await requestsWith(''), await requestsWith(ramp)];
    const usual = shortest(well, '0.41');
    expect(shortest(slow, '0.41', 1, 1.9)).toBe(usual);
    expect(shortest(slow, '0.41', 2, 2.9)).toBe(usual + 500_000);
    expect(shortest(slow, '0.41', 3, 3.4)).toBe(usual + 1_000_000);
    expect(shortest(slow, '0.41', 3.5)).toBe(usual);
  });

  test('with errors in bursts has errors in bursts', async () => {
    const errors =
      '{ at: 1s, do: error-rate, chpid: 0.41, probability: 0.1, rhythm: { on: 100ms, off: 900ms, count: 2 } }';
    const requests = await requestsWith(errors, '300/s');
    const retried = requests.filter(({ retries }) => retries > 0);
    const bursts = retried.map(({ startNs }) => Math.floor((startNs + 1e6) / 1e8));
    // A start may be a little before the burst in which it arrives.
    expect(new Set(bursts)).toEqual(new Set([10, 20]));
  });
});

describe('parts that break down for months', () => {
  const MONTH = `duration: 30d
report: { interval: 30d }
trace: { level: none }
machine:
  chpids: { "0.40-0.47": {} }
  directors: { sw1: { chpids: "0.40-0.43" }, sw2: { chpids: "0.44-0.47" } }
  dasd: { "0.0.1000-0.0.1001": {} }
`;

  test('cost nothing while nothing happens', async () => {
    const idle = await simulated(MONTH);
    const longer = await simulated(MONTH.replaceAll('30d', '90d'));
    expect(longer.fingerprint).toBe(idle.fingerprint);
  });

  test('fail as often as their mean time says', async () => {
    const run = await simulated(`${MONTH}faults:
  - { at: 1h, do: breakdown, of: links, mttf: 2d, mttr: 1h }
  - { at: 1h, do: breakdown, of: directors, mttf: 15d, mttr: 2h, distribution: weibull }`);
    const down = count(run, 'machine.fault') / 2;
    // 8 links fail 15 times and each of 2 directors fails twice, with 4 links: 133 and a standard deviation below 15.
    expect(Math.abs(down - 133)).toBeLessThan(45);
    expect(counts(run, '', Object.keys(HARM))).toEqual(HARM);
  });
});
