import { describe, expect, test } from 'vitest';
import { allRuns, hosted, SIZES } from './hosted.ts';

/*
 * A device whose own paths are all there works while N devices of each guest lose one of theirs. In front of its
 * completion stands at most what all of them have to do once: two items of work, three reads of regions, and one exit
 * for STSCH, SSCH and TSCH each.
 */
const WORK_NS = 1_000;
const READ_NS = 1_000;
const EXIT_NS = 10_000;
const PER_DEVICE_NS = 2 * WORK_NS + 3 * READ_NS + 3 * EXIT_NS;
/** What an interruption takes without anybody in front of it: two exits, two wake-ups and the interruption itself. */
const UNDISTURBED_NS = 43_000;

const story = (devices: number, guests: number): string => `
duration: 4s
${hosted({ devices, guests })
  .replace('"0.40-0.43": {}', '"0.40-0.43": {}, "0.50": {}')
  .replace('controlUnits:', 'controlUnits:\n    quiet: { paths: "0.50", cache: { hitRatio: 1 } }')
  .replaceAll(/(lcu\d+): \{\}/g, '$1: { paths: "0.40-0.43" }')
  .replace('dasd:', 'dasd:\n    "0.0.8000": { controlUnit: quiet }')
  .replace('passthrough: "', 'passthrough: "0.0.8000,')}
workload: { busy: { on: guest1, volumes: "0.0.8000", arrivals: closed, think: 20us, reads: 1 } }
faults:
  - { at: 2s, name: loss, chpid: 0.40, do: configure-off }
  - { at: 3s, name: return, chpid: 0.40, do: configure-on }
strategies: { relay: [lazy-stsch, upstream] }
`;

describe.each(SIZES)('%i devices, %i guests', (n, g) => {
  test('no completion waits longer than for all that the reports cause', async () => {
    const runs = await allRuns(story(n, g));
    for (const phase of ['loss', 'return']) {
      const worst = (run: string): number => runs.get(run)!.metric('io.interrupt_delay.max', {}, phase).value;
      expect(worst('upstream')).toBeGreaterThan(UNDISTURBED_NS);
      expect(worst('upstream')).toBeGreaterThanOrEqual(worst('lazy-stsch'));
      expect(worst('upstream')).toBeLessThanOrEqual(UNDISTURBED_NS + n * g * PER_DEVICE_NS);
    }
  });
});
