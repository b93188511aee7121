import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { PerfettoEncoder } from '../../src/output/perfetto-encoder.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import { TestTerminal } from '../cli/test-terminal.ts';
import { type ReadEvent, type ReadSlice, readPerfetto, slicesOf } from './perfetto-reader.ts';

async function traceOf(scenario: string, ...options: string[]): Promise<Uint8Array> {
  const terminal = new TestTerminal();
  terminal.build = buildSimulation;
  await terminal.chpsim('run', scenario, '--trace-format', 'perfetto', '--json', ...options);
  const { folder } = JSON.parse(terminal.stdout).runs[0].meta;
  return terminal.files.files.get(`${folder}/trace.pftrace`)!;
}

const S = 1_000_000_000;

describe('the encoder', () => {
  it('writes what a decoder of protocol buffers reads', () => {
    const time = fc.maxSafeNat();
    const event = fc.record({
      tNs: time,
      name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
      flow: fc.maxSafeNat(),
      note: fc.string({ maxLength: 40 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 50 }), (events) => {
        const pieces: Uint8Array[] = [];
        const encoder = new PerfettoEncoder((bytes) => pieces.push(bytes.slice()));
        encoder.process(1, 1, 'machine');
        encoder.track(2, 1, '0.40', false);
        for (const { tNs, name, flow, note } of events) encoder.instant(tNs, 2, name, flow, false, { note });
        encoder.flush();
        const read = readPerfetto(Buffer.concat(pieces));
        const expected = [...events].sort((a, b) => a.tNs - b.tNs);
        expect(read.events).toEqual(
          expected.map(({ tNs, name, flow, note }) => ({
            tNs,
            type: 'instant',
            track: 'machine / 0.40',
            name,
            value: 0,
            flows: flow === 0 ? [] : [flow],
            endingFlows: [],
            notes: { note },
          })),
        );
      }),
    );
  });

  it('hands on pieces of bounded size', () => {
    const sizes: number[] = [];
    const encoder = new PerfettoEncoder((bytes) => sizes.push(bytes.length));
    encoder.process(1, 1, 'machine');
    for (let at = 0; at < 20_000; at++) encoder.counter(at, 1, at);
    encoder.flush();
    expect(Math.max(...sizes)).toBeLessThanOrEqual(65_536);
    expect(sizes.length).toBeGreaterThan(3);
  });
});

describe('a partition that loses a channel path', () => {
  let bytes: Uint8Array;
  let events: ReadEvent[];
  let slices: ReadSlice[];
  const of = (track: string, name: string): ReadSlice[] =>
    slices.filter((slice) => slice.track === track && slice.name === name);

  beforeAll(async () => {
    bytes = await traceOf('scenarios/forty-two.yaml');
    ({ events } = readPerfetto(bytes));
    slices = slicesOf(events);
  });

  it('shows the outage on the track of the channel path', () => {
    const [outage, ...others] = of('machine / 0.40', 'not configured');
    expect(others).toEqual([]);
    expect(outage.fromNs).toBe(2.005 * S);
    expect(outage.toNs).toBe(12.005 * S);
  });

  it('shows each device verify its paths, and what it knows of them', () => {
    const inLoss = slices.filter(
      ({ name, fromNs }) => name === 'verification' && fromNs > 2 * S && fromNs < 3 * S,
    );
    expect(new Set(inLoss.map(({ track }) => track)).size).toBe(42);
    const lpm = events.filter(({ track }) => track === 'lpar1 / 0.0.1000 / paths in lpm');
    expect(lpm.filter(({ tNs }) => tNs > 2 * S).map(({ value }) => value)).toEqual([3, 4]);
  });

  it('divides a start function into its phases', () => {
    const track = 'machine / lpar1 0.0.1000';
    const starts = of(track, 'start function');
    expect(starts.length).toBeGreaterThan(10);
    for (const { fromNs, toNs } of starts) {
      const phases = slices.filter(
        (slice) =>
          slice.track === track && slice.depth === 1 && slice.fromNs >= fromNs && slice.toNs! <= toNs!,
      );
      expect(phases[0].name).toBe('pending');
      expect(phases[0].fromNs).toBe(fromNs);
      expect(phases.at(-1)!.toNs).toBe(toNs);
      // One follows the other without a gap.
      for (const [at, phase] of phases.slice(1).entries()) expect(phase.fromNs).toBe(phases[at].toNs);
    }
  });

  it('counts exchanges up and down to none', () => {
    for (const chpid of ['0.40', '0.41', '0.42', '0.43']) {
      const open = events.filter(({ track }) => track === `machine / ${chpid} / open exchanges`);
      expect(Math.min(...open.map(({ value }) => value))).toBe(0);
      expect(open.at(-1)!.value).toBe(0);
    }
  });

  it('has the same bytes every time', async () => {
    expect(Buffer.compare(bytes, await traceOf('scenarios/forty-two.yaml'))).toBe(0);
  });
});

describe('the I/O of a guest on a host', () => {
  let events: ReadEvent[];
  beforeAll(async () => {
    const options = ['--run', 'suppress', '--until', '2s'];
    ({ events } = readPerfetto(await traceOf('scenarios/forty-two-notifications.yaml', ...options)));
  });

  it('is one flow through guest, QEMU, host and machine', () => {
    const processes = new Map<number, Set<string>>();
    for (const { track, flows, endingFlows } of events) {
      for (const flow of [...flows, ...endingFlows]) {
        const seen = processes.get(flow) ?? new Set();
        processes.set(flow, seen.add(track.split(' / ')[0]));
      }
    }
    const through = [...processes.values()].filter((seen) => seen.has('guest1') && seen.has('machine'));
    expect(through.length).toBeGreaterThan(42);
    for (const seen of through) {
      expect([...seen].sort()).toEqual(['QEMU of guest1', 'guest1', 'host', 'machine']);
    }
  });

  it('ends its flow once, with the TSCH of the guest', () => {
    const ended = events.filter(({ endingFlows }) => endingFlows.length > 0);
    const flows = ended.flatMap(({ endingFlows }) => endingFlows);
    expect(new Set(flows).size).toBe(flows.length);
    expect(new Set(ended.map(({ name }) => name))).toEqual(new Set(['tsch']));
  });

  it('leaves no slice that ends without having begun', () => {
    expect(() => slicesOf(events)).not.toThrow();
  });
});

describe('the requests of applications', () => {
  it('stand on the tracks of their devices, with the parts of their time', async () => {
    // Applications begin after a second.
    const load = ['--until', '1100ms'];
    const { events } = readPerfetto(await traceOf('scenarios/forty-two-load.yaml', ...load));
    const requests = slicesOf(events).filter(({ track }) => track.includes(' requests'));
    const whole = requests.filter(({ depth }) => depth === 0);
    expect(whole.length).toBeGreaterThan(10);
    expect(new Set(whole.map(({ name }) => name))).toEqual(new Set(['read', 'write']));
    expect(new Set(requests.map(({ depth }) => depth))).toEqual(new Set([0, 1]));
    const waiting = events.filter(({ type, track }) => type === 'counter' && track.endsWith(' / requests'));
    expect(Math.min(...waiting.map(({ value }) => value))).toBeGreaterThanOrEqual(0);
  });
});
