import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { comparisonText } from '../../src/cli/result-comparison.ts';
import type { ComparedRun } from '../../src/experiment/compared-run.ts';
import type { RunSummary, SpanSummary, TimeSummary } from '../../src/experiment/summary.ts';
import { TINY_SCENARIO } from '../experiment/tiny-run.ts';
import { TestTerminal } from './test-terminal.ts';

const plain = (_style: string, text: string): string => text;

/** A distribution of one value, ns. */
const always = (ns: number): TimeSummary => ({
  count: 1,
  mean: ns,
  p50: ns,
  p95: ns,
  p99: ns,
  p999: ns,
  max: ns,
});

const span = (figures: Partial<SpanSummary>): SpanSummary => ({
  counts: {},
  times: {},
  ioRate: 0,
  pathStaleNs: 0,
  paths: {},
  channelPaths: [],
  ...figures,
});

interface Figures {
  readonly total?: Partial<SpanSummary>;
  readonly phases?: Readonly<Record<string, Partial<SpanSummary>>>;
  readonly hasGuest?: boolean;
  readonly pathPolicies?: string;
  readonly thresholds?: RunSummary['thresholds'];
  readonly termination?: string;
}

function compared(run: string, figures: Figures): ComparedRun {
  const { total = {}, phases = {}, hasGuest = false, pathPolicies = '' } = figures;
  const { thresholds = [], termination = 'completed' } = figures;
  return {
    hasGuest,
    pathPolicies,
    summary: {
      meta: {
        schemaVersion: 1,
        scenario: 'story',
        run,
        seed: '42',
        termination,
        endNs: 20e9,
        eventCount: 1,
        fingerprint: '0123456789abcdef',
      },
      total: span(total),
      phases: Object.fromEntries(Object.entries(phases).map(([name, given]) => [name, span(given)])),
      thresholds,
      expectations: [],
    },
  };
}

const SPARED = `
0 in every run: I/Os failed, I/Os killed, I/Os retried, I/Os lost, stale reads
`;

const text = (...runs: readonly ComparedRun[]): string => comparisonText(runs, plain);

describe('the comparison of relays', () => {
  const lost = (counts: Record<string, number>, detect: number, known: number, stale: number) => ({
    counts,
    times: { 'path.detect': always(detect), 'path.knowledge': always(known) },
    pathStaleNs: stale,
  });
  const upstream = compared('upstream', {
    hasGuest: true,
    phases: {
      loss: lost(
        {
          'kernel.eventfd.path': 42,
          'machine.crw': 1,
          'vmm.crw': 42,
          'host.machine_check': 1,
          'guest.machine_check': 3,
          'host.stsch': 7111,
          'guest.stsch': 7056,
          'guest.exit': 17_780,
        },
        89_040,
        4_621_000,
        101_000_000,
      ),
    },
  });
  const silent = compared('static', {
    hasGuest: true,
    phases: {
      loss: { counts: { 'machine.crw': 1, 'host.machine_check': 1, 'host.stsch': 51 }, pathStaleNs: 420e9 },
    },
  });
  const native = compared('native.rotation', {
    phases: {
      loss: lost(
        { 'machine.crw': 1, 'host.machine_check': 1, 'host.stsch': 168 },
        3_000,
        460_000,
        14_812_000,
      ),
    },
  });

  it('says who is told, what it costs and when masks are right, one row per run', () => {
    expect(text(silent, upstream, native)).toBe(`story: 3 runs

                 told               STSCH  STSCH  guest
loss             QEMU  CRWs  mchks   host  guest  exits  detect   known   stale
static              0     0      0     51      0      0       -       -    420s
upstream           42    42      3   7111   7056  17780  89.0us  4.62ms   101ms
native.rotation     -     1      1    168      -      -  3.00us   460us  14.8ms
${SPARED}`);
  });

  it('leaves out what is nothing for every run, and phases without anything', () => {
    const quiet = { phases: { loss: { counts: { 'machine.crw': 1 } }, rest: {} } };
    expect(text(compared('rotation', quiet), compared('pooled', quiet))).toBe(`story: 2 runs

loss      CRWs
rotation     1
pooled       1
${SPARED}`);
  });

  it('says whether a device without a path can be told from another failure', () => {
    const told = (noPathTold: 'yes' | 'later' | 'no') => ({ phases: { outage: { noPathTold } } });
    const runs = [
      compared('static', told('no')),
      compared('slow', told('later')),
      compared('native', told('yes')),
    ];
    expect(text(...runs)).toContain(`        no path
outage     told
static       no
slow      later
native      yes
`);
  });

  it('gives long names a second line before it makes a second table', () => {
    const folded = text(compared('coalesce-tumbling-10ms.report-per-chpid', upstreamAsIs()), upstream);
    expect(folded).toContain('\ncoalesce-tumbling-10ms    42  5292 ');
    expect(folded).toContain('\n  .report-per-chpid\nupstream ');
    expect(folded.match(/^loss /gm)).toHaveLength(1);
  });

  /** The same figures with a restored path, so that the row is too wide beside the long name. */
  function upstreamAsIs(): Figures {
    const { loss } = upstream.summary.phases;
    const times = { ...loss.times, 'path.restore': always(7_960_000) };
    const counts = { ...loss.counts, 'kernel.eventfd.io': 5292 };
    return { hasGuest: true, phases: { loss: { ...loss, counts, times } } };
  }
});

describe('the comparison of path-selection policies', () => {
  const busy = (mean: number, operations: readonly number[]): Figures => ({
    total: {
      counts: { 'io.completed': 1000 },
      times: { 'io.response': always(mean) },
      ioRate: 1000,
      channelPaths: operations.map((count, at) => ({
        chpid: `0.4${at}`,
        utilisation: 0.6,
        operations: count,
      })),
    },
  });

  it('needs no phases, and tells response times and how paths are loaded', () => {
    expect(
      text(compared('rotation', busy(519_000, [10, 10])), compared('pooled', busy(354_000, [5, 15]))),
    ).toBe(`story: 2 runs

            I/Os  response  response  paths
whole run  per s      mean       p99   busy  imbalance
rotation    1000     519us     519us  60.0%       1.00
pooled      1000     354us     354us  60.0%       1.50
${SPARED}`);
  });

  it('names what failed and what was interrupted', () => {
    const verdict = {
      kind: 'threshold',
      text: 'io.lost == 0',
      phase: '',
      outcome: 'failed',
      fails: true,
      value: 1,
      unit: '',
      reason: '1 is not == 0',
    } as const;
    const failed = compared('pooled', { thresholds: [verdict], total: { counts: { 'io.lost': 1 } } });
    expect(text(compared('rotation', { termination: 'interrupted' }), failed)).toBe(`story: 2 runs

           I/Os  checks
whole run  lost  failed
rotation      0       0
pooled        1       1

0 in every run: I/Os failed, I/Os killed, I/Os retried, stale reads

outcome      run       check         reason
interrupted  rotation
failed       pooled    io.lost == 0  1 is not == 0
`);
  });

  const lossy = (run: string, pathPolicies: string, more: Partial<SpanSummary>): ComparedRun =>
    compared(run, {
      pathPolicies,
      phases: {
        loss: {
          counts: { 'machine.crw': 1, 'host.machine_check': 1, 'host.verify': 40 },
          paths: { 'path.capacity_lost': 7e9, 'path.verify_peak': 40 },
          ...more,
        },
      },
    });

  it('tells what giving paths up costs where runs differ in that', () => {
    const linux = lossy('linux', 'linux', {});
    const throttle = lossy('throttle', 'four', {
      paths: { 'path.verify_peak': 4, 'path.capacity_lost': 6e9 },
    });
    expect(text(linux, throttle)).toContain(`                    paths  at a  capacity
loss      CRWs  mchks  verified  time      lost
linux        1      1        40    40     7.00s
throttle     1      1        40     4     6.00s
`);
    expect(text(linux, lossy('too', 'linux', {}))).toContain(`loss   CRWs  mchks\nlinux     1      1\n`);
  });

  it('says below what is the same in every run before it makes a second table', () => {
    const names = ['path.detect', 'path.knowledge', 'path.restore', 'path.failover', 'path.disable'];
    const times = (ns: number) => Object.fromEntries(names.map((name) => [name, always(ns)]));
    const counts = { 'host.stsch': 162, 'host.xsch': 3, 'host.hsch': 2, 'io.killed': 3, 'io.retried': 17 };
    const runs = [1000, 2000].map((ns) =>
      lossy('with-a-rather-long-name', `${ns}`, { counts, times: times(ns), ioRate: 2400, pathStaleNs: ns }),
    );
    expect(text(...runs)).toContain(`
                                                  fail-          time to
loss                     detect   known  in use    over   stale  give up
with-a-rather-long-name  1.00us  1.00us  1.00us  1.00us  1.00us   1.00us
with-a-rather-long-name  2.00us  2.00us  2.00us  2.00us  2.00us   2.00us

the same in every run: STSCH host 162, XSCH host 3, HSCH host 2, at a time 40, capacity lost 7.00s,
I/Os killed 3, I/Os retried 17, I/Os per s 2400
`);
  });

  it('is never wider than 110 characters', () => {
    const everything: Figures = {
      hasGuest: true,
      phases: {
        loss: {
          ...busy(5e8, [1, 2]).total,
          counts: Object.fromEntries(
            [
              'kernel.eventfd.path',
              'vmm.crw',
              'guest.machine_check',
              'host.stsch',
              'guest.stsch',
              'guest.exit',
            ]
              .concat(['io.failed', 'io.killed', 'io.retried'])
              .map((name) => [name, 123_456]),
          ),
          pathStaleNs: 420e9,
          noPathTold: 'later',
        },
      },
    };
    const lines = text(
      compared('coalesce-debounce-5ms.dedupe-drop-equal-pending.report-per-chpid', everything),
      compared('upstream', everything),
    ).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(110);
    expect(lines.filter((line) => line.startsWith('upstream')).length).toBeGreaterThan(1);
  });
});

describe('chpsim run of several runs', () => {
  const both = ['--strategy', 'rotation', '--strategy', 'pooled'] as const;
  let folder = '';
  let tiny = '';
  let terminal = new TestTerminal();

  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-compare-'));
    tiny = path.join(folder, 'tiny.yaml');
    fs.writeFileSync(tiny, TINY_SCENARIO);
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));
  beforeEach(() => {
    terminal = new TestTerminal();
  });

  it('prints the comparison, and where everything else is', async () => {
    expect(await terminal.chpsim('run', tiny, ...both)).toBe(0);
    expect(terminal.stdout).toMatch(/^tiny: 2 runs\n/);
    expect(terminal.stdout).toMatch(/^loss +mchks .*\nrotation +1 .*\npooled +1 /m);
    expect(terminal.stdout).toContain('\nseed    42\nfiles   out/tiny\nmore    --details');
    expect(terminal.stdout).not.toContain('fingerprint');
  });

  it('prints each run in full with --details, and the comparison at the end', async () => {
    await terminal.chpsim('run', tiny, ...both, '--details');
    expect(terminal.stdout).toMatch(/^tiny rotation: [\s\S]*^tiny pooled: [\s\S]*^tiny: 2 runs$/m);
    expect(terminal.stdout.match(/^repeat /gm)).toHaveLength(2);
  });

  it('prints one run in full', async () => {
    await terminal.chpsim('run', tiny, ...both, '--run', 'pooled');
    expect(terminal.stdout).toMatch(/^tiny pooled: /);
    expect(terminal.stdout).not.toContain('runs\n');
  });

  it('repeats a case by its name, whatever policy is called the same', async () => {
    const cases = 'strategies={cases: {pooled: {selection: pooled}, rotation: {}}}';
    await terminal.chpsim('run', tiny, '--set', cases, '--run', 'pooled');
    expect(terminal.stdout).toMatch(/^tiny pooled: /);
    expect(terminal.stdout).toMatch(/^repeat .* --run pooled$/m);
  });

  it('knows the runs by name', async () => {
    expect(await terminal.chpsim('run', tiny, '--run', 'upstream')).toBe(2);
    expect(terminal.stderr).toBe('error: --run upstream: the scenario has rotation\n');
  });

  it('explains its columns by title and by name', async () => {
    expect(await terminal.chpsim('explain', 'told QEMU')).toBe(0);
    expect(terminal.stdout).toBe(
      "column notifications: Notifications of channel-path events from the host's kernel to QEMU: kernel.eventfd.path.\n",
    );
    expect(await terminal.chpsim('explain', 'reports')).toBe(0);
    expect(terminal.stdout).toContain('\ncolumn reports: Channel reports to the system');
  });

  it('as csv has a row per run and phase, with every column', async () => {
    await terminal.chpsim('run', tiny, ...both, '--format', 'csv');
    const [head, ...rows] = terminal.stdout.trimEnd().split('\n');
    expect(head).toMatch(
      /^scenario,run,seed,phase,notifications,io_notifications,reports,machine_checks,host\.stsch,/,
    );
    expect(rows.map((row) => row.split(',').slice(0, 8).join(','))).toEqual([
      'tiny,rotation,42,,,,0,2',
      'tiny,rotation,42,loss,,,0,1',
      'tiny,rotation,42,return,,,0,1',
      'tiny,pooled,42,,,,0,2',
      'tiny,pooled,42,loss,,,0,1',
      'tiny,pooled,42,return,,,0,1',
    ]);
  });

  it('as jsonl, pairs and json has the same rows', async () => {
    await terminal.chpsim('run', tiny, ...both, '--format', 'jsonl');
    const rows = terminal.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows[1]).toMatchObject({ run: 'rotation', phase: 'loss', machine_checks: 1, notifications: null });
    expect(rows[1]['path.knowledge']).toBe(30_000);

    terminal = new TestTerminal();
    await terminal.chpsim('run', tiny, ...both, '--format', 'pairs');
    expect(terminal.stdout.split('\n')[1]).toMatch(
      /^scenario="tiny" run="rotation" seed="42" phase="loss" notifications="" io_notifications="" reports="0" machine_checks="1" /,
    );

    terminal = new TestTerminal();
    await terminal.chpsim('run', tiny, ...both, '--json');
    const { comparison, runs } = JSON.parse(terminal.stdout);
    expect(comparison).toEqual(rows);
    expect(runs).toHaveLength(2);
  });

  it('as csv with --details has a row per figure', async () => {
    await terminal.chpsim('run', tiny, ...both, '--format', 'csv', '--details');
    expect(terminal.stdout).toMatch(/^scenario,run,seed,phase,metric,value\n/);
  });
});
