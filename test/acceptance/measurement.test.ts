import { describe, expect, it, test } from 'vitest';
import { loadScenario, type MeasurementRow, runScenario } from '../../src/index.ts';
import { plain, tablesOf } from '../docs/markdown.ts';
import { type CsvRow, recordedFiles } from '../output/recorded-files.ts';
import { counts, resolve, simulated } from './scenario.ts';

/**
 * What channel measurement tells, held against what is known: the times of each request in io.csv, and their means in
 * intervals.csv. The timer of the channel subsystem advances every 128 µs.
 */
const TICK_NS = 128_000;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}
const ticks = (fromNs: number, toNs: number): number =>
  Math.floor(toNs / TICK_NS) - Math.floor(fromNs / TICK_NS);

/** Where each time of an operation begins, and how long it takes: nanoseconds from a row of io.csv. */
const SPANS: Readonly<Record<string, (row: CsvRow) => readonly [number, number]>> = {
  avg_device_connect_time: (row) => [at(row) + ns(row, 'pend') + ns(row, 'disc'), ns(row, 'conn')],
  avg_function_pending_time: (row) => [at(row), ns(row, 'pend')],
  avg_device_disconnect_time: (row) => [at(row) + ns(row, 'pend'), ns(row, 'disc')],
  avg_control_unit_queuing_time: (row) => [at(row), ns(row, 'cu_busy')],
  avg_device_active_only_time: (row) => [at(row), 0],
  avg_device_busy_time: (row) => [at(row) + ns(row, 'cu_busy'), ns(row, 'device_busy')],
  avg_initial_command_response_time: (row) => [at(row) + ns(row, 'pend') - ns(row, 'cmr'), ns(row, 'cmr')],
};
/** Channel end and device end come together. */
const NEVER = 'avg_device_active_only_time';
const at = (row: CsvRow): number => ns(row, 'start');
const ns = (row: CsvRow, name: string): number => Number(row[`${name}_ns`]);

/** Partitions share a control unit that is often busy, and a disk that only one can use. All I/O is over at the end. */
const SHARED = `
duration: 12s
machine:
  chpids: { "0.40-0.41": {} }
  controlUnits:
    flash: { hitRead: 60us, hitWrite: { exponential: 90us }, miss: 250us, maxConcurrentPerPort: 1 }
    disk: { type: 3990-6, backend: mechanics, cache: { hitRatio: 0.3 } }
  dasd: { "0.0.1000-0.0.1003": { controlUnit: flash }, "0.0.2000": { controlUnit: disk, model: 3390-3 } }
systems: { a: {}, b: {} }
workload:
  a: { on: a, volumes: "0.0.1000-0.0.1003", ratePerVolume: 900/s, from: 3s, until: 8s }
  b: { on: b, volumes: "0.0.1000-0.0.1001", ratePerVolume: 400/s, block: 64KiB, from: 3s, until: 8s }
  slow: { on: a, volumes: "0.0.2000", ratePerVolume: 10/s, from: 3s, until: 8s }
  other: { on: b, volumes: "0.0.2000", ratePerVolume: 10/s, from: 3s, until: 8s }
actions:
  - { at: 2s, system: a, do: cmb-enable, device: [ "0.0.1000-0.0.1003", 0.0.2000 ], to: on }
  - { at: 2s, system: b, do: cmb-enable, device: [ "0.0.1000-0.0.1001", 0.0.2000 ], to: on }
`;

describe('measurement, requests and intervals', () => {
  it('tell the same', async () => {
    const run = await recordedFiles(resolve(SHARED));
    const requests = groupBy(run.rows('io.csv'), ({ system, device }) => `${system}/${device}`);
    const intervals = groupBy(run.rows('intervals.csv'), ({ system, id }) => `${system}/${id}`);
    const rows = run.rows('measurement.csv');
    expect(rows.length).toBe(8 * 11);
    for (const { system, device, attribute, value, exact, samples } of rows) {
      const where = `${system}/${device}`;
      const own = requests.get(where)!;
      const n = own.length;
      expect(Number(samples), where).toBe(n);
      if (attribute.endsWith('_count')) expect([value, exact], where).toEqual([`${n}`, `${n}`]);
      const span = SPANS[attribute];
      if (span === undefined) continue;
      const spans = own.map(span);
      const shown = sum(spans.map(([fromNs, lengthNs]) => ticks(fromNs, fromNs + lengthNs)));
      expect(Number(value), `${where} ${attribute}`).toBe(Math.floor((shown * TICK_NS) / n));
      expect(Number(exact), `${where} ${attribute}`).toBe(Math.floor(sum(spans.map(([, each]) => each)) / n));
    }
    // Means of intervals are rounded to whole nanoseconds.
    for (const [where, own] of requests) {
      for (const time of ['pend', 'cmr', 'disc', 'conn']) {
        const inIntervals = sum(
          intervals.get(where)!.map(({ operations, ...row }) => Number(operations) * ns(row, time)),
        );
        expect(Math.abs(inIntervals - sum(own.map((row) => ns(row, time))))).toBeLessThanOrEqual(own.length);
      }
    }
    const seen = rows.filter(({ value, exact }) => Number(value) > 0 && Number(exact) > 0);
    const times = new Set(seen.map(({ attribute }) => attribute).filter((name) => name in SPANS));
    expect([...times].sort()).toEqual(
      Object.keys(SPANS)
        .filter((name) => name !== NEVER)
        .sort(),
    );
  });
});

/** Value and exact value of one attribute, of each device in order. */
const figures = (rows: readonly MeasurementRow[], name: string): [number, number][] =>
  rows.filter(({ attribute }) => attribute === name).map(({ value, exact }) => [value, exact!]);

const measuredVolumes = (lines: string): string => `
machine: { dasd: { "0.0.1000-0.0.103f": {} }, ${lines} }
actions: [ { at: 2s, do: cmb-enable, device: "0.0.1000-0.0.103f", to: on } ]
`;

describe('flash, which answers within a unit', () => {
  const N = 64;
  const flash = measuredVolumes(
    'chpids: { "0.40-0.47": {} }, controlUnits: { lcu0: { hitRead: 40us, hitWrite: 40us, cache: { hitRatio: 1 } } }',
  );

  it('is measured right on average over many devices, and each of them wrong by what its few samples allow', async () => {
    const run = await simulated(
      `${flash}workload: { load: { ratePerVolume: 10/s, from: 3s } }\nduration: 13s\n`,
    );
    const deviations = figures(run.measurements, 'avg_device_connect_time').map(
      ([value, exact]) => value - exact,
    );
    expect(deviations).toHaveLength(N);
    const [, exact] = figures(run.measurements, 'avg_device_connect_time')[0];
    const share = exact / TICK_NS;
    expect(share).toBeLessThan(0.4);
    // An operation is one unit long with this probability, else none: about 100 of them per device.
    const expected = (TICK_NS * Math.sqrt(share * (1 - share))) / Math.sqrt(100);
    const spread = Math.sqrt(sum(deviations.map((each) => each * each)) / N);
    expect(spread / expected).toBeGreaterThan(0.7);
    expect(spread / expected).toBeLessThan(1.4);
    expect(Math.abs(sum(deviations) / N)).toBeLessThan((4 * expected) / Math.sqrt(N));
    // More than a tenth off, for most of them.
    expect(deviations.filter((each) => Math.abs(each) > exact / 10).length).toBeGreaterThan(N / 3);
  });

  it('is never measured right when the load keeps step with the timer', async () => {
    const closed = (thinkNs: number): string =>
      `${flash.replace('device: "0.0.1000-0.0.103f"', 'device: 0.0.1000')}duration: 8s
workload: { step: { volumes: "0.0.1000", arrivals: closed, think: ${thinkNs}ns, reads: 1, addresses: uniform, from: 3s } }
`;
    const free = await simulated(closed(700_000));
    const { mean, max } = free.summary.total.times['io.response'];
    expect(max).toBe(mean);
    const step = await simulated(closed(8 * TICK_NS - mean!));
    const [[loose, exact]] = figures(free.measurements, 'avg_device_connect_time');
    const [[value, stepExact]] = figures(step.measurements, 'avg_device_connect_time');
    expect(stepExact).toBe(exact);
    expect(Math.abs(loose - exact) / exact).toBeLessThan(0.05);
    expect([0, TICK_NS]).toContain(value);
  });
});

describe('spinning disks', () => {
  it('are measured nearly right with a few samples', async () => {
    const disks = measuredVolumes('controlUnits: { lcu0: { backend: mechanics, cache: { hitRatio: 0.2 } } }');
    const run = await simulated(
      `${disks}workload: { load: { ratePerVolume: 4/s, from: 3s } }\nduration: 13s\n`,
    );
    const disconnects = figures(run.measurements, 'avg_device_disconnect_time');
    expect(disconnects).toHaveLength(64);
    for (const [value, exact] of disconnects) {
      expect(exact).toBeGreaterThan(40 * TICK_NS);
      expect(Math.abs(value - exact) / exact).toBeLessThan(0.01);
    }
  });
});

describe('a device under load', () => {
  it('loses the operation in progress when measurement is switched, until it times out', async () => {
    const run = await simulated(`
duration: 12s
machine: { dasd: { "0.0.1000": {} } }
systems: { lpar1: { dasdOptions: { expires: 1s } } }
workload: { load: { arrivals: closed, think: 0s, applications: 2 } }
actions:
  - { at: 4s, name: on, do: cmb-enable, device: 0.0.1000, to: on }
  - { at: 8s, name: off, do: cmb-enable, device: 0.0.1000, to: off }
`);
    // MODIFY SUBCHANNEL is repeated every 100 µs; status that it finds pending is taken and never delivered.
    for (const phase of ['on', 'off'])
      expect(counts(run, phase, ['host.timeout', 'io.killed', 'io.retried'])).toEqual({
        'host.timeout': 1,
        'io.killed': 1,
        'io.retried': 1,
      });
    expect(run.summary.total.times['io.response'].max).toBeCloseTo(1e9, -7);
    const [[samples, exactSamples]] = figures(run.measurements, 'sample_count');
    const [[starts, exactStarts]] = figures(run.measurements, 'ssch_rsch_count');
    expect(exactStarts).toBe(starts);
    // The block counts the last operation, nobody handles its interruption.
    expect(exactSamples).toBe(samples - 1);
  });
});

describe('scenarios/measurement.yaml', () => {
  test('is what docs/output.md shows of it', async () => {
    const loaded = loadScenario('scenarios/measurement.yaml');
    if (!loaded.ok) throw loaded.errors[0];
    const shown: string[][] = [];
    for (const scenario of loaded.scenario.runs) {
      const { measurements, passed } = await runScenario(scenario);
      expect(passed).toBe(true);
      const atEnd = measurements.filter(({ toNs }) => toNs === scenario.durationNs);
      for (const rows of groupBy(atEnd, ({ device }) => device).values()) shown.push(tableRow(rows));
    }
    const { rows } = tablesOf('docs/output.md').find(({ columns }) => plain(columns[0]) === 'device')!;
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(shown).toContainEqual(row.filter((_, column) => column !== 1));
  });
});

describe('scenarios/measurement.yaml at several seeds', () => {
  // At the last one the busiest device works when it is asked.
  test.each([
    ['42', 4],
    ['7', 4],
    ['1234', 5],
  ])('seed %s', async (seed, stsch) => {
    const loaded = loadScenario('scenarios/measurement.yaml', { overrides: [`seed=${seed}`] });
    if (!loaded.ok) throw loaded.errors[0];
    const run = await runScenario(loaded.scenario.runs[0]);
    expect(run.passed).toBe(true);
    expect(run.metric('host.stsch', {}, 'read').value).toBe(stsch);
  });
});

/** Device, format, samples, then each time as shown and exact, in microseconds. */
function tableRow(rows: readonly MeasurementRow[]): string[] {
  const times = ['avg_device_connect_time', 'avg_function_pending_time', 'avg_device_disconnect_time'];
  const microseconds = (value: number): string => (value / 1_000).toFixed(1);
  return [
    `\`${rows[0].device}\``,
    rows[0].format,
    String(rows[0].samples),
    ...times.flatMap((name) => figures(rows, name)[0].map(microseconds)),
  ];
}

describe('a guest of QEMU', () => {
  const guest = (format: string, actions: string): string => `
duration: 20s
systems: { g: { kind: guest, cmfFormat: ${format}, virtio: { "fe.0.0100-fe.0.0101": {} } } }
actions: [ { at: 2s, do: cmb-enable, device: "0.0.0100", to: on }, ${actions} ]
`;
  const AGAIN = `{ at: 4s, do: set-offline, device: "0.0.0100" }, { at: 6s, do: set-online, device: "0.0.0100" }`;

  it.each(['basic', 'extended'])('counts starts and nothing else, %s format', async (format) => {
    const { measurements } = await simulated(guest(format, AGAIN));
    const table = new Map(measurements.map(({ attribute, value, exact }) => [attribute, [value, exact]]));
    const [starts, exactStarts] = table.get('ssch_rsch_count')!;
    expect(starts).toBeGreaterThan(4);
    expect(exactStarts).toBe(starts);
    // Linux saw as many operations end, QEMU samples none, and nobody knows how long they took.
    expect(table.get('sample_count')).toEqual([0, starts]);
    expect(table.get('avg_sample_interval')).toEqual([-1, Math.floor(18e9 / starts!)]);
    expect(table.get('avg_utilization')).toEqual([0, null]);
    for (const [name, figure] of table) if (name.endsWith('_time')) expect(figure).toEqual([0, null]);
    expect(table.size).toBe(format === 'basic' ? 9 : 11);
  });

  it('tells of a device that was unplugged what its block held', async () => {
    const { measurements } = await simulated(
      guest('auto', `${AGAIN}, { at: 8s, do: unplug, device: "0.0.0100" }`),
    );
    const ends = new Set(measurements.map(({ toNs }) => Math.floor(toNs / 1e9)));
    expect(ends).toEqual(new Set([8]));
    expect(measurements.find(({ attribute }) => attribute === 'ssch_rsch_count')!.value).toBeGreaterThan(4);
  });
});
