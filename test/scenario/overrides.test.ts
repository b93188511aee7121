import { describe, expect, test } from 'vitest';
import { loadScenarioText } from '../../src/scenario/load.ts';
import { errorsOf, resolve, runsOf } from './load.ts';

const TEXT = 'machine: { chpids: { 0.40-0.43: {} } }\nfaults: [{ at: 2s, chpid: 0.40, do: configure-off }]\n';

describe('overrides', () => {
  test('set values, create what is missing, and the last one wins', () => {
    const scenario = resolve(TEXT, [
      'machine.costs.stsch=500ns',
      'seed=7',
      'seed=8',
      'faults[0].at=3s',
      'machine.chpids["0.40-0.43"].distance=10km',
      'workload.oltp={ ratePerVolume: 5/s }',
    ]);
    expect(scenario.machine.options.instructionCostNs).toMatchObject({ stsch: 500 });
    expect(scenario.seed).toBe('8');
    expect(scenario.faults[0].atNs).toBe(3_000_000_000);
    expect(scenario.machine.channelPaths[3].propagationNs).toBe(50_700);
    expect(scenario.workloads[0]).toMatchObject({ arrivals: { kind: 'poisson', perSecond: 5 } });
  });

  test('positions in lists may stand after a point, and lists be given whole', () => {
    expect(resolve(TEXT, ['faults.0.at=4s']).faults[0].atNs).toBe(4_000_000_000);
    expect(runsOf(TEXT, ['strategies.selection=[rotation, pooled]'])).toHaveLength(2);
  });

  test('may replace a whole section', () => {
    expect(resolve(TEXT, ['machine.dasd={ 0.0.2000: {} }']).machine.dasd).toHaveLength(1);
  });

  test('are kept in order', () => {
    const overrides = ['seed=7', 'duration=30s'];
    const result = loadScenarioText('s.yaml', TEXT, { overrides });
    expect(result.ok && result.scenario.overrides).toEqual(overrides);
  });

  test.each([
    [
      'machine.costs.stsch=5',
      '--set machine.costs.stsch=5: machine.costs.stsch: "5" has no unit; write 5s, 5ms or 5us',
    ],
    [
      'machine.cost.stsch=5ns',
      '--set machine.cost.stsch=5ns: machine.cost: unknown key; did you mean "costs"?',
    ],
    ['seed', '--set seed: this is no assignment; write path=value, for instance machine.crwQueueDepth=4'],
    ['a..b=1', '--set a..b=1: "a..b" is no path; write names with points between; "0.40" in quotes'],
    ['seed=[1', '--set seed=[1: seed: the value is not YAML; quote it for the shell'],
    [
      'faults[0].at.x=1',
      '--set faults[0].at.x=1: faults[0].at.x: there is no such place; a step of the path must be a mapping or a position in a list',
    ],
  ])('%s', (override, message) => {
    expect(errorsOf(TEXT, [override])[0]).toBe(message);
  });
});
