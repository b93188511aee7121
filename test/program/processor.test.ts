import { describe, expect, it } from 'vitest';
import type { Step } from '../../src/program/step.ts';
import { CODE_AT, CRW_AT, IRB_AT, ProgramRig, SCHIB_AT, TD } from './rig.ts';

const ABSENT = 0x0001ffff;
/** Beyond what 31-bit addresses reach. */
const NO_STORAGE = 0x80000000;
const enable: Step[] = [
  { do: 'stsch', sid: TD, at: SCHIB_AT },
  { do: 'set', at: SCHIB_AT, block: 'schib', fields: { ena: 1, isc: 3 } },
  { do: 'msch', sid: TD, at: SCHIB_AT },
];

describe('an instruction with operands in storage', () => {
  it('stores the SCHIB, and changes of it reach the subchannel', () => {
    const rig = new ProgramRig();
    rig.run([
      ...enable,
      { do: 'store', at: SCHIB_AT, bytes: '00', times: 52 },
      {
        do: 'stsch',
        sid: TD,
        at: SCHIB_AT,
        expect: [
          { of: 'cc', value: 0 },
          { of: 'schib', field: 'ena', value: 1 },
          { of: 'schib', field: 'isc', value: 3 },
          { of: 'schib', field: 'dev', value: 0x1000 },
          { of: 'schib', field: 'word1', value: 0x18811000 },
        ],
      },
    ]);
    expect(rig.failures).toEqual([]);
  });

  it('is a privileged operation before anything else is looked at', () => {
    const rig = new ProgramRig();
    const steps: Step[] = [
      { do: 'set-psw', problemState: true },
      { do: 'stsch', sid: 0, at: 1 },
      { do: 'ssch', sid: 0, at: 1 },
      { do: 'tpi', at: 1 },
      { do: 'schm', register1: 0xffffffff, register2: 0 },
      { do: 'csch', sid: 0 },
    ];
    expect(rig.outcomes(steps).slice(1)).toEqual(Array(5).fill('pgm 2'));
  });

  it('needs operands on a word boundary', () => {
    const rig = new ProgramRig();
    const steps: Step[] = (['ssch', 'msch', 'stsch', 'tsch'] as const).map((what) => ({
      do: what,
      sid: TD,
      at: SCHIB_AT + 2,
    }));
    expect(rig.outcomes(steps)).toEqual(Array(4).fill('pgm 6'));
    expect(
      rig.outcomes([
        { do: 'stcrw', at: CRW_AT + 1 },
        { do: 'tpi', at: CODE_AT + 2 },
        { do: 'stcps', at: 0x1010 },
        { do: 'chsc', at: 0x1800 },
      ]),
    ).toEqual(Array(4).fill('pgm 6'));
  });

  it('needs operands that it may access', () => {
    const rig = new ProgramRig();
    const steps: Step[] = [
      { do: 'ssch', sid: TD, at: NO_STORAGE },
      { do: 'stsch', sid: TD, at: NO_STORAGE },
      { do: 'stcrw', at: NO_STORAGE },
      { do: 'set-storage-key', at: SCHIB_AT, key: 0x38 },
      { do: 'set-psw', key: 4 },
      { do: 'stsch', sid: TD, at: SCHIB_AT },
      { do: 'msch', sid: TD, at: SCHIB_AT },
      { do: 'set-storage-key', at: SCHIB_AT, key: 0x30 },
      { do: 'msch', sid: TD, at: SCHIB_AT },
      { do: 'set-psw', key: 3 },
      { do: 'stsch', sid: TD, at: SCHIB_AT },
    ];
    expect(rig.outcomes(steps).filter((text) => text !== '-')).toEqual([
      'pgm 5',
      'pgm 5',
      'pgm 5',
      'pgm 4',
      'pgm 4',
      'cc 0',
      'cc 0',
    ]);
  });

  it('does not look at the operand when nothing would be stored', () => {
    const rig = new ProgramRig();
    const steps: Step[] = [
      { do: 'stsch', sid: ABSENT, at: NO_STORAGE },
      { do: 'tsch', sid: ABSENT, at: NO_STORAGE },
      { do: 'tsch', sid: TD, at: NO_STORAGE },
      ...enable,
      { do: 'tsch', sid: TD, at: NO_STORAGE },
      { do: 'tpi', at: NO_STORAGE },
    ];
    expect(rig.outcomes(steps).filter((text) => text !== '-')).toEqual([
      'cc 3',
      'cc 3',
      'cc 3',
      'cc 0',
      'cc 0',
      'pgm 5',
      'cc 0',
    ]);
  });

  it.each([
    ['no subchannel', { do: 'hsch', sid: 0 }],
    ['reserved bits of SCHM', { do: 'schm', register1: 0xfffffffc, register2: 0 }],
    ['a block origin off its boundary', { do: 'schm', register1: 2, register2: 1 }],
    ['reserved bits of RCHP', { do: 'rchp', register1: 0x100 }],
    ['reserved bits of SAL', { do: 'sal', register1: 1 }],
  ] as [string, Step][])('refuses %s', (_, step) => {
    expect(new ProgramRig().outcomes([step])).toEqual(['pgm 15']);
  });

  it('refuses reserved bits of a SCHIB and leaves the subchannel alone', () => {
    const rig = new ProgramRig();
    rig.run(enable.slice(0, 2));
    rig.run([{ do: 'set', at: SCHIB_AT, block: 'schib', fields: { word1: 0x07000000 } }]);
    expect(rig.outcomes([{ do: 'msch', sid: TD, at: SCHIB_AT }])).toEqual(['pgm 15']);
    expect(rig.stsch(0).pmcw.enabled).toBe(0);
  });
});

describe('status and interruptions', () => {
  const clear: Step[] = [...enable, { do: 'csch', sid: TD }];

  it('are waited for, tested, and stored as they are', () => {
    const rig = new ProgramRig();
    const steps: Step[] = [
      ...clear,
      { do: 'wait-status', sid: TD, limitNs: 1_000_000, everyNs: 1_000 },
      { do: 'tsch', sid: TD, at: IRB_AT, expect: [{ of: 'irb', field: 'word0', value: 0x00001001 }] },
      { do: 'tsch', sid: TD, at: IRB_AT },
      { do: 'wait-status', sid: TD, limitNs: 1_000_000, everyNs: 1_000 },
    ];
    expect(rig.outcomes(steps).slice(4)).toEqual(['came', 'cc 0', 'cc 1', 'did not come']);
    expect(rig.failures).toEqual([]);
  });

  it('are presented in an enabled wait, once, with their code in low core', () => {
    const rig = new ProgramRig();
    const steps: Step[] = [
      ...clear,
      {
        do: 'wait-io',
        limitNs: 1_000_000,
        expect: [
          { of: 'came', value: 1 },
          { of: 'interruption', field: 'sid', value: TD },
          { of: 'interruption', field: 'isc', value: 3 },
          { of: 'bytes', at: 0xb8, name: 'low core', bytes: '000100000000000018000000' },
        ],
      },
      { do: 'wait-io', limitNs: 1_000_000, expect: [{ of: 'came', value: 0 }] },
      { do: 'tsch', sid: TD, at: IRB_AT, expect: [{ of: 'cc', value: 0 }] },
    ];
    rig.run(steps);
    expect(rig.failures).toEqual([]);
  });

  it('stay pending while their subclass is masked', () => {
    const rig = new ProgramRig();
    const steps: Step[] = [
      ...clear,
      { do: 'set-masks', isc: 0xef },
      { do: 'wait-io', limitNs: 1_000_000 },
      { do: 'tpi', at: CODE_AT },
      { do: 'set-masks', isc: 0x10 },
      { do: 'tpi', at: 0, expect: [{ of: 'interruption', field: 'sid', value: TD }] },
      { do: 'tpi', at: CODE_AT },
    ];
    const outcomes = rig.outcomes(steps).filter((text) => text !== '-');
    expect(outcomes.slice(3)).toEqual(['did not come', 'cc 0', 'cc 1', 'cc 0']);
    expect(rig.failures).toEqual([]);
  });

  it('stay pending when TPI cannot store their code', () => {
    const rig = new ProgramRig();
    const steps: Step[] = [
      ...clear,
      { do: 'wait-status', sid: TD, limitNs: 1_000_000, everyNs: 1_000 },
      { do: 'tpi', at: NO_STORAGE },
      { do: 'tpi', at: CODE_AT },
    ];
    expect(rig.outcomes(steps).slice(-2)).toEqual(['pgm 5', 'cc 1']);
  });

  it('announce a channel report once until the reports have been read to the end', () => {
    const rig = new ProgramRig();
    const wait: Step = { do: 'wait-machine-check', limitNs: 1_000_000 };
    const report: Step = { do: 'inject', crw: 0x04020040 };
    const store: Step = { do: 'stcrw', at: CRW_AT };
    const steps: Step[] = [
      report,
      {
        ...wait,
        expect: [
          { of: 'came', value: 1 },
          { of: 'mcic', field: 'cp', value: 1 },
        ],
      },
      { ...store, expect: [{ of: 'crw', field: 'word0', value: 0x04020040 }] },
      report,
      { ...wait, expect: [{ of: 'came', value: 0 }] },
      { ...store, expect: [{ of: 'cc', value: 0 }] },
      {
        ...store,
        expect: [
          { of: 'cc', value: 1 },
          { of: 'crw', field: 'word0', value: 0 },
        ],
      },
      report,
      { ...wait, expect: [{ of: 'came', value: 1 }] },
    ];
    rig.run(steps);
    expect(rig.failures).toEqual([]);
  });
});
