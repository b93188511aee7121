import { describe, expect, test } from 'vitest';
import type { Run } from '../../src/index.ts';
import { resolve, simulated, volumesOnPaths } from './scenario.ts';

/*
 * What vfio-ccw spends is time of the host's processors: it delays a guest's requests, and changes nothing that is counted.
 * One application waits for one answer after the other, so that nobody queues and what an I/O costs is a sum.
 */
const story = (costs: string): string => `
duration: 6s
${volumesOnPaths(1, 4)}
systems:
  host: { kind: kvm-host, cpus: 4, costs: { ${costs} } }
  guest: { kind: guest, on: host, passthrough: 0.0.1000 }
workload:
  reader: { on: guest, arrivals: closed, think: 100ms, reads: 1, block: 8KiB, until: 5s }
faults:
  - { at: 5500ms, name: loss, chpid: 0.40, do: configure-off }
strategies: { relay: report-per-chpid }
`;
const COSTS = ['translate', 'translatePerCcw', 'pinPerPage', 'work', 'listStep'];
/** All costs are zero but one. */
const only = (name: string, cost: string): string =>
  COSTS.map((other) => `${other}: ${other === name ? cost : '0s'}`).join(', ');

const mean = (run: Run, name: string, phase = ''): number => run.metric(`${name}.mean`, {}, phase).value;

test('defaults are those of a real host', () => {
  const [host] = resolve(story('')).systems;
  expect(host).toMatchObject({
    vfioCosts: {
      translateNs: 2_000,
      translatePerCcwNs: 500,
      pinPerPageNs: 350,
      workNs: 1_000,
      listStepNs: 20,
    },
  });
});

describe('a cost that changes', () => {
  // A prefix, whose data take a page, and one read into two pages.
  test.each([
    ['translate', 7_000, 7_000],
    ['translatePerCcw', 1_000, 2_000],
    ['pinPerPage', 1_000, 3_000],
    ['work', 9_000, 9_000],
    ['listStep', 9_000, 0],
  ])('%s: %d ns make a read of two blocks take %d ns longer', async (name, ns, longer) => {
    const [free, dear] = await Promise.all([
      simulated(story(only('', ''))),
      simulated(story(only(name, `${ns}ns`))),
    ]);
    expect(mean(dear, 'io.response') - mean(free, 'io.response')).toBeCloseTo(longer, 0);
    expect(dear.summary.total.counts).toEqual(free.summary.total.counts);
  });
});
