import { BLOCKS, type BlockFields, type BlockName, limitOf } from '../program/block-fields.ts';
import type { Issues, Path } from './errors.ts';
import { suggest } from './nearest.ts';
import { ADDRESS, AREAS, type Symbols } from './program-symbols.ts';
import type { VerbName } from './program-verbs.ts';
import type { ParsedStep, ScriptMachine } from './schema-program.ts';

/** What reading a script needs everywhere. */
export interface Reading {
  readonly symbols: Symbols;
  readonly issues: Issues;
  /** Names under which results are kept. */
  readonly results: readonly string[];
}

/** Reads a number; 0 where it is wrong, which has been reported then. */
export function readNumber(reading: Reading, text: string, limit: number, place: Path): number {
  const value = reading.symbols.value(text, limit);
  if (value.ok) return value.value;
  reading.issues.value(place, value.message, value.hint);
  return 0;
}

/** Fields of a block by name; unknown names are reported and left out. */
export function readFields(
  reading: Reading,
  block: BlockName,
  fields: Readonly<Record<string, string>>,
  place: Path,
): Record<string, number> {
  const values: Record<string, number> = {};
  const known: BlockFields = BLOCKS[block].fields;
  for (const [name, text] of Object.entries(fields)) {
    if (isKnown(reading, known, name, block, [...place, name])) {
      values[name] = readNumber(reading, text, limitOf(known[name]), [...place, name]);
    }
  }
  return values;
}

/** Reading the steps of one script for one machine. */
export interface StepReading extends Reading {
  readonly machine: ScriptMachine;
  /** What the run is called by, and what any run is, for steps that are not for all of them. */
  readonly runNames: readonly string[];
  readonly knownNames: readonly string[];
  readonly procedures: readonly string[];
  /** Channel paths of the machine. */
  readonly chpids: readonly number[];
  /** Size of the machine's storage. */
  readonly storageBytes: number;
  /** Names of the devices, present or not. */
  readonly devices: readonly string[];
  /** Verbs that the machine of the script knows nothing of, and why. */
  readonly impossible: Readonly<Partial<Record<VerbName, string>>>;
  /** Line of a place in the scenario. */
  readonly lineOf: (place: Path) => number;
}

/** One step that is being read. */
export interface At {
  readonly reading: StepReading;
  readonly step: ParsedStep;
  readonly place: Path;
  readonly name: string;
}

/** A number under a key of the step, or an address that every script has. */
export function number(
  { reading, step, place }: At,
  key: keyof ParsedStep,
  limit: number,
  otherwise = 0,
): number {
  const text = step[key] as string | undefined;
  return text === undefined ? otherwise : readNumber(reading, text, limit, [...place, key]);
}

/** The operand's address: `at`, or an area that every script has. */
export const operand = (at: At, area: string): number => number(at, 'at', ADDRESS, areaOf(at, area));
/** The scenario may have moved an area. */
export function areaOf({ reading }: At, area: string): number {
  const moved = reading.symbols.value(area, ADDRESS);
  return moved.ok ? moved.value : AREAS[area];
}

export function isKnown(
  reading: Reading,
  known: BlockFields,
  name: string,
  block: string,
  place: Path,
): boolean {
  if (Object.hasOwn(known, name)) return true;
  const names = Object.keys(known).filter((field) => !/\d$/.test(field));
  reading.issues.key(place, `unknown field of the ${block}`, suggest(name, [...names, 'word0']));
  return false;
}

/** Bytes may be written in groups. */
export const withoutBlanks = (text: string): string => text.replaceAll(/\s+/g, '').toLowerCase();
export const isBytes = (text: string): boolean => text !== '' && /^([0-9a-f]{2})+$/.test(text);
