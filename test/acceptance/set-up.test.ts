import { describe, expect, test } from 'vitest';
import { runScenario } from '../../src/index.ts';
import { E } from '../../src/linux/errno.ts';
import { count, counts, resolve, simulated } from './scenario.ts';

/*
 * What an administrator writes into sysfs until QEMU can have a device of the host: each step alone, and in orders that
 * Linux refuses. A walk is a list of steps, half a second apart; it is answered by a list of errors.
 */
const MACHINE = `
machine:
  chpids: { "0.40-0.41": {} }
  controlUnits: { lcu0: {} }
  dasd: { "0.0.7e52-0.0.7e53": { controlUnit: lcu0 } }
  subchannels: { "0.0.f000": { type: chsc }, "0.0.f001": { type: message }, "0.0.f002": { type: eadm }, "0.0.f003": { type: qdio } }
`;

/** Short forms of the actions. */
const STEPS: Readonly<Record<string, string>> = {
  device: 'do: unbind-device, device: 0.0.7e52',
  subchannel: 'do: unbind-subchannel, device: 0.0.7e52',
  vfio: 'do: bind-subchannel, device: 0.0.7e52',
  io: 'do: bind-subchannel, device: 0.0.7e52, driver: io_subchannel',
  mdev: 'do: create-mdev, device: 0.0.7e52, uuid: 6dfd3ec5-e8b3-4e18-a6fe-57bc9eceb920',
  'second mdev': 'do: create-mdev, device: 0.0.7e52',
  'bad uuid': 'do: create-mdev, device: 0.0.7e52, uuid: 6dfd3ec5',
  'remove mdev': 'do: remove-mdev, device: 0.0.7e52',
  start: 'do: start, system: guest1',
  'host online': 'do: set-online, device: 0.0.7e52',
  'guest online': 'do: set-online, system: guest1, device: 0.0.1234',
  unplug: 'do: unplug, system: guest1, device: 0.0.1234',
  chsc: 'do: bind-subchannel, device: 0.0.f000',
  message: 'do: bind-subchannel, device: 0.0.f001',
  eadm: 'do: bind-subchannel, device: 0.0.f002',
  qdio: 'do: bind-subchannel, device: 0.0.f003',
  'qdio away': 'do: unbind-subchannel, device: 0.0.f003',
};

function scenario(walk: readonly string[], kernel: string): string {
  const actions = walk.map((step, at) => `  - { at: ${2000 + at * 500}ms, ${STEPS[step]} }`);
  return `duration: ${5 + walk.length}s
${MACHINE}
systems:
  host: { kind: kvm-host, kernel: "${kernel}" }
  guest1: { kind: guest, on: host, setUp: manual, online: none, commandLine: [{ type: rng }, { type: vfio-ccw, device: 0.0.7e52, devno: fe.0.1234 }] }
actions:
${actions.join('\n')}
`;
}

/** The errors of a walk, by the steps. */
async function errorsOf(walk: readonly string[], kernel = '6.16'): Promise<number[]> {
  const errors: number[] = [];
  await runScenario(resolve(scenario(walk, kernel)), {
    onEvent({ event, fields }) {
      if (event === 'action') errors[fields['index'] as number] = fields['rc'] as number;
    },
  });
  return errors;
}

const OK = E.OK;
const WALK = ['device', 'subchannel', 'vfio', 'mdev', 'start', 'guest online'];

describe('the walk of QEMU’s wiki', () => {
  test.each(['4.17', '5.10', '6.1', '6.16'])('is free of errors, Linux %s', async (kernel) => {
    expect(await errorsOf(WALK, kernel)).toEqual([OK, OK, OK, OK, OK, OK]);
  });

  test('may leave the device to its subchannel', async () => {
    expect(await errorsOf(WALK.slice(1))).toEqual([OK, OK, OK, OK, OK]);
  });

  test.each(['5.10', '6.16'])('leads back, Linux %s', async (kernel) => {
    const back = ['unplug', 'remove mdev', 'subchannel', 'io', 'host online'];
    const errors = await errorsOf([...WALK, ...back], kernel);
    expect(errors.slice(WALK.length)).toEqual([OK, OK, OK, OK, OK]);
  });

  test('gives the guest the device under the number of the command line, and the host none', async () => {
    const run = await simulated(scenario(WALK, '6.16'));
    expect(counts(run, '', ['host.offline', 'guest.recognized', 'guest.online'])).toEqual({
      'host.offline': 1,
      'guest.recognized': 2,
      'guest.online': 1,
    });
  });
});

describe('wrong orders', () => {
  // Steps, and the errors of Linux 6.16 and 5.10.
  test.each<[string[], number[], number[]]>([
    [['vfio'], [E.BUSY], [E.NODEV]],
    [
      ['device', 'vfio'],
      [OK, E.BUSY],
      [OK, E.NODEV],
    ],
    [
      ['device', 'device'],
      [OK, E.NOENT],
      [OK, E.NOENT],
    ],
    [
      ['device', 'subchannel', 'device'],
      [OK, OK, E.NOENT],
      [OK, OK, E.NOENT],
    ],
    [
      ['device', 'subchannel', 'subchannel'],
      [OK, OK, E.NOENT],
      [OK, OK, E.NOENT],
    ],
    [['mdev'], [E.NOENT], [E.NOENT]],
    [
      ['device', 'subchannel', 'mdev'],
      [OK, OK, E.NOENT],
      [OK, OK, E.NOENT],
    ],
    [
      ['device', 'subchannel', 'vfio', 'vfio'],
      [OK, OK, OK, E.BUSY],
      [OK, OK, OK, E.NODEV],
    ],
    [
      ['device', 'subchannel', 'vfio', 'bad uuid'],
      [OK, OK, OK, E.INVAL],
      [OK, OK, OK, E.INVAL],
    ],
    [
      ['device', 'subchannel', 'vfio', 'mdev', 'mdev'],
      [OK, OK, OK, OK, E.EXIST],
      [OK, OK, OK, OK, E.EXIST],
    ],
    [
      ['device', 'subchannel', 'vfio', 'mdev', 'second mdev'],
      [OK, OK, OK, OK, E.USERS],
      [OK, OK, OK, OK, E.PERM],
    ],
    [
      ['device', 'subchannel', 'vfio', 'remove mdev'],
      [OK, OK, OK, E.NOENT],
      [OK, OK, OK, E.NOENT],
    ],
    [
      ['device', 'host online'],
      [OK, E.INVAL],
      [OK, E.INVAL],
    ],
    [
      ['device', 'subchannel', 'host online'],
      [OK, OK, E.NODEV],
      [OK, OK, E.NODEV],
    ],
    [
      ['device', 'subchannel', 'io', 'host online'],
      [OK, OK, OK, OK],
      [OK, OK, OK, OK],
    ],
    [
      ['chsc', 'message', 'eadm'],
      [E.NODEV, E.NODEV, E.NODEV],
      [E.NODEV, E.NODEV, E.NODEV],
    ],
    [['start'], [E.INVAL], [E.INVAL]],
  ])('%j', async (walk, recent, old) => {
    expect(await errorsOf(walk)).toEqual(recent);
    expect(await errorsOf(walk, '5.10')).toEqual(old);
  });

  test('a subchannel with queues is not for vfio-ccw, also when nobody has it', async () => {
    expect(await errorsOf(['qdio', 'qdio away', 'qdio'])).toEqual([E.BUSY, OK, E.NODEV]);
  });
});

describe('QEMU', () => {
  test('can be started once everything is there, after it could not', async () => {
    const late = ['start', 'device', 'subchannel', 'vfio', 'start', 'mdev', 'start', 'start', 'guest online'];
    expect(await errorsOf(late)).toEqual([E.INVAL, OK, OK, OK, E.INVAL, OK, OK, E.BUSY, OK]);
    const run = await simulated(scenario(late, '6.16'));
    expect(counts(run, '', ['vmm.refused.host_device', 'guest.recognized'])).toEqual({
      'vmm.refused.host_device': 2,
      'guest.recognized': 2,
    });
  });

  test('that does not run takes no orders, and neither does its guest', async () => {
    expect(await errorsOf(['unplug', 'guest online', 'start', 'unplug'])).toEqual([
      E.NODEV,
      E.NODEV,
      E.INVAL,
      E.NODEV,
    ]);
  });

  test('that has not taken its command line is not there either, on a host or without', async () => {
    const early =
      'actions: [{ at: 0s, do: unplug, system: g, device: 0.0.7e52 }, { at: 1s, do: unplug, system: g, device: 0.0.7e52 }]';
    const hosted =
      'systems: { h: { kind: kvm-host }, g: { kind: guest, on: h, squashMcss: on, passthrough: 0.0.7e52 } }';
    const alone = 'systems: { g: { kind: guest, qemu: 4.1, squashMcss: on, virtio: { "0.0.7e52": {} } } }';
    for (const systems of [`${MACHINE}${hosted}`, alone]) {
      const run = await simulated(`duration: 3s\n${systems}\n${early}`);
      expect(counts(run, '', ['vmm.refused.option', 'vmm.unplugged', 'guest.stsch'])).toEqual({
        'vmm.refused.option': 1,
        'vmm.unplugged': 0,
        'guest.stsch': 0,
      });
    }
  });

  test('keeps the mediated device from being removed until it has let go of it', async () => {
    const run = await simulated(scenario([...WALK, 'remove mdev', 'subchannel'], '6.16'));
    expect(
      counts(run, '', ['kernel.eventfd.request', 'vmm.unplugged', 'kernel.set_up.mdev_removed']),
    ).toEqual({
      'kernel.eventfd.request': 1,
      'vmm.unplugged': 1,
      'kernel.set_up.mdev_removed': 1,
    });
  });
});

test('a device that applications use is unbound all the same: what they want fails, and nothing is lost', async () => {
  const load = 'workload: { w: { on: host, volumes: 0.0.7e52, ratePerVolume: 200/s, until: 4s } }';
  const run = await simulated(`${scenario(['device'], '6.16')}${load}`);
  expect(count(run, 'io.failed')).toBeGreaterThan(0);
  expect(count(run, 'io.started')).toBe(count(run, 'io.failed') + count(run, 'io.completed'));
  expect(count(run, 'io.lost')).toBe(0);
});

test('QEMU refuses a subchannel set that cannot be before it looks for the device of the host', async () => {
  const run = await simulated(`
duration: 3s
machine: { chpids: { 0.40: {} }, controlUnits: { lcu0: {} }, dasd: { 0.0.1000: { controlUnit: lcu0 } } }
systems:
  host: { kind: kvm-host }
  guest1: { kind: guest, on: host, setUp: manual, commandLine: [{ type: vfio-ccw, device: 0.0.1000, devno: fe.5.1234 }] }
actions: [{ at: 2s, do: start, system: guest1 }]
`);
  expect(count(run, 'vmm.refused.bus_id')).toBe(1);
  expect(count(run, 'vmm.refused.host_device')).toBe(0);
});
