import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counts, simulated } from './scenario.ts';

/**
 * Counts of a guest with any number of devices in any subchannel sets. Recognition of a device is 11 STSCH, 3 MSCH and an
 * SSCH, setting it online 4, 1 and 1 and the four commands of the virtio core; one that comes again has its subchannel
 * and channel path known already. The figures are those of the recordings with one and two devices.
 */
const SETS = 4;

interface Layout {
  /** Devices in each subchannel set. */
  readonly sets: readonly number[];
  readonly gapNs: number;
}

const layout: fc.Arbitrary<Layout> = fc.record({
  sets: fc.array(fc.nat(4), { minLength: SETS, maxLength: SETS }),
  gapNs: fc.constantFrom(0, 600_000_000),
});

const devicesOf = ({ sets }: Layout): string[] =>
  sets.flatMap((length, ssid) => Array.from({ length }, (_, at) => `fe.${ssid}.0${ssid}${at + 16}`));

const guest = (rest: string): string => `
duration: 40s
systems: { g: { kind: guest, kernel: "6.1", cpus: 1, drivers: []${rest} } }
`;

const NAMES = ['stsch{cc=0}', 'stsch{cc=3}', 'msch', 'ssch', 'tsch', 'interrupt', 'chsc'].map(
  (name) => `guest.${name}`,
);

describe('a guest with any devices', () => {
  it('finds and uses them with the same instructions for each', async () => {
    await fc.assert(
      fc.asyncProperty(layout, async (drawn) => {
        const devices = devicesOf(drawn);
        const n = devices.length;
        const virtio = devices.map((device) => `"${device}": {}`).join(', ');
        const run = await simulated(guest(`, virtio: { ${virtio} }`));
        expect(counts(run, '', NAMES)).toEqual({
          'guest.stsch{cc=0}': 15 * n,
          'guest.stsch{cc=3}': SETS,
          'guest.msch': 4 * n,
          'guest.ssch': 6 * n,
          'guest.tsch': 6 * n,
          'guest.interrupt': 6 * n,
          'guest.chsc': 5 + 2 * n + (n > 0 ? 2 : 0),
        });
      }),
      { numRuns: 15 },
    );
  });

  it('hears of each that comes or goes by two words, and of all at once by one machine check', async () => {
    await fc.assert(
      fc.asyncProperty(layout, async (drawn) => {
        const devices = devicesOf(drawn);
        const n = devices.length;
        if (n === 0) return;
        const action = (at: string, name: string, verb: string): string =>
          `  - { at: ${at}, name: ${name}, do: ${verb}, device: [${devices}], every: ${drawn.gapNs}ns }\n`;
        const run = await simulated(
          `${guest('')}actions:\n${action('1s', 'add', 'plug')}${action('14s', 'del', 'unplug')}${action('27s', 'again', 'plug')}`,
        );
        const checks = drawn.gapNs > 0 ? n : 1;
        const names = ['guest.machine_check', 'guest.stcrw', 'vmm.crw', 'guest.online', ...NAMES];
        const common = { 'guest.machine_check': checks, 'guest.stcrw': 2 * n + checks, 'vmm.crw': 2 * n };
        const starts = { 'guest.ssch': 6 * n, 'guest.tsch': 6 * n, 'guest.interrupt': 6 * n };
        expect(counts(run, 'add', names)).toMatchObject({
          ...common,
          ...starts,
          'guest.online': n,
          'guest.stsch{cc=0}': 15 * n,
          'guest.msch': 4 * n,
          'guest.chsc': 2 + 2 * n,
        });
        expect(counts(run, 'del', names)).toMatchObject({
          ...common,
          'guest.stsch{cc=0}': 5 * n,
          'guest.ssch': 0,
          'guest.chsc': 0,
        });
        expect(counts(run, 'again', names)).toMatchObject({
          ...common,
          ...starts,
          'guest.online': n,
          'guest.stsch{cc=0}': 13 * n,
          'guest.msch': 3 * n,
          'guest.chsc': n,
        });
      }),
      { numRuns: 15 },
    );
  });

  it.each(['tcg', 'kvm'])('on several processors and with all drivers, %s', async (accelerator) => {
    const devices = '"fe.0.0100-fe.0.0103": { type: blk }, "fe.1.0200": { type: net }, "fe.2.0300": {}';
    const text = guest(`, accelerator: ${accelerator}, virtio: { ${devices} }`)
      .replace('cpus: 1', 'cpus: 4')
      .replace('drivers: []', 'drivers: [rng, net, blk]');
    const story = `${text}actions: [{ at: 2s, name: gone, do: unplug, device: "fe.0.0100-fe.0.0103" }]`;
    const run = await simulated(story);
    expect(counts(run, '', ['guest.online', 'guest.gone', 'guest.offline', 'guest.timeout'])).toEqual({
      'guest.online': 6,
      'guest.gone': 4,
      'guest.offline': 4,
      'guest.timeout': 0,
    });
    expect(counts(run, 'gone', ['guest.ssch', 'vmm.command'])).toEqual({ 'guest.ssch': 0, 'vmm.command': 0 });
    expect((await simulated(story)).fingerprint).toBe(run.fingerprint);
  });
});
