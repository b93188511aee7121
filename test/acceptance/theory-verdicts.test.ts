import { expect, test } from 'vitest';
import { simulate } from '../../src/experiment/simulate.ts';
import { summarize } from '../../src/experiment/summary.ts';
import { theoryOf } from '../../src/experiment/theory/theory-of.ts';
import { measuredByBatches, theoryReport } from '../../src/experiment/theory/theory-report.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import { load, pathsServe, scenarioOf, volumesServe } from '../experiment/theory/scenarios.ts';

/*
 * What the models claim to be exact, simulated: orders of service that are not first come, first served, several
 * applications at a volume, think times that are not exponential, mixtures of reads and writes. The exact value must lie
 * within 1.8 half widths of the 95 % interval, which is the 99.9 % interval of thirty batches.
 */
const WIDER = 1.8;
const CACHE = 'cache: { hitRatio: 0.8 }';
const ALL_HIT = 'cache: { hitRatio: 1 }';

test.each([
  [
    'M/G/1',
    pathsServe(1, 20, load('ratePerVolume: 70/s')),
    'occupancy: { exponential: 500us } => occupancy: { erlang: { stages: 3, mean: 500us } }',
  ],
  [
    'M/M/1//15',
    pathsServe(1, 5, load('arrivals: closed, applications: 3, think: { uniform: [0s, 20ms] }')),
    '',
  ],
  ['M/M/3//9', pathsServe(3, 9, load('arrivals: closed, applications: 1, think: 2ms')), ''],
  ['M/M/2', pathsServe(2, 250, load('ratePerVolume: 9/s')), ''],
  ['2 × M/M/1', pathsServe(2, 250, load('ratePerVolume: 6/s')), 'maxOpen: 1 => maxOpen: 250'],
  [
    '3 × M/G/1',
    volumesServe(
      3,
      `${CACHE}, hitRead: { exponential: 200us }, hitWrite: { uniform: [0s, 1ms] }, miss: 2ms`,
      load('ratePerVolume: 800/s, reads: 0.7'),
    ),
    '',
  ],
  [
    '2 × M/M/1//4',
    volumesServe(
      2,
      `${ALL_HIT}, hitRead: { exponential: 1ms }, hitWrite: { exponential: 1ms }`,
      load('arrivals: closed, applications: 4, think: 3ms'),
    ),
    '',
  ],
])('%s', async (model, text, change) => {
  const [from, to] = change.split(' => ');
  const changed = to === undefined ? text : text.replace(from, to);
  const selection = model === '2 × M/M/1' ? ['strategies.selection=random'] : [];
  const scenario = scenarioOf(changed, [
    'duration=62s',
    'report.batches=30',
    'trace.level=none',
    ...selection,
  ]);
  const theory = theoryOf(scenario, scenario.durationNs);
  const summary = summarize(await simulate(scenario, buildSimulation));
  const report = theoryReport(scenario.run, theory, measuredByBatches(summary));
  expect(report.model).toBe(model);
  expect(report.rows).toHaveLength(3);
  for (const { metric, value, tolerance, simulation } of report.rows) {
    const halfWidth = ((simulation.high - simulation.low) / 2) * WIDER;
    const told = `${metric}: ${simulation.value} ± ${halfWidth}, exact ${value}`;
    expect(halfWidth / value, told).toBeLessThan(0.1);
    expect(simulation.value + halfWidth, told).toBeGreaterThan(value);
    expect(simulation.value - halfWidth, told).toBeLessThan(value * (1 + tolerance));
  }
});
