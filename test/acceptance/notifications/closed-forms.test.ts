import { describe, expect, test } from 'vitest';
import type { Run } from '../../../src/index.ts';
import { counts } from '../scenario.ts';
import { allRuns, hosted, volumesOf } from './hosted.ts';

/*
 * N devices of each of G guests lose one of P = 4 paths and get it back, and nothing else happens. Who is told is a matter
 * of the relay; what a guest makes of R reports is Linux': 4N STSCH and N(P-1) SNID for one loss, 3N and NP for one
 * return, and for R >= 2 reports between what it takes when all are there at once and R times as much.
 */
const PATHS = 4;
type Sizes = readonly (readonly [devices: number, guests: number])[];
const SMALL: Sizes = [
  [1, 1],
  [1, 4],
  [2, 2],
  [8, 1],
  [8, 4],
  [42, 1],
];
/** Many guests with many devices take their time: those of 200 devices are added where CHPSIM_LARGE is set. */
const isPatient = process.env['CHPSIM_LARGE'] !== undefined;
const MANY: Sizes = [
  [200, 2],
  [200, 4],
];
const EVERY: Sizes = [...SMALL, [42, 2], [42, 4]];
const LARGE_TIMEOUT_MS = 600_000;
const LARGE: Sizes = [[200, 1], ...(isPatient ? MANY : [])];

const each = (guests: number, line: (name: string, at: number) => string): string =>
  Array.from({ length: guests }, (_, at) => line(`guest${at + 1}`, at)).join('\n');

/** All devices of all guests use `last` before 0.40 goes: any guest reads configuration data on a path that is varied on. */
const story = (devices: number, guests: number, last: string, relays: string): string => `
duration: 44s
${hosted({ devices, guests })}
actions:
${each(guests, (name) => `  - { at: 1s, system: ${name}, do: vary-path, chpid: ${last}, to: off }`)}
${each(guests, (name) => `  - { at: 1500ms, system: ${name}, do: vary-path, chpid: ${last}, to: on }`)}
faults:
  - { at: 4s, name: loss, chpid: 0.40, do: configure-off }
  - { at: 24s, name: return, chpid: 0.40, do: configure-on }
strategies: { relay: ${relays} }
`;

const native = (devices: number, guests: number): string => `
variants:
  native:
    systems:
${each(guests, (name, at) => `      ${name}: { dasd: "${volumesOf(at, devices)}" }`)}
`;

const ALL =
  '[per-subchannel, lazy-stsch, suppress, report-per-chpid, guest-wide, css-event, state-masks, { dedupe: { policy: drop-equal-pending } }, upstream]';
const LINEAR = '[per-subchannel, lazy-stsch, suppress, report-per-chpid, guest-wide, css-event, state-masks]';
const NATIVE = 'rotation';
const DEDUPE = 'dedupe-drop-equal-pending.upstream';

/** What must be counted in a phase, for all guests together. */
const held = (run: Run, phase: string, wanted: Record<string, number>): void =>
  expect(counts(run, phase, Object.keys(wanted))).toEqual(wanted);

/** Who is told the same of a loss and of a return: notifications, reports kept by the kernel, reports to guests. */
const told = (run: Run, notifications: number, reports: number): void => {
  for (const phase of ['loss', 'return']) {
    held(run, phase, {
      'machine.crw': 1,
      'kernel.eventfd.path': notifications,
      'vmm.crw': reports,
      'guest.machine_check': reports,
    });
  }
};

/** Nobody in the guests has heard of anything. */
const untold = (run: Run, notifications: number): void => {
  told(run, notifications, 0);
  for (const phase of ['loss', 'return']) held(run, phase, { 'guest.stsch': 0, 'guest.verify': 0 });
};

function linear(runs: ReadonlyMap<string, Run>, n: number, g: number): void {
  const all = n * g;
  untold(runs.get('per-subchannel')!, all);
  untold(runs.get('lazy-stsch')!, 0);
  untold(runs.get('suppress')!, 0);
  told(runs.get('report-per-chpid')!, g, g);
  told(runs.get('guest-wide')!, g, g);
  told(runs.get('css-event')!, g, g);
  told(runs.get('state-masks')!, all, g);
  for (const name of ['report-per-chpid', 'guest-wide', 'state-masks']) {
    held(runs.get(name)!, 'loss', { ...once(4, PATHS - 1, 0, all), 'host.stsch{cc=0}': 5 * all });
    held(runs.get(name)!, 'return', once(3, PATHS, 1, all));
  }
  held(runs.get('css-event')!, 'loss', once(3, PATHS - 1, 0, all));
  held(runs.get('css-event')!, 'return', once(3, PATHS, 1, all));
  held(runs.get('per-subchannel')!, 'loss', { 'host.stsch{cc=0}': 2 * all });
  held(runs.get('lazy-stsch')!, 'loss', { 'host.stsch{cc=0}': all });
}

/** What one report costs, by the devices. */
const once = (stsch: number, snid: number, spid: number, devices: number): Record<string, number> => ({
  'guest.stsch{cc=0}': stsch * devices,
  'guest.snid': snid * devices,
  'guest.spid': spid * devices,
  'guest.rcd': spid * devices,
  'guest.verify': devices,
});

/** STSCH for R reports: exactly what one costs, or between all of them at once and one after the other. */
const BOUNDS = {
  loss: { alone: 4, atOnce: (n: number, r: number) => n * (2 * r + 3) },
  return: { alone: 3, atOnce: (n: number, r: number) => n * (r + 3) },
} as const;
type Phase = keyof typeof BOUNDS;
const PHASES: readonly Phase[] = ['loss', 'return'];

/** Each guest by itself, by the reports that it has read. */
function quadratic(run: Run, n: number, g: number, phases = PHASES): void {
  for (let guest = 1; guest <= g; guest++) {
    for (const phase of phases) {
      const of = (name: string): number =>
        run.metric(name, { system: `guest${guest}`, cc: '0' }, phase).value;
      const { alone, atOnce } = BOUNDS[phase];
      const reports = of('guest.stcrw');
      expect(reports).toBeGreaterThanOrEqual(1);
      expect(reports).toBeLessThanOrEqual(n);
      expect(of('guest.stsch')).toBeGreaterThanOrEqual(reports === 1 ? alone * n : atOnce(n, reports));
      expect(of('guest.stsch')).toBeLessThanOrEqual(alone * n * reports);
    }
  }
}

/** A report for each device, as Linux 5.8 and QEMU 5.1 do it. */
function upstream(run: Run, n: number, g: number, phases: readonly Phase[] = PHASES): void {
  for (const phase of phases) {
    const wanted = {
      'kernel.eventfd.path': n * g,
      'kernel.crw': n * g,
      'kernel.crw_read': 2 * n * g,
      'vmm.crw': n * g,
    };
    held(run, phase, wanted);
    const { 'guest.machine_check': checks, 'guest.stcrw': stcrw } = counts(run, phase, [
      'guest.machine_check',
      'guest.stcrw',
    ]);
    expect(checks).toBeGreaterThanOrEqual(g);
    expect(checks).toBeLessThanOrEqual(n * g);
    expect(stcrw).toBe(n * g + checks);
  }
  quadratic(run, n, g, phases);
}

describe.each(isPatient ? EVERY : [...SMALL, [42, 4] as const])('%i devices, %i guests', (n, g) => {
  test('notifications, reports and STSCH of every relay, where no device used the path last', async () => {
    const runs = await allRuns(story(n, g, '0.41', ALL) + native(n, g));
    for (const [name, run] of runs) {
      if (name !== NATIVE) held(run, 'loss', { 'host.machine_check': 1 });
      held(run, 'loss', { 'host.xsch': 0, 'host.hsch': 0 });
    }
    linear(runs, n, g);
    upstream(runs.get('upstream')!, n, g);

    const dedupe = runs.get(DEDUPE)!;
    held(dedupe, 'loss', { 'kernel.eventfd.path': n * g, 'kernel.crw': n * g });
    quadratic(dedupe, n, g);

    const partitions = runs.get(NATIVE)!;
    held(partitions, 'loss', {
      'host.machine_check': g,
      'host.stsch{cc=0}': 4 * n * g,
      'host.snid': 3 * n * g,
    });
    held(partitions, 'return', { 'host.stsch{cc=0}': 3 * n * g, 'host.snid': 4 * n * g, 'host.spid': n * g });
  });
});

describe.each(SMALL)('%i devices, %i guests', (n, g) => {
  test('each device that used the path last is stopped, and its guest hears of that', async () => {
    const runs = await allRuns(
      story(n, g, '0.40', '[per-subchannel, lazy-stsch, suppress, report-per-chpid]'),
    );
    const all = n * g;
    for (const run of runs.values()) {
      held(run, 'loss', { 'host.xsch{cc=2}': all, 'host.hsch{cc=0}': all, 'host.xsch{cc=0}': 0 });
    }
    for (const name of ['lazy-stsch', 'suppress']) {
      held(runs.get(name)!, 'loss', { 'host.stsch{cc=0}': 2 * all, 'kernel.eventfd.io': all, 'vmm.crw': 0 });
    }
    held(runs.get('per-subchannel')!, 'loss', { 'host.stsch{cc=0}': 3 * all, 'kernel.eventfd.io': all });
    told(runs.get('report-per-chpid')!, g, g);
  });
});

describe.each(LARGE)('%i devices, %i guests', { timeout: LARGE_TIMEOUT_MS }, (n, g) => {
  test('relays whose cost grows with the devices', async () => {
    linear(await allRuns(story(n, g, '0.41', LINEAR)), n, g);
  });

  test('a storm of reports', async () => {
    const text = story(n, g, '0.41', '[upstream]').replace('duration: 44s', 'duration: 24s');
    upstream((await allRuns(text.replace(/.*name: return.*/, ''))).get('upstream')!, n, g, ['loss']);
  });
});

test('with one device a report for each is one report: 4 STSCH for a loss, 3 for a return', async () => {
  const run = (await allRuns(story(1, 1, '0.41', '[upstream, report-per-chpid]'))).get('upstream')!;
  told(run, 1, 1);
  held(run, 'loss', { 'guest.stsch{cc=0}': 4, 'guest.snid': 3, 'guest.stcrw': 2 });
  held(run, 'return', { 'guest.stsch{cc=0}': 3, 'guest.snid': 4, 'guest.spid': 1 });
});
