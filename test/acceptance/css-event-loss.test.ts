import { describe, expect, test } from 'vitest';
import { count, simulated, volumesOnPaths } from './scenario.ts';

/*
 * No event that a channel subsystem tells takes a path away from Linux, so relay css-event has a guest look at everything
 * when paths go. All paths of eight devices go at once, the hardest case: what a look finds depends on what the host has
 * got to, and whatever a guest is told afterwards must not make it believe in a path again.
 */
const DEVICES = 8;
const story = (more = ''): string => `
duration: 40s
${volumesOnPaths(DEVICES, 4)}
systems:
  host: { kind: kvm-host, cpus: 4 }
  guest: { kind: guest, on: host, passthrough: "0.0.1000-0.0.1007" }
workload:
  oltp: { on: guest, ratePerVolume: 4/s, until: 30s }
faults:
  - { at: 4s, name: outage, chpid: 0.40-0.43, do: configure-off }
${more}
strategies: { relay: css-event }
`;

describe('all paths go at once', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'seed %i: no device believes in a path for longer than the recovery timer takes',
    async (seed) => {
      const run = await simulated(story(), [`seed=${seed}`, 'machine.noPath=cc3']);
      expect(count(run, 'guest.disconnected', 'outage')).toBeGreaterThanOrEqual(DEVICES);
      expect(run.metric('path.knowledge.max').value).toBeLessThan(3.1e9);
      expect(run.metric('path.stale').value).toBeLessThan(DEVICES * 3.1e9);
      expect(count(run, 'io.failed')).toBe(0);
    },
  );

  test.each([1, 2, 3, 4])('seed %i: all devices are used again when the paths are back', async (seed) => {
    const back = '  - { at: 20s, name: back, chpid: 0.40-0.43, do: configure-on }';
    const run = await simulated(story(back), [`seed=${seed}`, 'machine.noPath=cc3']);
    expect(run.metric('path.stranded').value).toBe(0);
    expect(run.metric('path.restore.max', {}, 'back').value).toBeLessThan(20e6);
    expect(count(run, 'io.completed')).toBe(count(run, 'io.started'));
  });
});

test('one path of four: three STSCH for each device, and one report', async () => {
  const run = await simulated(`
duration: 8s
${volumesOnPaths(DEVICES, 4)}
systems:
  host: { kind: kvm-host, cpus: 4 }
  guest: { kind: guest, on: host, passthrough: "0.0.1000-0.0.1007", virtio: 2, costs: { handlerToThread: 5ms } }
faults: [{ at: 4s, name: loss, chpid: 0.40, do: configure-off }]
strategies: { relay: css-event }
`);
  // Linux looks for new devices in all four subchannel sets, and does not know a path as gone that it has not been told of.
  expect(count(run, 'guest.stsch{cc=0}', 'loss')).toBe(3 * (DEVICES + 2));
  expect(count(run, 'guest.stsch{cc=3}', 'loss')).toBe(4);
  expect(count(run, 'guest.chsc', 'loss')).toBe(1);
  expect(count(run, 'guest.path_gone', 'loss')).toBe(0);
});
