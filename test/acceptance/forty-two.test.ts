import { describe, expect, test } from 'vitest';
import { count, counts, lossAndReturn, simulated, volumesOnPaths } from './scenario.ts';

/*
 * What one channel path costs a native partition, in closed form, for N devices that are online on P paths each:
 *
 *          machine checks  STSCH cc 0   SNID      SPID   RCD
 *   loss         1            4N       N(P−1)      0      0     channel-path event 2, verification 2
 *   return       1            3N        NP         N      N     channel-path event 1, verification 2
 *
 * A return also scans for new subchannels: one STSCH with cc 3 in each enabled subchannel set.
 */
const NAMES = [
  'machine.crw',
  'machine.crw_lost',
  'host.machine_check',
  'host.stsch{cc=0}',
  'host.stsch{cc=3}',
  'host.snid',
  'host.spid',
  'host.rcd',
  'host.psf',
] as const;
type Costs = Record<(typeof NAMES)[number], number>;

const REPORT = { 'machine.crw': 1, 'machine.crw_lost': 0, 'host.machine_check': 1 };
const lossOf = (devices: number, paths: number): Costs => ({
  ...REPORT,
  'host.stsch{cc=0}': 4 * devices,
  'host.stsch{cc=3}': 0,
  'host.snid': devices * (paths - 1),
  'host.spid': 0,
  'host.rcd': 0,
  'host.psf': 0,
});
const returnOf = (devices: number, paths: number, sets = 4): Costs => ({
  ...REPORT,
  'host.stsch{cc=0}': 3 * devices,
  'host.stsch{cc=3}': sets,
  'host.snid': devices * paths,
  'host.spid': devices,
  'host.rcd': devices,
  'host.psf': 0,
});

describe('one of P channel paths goes and comes back under N idle devices', () => {
  const kernels = ['4.17', '5.10', '6.1', '6.16'];
  const cases = [1, 8, 42, 200].flatMap((devices, row) =>
    [2, 4, 8].map((paths, column) => ({ devices, paths, kernel: kernels[(row + column) % 4] })),
  );

  test.each(cases)('$devices devices, $paths paths, kernel $kernel', async ({ devices, paths, kernel }) => {
    const run = await simulated(volumesOnPaths(devices, paths) + lossAndReturn(), [
      `systems.lpar1.kernel=${kernel}`,
    ]);
    expect(counts(run, 'loss', NAMES)).toEqual(lossOf(devices, paths));
    expect(counts(run, 'return', NAMES)).toEqual(returnOf(devices, paths));
  });

  test.each(['5.10', '6.1', '6.16', '2026-07'])('42 devices on 4 paths, kernel %s', async (kernel) => {
    const run = await simulated(volumesOnPaths(42, 4) + lossAndReturn(), [`systems.lpar1.kernel=${kernel}`]);
    expect(counts(run, 'loss', NAMES)).toEqual(lossOf(42, 4));
    expect(counts(run, 'return', NAMES)).toEqual(returnOf(42, 4));
  });

  test.each([1, 2, 3, 4])('%i enabled subchannel sets', async (sets) => {
    const run = await simulated(volumesOnPaths(8, 4) + lossAndReturn(), [`machine.subchannelSets=${sets}`]);
    expect(counts(run, 'return', NAMES)).toEqual(returnOf(8, 4, sets));
  });

  test('costs of time change no count: a slow processor, slow instructions, slow detection', async () => {
    const run = await simulated(volumesOnPaths(42, 4) + lossAndReturn(), [
      'systems.lpar1.cpus=1',
      'systems.lpar1.costs.interrupt=20us',
      'systems.lpar1.costs.handlerToThread=3ms',
      'machine.costs.stsch=15us',
      'machine.costs.ssch=25us',
      'machine.detect.configure=700ms',
    ]);
    expect(counts(run, 'loss', NAMES)).toEqual(lossOf(42, 4));
    expect(counts(run, 'return', NAMES)).toEqual(returnOf(42, 4));
  });
});

describe('a path group in state reset', () => {
  // The first SNID on the returned path is answered by the pending reset notification, a unit check, and repeated; and the
  // driver validates the storage server anew, which is one PSF for each device.
  test.each([
    { devices: 42, paths: 4, kernel: '6.16' },
    { devices: 42, paths: 8, kernel: '6.1' },
    { devices: 8, paths: 2, kernel: '5.10' },
  ])('costs a SNID and a PSF more for each of $devices devices', async ({ devices, paths, kernel }) => {
    const run = await simulated(volumesOnPaths(devices, paths) + lossAndReturn(), [
      'machine.pathGroupReturn=reset',
      `systems.lpar1.kernel=${kernel}`,
    ]);
    expect(counts(run, 'loss', NAMES)).toEqual(lossOf(devices, paths));
    expect(counts(run, 'return', NAMES)).toEqual({
      ...returnOf(devices, paths),
      'host.snid': devices * paths + devices,
      'host.psf': devices,
    });
  });
});

describe('devices that are not online', () => {
  // A channel-path event asks them with the same STSCHs, but the state OFFLINE answers a verification request with an
  // evaluation of the subchannel, one STSCH more, which finds nothing to do: 3 for a loss, 2 for a return, no I/O.
  test.each(['5.10', '6.16'])('cost three and two STSCH each, kernel %s', async (kernel) => {
    const run = await simulated(volumesOnPaths(42, 4) + lossAndReturn(), [
      'systems.lpar1.online=0.0.1000-0.0.101f',
      `systems.lpar1.kernel=${kernel}`,
    ]);
    const [online, offline] = [32, 10];
    expect(counts(run, 'loss', NAMES)).toEqual({
      ...lossOf(online, 4),
      'host.stsch{cc=0}': 4 * online + 3 * offline,
    });
    expect(counts(run, 'return', NAMES)).toEqual({
      ...returnOf(online, 4),
      'host.stsch{cc=0}': 3 * online + 2 * offline,
    });
  });
});

describe('several channel paths', () => {
  test('go one after the other and come back: each counts with the paths that are left', async () => {
    const faults = ['0.40', '0.41', '0.42'].flatMap((chpid, at) => [
      `  - { at: ${2 + 2 * at}s, name: loss${at}, chpid: "${chpid}", do: configure-off }`,
      `  - { at: ${10 + 2 * at}s, name: return${at}, chpid: "${chpid}", do: configure-on }`,
    ]);
    const run = await simulated(`${volumesOnPaths(42, 4)}faults:\n${faults.join('\n')}\n`);
    for (const [at, before] of [4, 3, 2].entries()) {
      expect(counts(run, `loss${at}`, NAMES)).toEqual(lossOf(42, before));
    }
    for (const [at, after] of [2, 3, 4].entries()) {
      expect(counts(run, `return${at}`, NAMES)).toEqual(returnOf(42, after));
    }
  });

  test('go at one instant: three reports, one machine check, and every device ends on the path that is left', async () => {
    const run = await simulated(volumesOnPaths(42, 4) + lossAndReturn('0.40-0.42'));
    expect(counts(run, 'loss', ['machine.crw', 'host.machine_check', 'host.path_gone'])).toEqual({
      'machine.crw': 3,
      'host.machine_check': 1,
      'host.path_gone': 3 * 42,
    });
    // Reports that arrive during a verification make it start again once, whatever their number.
    expect(count(run, 'host.verify', 'loss')).toBeGreaterThanOrEqual(2 * 42);
    expect(count(run, 'host.verify', 'loss')).toBeLessThanOrEqual(3 * 42);
    expect(counts(run, 'return', ['host.spid', 'host.rcd', 'host.path_available'])).toEqual({
      'host.spid': 3 * 42,
      'host.rcd': 3 * 42,
      'host.path_available': 3 * 42,
    });
  });
});
