import { BLOCKS, type BlockFields, type BlockName, limitOf } from '../program/block-fields.ts';
import { LOW_CORE } from '../program/processor.ts';
import type { Check, Condition } from '../program/step.ts';
import { PROGRAM_INTERRUPTION } from '../zarch/program-interruption.ts';
import type { Path } from './errors.ts';
import { suggest } from './nearest.ts';
import { isBytes, isKnown, type Reading, readNumber, withoutBlanks } from './program-reading.ts';
import { ADDRESS, WORD } from './program-symbols.ts';
import { VERBS, type VerbName } from './program-verbs.ts';
import type { ParsedExpectation } from './schema-program.ts';

/** What a step expects. `operand`: where its block stands in storage. */
export function readChecks(
  reading: Reading,
  expected: ParsedExpectation | undefined,
  verb: VerbName,
  operand: number,
  place: Path,
): Check[] {
  const checks: Check[] = [];
  const leaves: readonly string[] = VERBS[verb].leaves;
  for (const [key, value] of Object.entries(expected ?? {})) {
    if (value === undefined) continue;
    const here = [...place, key];
    if (key === 'bytes') checks.push(...readBytes(reading, value as Record<string, string>, here));
    else if (!leaves.includes(key)) reading.issues.key(here, `${verb} leaves no ${key}`, leavesHint(leaves));
    else if (key === 'cc') {
      checks.push({ of: key, value: readNumber(reading, value as string, MAX_CC, here) });
    } else if (key === 'pgm') {
      checks.push({ of: key, value: readInterruption(reading, value as string, here) });
    } else if (key === 'came') {
      if (value !== 'either') checks.push({ of: 'came', value: value === 'true' ? 1 : 0 });
    } else {
      const fields = value as Record<string, string>;
      checks.push(...readBlock(reading, key as BlockName, fields, operand, here));
    }
  }
  return checks;
}

const MAX_CC = 3;
const INTERRUPTIONS: readonly number[] = [0, ...Object.values(PROGRAM_INTERRUPTION)];

/** Code of a program interruption that an I/O instruction can end with, or 0 for none. */
function readInterruption(reading: Reading, text: string, place: Path): number {
  const code = readNumber(reading, text, WORD, place);
  if (INTERRUPTIONS.includes(code)) return code;
  const known = INTERRUPTIONS.map((one) => one.toString(16)).join(', ');
  reading.issues.value(place, `no I/O instruction ends with program interruption ${text}`, `known: ${known}`);
  return 0;
}

const leavesHint = (leaves: readonly string[]): string => `it leaves ${[...leaves, 'bytes'].join(', ')}`;

/** `07`, `0001/0003`, `not 0`. */
const EXPECTED = /^(not\s+)?([^/]*)(\/(.*))?$/s;

function readBlock(
  reading: Reading,
  block: BlockName,
  fields: Readonly<Record<string, string>>,
  operand: number,
  place: Path,
): Check[] {
  const known: BlockFields = BLOCKS[block].fields;
  return Object.entries(fields).flatMap(([name, text]): Check[] => {
    const here = [...place, name];
    if (block === 'irb' && name === 'sense')
      return bytesCheck(reading, operand + SENSE_AT, 'irb.sense', text, here);
    if (!isKnown(reading, known, name, block, here)) return [];
    const limit = limitOf(known[name]);
    const [, not, value, , mask] = EXPECTED.exec(text)!;
    const check = { of: block, field: name, value: readNumber(reading, value, limit, here) };
    const negated = not === undefined ? check : { ...check, not: true };
    if (mask === undefined) return [negated];
    return [{ ...negated, mask: readNumber(reading, mask, Math.min(limit, WORD), here) }];
  });
}

/** The sense bytes of an IRB: its extended-control word. */
const SENSE_AT = 32;

function readBytes(reading: Reading, bytes: Readonly<Record<string, string>>, place: Path): Check[] {
  return Object.entries(bytes).flatMap(([name, text]) => {
    const here = [...place, name];
    const address = reading.symbols.value(name, ADDRESS);
    if (address.ok) return bytesCheck(reading, address.value, name, text, here);
    reading.issues.key(here, address.message, address.hint);
    return [];
  });
}

function bytesCheck(reading: Reading, at: number, name: string, text: string, place: Path): Check[] {
  const [bytes, mask] = text.split('/').map(withoutBlanks);
  if (!isBytes(bytes) || (mask !== undefined && !(isBytes(mask) && mask.length === bytes.length))) {
    reading.issues.value(
      place,
      `"${text}" is not a row of bytes`,
      'write two hexadecimal digits for each, and after a slash as many for the bits that matter',
    );
    return [];
  }
  return [mask === undefined ? { of: 'bytes', at, name, bytes } : { of: 'bytes', at, name, bytes, mask }];
}

const CONDITION =
  /^(?:(?<step>[\w.+-]+)\.)??(?:(?<result>cc|pgm|came)|(?<block>schib|irb|orb|crw|interruption|mcic)\.(?<field>\w+))\s*(?<is>==|!=)\s*(?<value>\S.*)$/;

/** `cc == 0`, `first.cc != 3`, `schib.ena == 1`; null where it is wrong, which has been reported then. */
export function readCondition(reading: Reading, text: string, place: Path): Condition | null {
  const parts = CONDITION.exec(text.trim())?.groups;
  if (parts === undefined) {
    reading.issues.value(place, `"${text}" is no condition`, 'write it like cc == 0 or schib.ena == 1');
    return null;
  }
  const { step, result, block, field, is: operator, value } = parts;
  if (step !== undefined && !reading.results.includes(step)) {
    reading.issues.value(place, `no step is called "${step}"`, suggest(step, reading.results));
    return null;
  }
  const at = step === undefined ? {} : { step };
  const is = operator as Condition['is'];
  if (result !== undefined) {
    const of = result as 'cc' | 'pgm' | 'came';
    return { ...at, of, is, value: readNumber(reading, value, WORD, place) };
  }
  const of = block as BlockName;
  const known: BlockFields = BLOCKS[of].fields;
  if (!isKnown(reading, known, field, block, place)) return null;
  return { ...at, of, field, is, value: readNumber(reading, value, limitOf(known[field]), place) };
}

/** Where interruptions leave their codes. */
export const CODE_OF_WAIT = {
  status: -1,
  'io-interrupt': LOW_CORE.IO_INTERRUPTION,
  'machine-check': LOW_CORE.MACHINE_CHECK,
} as const;
