import { describe, expect, test } from 'vitest';
import { loadScenarioText, type Run } from '../../src/index.ts';
import { count, simulated } from './scenario.ts';

const HOSTS = `
machine:
  chpids: { "0.40-0.41": {} }
  controlUnits: { lcu0: {} }
  dasd: { "0.0.1000-0.0.1001": { controlUnit: lcu0 } }
systems:
  host: { kind: kvm-host, cpus: 4 }
`;

const verdicts = (run: Run): string[] => run.summary.migrations?.map(({ verdict }) => verdict) ?? [];
const printed = (run: Run): string[] => run.summary.migrations?.flatMap(({ messages }) => messages) ?? [];

/**
 * A guest that had a passed-through device is migrated without it. The rule (strategies 1, document 3): an image besides the
 * default one that the device was ever in is missed first; else a number that followed the device's is another one now.
 */
describe('what a device leaves behind', () => {
  const RELEASES = ['2.10', '2.11', '2.12', '3.1', '7.2', '10.2'] as const;
  const cases = RELEASES.flatMap((release) =>
    (['auto', '00', 'fe', '03'] as const).flatMap((image) =>
      [false, true].map((squash) => ({ release, image, squash })),
    ),
  ).filter(({ release, image, squash }) => {
    // What the release refuses when the source is started: its own option, or an image that is not for this kind.
    const restricted = release === '2.10' || release === '2.11';
    const knowsOption = restricted || release === '2.12';
    return (!squash || knowsOption) && !(restricted && image === 'fe');
  });

  test.each(cases)('$release, image $image, squashing $squash', async ({ release, image, squash }) => {
    const restricted = release === '2.10' || release === '2.11';
    const isAutomatic = image === 'auto';
    const devno = isAutomatic ? '' : `, devno: ${image}.0.1234`;
    const run = await simulated(`duration: 4s${HOSTS}
  guest1:
    kind: guest
    on: host
    qemu: "${release}"
    ${squash ? 'squashMcss: on' : ''}
    commandLine:
      - { type: net, devno: fe.0.0000 }
      - { type: vfio-ccw, device: 0.0.1000${devno} }
      - { type: rng${isAutomatic ? '' : ', devno: fe.0.0007'} }
actions:
  - { at: 2s, system: guest1, do: unplug, numbers: host, device: 0.0.1000 }
  - { at: 3s, system: guest1, do: migrate }
`);
    const inDefaultImage = squash || image === 'fe' || (isAutomatic && !restricted);
    const shifted = isAutomatic && inDefaultImage;
    expect(verdicts(run)).toEqual([inDefaultImage && !shifted ? 'completed' : 'failed']);
    const lines = printed(run).join('\n');
    expect(lines.includes('VMS_NULLPTR_MARKER')).toBe(!inDefaultImage);
    expect(lines.includes(`'/${squash ? '00' : 'fe'}.0.0002/virtio-rng' 0`)).toBe(shifted);
  });
});

describe('afterwards', () => {
  const emulated = (commandLine: string): string => `
duration: 8s
systems: { guest1: { kind: guest, kernel: "6.1", qemu: "7.2", virtio: 2 } }
actions:
  - { at: 3s, name: moved, do: migrate, commandLine: ${commandLine} }
  - { at: 5s, name: plugged, do: plug, device: fe.0.0300 }
`;

  test.each([
    ['at the destination', '[{ type: rng }, { type: rng }]', 'completed'],
    ['at the source, where the destination has another number', '[{ type: rng }]', 'failed'],
    ['at the source, where the destination does not start', '[{ type: rng, devno: ff.0.0000 }]', 'failed'],
  ])('the guest lives on %s', async (_where, commandLine, verdict) => {
    const run = await simulated(emulated(commandLine));
    expect(verdicts(run)).toEqual([verdict]);
    expect(count(run, 'guest.recognized', 'plugged')).toBe(1);
    expect(count(run, 'guest.online', 'plugged')).toBe(1);
    expect(count(run, 'guest.machine_check', 'moved'), 'and was told of nothing').toBe(0);
  });

  test('a device that was unplugged before is plugged in there again, out of the other host', async () => {
    const run = await simulated(`
duration: 14s${HOSTS}
  host2: { kind: kvm-host, cpus: 4 }
  guest1: { kind: guest, on: host, passthrough: "0.0.1000" }
workload: { load: { on: guest1, ratePerVolume: 40/s, from: 9s } }
actions:
  - { at: 3s, system: guest1, do: unplug, device: 0.0.1000 }
  - { at: 5s, name: moved, system: guest1, do: migrate, on: host2 }
  - { at: 6s, name: there, system: guest1, do: plug, type: vfio-ccw, device: 0.0.1000 }
`);
    expect(verdicts(run)).toEqual(['completed']);
    // Linux has kept the device disconnected, and knows it when it is back.
    expect(count(run, 'guest.disconnected', 'moved')).toBe(0);
    expect(count(run, 'guest.verify', 'there')).toBe(1);
    expect(count(run, 'io.completed', 'there')).toBeGreaterThan(150);
    expect(run.metric('host.ssch', { system: 'host' }, 'there').value).toBe(0);
    expect(run.metric('host.ssch', { system: 'host2' }, 'there').value).toBeGreaterThan(150);
  });
});

test('a 3270 terminal cannot be unplugged, so that its guest stays where it is', async () => {
  const run = await simulated(`
duration: 4s
systems: { guest1: { kind: guest, qemu: "7.2", terminal: 0.0.0009, virtio: 1 } }
actions:
  - { at: 2s, do: unplug, device: 0.0.0009 }
  - { at: 3s, do: migrate }
`);
  expect(count(run, 'vmm.unplugged')).toBe(0);
  expect(count(run, 'guest.machine_check')).toBe(0);
  expect(printed(run)).toEqual(["State blocked by non-migratable device '/fe.0.0009/x-terminal3270'"]);
});

describe('devices that go along', () => {
  const story = (downtime: string): string => `
duration: 10s
machine:
  chpids: { "0.40-0.43": {} }
  controlUnits: { lcu0: { hitRead: 80ms, hitWrite: 80ms } }
  dasd: { "0.0.1000-0.0.1003": { controlUnit: lcu0 } }
systems:
  host: { kind: kvm-host, cpus: 4, chpids: "0.40-0.41" }
  host2: { kind: kvm-host, cpus: 4, chpids: "0.42-0.43" }
  guest1: { kind: guest, on: host, passthrough: "0.0.1000-0.0.1003" }
workload: { load: { on: guest1, volumes: "0.0.1000-0.0.1003", ratePerVolume: 11/s, from: 2s, until: 9s } }
actions:
  - { at: 5s, name: moved, system: guest1, do: migrate, on: host2, passthrough: carry, downtime: ${downtime} }
`;

  test('wait for their operations', async () => {
    const run = await simulated(story('400ms'));
    expect(verdicts(run)).toEqual(['completed']);
    expect(run.metric('io.failed').value).toBe(0);
    expect(run.metric('io.lost').value).toBe(0);
    expect(run.metric('path.utilisation', { chpid: '0.42' }, 'moved').value).toBeGreaterThan(0);
  });

  test('stay where they do not end in time, and nothing has happened', async () => {
    const run = await simulated(story('1ms'));
    expect(verdicts(run)).toEqual(['failed']);
    expect(run.metric('io.failed').value).toBe(0);
    expect(run.metric('io.lost').value).toBe(0);
    expect(run.metric('path.utilisation', { chpid: '0.42' }, 'moved').value).toBe(0);
  });

  test('go with virtual devices only where nobody says so', async () => {
    const run = await simulated(story('400ms').replace('passthrough: carry, ', ''));
    expect(verdicts(run)).toEqual(['refused']);
    expect(printed(run)).toEqual(["State blocked by non-migratable device '/fe.0.1000/vfio-ccw'"]);
  });
});

test.each([
  ['system: host', 'system host has no QEMU'],
  ['system: guest1, report: subchannel', 'is of passed-through devices'],
  ['system: guest1, on: guest1', 'unknown system "guest1"'],
  ['system: guest1, on: nowhere', 'unknown system "nowhere"'],
])('refused: %s', (keys, message) => {
  const text = `${HOSTS}  guest1: { kind: guest, on: host }\nactions: [{ at: 1s, do: migrate, ${keys} }]\n`;
  const loaded = loadScenarioText('refused.yaml', text);
  expect(loaded.ok).toBe(false);
  if (!loaded.ok) expect(loaded.errors.map((error) => error.message).join('\n')).toContain(message);
});

describe('PCI functions', () => {
  const guest = (pci: string, actions: string): Promise<Run> =>
    simulated(`duration: 6s
machine: { chpids: { "0.40": {} }, dasd: { "0.0.1000": {} }, pci: { functions: { ism0: {}, disk0: { type: nvme } } } }
systems:
  host: { kind: kvm-host, pci: {} }
  guest1: { kind: guest, on: host, virtio: 1, pci: ${pci} }
actions: [${actions}]
`);
  const migrate = (at: string): string => `{ at: ${at}, system: guest1, do: migrate }`;
  const REFUSED = "State blocked by non-migratable device 'zpci'";

  test.each(['{ functions: ism0 }', '{ functions: disk0 }', '{ functions: [ism0, disk0], path: region }'])(
    'a guest with %s stays where it is',
    async (pci) => {
      const run = await guest(pci, migrate('2s'));
      expect(verdicts(run)).toEqual(['refused']);
      expect(printed(run)).toEqual([REFUSED]);
      expect(count(run, 'vmm.migration.stopped')).toBe(0);
    },
  );

  test('goes when the function has been given back, and stays once it is plugged', async () => {
    const plugged = '{ at: 3s, system: guest1, do: pci-plug, function: ism0 }';
    const unplugged = '{ at: 4s, system: guest1, do: pci-unplug, function: ism0 }';
    const stories = [
      [plugged, migrate('3500ms')],
      [plugged, unplugged, migrate('5s')],
    ];
    const runs = await Promise.all(stories.map((story) => guest('{ functions: none }', story.join(', '))));
    expect(runs.map(verdicts)).toEqual([['refused'], ['completed']]);
    expect(runs.map(printed)).toEqual([[REFUSED], []]);
  });

  test('are plugged by the QEMU that has the guest now, on the host that has them', async () => {
    const plugged = '{ at: 3s, system: guest1, do: pci-plug, function: ism0 }';
    const same = await guest('{ functions: none }', `${migrate('2s')}, ${plugged}, ${migrate('4s')}`);
    expect(verdicts(same)).toEqual(['completed', 'refused']);
    const told = ['vmm.crw', 'guest.machine_check', 'guest.pci_availability', 'guest.pci_bound'];
    expect(told.map((name) => count(same, name))).toEqual([1, 1, 1, 1]);
    const other = await simulated(`duration: 6s
machine: { chpids: { "0.40": {} }, dasd: { "0.0.1000": {} }, pci: { functions: { ism0: {} } } }
systems:
  host: { kind: kvm-host, pci: {} }
  host2: { kind: kvm-host }
  guest1: { kind: guest, on: host, virtio: 1, pci: { functions: none } }
actions: [{ at: 2s, system: guest1, do: migrate, on: host2 }, ${plugged}]
`);
    expect(verdicts(other)).toEqual(['completed']);
    expect(told.map((name) => count(other, name))).toEqual([0, 0, 0, 0]);
  });
});
