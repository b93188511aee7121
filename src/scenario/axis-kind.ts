import { placeNamed } from './document.ts';
import type { Parsed } from './parsed.ts';
import { scenarioSchema } from './schema.ts';
import { holdsNames } from './schema-forms.ts';
import {
  parseBandwidth,
  parseDistance,
  parseNumber,
  parseRate,
  parseRatio,
  parseSize,
  parseTime,
} from './units.ts';

/**
 * What the values of an axis are, so that they can be compared and stand in a table as numbers: the first kind of quantity
 * as which all of them can be read.
 */
export interface AxisKind {
  /** Ends the name of the axis's column: the unit. */
  readonly suffix: string;
  /** Whether all values are whole numbers in that unit. */
  readonly isWhole: boolean;
  /** Null: plain text. */
  readonly parse: ((text: string) => Parsed<number>) | null;
}

const TEXT: AxisKind = { suffix: '', isWhole: false, parse: null };

/** A plain number is a share as well, and belongs to the former. */
const QUANTITIES: readonly { readonly suffix: string; readonly parse: (text: string) => Parsed<number> }[] = [
  { suffix: '', parse: parseNumber },
  { suffix: '', parse: parseRatio },
  { suffix: '_ns', parse: parseTime },
  { suffix: '_bytes', parse: parseSize },
  { suffix: '_m', parse: parseDistance },
  { suffix: '_bytes_per_s', parse: parseBandwidth },
  { suffix: '_per_s', parse: parseRate },
];

export function axisKind(texts: readonly string[]): AxisKind {
  for (const { suffix, parse } of QUANTITIES) {
    const values = texts.map((text) => parse(text));
    if (!values.every(({ ok }) => ok)) continue;
    // A number such as 0010 is a name of four digits (of a device, for instance), which must keep its zeros.
    if (parse === parseNumber && texts.some((text) => /^0\d/.test(text))) return TEXT;
    return { suffix, parse, isWhole: values.every((value) => value.ok && Number.isSafeInteger(value.value)) };
  }
  return TEXT;
}

/** As `axisKind`, but identifiers, masks and names are texts in tables: CHPID 0.40 is not the number 0.4. */
export function axisColumnKind(path: string, texts: readonly string[]): AxisKind {
  const place = placeNamed(path);
  return place !== null && holdsNames(scenarioSchema, place) ? TEXT : axisKind(texts);
}

/** The number that `text` is among values of a kind; the text itself where they are texts. */
export function axisNumber({ parse }: AxisKind, text: string): number | string {
  if (parse === null) return text;
  const value = parse(text);
  return value.ok ? value.value : text;
}
