import fc from 'fast-check';
import { expect, test } from 'vitest';
import { count, simulated } from './scenario.ts';
import { DrawnScenario, scenarios } from './scenario-arbitrary.ts';

/** Runs of the swarm; `SWARM_RUNS=2000` searches longer. A failure prints seed, path and the smallest scenario. */
const { SWARM_RUNS = '30' } = process.env;

const host = fc.record({
  kernel: fc.constantFrom('4.17', '5.7', '5.10', '6.1', '6.16', '2026-07'),
  qemu: fc.constantFrom('2.12', '4.1', '5.1', '10.2'),
  cpus: fc.constantFrom('1', '4'),
});

const relay = fc.constantFrom(
  'static',
  'per-subchannel',
  'lazy-stsch',
  'report-per-chpid',
  'upstream',
  'suppress',
  'css-event',
  'state-masks',
  'guest-wide',
  '{ coalesce: { window: debounce, length: 20ms } }',
  '{ dedupe: { policy: latest-per-rsid } }',
  '{ virtual-chpids: { over: upstream } }',
);

/** Every partition of a drawn scenario becomes a guest that has all its volumes, on a host of its own. */
function passedThrough(
  { text, systems }: DrawnScenario,
  hosts: readonly { readonly kernel: string; readonly qemu: string; readonly cpus: string }[],
  told: string,
): DrawnScenario {
  const kinds = Array.from({ length: systems }, (_, at) => {
    const { kernel, qemu, cpus } = hosts[at];
    return `  h${at}: { kind: kvm-host, kernel: "${kernel}", qemu: "${qemu}", cpus: ${cpus}, online: none }`;
  });
  const volumes = [...text.matchAll(/(0\.0\.100\d): \{ controlUnit/g)].map(([, device]) => device).join(',');
  const changed = text
    .replace('\nsystems:\n', `\nsystems:\n${kinds.join('\n')}\n`)
    .replaceAll(/ {2}s(\d): \{ /g, `  s$1: { kind: guest, on: h$1, passthrough: "${volumes}", virtio: 1, `)
    .replace('strategies: { ', `strategies: { relay: ${told}, `);
  return new DrawnScenario(changed, systems);
}

const drawn = fc
  .tuple(scenarios(false), fc.array(host, { minLength: 2, maxLength: 2 }), relay)
  .map(([scenario, hosts, told]) => passedThrough(scenario, hosts, told));

test('no drawn guest with drawn hosts and strategies breaks a law', async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async ({ text }) => {
      const run = await simulated(text);
      expect(run.summary.meta.termination).toBe('completed');
      expect(count(run, 'io.lost')).toBe(0);
      expect(count(run, 'io.stale_reads')).toBe(0);
    }),
    { numRuns: Number(SWARM_RUNS) },
  );
});
