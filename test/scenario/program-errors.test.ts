import { describe, expect, test } from 'vitest';
import { errorsOf } from './load.ts';

const wrong = (step: string): string[] => errorsOf(`program:\n  steps:\n    - ${step}\n`);

describe('mistakes in a script', () => {
  test.each([
    ['{ stsh: TD }', 's.yaml:3:9: program.steps[0].stsh: unknown key; did you mean "stsch"?'],
    [
      '{ stsch: TD, tsch: TD }',
      's.yaml:3:7: program.steps[0]: the step is both stsch and tsch; make it two steps',
    ],
    ['{ about: x }', 's.yaml:3:7: program.steps[0]: the step does nothing; write for instance stsch: TD'],
    [
      '{ stsch: TD, orb: { fmt: 1 } }',
      's.yaml:3:20: program.steps[0].orb: does not belong to stsch; it takes at',
    ],
    ['{ stsch: TDX }', 's.yaml:3:16: program.steps[0].stsch: unknown area "TDX"; did you mean "TD"?'],
    [
      '{ stsch: 100000000 }',
      's.yaml:3:16: program.steps[0].stsch: 100000000 is too large; the most is ffffffff (hexadecimal)',
    ],
    [
      '{ tpi: "8-1" }',
      's.yaml:3:14: program.steps[0].tpi: "8-1" is not a number; write hexadecimal digits, a name, or a sum such as B+10',
    ],
    [
      '{ stsch: TD, expect: { cc: 4 } }',
      's.yaml:3:34: program.steps[0].expect.cc: 4 is too large; the most is 3 (hexadecimal)',
    ],
    [
      '{ tsch: TD, expect: { irb: { stclt: 7 } } }',
      's.yaml:3:36: program.steps[0].expect.irb.stclt: unknown field of the irb; did you mean "stctl"?',
    ],
    [
      '{ msch: TD, set: { isc: 8 } }',
      's.yaml:3:31: program.steps[0].set.isc: 8 is too large; the most is 7 (hexadecimal)',
    ],
    [
      '{ tsch: TD, expect: { crw: { erc: 2 } } }',
      's.yaml:3:29: program.steps[0].expect.crw: tsch leaves no crw; it leaves cc, pgm, irb, bytes',
    ],
    [
      '{ expect: { bytes: { B: 123 } } }',
      's.yaml:3:31: program.steps[0].expect.bytes.B: "123" is not a row of bytes; write two hexadecimal digits for each, and after a slash as many for the bits that matter',
    ],
    [
      '{ repeat: 3, until: cc is 0, steps: [{ tsch: TD }] }',
      's.yaml:3:27: program.steps[0].until: "cc is 0" is no condition; write it like cc == 0 or schib.ena == 1',
    ],
    [
      '{ if: frist.cc == 0, steps: [{ tsch: TD, as: first }] }',
      's.yaml:3:13: program.steps[0].if: no step is called "frist"; did you mean "first"?',
    ],
    ['{ call: nobody }', 's.yaml:3:15: program.steps[0].call: unknown procedure "nobody"; none is defined'],
    [
      '{ ccws: [[03, SLO, 1, B]] }',
      's.yaml:3:21: program.steps[0].ccws[0][1]: "SLO" are no flags of a CCW; join CD, CC, SLI, SKIP, PCI, IDA, S, MIDA with "+", or write - for none',
    ],
    ['{ configureOff: 02 }', 's.yaml:3:23: program.steps[0].configureOff: there is no chpid 02'],
    ['{ unplug: TD1 }', 's.yaml:3:17: program.steps[0].unplug: unknown device "TD1"; did you mean "TD"?'],
    [
      '{ unsolicited: TD }',
      's.yaml:3:9: program.steps[0].unsolicited: devices of the machine present no status on their own',
    ],
    [
      '{ store: B, bytes: "00", words: [0] }',
      's.yaml:3:7: program.steps[0]: stores neither bytes nor words, or both; write bytes: 00ff or words: [P]',
    ],
    [
      '{ store: "7ffffffe", bytes: "01", times: 3 }',
      's.yaml:3:7: program.steps[0]: stores beyond the end of storage on channel; its last byte is 7fffffff',
    ],
    [
      '{ change: "7ffffff0", set: { ena: 1 } }',
      's.yaml:3:7: program.steps[0]: stores beyond the end of storage on channel; its last byte is 7fffffff',
    ],
    [
      '{ stsch: TD, expect: { pgm: 14 } }',
      's.yaml:3:35: program.steps[0].expect.pgm: no I/O instruction ends with program interruption 14; known: 0, 2, 4, 5, 6, 15',
    ],
    ['{ wait: machine-check, of: TD }', 's.yaml:3:30: program.steps[0].of: belongs to wait: status'],
    ['{ delay: 1 }', 's.yaml:3:16: program.steps[0].delay: "1" has no unit; write 1s, 1ms or 1us'],
  ])('%s', (step, message) => {
    expect(wrong(step)).toEqual([message]);
  });

  test('devices that are none', () => {
    const text = 'machine: [channel, qemu]\nprogram: { device: none, steps: [{ plug: TD }] }\n';
    expect(errorsOf(text)).toEqual([
      's.yaml:2:42: program.steps[0].plug: unknown device "TD"; none is defined',
    ]);
  });

  test('procedures that call themselves', () => {
    const text =
      'program:\n  procedures:\n    a: [{ call: b }]\n    b: [{ call: a }]\n  steps: [{ call: a }]\n';
    expect(errorsOf(text)).toEqual([
      's.yaml:3:5: program.procedures.a: "a" calls itself; use repeat',
      's.yaml:4:5: program.procedures.b: "b" calls itself; use repeat',
    ]);
  });

  test('sections that describe systems', () => {
    const text = 'program: { steps: [{ csch: TD }] }\nsystems: { lpar: {} }\n';
    expect(errorsOf(text)).toEqual([
      's.yaml:2:1: systems: contradicts program, which takes the place of systems; keep one of them',
    ]);
  });

  test('a machine for scripts without a script', () => {
    expect(errorsOf('machine: qemu')).toEqual([
      's.yaml:1:10: machine: is a machine for an instruction script; write program, or describe the machine',
    ]);
  });

  test('names of areas', () => {
    const text = 'program: { areas: { TD1: 0, a-b: 0, C: D }, steps: [{ csch: TD }] }';
    expect(errorsOf(text)).toEqual([
      's.yaml:1:21: program.areas.TD1: "TD1" names a device; choose another name',
      's.yaml:1:29: program.areas.a-b: "a-b" is no name for an area; use letters, digits and "_", first a letter',
    ]);
  });
});
