import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadScenarioText, type Run, type RunEvent } from '../../src/index.ts';
import { count, counts, simulated, volumesOnPaths } from './scenario.ts';

/*
 * Ways in which a guest is not told of a channel path, and what each relay makes of them. What must come of it follows
 * from where a relay keeps what it has to tell: nowhere, in a list of reports that need storage, in masks that are always
 * there; and from whether the guest's STSCH shows the paths of the host or a copy.
 */
const DEVICES = 4;
const guests = (second = ''): string => `
duration: 12s
${volumesOnPaths(DEVICES * 2, 4)}
systems:
  host: { kind: kvm-host, cpus: 4 }
  a: { kind: guest, on: host, passthrough: "0.0.1000-0.0.1003", virtio: 1 }
  b: { kind: guest, on: host, passthrough: "0.0.1004-0.0.1007"${second} }
`;
const told = (relay: string): string => `strategies: { relay: ${relay} }\n`;
const of = (run: Run, name: string, system: string, phase: string, cc?: string): number =>
  run.metric(name, cc === undefined ? { system } : { system, cc }, phase).value;

/** Paths that guest a found at its DASD after the action `asked`; some of them are verified twice. */
async function pathsShown(text: string): Promise<Set<number>> {
  const events: RunEvent[] = [];
  await simulated(text, [], { onEvent: (event) => events.push(event) });
  const shown = events
    .filter(({ event, system, tNs }) => event === 'verify.start' && system === 'a' && tNs >= 6e9)
    .map(({ fields: { pam } }) => pam);
  return new Set(shown.filter((pam) => pam !== VIRTIO_PATHS));
}
const VIRTIO_PATHS = 0x80;

const SHOWS_HOST = ['lazy-stsch', 'report-per-chpid', 'upstream', 'css-event', 'state-masks', 'guest-wide'];
const SHOWS_COPY = ['static', 'per-subchannel', 'suppress'];

describe('the machine does not report that a path is gone', () => {
  const story = (relay: string): string => `${guests()}${told(relay)}
faults: [{ at: 3s, name: gone, do: configure-off, chpid: 0.40, unreported: 1 }]
actions: [{ at: 6s, name: asked, do: rescan, system: a }]
`;

  test.each([...SHOWS_HOST, ...SHOWS_COPY])('%s: nobody hears of it', async (relay) => {
    const run = await simulated(story(relay));
    expect(
      counts(run, 'gone', ['machine.crw', 'host.machine_check', 'kernel.chp_event', 'guest.stsch']),
    ).toEqual({ 'machine.crw': 0, 'host.machine_check': 0, 'kernel.chp_event': 0, 'guest.stsch': 0 });
  });

  test.each(SHOWS_HOST)('%s: a guest that asks is shown the host’s paths', async (relay) => {
    expect(await pathsShown(story(relay))).toEqual(new Set([0x70]));
  });

  test.each(SHOWS_COPY)('%s: a guest that asks is shown the copy', async (relay) => {
    expect(await pathsShown(story(relay))).toEqual(new Set([0xf0]));
  });

  test('a share of changes: as many reports as the streams say, the same in every run', async () => {
    const flap = `${guests()}${told('upstream')}
faults: [{ at: 3s, name: flap, do: flap, chpid: 0.40, down: 100ms, up: 100ms, until: 11s, unreported: 0.5 }]
`;
    const [first, again] = await Promise.all([simulated(flap), simulated(flap)]);
    expect(again.fingerprint).toBe(first.fingerprint);
    const reports = count(first, 'machine.crw', 'flap');
    expect(reports).toBeGreaterThan(20);
    expect(reports).toBeLessThan(60);
    // They are far enough apart for a machine check each.
    expect(count(first, 'host.machine_check', 'flap')).toBe(reports);
  });
});

describe('there is no storage for reports', () => {
  const story = (relay: string, system: string, more = ''): string => `${guests()}${told(relay)}
faults:
  - { at: 2s, do: lose-reports, system: ${system}, until: 4s${more} }
  - { at: 3s, name: gone, do: configure-off, chpid: 0.40 }
  - { at: 6s, name: back, do: configure-on, chpid: 0.40 }
`;
  /** Reports of the kernel for both guests together, and what guest a took of those of its QEMU. */
  const KERNEL: readonly (readonly [relay: string, lost: number, fetched: number])[] = [
    ['static', 0, 0],
    ['per-subchannel', 0, 0],
    ['lazy-stsch', 0, 0],
    ['suppress', 0, 0],
    ['report-per-chpid', 2, 0],
    ['upstream', 2 * DEVICES, 0],
    ['guest-wide', 2, 0],
    ['dedupe: { policy: drop-equal-pending }', 2 * DEVICES, 0],
    ['virtual-chpids: {}', 2 * DEVICES, 0],
    ['coalesce: { length: 10ms }', 2 * DEVICES, 0],
    // One says that some are lost, the other has nothing to lose.
    ['css-event', 2, 1],
    ['state-masks', 0, 1],
  ];

  test.each(KERNEL)('in the kernel, %s', async (relay, lost, fetched) => {
    const written = relay.includes(':') ? `{ ${relay} }` : relay;
    const run = await simulated(story(written, 'host'));
    expect(count(run, 'kernel.crw_lost', 'gone')).toBe(lost);
    expect(of(run, 'guest.stcrw', 'a', 'gone', '0')).toBe(fetched);
    expect(of(run, 'guest.verify', 'a', 'gone') > 0).toBe(fetched > 0);
    expect(count(run, 'kernel.crw_lost', 'back')).toBe(0);
  });

  test('event information that says so makes Linux look at everything, and find the path gone', async () => {
    const run = await simulated(story('css-event', 'host'));
    expect(of(run, 'guest.verify', 'a', 'gone')).toBe(DEVICES + 1);
    expect(of(run, 'guest.verify', 'b', 'gone')).toBe(DEVICES);
  });

  test.each([
    ['report-per-chpid', 1],
    ['upstream', DEVICES],
    ['guest-wide', 1],
    ['state-masks', 1],
  ])('in one QEMU, %s: the other guest is told', async (relay, reports) => {
    const run = await simulated(story(relay, 'a'));
    expect(count(run, 'vmm.crw_lost', 'gone')).toBe(reports);
    expect(of(run, 'guest.stcrw', 'a', 'gone')).toBe(0);
    expect(of(run, 'guest.stcrw', 'b', 'gone', '0')).toBe(reports);
    // Nothing is marked, and nothing is stuck: the next event is told as if none had been lost.
    expect(of(run, 'guest.stcrw', 'a', 'back', '0')).toBe(reports);
    expect(of(run, 'guest.verify', 'a', 'back')).toBe(of(run, 'guest.verify', 'b', 'back'));
  });

  test('in QEMU, css-event: the one report that stands for all is missed for ever', async () => {
    const run = await simulated(story('css-event', 'a'));
    expect(of(run, 'guest.stcrw', 'a', 'back')).toBe(0);
    expect(of(run, 'guest.stcrw', 'b', 'back', '0')).toBe(1);
  });

  test('each report is lost or read, whatever the share', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 1000 }),
        async (tenths, seed) => {
          const share = `, probability: 0.${tenths}`;
          const text = `${story('upstream', 'host', share)}  - { at: 2s, do: lose-reports, system: a${share} }\n`;
          const run = await simulated(text, [`seed=${seed}`, 'duration=9s']);
          const kept = count(run, 'kernel.crw');
          expect(kept + count(run, 'kernel.crw_lost')).toBe(2 * 2 * DEVICES);
          expect(count(run, 'vmm.crw')).toBe(kept);
          expect(count(run, 'guest.stcrw{cc=0}')).toBe(kept - count(run, 'vmm.crw_lost'));
        },
      ),
      { numRuns: 8 },
    );
  });
});

describe('the QEMU of a guest is killed', () => {
  const story = (more = ''): string => `${guests()}
workload:
  a: { on: a, arrivals: closed, applications: 4, think: 100us, volumes: "0.0.1000-0.0.1003" }
  b: { on: b, ratePerVolume: 40/s, volumes: "0.0.1004-0.0.1007" }
faults:
  - { at: 4s, name: killed, do: kill, system: a }
  - { at: 5s, name: gone, do: configure-off, chpid: 0.40 }
  - { at: 8s, name: back, do: configure-on, chpid: 0.40 }
${more}`;
  const INHERIT = `actions:
  - { at: 6s, name: inherited, do: plug, system: b, device: "0.0.1000-0.0.1003", type: vfio-ccw }
  - { at: 7s, do: set-online, system: b, device: "0.0.1000-0.0.1003" }
`;

  test('the host ends its operations, and everybody else goes on', async () => {
    const run = await simulated(story());
    expect(counts(run, 'killed', ['vmm.killed', 'io.failed', 'kernel.eventfd.request', 'vmm.crw'])).toEqual({
      'vmm.killed': 1,
      'io.failed': 0,
      'kernel.eventfd.request': 0,
      'vmm.crw': 0,
    });
    expect(count(run, 'io.lost')).toBe(0);
    const inFlight = count(run, 'io.started') - count(run, 'io.completed');
    expect(inFlight).toBeGreaterThan(0);
    expect(inFlight).toBeLessThanOrEqual(4 * DEVICES);
    // A guest that is gone does nothing, and nobody tells it anything.
    for (const name of ['guest.exit', 'guest.stsch', 'guest.ssch', 'vmm.crw']) {
      expect(of(run, name, 'a', 'gone')).toBe(0);
    }
    expect(of(run, 'guest.stcrw', 'b', 'gone', '0')).toBe(DEVICES);
    expect(of(run, 'guest.ssch', 'b', 'gone')).toBeGreaterThan(300);
  });

  test('another guest gets its devices, and with the next report those that were kept meanwhile', async () => {
    const run = await simulated(story(INHERIT));
    expect(of(run, 'guest.online', 'b', 'inherited')).toBe(DEVICES);
    expect(count(run, 'kernel.crw', 'gone')).toBe(2 * DEVICES);
    expect(of(run, 'guest.stcrw', 'b', 'gone', '0')).toBe(DEVICES);
    // Opening the device does not make QEMU look: both reports of each new device come with the second of them.
    expect(count(run, 'kernel.crw_read', 'inherited')).toBe(0);
    expect(of(run, 'guest.stcrw', 'b', 'back', '0')).toBe(DEVICES + 2 * DEVICES);
    expect(count(run, 'io.failed')).toBe(0);
  });

  test.each(['report-per-chpid', 'css-event', 'guest-wide'])(
    '%s: nothing is kept for a guest that is gone',
    async (relay) => {
      const run = await simulated(story(INHERIT) + told(relay));
      expect(count(run, 'kernel.crw', 'gone')).toBe(1);
      expect(of(run, 'guest.stcrw', 'b', 'back', '0')).toBe(1);
    },
  );

  test('killing it again, or plugging something into it, changes nothing', async () => {
    const again = `  - { at: 9s, do: kill, system: a }
actions: [{ at: 10s, name: plugged, do: plug, system: a, device: 0.0.0100, type: rng }]
`;
    const run = await simulated(story(again));
    expect(count(run, 'vmm.killed')).toBe(1);
    expect(counts(run, 'plugged', ['vmm.crw', 'guest.action'])).toEqual({ 'vmm.crw': 0, 'guest.action': 1 });
  });
});

describe('a device is plugged that another guest has', () => {
  test('the guest is told of a device that is not there when it looks', async () => {
    const run = await simulated(`${guests()}
actions: [{ at: 4s, name: plugged, do: plug, system: b, device: 0.0.1000, type: vfio-ccw }]
`);
    // Two words chained: Linux has enabled the subchannel sets.
    expect(counts(run, 'plugged', ['vmm.crw', 'guest.machine_check', 'guest.stsch{cc=3}'])).toEqual({
      'vmm.crw': 2,
      'guest.machine_check': 1,
      'guest.stsch{cc=3}': 1,
    });
    expect(counts(run, 'plugged', ['guest.stsch{cc=0}', 'guest.online', 'kernel.eventfd'])).toEqual({
      'guest.stsch{cc=0}': 0,
      'guest.online': 0,
      'kernel.eventfd': 0,
    });
  });
});

describe('mistakes', () => {
  const SYSTEMS = `${volumesOnPaths(1, 2)}
systems: { lpar: {}, host: { kind: kvm-host, dasd: none }, alone: { kind: guest } }
`;
  test.each([
    ['do: kill, system: lpar', 'system lpar is no guest on a host'],
    ['do: kill, system: host', 'system host is no guest on a host'],
    ['do: kill, system: alone', 'system alone is no guest on a host'],
    ['do: lose-reports, system: lpar', 'system lpar keeps no reports for others'],
    ['do: lose-reports, system: host, until: 1s', 'is not after "at"'],
    ['do: configure-off, chpid: 0.40, unreported: 2', 'a share lies between 0 and 1'],
  ])('%s', (fault, message) => {
    const loaded = loadScenarioText('s.yaml', `${SYSTEMS}faults: [{ at: 2s, ${fault} }]\n`);
    expect(loaded.ok ? [] : loaded.errors.map((error) => error.message).join()).toContain(message);
  });
});
