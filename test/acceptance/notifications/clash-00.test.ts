import { describe, expect, test } from 'vitest';
import { count } from '../scenario.ts';
import { allRuns, hosted, SIZES } from './hosted.ts';

/*
 * CHPID 0.00 of the host, which guests take for the path of their V virtio devices, goes. One report has all N + V devices
 * of a guest verified, with four STSCH each; N reports have it done up to N times.
 */
const VIRTIO = 3;

const story = (devices: number, guests: number): string => `
duration: 30s
${hosted({ devices, guests, chpids: '0.00,0.41-0.43', guest: `virtio: ${VIRTIO}` })}
faults:
  - { at: 3s, chpid: 0.41, do: configure-off }
  - { at: 10s, chpid: 0.41, do: configure-on }
  - { at: 20s, name: loss, chpid: 0.00, do: configure-off }
strategies:
  relay: [lazy-stsch, report-per-chpid, upstream, { virtual-chpids: { over: report-per-chpid } }]
`;

describe.each(SIZES)('%i devices, %i guests', (n, g) => {
  test('virtio devices are verified for nothing, unless guests have CHPIDs of their own', async () => {
    const runs = await allRuns(story(n, g));
    const stsch = (run: string): number => count(runs.get(run)!, 'guest.stsch{cc=0}', 'loss');
    expect(stsch('lazy-stsch')).toBe(0);
    expect(stsch('report-per-chpid')).toBe(4 * g * (n + VIRTIO));
    expect(count(runs.get('report-per-chpid')!, 'guest.verify', 'loss')).toBe(g * (n + VIRTIO));
    expect(stsch('virtual-chpids.report-per-chpid')).toBe(4 * g * n);
    const most = 4 * n * g * (n + VIRTIO);
    expect(stsch('upstream')).toBeLessThanOrEqual(most);
    expect(stsch('upstream')).toBeGreaterThanOrEqual(n === 1 ? most : g * (n + VIRTIO) * (2 * n + 3));
  });
});
