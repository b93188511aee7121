import { describe, expect, test } from 'vitest';
import type { Run } from '../../src/index.ts';
import { counts, simulated, volumesOnPaths } from './scenario.ts';

/*
 * Machines differ in what they report (architecture reference C.3). A CHPID under 42 busy volumes goes at 2 s and is back
 * at 8 s; whether the system knows depends on the machine, and later on what makes it look.
 */
const scenario = (more = '', faults = ''): string => `${volumesOnPaths(42, 4)}
workload: { oltp: { ratePerVolume: 20/s } }
faults:
  - { at: 2s, name: loss, chpid: 0.40, do: configure-off }
  - { at: 8s, name: return, chpid: 0.40, do: configure-on }
${faults}${more}`;

/** Programs that were started on a channel path in a phase. */
const started = (run: Run, phase: string, chpid = '0.40'): number =>
  run.summary.phases[phase].channelPaths.find((path) => path.chpid === chpid)!.operations;

const NAMES = ['machine.crw', 'host.machine_check', 'host.stsch{cc=0}', 'host.snid', 'host.spid', 'host.rcd'];
const nothing = Object.fromEntries(NAMES.map((name) => [name, 0]));

describe('a machine that does not report arrivals (quiet-arrive)', () => {
  const quiet = ['machine.model=quiet-arrive'];

  test('reports the loss as any other machine', async () => {
    const run = await simulated(scenario(), quiet);
    expect(counts(run, 'loss', NAMES)).toMatchObject({ 'machine.crw': 1, 'host.snid': 42 * 3 });
  });

  test('says nothing when the path is back: it stays unused for ever', async () => {
    const run = await simulated(scenario(), [...quiet, 'duration=400s', 'workload.oltp.ratePerVolume=1/s']);
    expect(counts(run, 'return', NAMES)).toEqual(nothing);
    expect(started(run, 'return')).toBe(0);
    expect(run.summary.total.times['path.restore']).toBeUndefined();
  });

  test('is helped by varying the path off and on: the driver is told of a new path', async () => {
    const actions = `actions:
  - { at: 12s, name: vary-off, do: vary-path, chpid: 0.40, to: off }
  - { at: 15s, name: vary-on, do: vary-path, chpid: 0.40, to: on }
`;
    const run = await simulated(scenario(actions), quiet);
    // Varied off, the path is asked and resigned from the group; varied on, it joins again.
    expect(counts(run, 'vary-off', NAMES)).toMatchObject({
      'machine.crw': 0,
      'host.snid': 42 * 4,
      'host.spid': 42,
      'host.rcd': 0,
    });
    expect(counts(run, 'vary-on', NAMES)).toMatchObject({
      'machine.crw': 0,
      'host.snid': 42 * 4,
      'host.spid': 42,
      'host.rcd': 42,
    });
    expect(started(run, 'vary-on')).toBeGreaterThan(0.9 * started(run, 'vary-on', '0.41'));
  });

  // A verification that another event caused finds the path, but the common I/O layer tells the driver of new paths only
  // where it was told of them itself: the path is in the group and in the mask, and no application request uses it.
  test.each([
    ['a rescan', 'actions: [{ at: 12s, name: look, do: rescan }]\n', ''],
    ['the loss of another path', '', '  - { at: 12s, name: look, chpid: 0.41, do: configure-off }\n'],
  ])('%s puts the path into the group, not into use', async (_, actions, fault) => {
    const run = await simulated(scenario(actions, fault), quiet);
    const asked = fault === '' ? 4 : 3;
    expect(counts(run, 'look', ['host.snid', 'host.spid', 'host.rcd', 'host.path_available'])).toEqual({
      'host.snid': 42 * asked,
      'host.spid': 42,
      'host.rcd': 0,
      'host.path_available': 0,
    });
    expect(started(run, 'look')).toBe(42 + 42);
    expect(started(run, 'look', '0.42')).toBeGreaterThan(1_000);
  });

  test('a rescan puts the path into use when its group had been reset: that the driver is told', async () => {
    const actions = 'actions: [{ at: 12s, name: look, do: rescan }]\n';
    const run = await simulated(scenario(actions), [...quiet, 'machine.pathGroupReturn=reset']);
    expect(counts(run, 'look', ['host.rcd', 'host.psf', 'host.path_group_established'])).toEqual({
      'host.rcd': 42,
      'host.psf': 42,
      'host.path_group_established': 42,
    });
    expect(started(run, 'look')).toBeGreaterThan(0.9 * started(run, 'look', '0.42'));
  });
});

describe('a machine that reports by event information only (sei-only)', () => {
  test('gives a link incident for the loss, which Linux only logs; I/O goes on without the path', async () => {
    const run = await simulated(scenario(), ['machine.model=sei-only']);
    expect(counts(run, 'loss', [...NAMES, 'host.chsc', 'io.failed'])).toEqual({
      ...nothing,
      'machine.crw': 1,
      'host.machine_check': 1,
      'host.chsc': 1,
      'io.failed': 0,
    });
    expect(started(run, 'loss')).toBeLessThan(10);
    expect(started(run, 'loss', '0.41')).toBeGreaterThan(1_000);
  });

  test('gives resource accessibility for the return, which costs what a channel-path report costs', async () => {
    const idle = ['machine.model=sei-only', 'workload=none'];
    const run = await simulated(scenario(), idle);
    expect(counts(run, 'return', [...NAMES, 'host.stsch{cc=3}'])).toEqual({
      'machine.crw': 1,
      'host.machine_check': 1,
      'host.stsch{cc=0}': 42 * 3,
      'host.stsch{cc=3}': 4,
      'host.snid': 42 * 4,
      'host.spid': 42,
      'host.rcd': 42,
    });
    const busy = await simulated(scenario(), ['machine.model=sei-only']);
    expect(started(busy, 'return')).toBeGreaterThan(0.9 * started(busy, 'return', '0.41'));
  });
});
