import { describe, expect, test } from 'vitest';
import { count, counts, simulated, volumesOnPaths } from './scenario.ts';

/*
 * Lists with a limit: three paths of four go at once, faster than their reports are fetched. What does not fit is lost, and
 * the report before it says so: the guest forgets that report, and looks at all its subchannels. QEMU fetches reports of
 * the kernel late here, and the guest those of QEMU, so that all of them meet in one list.
 */
const DEVICES = 4;
const VIRTIO = 1;
const SETS = 4;
const story = (relay: string, system: 'host' | 'guest', limit: string): string => `
duration: 6s
${volumesOnPaths(DEVICES, 4)}
systems:
  host: { kind: kvm-host, cpus: 4 }
  guest:
    kind: guest
    on: host
    passthrough: "0.0.1000-0.0.1003"
    virtio: ${VIRTIO}
    costs: { ${system === 'host' ? 'eventFd' : 'handlerToThread'}: 5ms }
strategies: { relay: ${relay} }
faults:
  - { at: 2s, do: lose-reports, system: ${system}${limit} }
  - { at: 3s, name: gone, chpid: "0.40-0.42", do: configure-off }
`;

/** What a guest does that looks at everything once: an evaluation and a verification of each device. */
const LOOKED = {
  'guest.chp_offline': 0,
  'guest.verify': DEVICES + VIRTIO,
  'guest.stsch{cc=0}': 3 * (DEVICES + VIRTIO),
  'guest.stsch{cc=3}': SETS,
};

describe.each([
  ['report-per-chpid', 'host'],
  ['guest-wide', 'host'],
  ['report-per-chpid', 'guest'],
  ['guest-wide', 'guest'],
  ['state-masks', 'guest'],
] as const)('%s, a list of one report in the %s', (relay, system) => {
  const layer = system === 'host' ? 'kernel' : 'vmm';

  test('two of three are lost, and the guest looks at everything', async () => {
    const run = await simulated(story(relay, system, ', limit: 1'));
    expect(counts(run, 'gone', [`${layer}.crw_lost`, 'guest.stcrw{cc=0}', ...Object.keys(LOOKED)])).toEqual({
      [`${layer}.crw_lost`]: 2,
      'guest.stcrw{cc=0}': 1,
      ...LOOKED,
    });
    expect(run.metric('path.knowledge.max').value).toBeLessThan(20e6);
  });

  test('three fit into a list of three', async () => {
    const run = await simulated(story(relay, system, ', limit: 3'));
    expect(counts(run, 'gone', [`${layer}.crw_lost`, 'guest.stcrw{cc=0}', 'guest.chp_offline'])).toEqual({
      [`${layer}.crw_lost`]: 0,
      'guest.stcrw{cc=0}': 3,
      'guest.chp_offline': 3,
    });
  });
});

test('css-event: in the kernel as well, and told by the event', async () => {
  const run = await simulated(story('css-event', 'host', ', limit: 1'));
  expect(
    counts(run, 'gone', ['kernel.crw_lost', 'guest.stcrw{cc=0}', 'guest.chsc', ...Object.keys(LOOKED)]),
  ).toEqual({
    'kernel.crw_lost': 2,
    'guest.stcrw{cc=0}': 1,
    'guest.chsc': 1,
    ...LOOKED,
  });
});

describe('upstream', () => {
  test('the lists of single devices have no limit', async () => {
    const run = await simulated(story('upstream', 'host', ', limit: 1'));
    expect(counts(run, 'gone', ['kernel.crw', 'kernel.crw_lost', 'guest.stcrw{cc=0}'])).toEqual({
      'kernel.crw': 3 * DEVICES,
      'kernel.crw_lost': 0,
      'guest.stcrw{cc=0}': 3 * DEVICES,
    });
  });

  test('a limit in QEMU spares the guest its looks at every device for every device', async () => {
    const [one, all] = await Promise.all(
      [', limit: 1', ', limit: 100'].map((limit) => simulated(story('upstream', 'guest', limit))),
    );
    expect(counts(one, 'gone', Object.keys(LOOKED))).toEqual(LOOKED);
    expect(count(one, 'vmm.crw_lost', 'gone')).toBe(3 * DEVICES - 1);
    expect(count(all, 'guest.stsch{cc=0}', 'gone')).toBeGreaterThan(3 * DEVICES * DEVICES);
  });
});

test('without a limit nobody is told that reports are lost', async () => {
  const run = await simulated(story('report-per-chpid', 'host', ''));
  expect(counts(run, 'gone', ['kernel.crw_lost', 'guest.stcrw{cc=0}', 'guest.verify'])).toEqual({
    'kernel.crw_lost': 3,
    'guest.stcrw{cc=0}': 0,
    'guest.verify': 0,
  });
});
