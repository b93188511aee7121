import type { Step } from '../program/step.ts';
import { CCW_FLAGS, ccwBytes, idawBytes, midawBytes, orbBytes, wordBytes } from './program-blocks.ts';
import {
  type At,
  areaOf,
  isBytes,
  number,
  operand,
  readFields,
  readNumber,
  withoutBlanks,
} from './program-reading.ts';
import { ADDRESS, WORD } from './program-symbols.ts';

/** Steps that put blocks into storage, on their own or before an instruction. */
const BYTE = 0xff;
const HALFWORD = 0xffff;
/** What an ORB has that a script does not mention: format-1 CCWs, and every path may be used. */
const ORB_DEFAULTS = { fmt: 1, lpm: 0xff } as const;
/** The same in transport mode, where there are no CCWs that could have a format. */
const TRANSPORT_DEFAULTS = { lpm: 0xff } as const;

/** START SUBCHANNEL, after storing its channel program and its ORB unless the step names an ORB in storage only. */
export function startOf(at: At): Step[] {
  const { reading, step, place } = at;
  const start: Step = { do: 'ssch', sid: number(at, 'ssch', WORD), at: operand(at, 'ORB') };
  if (step.at !== undefined && step.orb === undefined && step.ccws === undefined) return [start];
  const given = readFields(reading, 'orb', step.orb ?? {}, [...place, 'orb']);
  const fields = { ...defaultsOf(given), cpa: areaOf(at, 'P'), ...given };
  const ccws = step.ccws === undefined ? [] : ccwsOf(at, fields.cpa, formatOf(fields));
  return [...ccws, store(start.at, orbBytes(fields)), start];
}

/** A whole word says everything about its fields. */
function defaultsOf({ word1, b }: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  if (word1 !== undefined) return {};
  return b === 1 ? TRANSPORT_DEFAULTS : ORB_DEFAULTS;
}

const FORMAT_1 = 0x00800000;
const formatOf = ({ fmt, word1 = 0 }: Readonly<Record<string, number>>): number =>
  fmt ?? ((word1 & FORMAT_1) === 0 ? 0 : 1);

/** CCWs one behind the other. */
export function ccwsOf(at: At, address: number, format: number): Step[] {
  let next = address;
  return at.step.ccws!.map((ccw, index) => {
    const [bytes, times] = ccwOf(at, ccw, format, index);
    const step = store(next, bytes, times);
    next += (bytes.length / 2) * times;
    return step;
  });
}

/** `[e4, CC+SLI, 20, B]`, `[e4, CC, 20, B, x499]` or two raw words; and how often. */
function ccwOf(
  { reading, place }: At,
  ccw: readonly string[],
  format: number,
  index: number,
): [string, number] {
  const here = [...place, 'ccws', index];
  const read = (position: number, limit: number): number =>
    readNumber(reading, ccw[position], limit, [...here, position]);
  if (ccw.length === 2) return [wordBytes([read(0, WORD), read(1, WORD)]), 1];
  if (ccw.length === 3) {
    reading.issues.value(here, 'a CCW has command, flags, count and address', 'or two raw words');
    return ['', 1];
  }
  const fields = {
    command: read(0, BYTE),
    flags: flagsOf(reading, ccw[1], [...here, 1]),
    count: read(2, HALFWORD),
    address: read(3, WORD),
  };
  return [ccwBytes(fields, format), ccw.length === 5 ? timesOf(reading, ccw[4], [...here, 4]) : 1];
}

function timesOf({ issues }: At['reading'], text: string, place: At['place']): number {
  const digits = /^x([1-9]\d{0,4})$/.exec(text);
  if (digits !== null) return Number(digits[1]);
  issues.value(place, `"${text}" is not how often`, 'write x and decimal digits, such as x499');
  return 1;
}

/** `CC+SLI`, `-` for none, or two hexadecimal digits; names win, so the flags CC are not cc. */
function flagsOf(reading: At['reading'], text: string, place: At['place']): number {
  if (text === '-') return 0;
  const names = text.split('+').map((part) => part.trim());
  if (names.every((name) => Object.hasOwn(CCW_FLAGS, name))) {
    return names.reduce((flags, name) => flags | CCW_FLAGS[name], 0);
  }
  if (/^[0-9a-f]{1,2}$/i.test(text)) return Number.parseInt(text, 16);
  const hint = `join ${Object.keys(CCW_FLAGS).join(', ')} with "+", or write - for none`;
  reading.issues.value(place, `"${text}" are no flags of a CCW`, hint);
  return 0;
}

/** 31-bit words (format 1) or doublewords (format 2). */
export function idawsOf(at: At): Step[] {
  const { reading, step, place } = at;
  const format = step.format ?? 2;
  const limit = format === 1 ? WORD : ADDRESS;
  const idaws = step.idaws!.map((text, index) =>
    idawBytes(readNumber(reading, text, limit, [...place, 'idaws', index]), format),
  );
  return [store(operand(at, 'B'), idaws.join(''))];
}

export function midawsOf(at: At): Step[] {
  const { reading, step, place } = at;
  const midaws = step.midaws!.map((midaw, index) => {
    const [flags, count, address] = [BYTE, HALFWORD, ADDRESS].map((limit, position) =>
      readNumber(reading, midaw[position], limit, [...place, 'midaws', index, position]),
    );
    return midawBytes(flags, count, address);
  });
  return [store(operand(at, 'B'), midaws.join(''))];
}

/** Bytes or words, as often as the step says. */
export function storeOf(at: At, address: number): Step[] {
  const { reading, step, place } = at;
  const { bytes, words, times = 1 } = step;
  if ((bytes === undefined) === (words === undefined)) {
    reading.issues.value(place, 'stores neither bytes nor words, or both', 'write bytes: 00ff or words: [P]');
    return [];
  }
  if (words !== undefined) {
    const values = words.map((text, index) => readNumber(reading, text, WORD, [...place, 'words', index]));
    return [store(address, wordBytes(values), times)];
  }
  const digits = withoutBlanks(bytes!);
  if (isBytes(digits)) return [store(address, digits, times)];
  reading.issues.value(
    [...place, 'bytes'],
    `"${bytes}" is not a row of bytes`,
    'write two hexadecimal digits for each',
  );
  return [];
}

/** Changes single fields of a block that is in storage. */
export function changeOf(at: At, address: number): Step[] {
  const { reading, step, place } = at;
  const block = step.block ?? 'schib';
  return [
    { do: 'set', at: address, block, fields: readFields(reading, block, step.set ?? {}, [...place, 'set']) },
  ];
}

export const store = (at: number, bytes: string, times = 1): Step => ({ do: 'store', at, bytes, times });
