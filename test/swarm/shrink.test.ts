import { expect, test } from 'vitest';
import { metricValue } from '../../src/experiment/metric-value.ts';
import { smallest } from './campaign.ts';
import { drawScenario } from './draw-scenario.ts';
import { listIn, type Mapping, mappingIn, wordIn } from './json.ts';
import { type Judge, judge } from './judge.ts';
import { shrink } from './shrink.ts';

const kinds = (scenario: Mapping, key: string): string[] =>
  listIn(scenario, key).map((event) => wordIn(event, 'do'));

/** As if nobody were ever allowed to reset a control unit while there is load. */
const planted: Judge = ({ figures }) => {
  const resets = metricValue(figures, 'machine.fault', {}, '').value;
  const failed = metricValue(figures, 'io.killed', {}, '').value;
  return resets > 0 && failed > 0 ? { law: 'defect', message: 'planted' } : null;
};

test('a planted defect is found, and shrunk to what causes it', async () => {
  for (let index = 0; ; index++) {
    const { scenario } = drawScenario('planted', index);
    const { finding } = await judge(scenario, false, planted);
    if (finding?.message !== 'planted' || listIn(scenario, 'faults').length < 3) continue;
    const small = await smallest('planted', index, finding, planted);
    expect((await judge(small, false, planted)).finding).toEqual(finding);
    expect(kinds(small, 'faults').length + kinds(small, 'actions').length).toBeLessThanOrEqual(1);
    expect(Object.keys(mappingIn(small, 'systems')).length).toBeLessThanOrEqual(2);
    break;
  }
});

const LARGE: Mapping = {
  machine: {
    noPath: 'cc3',
    chpids: { '0.40': {}, '0.41': {} },
    dasd: { '0.0.1000': { controlUnit: 'lcu0' }, '0.0.1001': { controlUnit: 'lcu1' } },
    controlUnits: { lcu0: {}, lcu1: {} },
  },
  workload: { load: { ratePerVolume: '400/s', reads: 0.5 } },
  faults: [
    { at: '2s', do: 'reset', controlUnit: 'lcu1' },
    { at: '3s', do: 'configure-off', chpid: ['0.40', '0.41'] },
    { at: '4s', do: 'reset', controlUnit: 'lcu0' },
  ],
};

test('what has nothing to do with the failure is left out, and rates are halved', async () => {
  const fails = async (smaller: Mapping): Promise<boolean> => {
    const { load } = mappingIn(smaller, 'workload') as { load?: Mapping };
    const rate = Number.parseInt(wordIn(load ?? {}, 'ratePerVolume'), 10);
    return rate >= 100 && kinds(smaller, 'faults').includes('configure-off');
  };
  expect(await shrink(LARGE, fails)).toEqual({
    workload: { load: { ratePerVolume: '100/s' } },
    faults: [{ do: 'configure-off' }],
  });
});

test('what is left out takes what mentions it along', async () => {
  const fails = async (smaller: Mapping): Promise<boolean> => {
    const { dasd = {} } = mappingIn(smaller, 'machine') as { dasd?: Mapping };
    const units = mappingIn(mappingIn(smaller, 'machine'), 'controlUnits');
    const named = listIn(smaller, 'faults').map((fault) => wordIn(fault, 'controlUnit'));
    return '0.0.1000' in dasd && named.every((name) => name === '' || name in units);
  };
  expect(await shrink(LARGE, fails)).toEqual({ machine: { dasd: { '0.0.1000': {} } } });
});
