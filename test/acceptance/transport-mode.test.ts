import { describe, expect, test } from 'vitest';
import { count, counts, simulated } from './scenario.ts';

/*
 * Transport mode beside command mode. Nothing but the channel takes time, unless a test says so; the numbers are those of the
 * architecture reference, sections E.2 to E.4.
 */
const FROM_S = 2;

interface Bench {
  readonly channel: string;
  readonly zhpf: boolean;
  readonly volumes?: number;
  readonly service?: string;
  readonly load?: string;
  readonly seconds: number;
}

const bench = ({
  channel,
  zhpf,
  volumes = 256,
  service = '0s',
  load = SATURATING,
  seconds,
}: Bench): string => {
  const units = Array.from({ length: Math.ceil(volumes / 256) }, (_, at) => at);
  const times = `cache: { hitRatio: 1 }, hitRead: ${service}, hitWrite: ${service}, control: 0s, maxConcurrentPerPort: 100000`;
  return `duration: ${FROM_S + seconds}s
warmup: ${FROM_S}s
machine:
  costs: { ssch: 0s, tsch: 0s }
  chpids: { 0.40: { ${channel} } }
  controlUnits: { ${units.map((at) => `lcu${at}: { zhpf: true, ${times} }`).join(', ')} }
  dasd: { ${units.map((at) => `"0.0.${at + 1}000-0.0.${at + 1}0ff": { controlUnit: lcu${at} }`).join(', ')} }
systems: { lpar: { cpus: 256, costs: { interrupt: 0s, driverPath: 0s }, dasdOptions: { zhpf: ${zhpf} } } }
workload: { all: { from: ${FROM_S}s, ${load} } }
trace: { level: events, filter: [fault] }
`;
};

const SATURATING = 'arrivals: closed, think: 0s, addresses: uniform, reads: 1';

const ratePerSecond = async (text: string, seconds: number): Promise<number> =>
  count(await simulated(text), 'io.completed') / seconds;

describe('a channel does at most', () => {
  test.each([
    ['ficon-express4', 14_000, 31_000],
    ['ficon-express8', 20_000, 52_000],
    ['ficon-express8s', 23_000, 92_000],
    ['ficon-express16s', 23_000, 93_000],
    ['ficon-express16s+', 23_000, 300_000],
  ])('%s: %i programs a second in command mode, %i in transport mode', async (type, command, transport) => {
    const seconds = 0.2;
    const at = { channel: `type: ${type}, distance: 0m, switch: 0s`, seconds };
    const inCommandMode = await ratePerSecond(bench({ ...at, zhpf: false }), seconds);
    const inTransportMode = await ratePerSecond(bench({ ...at, zhpf: true }), seconds);
    expect(inCommandMode / command).toBeGreaterThan(0.97);
    expect(inCommandMode / command).toBeLessThan(1.03);
    expect(inTransportMode / transport).toBeGreaterThan(0.97);
    expect(inTransportMode / transport).toBeLessThan(1.03);
  });

  test.each([
    [false, 64],
    [true, 750],
  ])('with transport mode %s: %i exchanges at one time', async (zhpf, exchanges) => {
    const channel = 'base: 0s, perCcw: 0s, transport: 1ns, bandwidth: 1000000GB/s, distance: 0m, switch: 0s';
    const text = bench({ channel, zhpf, volumes: 1024, service: '10ms', seconds: 1 });
    const perSecond = await ratePerSecond(text, 1);
    expect(perSecond / (exchanges / 0.01)).toBeGreaterThan(0.98);
    expect(perSecond / (exchanges / 0.01)).toBeLessThan(1.02);
  });
});

test('a write waits for one round trip more than in command mode, a read does not', async () => {
  const channel = 'distance: 100km, switch: 0s, base: 0s, perCcw: 0s, transport: 1ns';
  const response = async (zhpf: boolean, reads: number): Promise<number> => {
    const load = `ratePerVolume: 4/s, addresses: uniform, reads: ${reads}`;
    const run = await simulated(bench({ channel, zhpf, service: '200us', load, seconds: 1 }));
    return run.metric('io.response.mean', {}, '').value;
  };
  const roundTripNs = 1_000_000;
  const [read, readCommand] = [await response(true, 1), await response(false, 1)];
  const [write, writeCommand] = [await response(true, 0), await response(false, 0)];
  expect(Math.abs(read - readCommand)).toBeLessThan(roundTripNs / 50);
  expect(Math.abs(write - writeCommand - roundTripNs)).toBeLessThan(roundTripNs / 50);
});

test('programs of both modes share the channel processor', async () => {
  const text = `duration: 12s
warmup: 2s
machine:
  chpids: { 0.40: {} }
  controlUnits: { lcu0: { zhpf: true } }
  dasd: { "0.0.1000-0.0.103f": {} }
systems:
  new: { dasd: "0.0.1000-0.0.101f" }
  old: { dasd: "0.0.1020-0.0.103f", dasdOptions: { zhpf: false } }
workload:
  new: { on: new, from: 2s, ratePerVolume: 400/s, addresses: uniform, reads: 1 }
  old: { on: old, from: 2s, ratePerVolume: 200/s, addresses: uniform, reads: 1 }
`;
  const run = await simulated(text);
  const of = (system: string): number => run.metric('io.completed', { system }, '').value / 10;
  const busy = (of('new') * 3_333 + of('old') * 43_478) / 1e9;
  const measured = run.metric('path.utilisation', { chpid: '0.40' }, '').value;
  expect(Math.abs(measured / busy - 1)).toBeLessThan(0.03);
});

describe('Linux takes command mode', () => {
  const machine = (type: string, paths = '0.40'): string => `duration: 4s
machine:
  chpids: { "${paths}": { type: ${type} } }
  controlUnits: { lcu0: { zhpf: true } }
  dasd: { "0.0.1000-0.0.1003": {} }
`;
  const reads = (block: string): string =>
    `workload: { all: { from: 2s, ratePerVolume: 40/s, reads: 1, block: ${block}, addresses: uniform } }\n`;
  const inTransportMode = async (text: string, who = 'host'): Promise<boolean> => {
    const run = await simulated(text);
    expect(count(run, 'io.failed') + count(run, 'io.lost')).toBe(0);
    expect(count(run, 'io.completed')).toBeGreaterThan(0);
    return count(run, `${who}.prefix_read`) > 0;
  };

  test.each([
    ['never where all know transport mode', 'ficon-express16s+', '760KiB', true],
    ['for more than a channel can move with one program', 'ficon-express8', '68KiB', false],
    ['and not for as much as that', 'ficon-express8', '64KiB', true],
    ['where the channel knows no other', 'ficon-express2', '4KiB', false],
  ])('%s', async (_when, type, block, transport) => {
    expect(await inTransportMode(machine(type) + reads(block))).toBe(transport);
  });

  test('where one of the channels knows no other', async () => {
    const text = machine('ficon-express16s+').replace('"0.40"', '0.41: { type: ficon-express2 }, "0.40"');
    expect(await inTransportMode(text + reads('4KiB'))).toBe(false);
  });

  test('where the control unit knows no other', async () => {
    const text = machine('ficon-express16s+').replace('zhpf: true', 'zhpf: false');
    expect(await inTransportMode(text + reads('4KiB'))).toBe(false);
  });

  test('in a guest, whose channel subsystem knows no other', async () => {
    const systems =
      'systems: { host: { kind: kvm-host }, guest1: { kind: guest, on: host, passthrough: "0.0.1000-0.0.1003" } }\n';
    const text = machine('ficon-express16s+') + systems + reads('4KiB').replace('from', 'on: guest1, from');
    expect(await inTransportMode(text)).toBe(false);
  });
});

test.each([
  [true, false],
  [false, true],
])('with transport mode %s, a path that carries less than the others is used: %s', async (zhpf, used) => {
  const text = `duration: 8s
machine:
  detect: { configure: 0s }
  chpids: { 0.40: { type: ficon-express16s+ }, 0.41: { type: ficon-express8 } }
  controlUnits: { lcu0: { zhpf: ${zhpf} } }
  dasd: { 0.0.1000: {} }
faults: [{ at: 0s, chpid: 0.41, do: configure-off }, { at: 3s, chpid: 0.41, do: configure-on }]
workload: { all: { from: 2s, ratePerVolume: 100/s, reads: 1 } }
`;
  const run = await simulated(text);
  expect(run.metric('path.utilisation', { chpid: '0.41' }, '').value > 0.0005).toBe(used);
  expect(count(run, 'io.failed') + count(run, 'io.lost')).toBe(0);
});

test('programs in transport mode are repeated on another path when theirs goes', async () => {
  const text = `duration: 6s
machine:
  chpids: { "0.40-0.43": {} }
  controlUnits: { lcu0: { zhpf: true } }
  dasd: { "0.0.1000-0.0.103f": {} }
faults: [{ at: 3s, name: loss, chpid: 0.40, do: configure-off }, { at: 4s, name: return, chpid: 0.40, do: configure-on }]
workload: { all: { from: 2s, ratePerVolume: 3000/s } }
`;
  const run = await simulated(text);
  expect(count(run, 'io.retried', 'loss')).toBeGreaterThan(0);
  expect(count(run, 'host.xsch')).toBe(0);
  expect(['io.failed', 'io.lost', 'io.stale_reads'].map((name) => count(run, name))).toEqual([0, 0, 0]);
});

describe('when transport mode is possible no longer', () => {
  /** CHPID 0.40 knows it; 0.41 is of another kind, and comes 3 s later; at 4 s it is the only one, until 6 s. */
  const lastPath = (other: string): string => `duration: 8s
machine:
  chpids: { 0.40: { type: ficon-express16s }, 0.41: { ${other}, configured: false } }
  controlUnits: { lcu0: { zhpf: true } }
  dasd: { "0.0.1000-0.0.1007": {} }
faults:
  - { at: 3s, chpid: 0.41, do: configure-on }
  - { at: 4s, name: loss, chpid: 0.40, do: configure-off }
  - { at: 6s, name: return, chpid: 0.40, do: configure-on }
phases: { settled: [5s, 6s] }
workload: { all: { from: 2s, ratePerVolume: 100/s, reads: 0.7 } }
`;
  const GONE = { 'io.failed': 0, 'io.lost': 0, 'io.stale_reads': 0 };
  const outcome = (run: Awaited<ReturnType<typeof simulated>>): object => counts(run, '', Object.keys(GONE));

  test.each([1, 7, 1234])('each device is told once, and goes on in command mode (seed %i)', async (seed) => {
    const run = await simulated(lastPath('type: ficon-express2'), [`seed=${seed}`]);
    expect(outcome(run)).toEqual(GONE);
    // One refusal for each device, besides what was on the path when it went.
    expect(count(run, 'io.retried')).toBeGreaterThanOrEqual(8);
    expect(count(run, 'io.retried')).toBeLessThanOrEqual(16);
    expect(count(run, 'host.prefix_read', 'settled')).toBe(0);
    expect(count(run, 'host.read_track_data', 'settled')).toBeGreaterThan(400);
    // It is not tried again when the good path is back.
    expect(count(run, 'host.prefix_read', 'return')).toBe(0);
  });

  test('a channel is described by what it does, not by its type', async () => {
    const run = await simulated(lastPath('type: ficon-express16s, transport: 0s'));
    expect(outcome(run)).toEqual(GONE);
    expect(count(run, 'host.prefix_read', 'return')).toBe(0);
    const taught = 'type: ficon-express2, transport: 20us';
    const both = await simulated(lastPath(taught).replace('type: ficon-express16s', taught));
    expect(outcome(both)).toEqual(GONE);
    expect(count(both, 'host.prefix_read', 'return')).toBeGreaterThan(0);
  });
});
