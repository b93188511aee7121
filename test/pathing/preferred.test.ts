import { describe, expect, it } from 'vitest';
import { loadScenarioText } from '../../src/index.ts';
import { count, simulated } from '../acceptance/scenario.ts';

/*
 * A control unit that would rather not be reached on two of its four paths. Linux reads that in the configuration data
 * of each path and names preferred paths only; a channel subsystem may know it by itself.
 */
const TEXT = `duration: 14s
machine:
  chpids: { "0.40-0.43": {} }
  controlUnits: { lcu0: { nonPreferred: "0.40,0.42" } }
  dasd: { "0.0.1000-0.0.1007": {} }
workload: { oltp: { from: 2s, ratePerVolume: 60/s } }
faults:
  - { at: 5s, chpid: 0.41, do: configure-off }
  - { at: 7s, chpid: 0.43, do: configure-off }
  - { at: 9s, chpid: 0.43, do: configure-on }
  - { at: 11s, chpid: 0.41, do: configure-on }
phases: { all: [2s, 5s], one: [5.5s, 7s], none: [7.5s, 9s], back: [9.5s, 11s], both: [11.5s, 14s] }
`;

describe.each(['rotation', 'preferred', 'random'])(
  'paths that are not preferred, under "%s"',
  (selection) => {
    it('carry nothing of applications as long as Linux knows a preferred path', async () => {
      const run = await simulated(`${TEXT}strategies: { selection: ${selection} }\n`);
      const used = (phase: string): string[] =>
        ['0.40', '0.41', '0.42', '0.43'].filter(
          (chpid) => run.metric('path.utilisation', { chpid }, phase).value > 0,
        );
      expect(used('all')).toEqual(['0.41', '0.43']);
      expect(used('one')).toEqual(['0.43']);
      expect(used('none')).toEqual(['0.40', '0.42']);
      expect(used('back')).toEqual(['0.43']);
      expect(used('both')).toEqual(['0.41', '0.43']);
      expect(count(run, 'io.failed')).toBe(0);
      expect(count(run, 'io.started', 'none')).toBeGreaterThan(500);
    });
  },
);

describe('in a scenario', () => {
  const unit = (rest: string): string =>
    `machine: { chpids: { "0.40-0.43": {} }, controlUnits: { lcu0: { ${rest} } } }\n`;
  const loaded = (text: string) => {
    const result = loadScenarioText('s.yaml', text);
    return result.ok ? result.scenario.runs[0].machine.controlUnits[0] : result.errors[0].message;
  };

  it('are some of the paths of their control unit', () => {
    expect(loaded(unit('nonPreferred: 0.42-0.43'))).toMatchObject({ nonPreferred: [0x42, 0x43] });
    expect(loaded(unit('paths: "0.40,0.41", nonPreferred: 0.42'))).toContain(
      'chpid 0.42 is none of its paths',
    );
  });
});
