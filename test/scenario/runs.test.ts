import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256 } from '../../src/scenario/canonical.ts';
import { resolve, runsOf } from './load.ts';

describe('runs', () => {
  test('one line is a scenario', () => {
    expect(resolve('seed: 42')).toMatchObject({ name: 's', seed: '42', run: 'rotation', variant: '' });
  });

  test('a half-track request moves whole blocks', () => {
    const { workloads } = resolve('workload: { batch: { block: 27KiB } }');
    expect(workloads[0]).toMatchObject({ patterns: [{ sizes: [{ blocks: 7 }] }] });
  });

  test('strategies multiply and variants add', () => {
    const runs = runsOf(`
strategies: { selection: [rotation, pooled] }
variants:
  two: { systems: { a: {}, b: { cpus: 4 } } }
`);
    expect(runs.map(({ run, variant, systems }) => [run, variant, systems.length])).toEqual([
      ['rotation', '', 1],
      ['pooled', '', 1],
      ['two.rotation', 'two', 2],
      ['two.pooled', 'two', 2],
    ]);
  });

  test('without systems of their own, and named by them alone where each is one run', () => {
    const names = (strategies: string): string[] =>
      runsOf(`
strategies: ${strategies}
systems: none
variants:
  one: { systems: { a: {} } }
  two: { systems: { a: {}, b: { cpus: 4 } } }
`).map(({ run }) => run);
    expect(names('{}')).toEqual(['one', 'two']);
    expect(names('{ selection: [rotation, pooled] }')).toEqual([
      'one.rotation',
      'one.pooled',
      'two.rotation',
      'two.pooled',
    ]);
    expect(names('{ cases: { plain: {} } }')).toEqual(['one', 'two']);
  });

  test('names of faults and actions begin phases that last to the next one', () => {
    const { phases } = resolve(`
duration: 20s
phases: { all: [0s, 20s], loss: [2s, 3s] }
faults:
  - { at: 12s, name: return, chpid: 0.40, do: configure-on }
  - { at: 2s, name: loss, chpid: 0.40, do: configure-off }
  - { at: 4s, chpid: 0.41, do: configure-off }
actions: [{ at: 5s, name: rescan, do: rescan }]
`);
    expect(phases.map(({ name, fromNs, toNs }) => [name, fromNs / 1e9, toNs / 1e9])).toEqual([
      ['all', 0, 20],
      ['loss', 2, 3],
      ['rescan', 5, 12],
      ['return', 12, 20],
    ]);
  });

  test('faults come out in order of time, equal times as written', () => {
    const { faults } = resolve(`
faults:
  - { at: 3s, name: c, chpid: 0.40, do: configure-on }
  - { at: 1s, name: a, chpid: "0.40,0.42", do: link-down, controlUnit: lcu0 }
  - { at: 1s, name: b, chpid: 0.40, do: error-rate, probability: 10% }
  - { at: 4s, name: d, chpid: 0.40, do: flap, down: 1s, up: 2s, count: 3 }
`);
    expect(faults).toEqual([
      {
        atNs: 1e9,
        name: 'a',
        kind: 'link',
        links: [
          { chpid: 0x40, controlUnit: 0 },
          { chpid: 0x42, controlUnit: 0 },
        ],
        part: '',
        on: false,
      },
      {
        atNs: 1e9,
        name: 'b',
        kind: 'error-rate',
        links: [{ chpid: 0x40, controlUnit: 0 }],
        initial: 0,
        probability: 0.1,
        rampNs: 0,
        steps: 0,
        untilNs: 20e9,
      },
      { atNs: 3e9, name: 'c', kind: 'configure', chpids: [0x40], on: true },
      {
        atNs: 4e9,
        name: 'd',
        kind: 'flap',
        what: 'configure',
        chpids: [0x40],
        rhythm: { downNs: 1e9, upNs: 2e9, spacing: 'exact', count: 3 },
        untilNs: 20e9,
      },
    ]);
  });

  test('expectations and thresholds say what they look at', () => {
    const { expectations, thresholds } = resolve(`
faults: [{ at: 2s, name: loss, chpid: 0.40, do: configure-off }]
expect:
  - { event: crw.channel-path, within: [2s, 2.1s], where: { chpid: 40 } }
  - { never: device.boxed }
  - { count: host.snid, least: 3 }
  - phase: loss
    counts: { "host.stsch{cc=0}": 168, host.spid: [1, 4] }
thresholds:
  - io.response.p99{system=lpar1} < 12ms
  - { expr: path.utilisation <= 70%, phase: loss, where: { chpid: 40 }, abort: true, after: 5s, minSamples: 3 }
`);
    expect(expectations).toEqual([
      {
        kind: 'event',
        text: 'crw.channel-path{chpid=0.40} within 2s to 2100ms',
        event: 'crw.channel-path',
        fromNs: 2_000_000_000,
        toNs: 2_100_000_000,
        where: { chpid: '0.40' },
      },
      { kind: 'never', text: 'never device.boxed', event: 'device.boxed', fromNs: 0, toNs: 20e9, where: {} },
      {
        kind: 'count',
        text: 'host.snid in 3 to ∞',
        count: 'host.snid',
        phase: '',
        where: {},
        least: 3,
        most: null,
      },
      {
        kind: 'count',
        text: 'host.stsch{cc=0} == 168 in loss',
        count: 'host.stsch',
        phase: 'loss',
        where: { cc: '0' },
        least: 168,
        most: 168,
      },
      {
        kind: 'count',
        text: 'host.spid in 1 to 4 in loss',
        count: 'host.spid',
        phase: 'loss',
        where: {},
        least: 1,
        most: 4,
      },
    ]);
    expect(thresholds).toEqual([
      {
        text: 'io.response.p99{system=lpar1} < 12ms',
        metric: 'io.response.p99',
        operator: '<',
        value: 12_000_000,
        where: { system: 'lpar1' },
        phase: '',
        abort: false,
        afterNs: 0,
        minSamples: null,
      },
      {
        text: 'path.utilisation <= 70% in loss',
        metric: 'path.utilisation',
        operator: '<=',
        value: 0.7,
        where: { chpid: '0.40' },
        phase: 'loss',
        abort: true,
        afterNs: 5e9,
        minSamples: 3,
      },
    ]);
  });
});

describe('canonical JSON', () => {
  test('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined })).toBe('{"b":[1,{"c":"x","d":null}]}');
    expect(canonicalJson({ a: 1, b: 2 })).toBe(canonicalJson({ b: 2, a: 1 }));
  });

  test('of a run survives being written and read', () => {
    const run = resolve('workload: { a: {} }\nfaults: [{ at: 1s, chpid: 40, do: configure-off }]');
    const text = canonicalJson(run);
    expect(canonicalJson(JSON.parse(text))).toBe(text);
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
