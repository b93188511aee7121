import { describe, expect, test } from 'vitest';
import { loadScenarioText } from '../../src/index.ts';
import { lossAndReturn, simulated } from './scenario.ts';

/** Two systems have the same volumes, each over channel paths of its own. */
const story = (one: string, two: string, faults = ''): string => `
duration: 16s
machine:
  chpids: { "0.40-0.47": {} }
  controlUnits: { lcu0: {} }
  dasd: { "0.0.1000-0.0.1003": { controlUnit: lcu0 } }
systems:
  one: { chpids: ${one} }
  two: { chpids: ${two} }
workload:
  ours: { on: one, ratePerVolume: 20/s }
  theirs: { on: two, ratePerVolume: 20/s }
${faults}`;

const EVERY = ['0.40', '0.41', '0.42', '0.43', '0.44', '0.45', '0.46', '0.47'];

describe('a system in the access lists of some channel paths', () => {
  test('does all its I/O over these', async () => {
    const run = await simulated(story('["0.40-0.42", 0.44]', '0.43'));
    const used = EVERY.filter((chpid) => run.metric('path.utilisation', { chpid }).value > 0);
    expect(used).toEqual(['0.40', '0.41', '0.42', '0.43', '0.44']);
    expect(run.metric('io.failed', {}).value).toBe(0);
    // One path is not grouped, and the group of the other system has four paths for each volume.
    expect(run.metric('host.spid', { system: 'one' }).value).toBe(4 * 4);
  });

  test('learns of no others, whatever becomes of them', async () => {
    const run = await simulated(story('"0.40-0.43"', '"0.43-0.47"', lossAndReturn('0.45')));
    for (const phase of ['loss', 'return']) {
      expect(run.metric('host.machine_check', { system: 'one' }, phase).value, phase).toBe(0);
      expect(run.metric('host.machine_check', { system: 'two' }, phase).value, phase).toBe(1);
      expect(run.metric('path.knowledge.max', { system: 'two' }, phase).samples, phase).toBe(4);
    }
  });

  test('needs one that leads to each control unit', () => {
    const text = story('0.40', '0.41').replace(
      'controlUnits: { lcu0: {} }',
      'controlUnits: { lcu0: { paths: "0.40-0.43" } }',
    );
    expect(loadScenarioText('ok.yaml', text).ok).toBe(true);
    const wrong = loadScenarioText('wrong.yaml', text.replace('chpids: 0.41', 'chpids: 0.47'));
    expect(wrong.ok).toBe(false);
    if (!wrong.ok) expect(wrong.errors[0].message).toContain('no channel path leads to lcu0');
  });
});
