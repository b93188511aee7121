import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  conditionOf,
  interruptionOf,
  type PciInstruction,
  type PciOutcome,
  statusOf,
} from '../../src/zarch/pci.ts';
import type { PciAccess } from '../../src/zpci/access.ts';
import { checkInstruction, type InstructionRules } from '../../src/zpci/instruction-checks.ts';
import type { PciFunction } from '../../src/zpci/pci-function.ts';
import { functionIn, goodAccess } from './rig.ts';

/** QEMU, and a machine with everything. */
const QEMU: InstructionRules = { mio: false, relaxedAlignment: false, longestStore: 128 };
const MACHINE: InstructionRules = { mio: true, relaxedAlignment: true, longestStore: null };

/** As the tables of QEMU's handlers write it: `6`, a program interruption; `cc1/12`, condition code and status. */
function told(outcome: PciOutcome): string {
  if (interruptionOf(outcome) !== 0) return String(interruptionOf(outcome));
  return conditionOf(outcome) === 1 ? `cc1/${statusOf(outcome)}` : `cc${conditionOf(outcome)}`;
}

/** Something that is wrong with an instruction, and what it ends with. */
interface Wrong {
  readonly what: string;
  readonly ends: string;
  readonly with?: Partial<PciAccess>;
  readonly state?: 'error' | 'permanent-error';
  readonly unknown?: boolean;
}

const COMMON: readonly Wrong[] = [
  { what: 'a handle that is not enabled', ends: 'cc3', with: { handle: 1 } },
  { what: 'a handle of nobody', ends: 'cc3', unknown: true },
  { what: 'a function in error', ends: 'cc1/12', state: 'error' },
];

/** QEMU reference 8.2, in the order of the checks. */
const IN_ORDER: Readonly<Partial<Record<PciInstruction, readonly Wrong[]>>> = {
  pcilg: [
    { what: 'problem state', ends: '2', with: { problemState: true } },
    { what: 'an odd register', ends: '6', with: { oddRegister: true } },
    ...COMMON,
    { what: 'space 6', ends: 'cc1/20', with: { space: 6 } },
    { what: 'nine bytes', ends: '21', with: { length: 9 } },
    { what: 'a place behind the BAR', ends: '21', with: { offset: 2 ** 20 } },
  ],
  pcistb: [
    { what: 'problem state', ends: '2', with: { problemState: true } },
    ...COMMON,
    { what: 'configuration space', ends: 'cc1/20', with: { space: 15 } },
    { what: 'an odd offset', ends: '6', with: { offset: 4 } },
    { what: 'a length of 12', ends: '6', with: { length: 12 } },
    { what: 'an odd operand', ends: '6', with: { operand: 4 } },
    { what: 'a place behind the BAR', ends: '21', with: { offset: 2 ** 20 } },
  ],
};

function ends(instruction: PciInstruction, wrongs: readonly Wrong[], rules = QEMU): string {
  const state = wrongs.find((wrong) => wrong.state !== undefined)?.state ?? 'enabled';
  const fn: PciFunction = functionIn(state, 'nvme');
  const access = goodAccess(instruction, fn.handle);
  // What is checked first is set last, so that it is there whatever else is wrong.
  for (const wrong of wrongs.toReversed()) Object.assign(access, wrong.with);
  const known = wrongs.every((wrong) => wrong.unknown !== true);
  return told(checkInstruction(access, known ? fn : undefined, rules));
}

describe.each(Object.entries(IN_ORDER) as [PciInstruction, Wrong[]][])('%s in QEMU', (instruction, table) => {
  test('works when nothing is wrong', () => {
    expect(ends(instruction, [])).toBe('cc0');
  });

  test.each(table)('$what ends it with $ends', (wrong) => {
    expect(ends(instruction, [wrong])).toBe(wrong.ends);
  });

  test('of several things that are wrong the first counts', () => {
    fc.assert(
      fc.property(fc.subarray(table, { minLength: 2 }), (wrongs) => {
        expect(ends(instruction, wrongs)).toBe(wrongs[0].ends);
      }),
    );
  });
});

describe('lengths', () => {
  const lengths = Array.from({ length: 10 }, (_, length) => length);

  test.each([
    // Bytes 0 to 9 at each offset in a doubleword: how long a load may be.
    [0, 0, 8],
    [0, 1, 7],
    [0, 7, 1],
    [0, 8, 8],
  ])('space %i, offset %i: up to %i bytes, within a doubleword', (space, offset, most) => {
    const wrong = { what: '', ends: '' };
    const good = lengths.filter(
      (length) => ends('pcistg', [{ ...wrong, with: { space, offset, length } }]) === 'cc0',
    );
    expect(good).toEqual(lengths.filter((length) => length > 0 && length <= most));
  });

  test.each([
    [0, [1, 2, 4]],
    [1, [1, 2]],
    [2, [1, 2]],
    [3, [1]],
  ])('configuration space at %i takes %j bytes, within a word', (offset, expected) => {
    const good = lengths.filter(
      (length) => ends('pcilg', [{ what: '', ends: '', with: { space: 15, offset, length } }]) === 'cc0',
    );
    expect(good).toEqual(expected);
  });

  test('a block store has 16 to 128 bytes in QEMU, a multiple of eight, within 4 KiB', () => {
    const of = (length: number, offset = 0) =>
      ends('pcistb', [{ what: '', ends: '', with: { length, offset } }]);
    expect([0, 8, 16, 24, 128, 136, 4096].map((length) => of(length))).toEqual([
      '6',
      '6',
      'cc0',
      'cc0',
      'cc0',
      '6',
      '6',
    ]);
    expect([of(64, 4096 - 64), of(64, 4096 - 56)]).toEqual(['cc0', '6']);
  });
});

describe('relaxed alignment', () => {
  const store = (rules: InstructionRules, operands: Partial<PciAccess>): string => {
    const fn = functionIn('enabled', 'ism');
    return told(checkInstruction(Object.assign(goodAccess('pcistb', fn.handle), operands), fn, rules));
  };

  test.each([
    [{ length: 8 }],
    [{ length: 13, offset: 3, operand: 1 }],
    [{ length: 4096, offset: 4096 }],
  ] as Partial<PciAccess>[][])('an ISM function takes %o from the machine, and QEMU does not', (operands) => {
    expect([store(MACHINE, operands), store(QEMU, operands)]).toEqual(['cc0', '6']);
  });

  test.each([
    [{ length: 0 }],
    [{ length: 4097, offset: 0 }],
    [{ length: 13, offset: 4090 }],
  ] as Partial<PciAccess>[][])('%o is too much for it as well', (operands) => {
    expect(store(MACHINE, operands)).toBe('6');
  });
});

describe('mapped addresses', () => {
  const at = (type: 'ism' | 'nvme', rules: InstructionRules) => {
    const fn = functionIn('enabled', type);
    return told(checkInstruction(goodAccess('pcistgi', fn.handle), fn, rules));
  };

  test('guests have no such instruction, and functions that know none are mapped nowhere', () => {
    expect([at('nvme', MACHINE), at('ism', MACHINE), at('nvme', QEMU)]).toEqual(['cc0', 'cc3', '1']);
  });
});
