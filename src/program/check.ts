import type { Storage } from '../zarch/storage.ts';
import { BLOCKS, type BlockName, fetchField } from './block-fields.ts';
import { bytesOf, hexOf } from './hex.ts';
import type { Check, Condition, Subject } from './step.ts';

/** What a step left behind: what checks and conditions look at. */
export interface StepResult {
  /** Condition code, −1 where the step has none. */
  readonly cc: number;
  /** Program-interruption code, 0 for none. */
  readonly pgm: number;
  /** Of a wait: 1 when it ended with what it waited for, 0 when its time was over; −1 otherwise. */
  readonly came: number;
  /** Where the block stands that the step stored or used; −1 for none. */
  readonly at: number;
}

export const NOTHING_DONE: StepResult = { cc: -1, pgm: 0, came: -1, at: -1 };

/** One look at a check, with both sides as people write them. */
export interface Finding {
  readonly check: Check;
  readonly met: boolean;
  readonly expected: string;
  readonly found: string;
}

export function evaluate(check: Check, result: StepResult, storage: Storage): Finding {
  return check.of === 'bytes' ? compareBytes(check, storage) : compareValue(check, result, storage);
}

export function holds(condition: Condition, result: StepResult, storage: Storage): boolean {
  return (subjectValue(condition, result, storage) === condition.value) === (condition.is === '==');
}

/** `cc`, `irb.stctl`, `bytes B+4`: how a check is named in results. */
export function nameOf(check: Check): string {
  if (check.of === 'bytes') return `bytes ${check.name}`;
  return 'field' in check ? `${check.of}.${check.field}` : check.of;
}

type BytesCheck = Extract<Check, { of: 'bytes' }>;

function compareBytes(check: BytesCheck, storage: Storage): Finding {
  const wanted = bytesOf(check.bytes);
  const mask = check.mask === undefined ? wanted.map(() => 0xff) : bytesOf(check.mask);
  const found = new Uint8Array(wanted.length);
  storage.fetch(check.at, found);
  const met = wanted.every((byte, at) => ((byte ^ found[at]) & mask[at]) === 0);
  const masked = check.mask === undefined ? '' : `/${check.mask}`;
  return { check, met, expected: check.bytes + masked, found: hexOf(found) };
}

function compareValue(check: Exclude<Check, BytesCheck>, result: StepResult, storage: Storage): Finding {
  const found = subjectValue(check, result, storage);
  const { value, mask, not = false } = check;
  const equal = mask === undefined ? found === value : ((found ^ value) & mask) === 0;
  const met = equal !== not && !Number.isNaN(found);
  const masked = mask === undefined ? '' : `/${formatValue(check, mask)}`;
  const expected = (not ? 'not ' : '') + formatValue(check, value) + masked;
  return { check, met, expected, found: formatFound(check, found, result) };
}

/** NaN, which equals nothing, where the step stored no such block. */
function subjectValue(subject: Subject, result: StepResult, storage: Storage): number {
  if (!('field' in subject)) return result[subject.of];
  if (result.at < 0) return Number.NaN;
  return fetchField(blockAt(subject.of, result.at, storage), BLOCKS[subject.of].fields[subject.field]);
}

function blockAt(block: BlockName, at: number, storage: Storage): Uint8Array {
  const bytes = new Uint8Array(BLOCKS[block].bytes);
  storage.fetch(at, bytes);
  return bytes;
}

const BITS_PER_DIGIT = 4;

/** Fields are written with as many hexadecimal digits as they can have. */
function formatValue(subject: Subject, value: number): string {
  if (!('field' in subject)) return value.toString(16);
  const { first, last } = BLOCKS[subject.of].fields[subject.field] ?? { first: 0, last: 31 };
  return value.toString(16).padStart(Math.ceil((last - first + 1) / BITS_PER_DIGIT), '0');
}

function formatFound(subject: Subject, found: number, result: StepResult): string {
  if (Number.isNaN(found)) return 'nothing stored';
  if (subject.of === 'cc' && result.pgm !== 0) return `pgm ${result.pgm.toString(16)}`;
  if (subject.of === 'pgm' && result.pgm === 0) return `cc ${result.cc}`;
  return formatValue(subject, found);
}
