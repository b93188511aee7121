import { describe, expect, it } from 'vitest';
import type { Step } from '../../src/program/step.ts';
import { IRB_AT, outcome, ProgramRig, SCHIB_AT, TD } from './rig.ts';

const drain: Step = {
  do: 'repeat',
  max: 4,
  until: { of: 'cc', is: '!=', value: 0 },
  steps: [{ do: 'tsch', sid: TD, at: IRB_AT }],
};
const enable: Step[] = [
  { do: 'stsch', sid: TD, at: SCHIB_AT },
  { do: 'set', at: SCHIB_AT, block: 'schib', fields: { ena: 1, isc: 3 } },
  { do: 'msch', sid: TD, at: SCHIB_AT },
];
const quiesce: Step[] = [
  { do: 'csch', sid: TD },
  { do: 'wait-status', sid: TD, limitNs: 200_000_000, everyNs: 10_000 },
  drain,
];

describe('the ways through a script', () => {
  it('a loop ends after the turn for which its condition holds', () => {
    const rig = new ProgramRig();
    rig.run(
      [
        { do: 'call', procedure: 'enable' },
        { do: 'call', procedure: 'quiesce' },
      ],
      { enable, quiesce },
    );
    const tests = rig.executed.filter(({ step }) => step.do === 'tsch');
    expect(tests.map(({ result }) => outcome(result))).toEqual(['cc 0', 'cc 1']);
  });

  it('a condition may look at an earlier step, and at fields of what it stored', () => {
    const rig = new ProgramRig();
    const then = (at: number): Step[] => [{ do: 'store', at, bytes: '01', times: 1 }];
    rig.run([
      { do: 'stsch', sid: TD, at: SCHIB_AT, as: 'first' },
      { do: 'tsch', sid: TD, at: IRB_AT },
      { do: 'if', condition: { of: 'cc', is: '==', value: 3 }, steps: then(0x2000), otherwise: then(0x2001) },
      {
        do: 'if',
        condition: { step: 'first', of: 'cc', is: '==', value: 3 },
        steps: then(0x2002),
        otherwise: then(0x2003),
      },
      {
        do: 'if',
        condition: { step: 'first', of: 'schib', field: 'dev', is: '==', value: 0x1000 },
        steps: then(0x2004),
        otherwise: then(0x2005),
      },
    ]);
    expect(rig.image.storage.word(0x2000)).toBe(0x01000001);
    expect(rig.image.storage.word(0x2004)).toBe(0x01000000);
  });

  it('CPUs work at the same time: what TPI takes on one is tested on another', () => {
    const rig = new ProgramRig();
    rig.run([
      ...enable,
      { do: 'csch', sid: TD },
      { do: 'delay', ns: 1_000_000 },
      {
        do: 'parallel',
        cpus: [
          [
            { do: 'tpi', at: 0, expect: [{ of: 'cc', value: 1 }] },
            { do: 'delay', ns: 2_000 },
            { do: 'tsch', sid: TD, at: IRB_AT, expect: [{ of: 'cc', value: 1 }] },
          ],
          [
            { do: 'delay', ns: 1_000 },
            { do: 'tsch', sid: TD, at: IRB_AT, expect: [{ of: 'cc', value: 0 }] },
          ],
        ],
      },
      { do: 'tpi', at: 0, expect: [{ of: 'cc', value: 0 }] },
    ]);
    expect(rig.failures).toEqual([]);
    expect(rig.interpreter.ended).toBe(true);
  });

  it('only one of several waiting CPUs gets an interruption', () => {
    const rig = new ProgramRig();
    const wait: Step = { do: 'wait-io', limitNs: 1_000_000 };
    rig.run([...enable, { do: 'parallel', cpus: [[wait], [wait], [{ do: 'csch', sid: TD }]] }]);
    const waits = rig.executed.filter(({ step }) => step === wait);
    expect(waits.map(({ result }) => outcome(result))).toEqual(['came', 'did not come']);
  });

  it('a script that goes round in circles is stopped', () => {
    const rig = new ProgramRig();
    const turns = (steps: Step[]): Step[] => [{ do: 'repeat', max: 100_000, until: null, steps }];
    rig.run(
      turns(turns(turns([{ do: 'set-psw', key: 0 }])))
        .concat([{ do: 'csch', sid: TD }])
        .slice(0, 1),
    );
    expect(rig.interpreter.ended).toBe(false);
    expect(rig.interpreter.isOverLimit).toBe(true);
  });
});

describe('checks', () => {
  it('say what was expected and what was found', () => {
    const rig = new ProgramRig();
    rig.run([
      {
        do: 'stsch',
        sid: TD,
        at: SCHIB_AT,
        expect: [
          { of: 'cc', value: 3 },
          { of: 'pgm', value: 0x15 },
          { of: 'schib', field: 'pim', value: 0x0f },
          { of: 'bytes', at: SCHIB_AT, name: 'S', bytes: '00000001', mask: '0000ffff' },
          { of: 'bytes', at: SCHIB_AT, name: 'S', bytes: 'ff000000', mask: '0000ffff' },
        ],
      },
      { do: 'hsch', sid: 0, expect: [{ of: 'cc', value: 0 }] },
    ]);
    expect(rig.failures).toEqual([
      'expected 3, found 0',
      'expected 15, found cc 0',
      'expected 0f, found f0',
      'expected 00000001/0000ffff, found 00000000',
      'expected 0, found pgm 15',
    ]);
  });
});
