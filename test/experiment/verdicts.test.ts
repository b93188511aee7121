import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/experiment/simulate.ts';
import type { Verdict } from '../../src/experiment/verdicts.ts';
import { tinyRun, tinyScenarios } from './tiny-run.ts';

/** The verdicts of the tiny run with these lines in its scenario. */
async function verdicts(lines: string): Promise<readonly Verdict[]> {
  const [scenario] = tinyScenarios(lines);
  return (await simulate(scenario, tinyRun())).verdicts;
}

const outcomes = (all: readonly Verdict[]): string[] =>
  all.map(({ outcome, fails }) => `${outcome}${fails ? ' !' : ''}`);

describe('thresholds', () => {
  it('are met or failed, and say why', async () => {
    const all = await verdicts(
      'thresholds: [ io.response.p99 < 1s, io.response.mean < 1us, io.lost == 0 ]\n',
    );
    expect(outcomes(all)).toEqual(['met', 'failed !', 'met']);
    expect(all[1].reason).toMatch(/^\d+\.\d+ us is not < 1\.00 us$/);
  });

  it('are undecided with too few samples, and then fail unless they allow it', async () => {
    const all = await verdicts(`thresholds:
  - path.failover.max < 1s
  - { expr: path.failover.max < 1s, minSamples: 1 }
  - { expr: path.knowledge.p99 < 1s, minSamples: 2 }
`);
    expect(outcomes(all)).toEqual(['undecided !', 'undecided', 'met']);
    expect(all[0].reason).toBe('undecided: 0 of 1 samples');
  });

  it('look at one phase, system or channel path', async () => {
    const all = await verdicts(`thresholds:
  - { expr: host.machine_check == 1, phase: loss }
  - { expr: host.machine_check == 2, where: { system: lpar1 } }
  - { expr: path.knowledge.max == 30us, where: { chpid: 0.40 } }
  - { expr: path.knowledge.max == 30us, where: { chpid: 0.41 }, minSamples: 1 }
`);
    expect(outcomes(all)).toEqual(['met', 'met', 'met', 'undecided']);
  });

  it('end the run at once with abort, but not before their time', async () => {
    const [scenario] = tinyScenarios(
      'thresholds: [ { expr: io.response.mean < 1us, abort: true, after: 1.5s } ]\n',
    );
    const { termination, endNs, verdicts: all } = await simulate(scenario, tinyRun());
    expect(termination).toBe('aborted');
    expect(endNs).toBeGreaterThanOrEqual(1_500_000_000);
    expect(endNs).toBeLessThan(3_000_000_000);
    expect(outcomes(all)).toEqual(['failed !']);
  });
});

describe('expectations', () => {
  it('look for events of the story, whatever is traced', async () => {
    const all = await verdicts(`expect:
  - { event: machine-check, within: [1s, 1.1s] }
  - { event: machine-check, within: [1.1s, 1.9s] }
  - { never: device.boxed }
  - { never: machine-check, within: [2s, 3s] }
  - { event: chpid.available, where: { chpid: 0.40 } }
  - { event: chpid.available, where: { chpid: 0.41 } }
`);
    expect(outcomes(all)).toEqual(['met', 'failed !', 'met', 'failed !', 'met', 'failed !']);
    expect(all[3].reason).toBe('happened 1 times, first at 2000030000 ns');
  });

  it('state counts exactly or within limits, in a phase', async () => {
    const all = await verdicts(`expect:
  - { count: host.machine_check, equals: 2 }
  - { count: host.machine_check, phase: return, equals: 2 }
  - { count: io.completed, least: 10 }
  - { phase: loss, counts: { host.machine_check: 1, machine.fault: [0, 1] } }
`);
    expect(outcomes(all)).toEqual(['met', 'failed !', 'met', 'met', 'met']);
    expect(all[1].reason).toBe('1, expected 2');
  });
});
