import { z } from 'zod';
import type { BusId } from '../qemu/device-configuration.ts';
import type { Chpid } from '../zarch/ids.ts';
import { parseBusIdList } from './bus-ids.ts';
import type { Path } from './errors.ts';
import { parseChpids, parseDevice, parseDevices } from './identifiers.ts';
import { type Parsed, parsed, refused } from './parsed.ts';
import type { DeviceRange, ResolvedDistribution } from './resolved.ts';
import {
  parseBandwidth,
  parseDistance,
  parseNumber,
  parseRate,
  parseRatio,
  parseSize,
  parseTime,
  parseWhole,
} from './units.ts';

/**
 * The kinds of fields a scenario has. Every scalar arrives as its source text and is read by exactly one parser; what
 * an editor may offer for it (a number, a truth value) is told separately in `accepts`, and shown by an `example`.
 */
/** `name`: looks like a number at times (`0.40`, `80`), and must never be taken for one. */
export type Accepts = 'text' | 'name' | 'text-or-number' | 'number' | 'boolean';

function scalar<T>(accepts: Accepts, parse: (text: string) => Parsed<T>, example?: string) {
  return z
    .string()
    .transform((text, context): T => {
      const result = parse(text.trim());
      if (result.ok) return result.value;
      const { message, hint } = result;
      context.issues.push({ code: 'custom', input: text, message, params: { hint } });
      return z.NEVER;
    })
    .meta({ accepts, example });
}

export const time = () => scalar('text', parseTime, '300us');
export const positiveTime = () => scalar('text', (text) => positive(text, parseTime(text)), '1s');
/** A time, or `auto`. */
export const timeOrAuto = () => scalar('text', parseTimeOrAuto, '5s');
export const size = () => scalar('text', (text) => positive(text, parseSize(text)), '64MiB');
export const distance = () => scalar('text', parseDistance, '10km');
export const bandwidth = () => scalar('text', (text) => positive(text, parseBandwidth(text)), '1600MB/s');
export const rate = () => scalar('text', (text) => positive(text, parseRate(text)), '40/s');
export const ratio = () => scalar('text-or-number', parseRatio, '0.75');
export const positiveRatio = () =>
  scalar('text-or-number', (text) => positive(text, parseRatio(text)), '0.2');
export const number = () => scalar('text-or-number', parseNumber, '0.9');
export const whole = (least: number, most: number) =>
  scalar('number', (text) => parseWhole(text, least, most));
/** A mask of paths, or a model: two hex digits. */
export const hexByte = () => scalar('name', parseHexByte, 'f0');
export const truth = () => scalar('boolean', parseTruth);
export const text = () => scalar('name', (value) => parsed(value));
/** A text that is not empty. */
export const someText = () =>
  scalar('name', (value) => (value === '' ? refused('is empty', 'write any text') : parsed(value)));
/** A name that stands in file names, labels and expressions. */
export const name = () => scalar('name', parseName);
export const oneOf = <const T extends readonly [string, ...string[]]>(names: T) => z.enum(names);
/** The names of a table's entries. */
export const keysOf = <T extends object>(table: T) =>
  Object.keys(table) as [keyof T & string, ...(keyof T & string)[]];

/** A value out of a list, with its place below the field, so that a later error can point at it. */
export interface Located<T> {
  readonly value: T;
  readonly at: Path;
}

export const chpids = () => listOf(() => scalar('name', parseChpids, '0.40'));
export const devices = () => listOf(() => scalar('name', parseBusIds, '0.0.1000-0.0.1029'));
/** QEMU's property `devno`. */
export const busIds = () => listOf(() => scalar('text', parseBusIdList, 'fe.0.1234'));
export type BusIdList = readonly Located<BusId | null>[];
/** `any`, or one device. */
export const aliasOf = () => scalar('name', parseAliasOf, 'any');
export type AliasOf = 'any' | DeviceRange;
/** Channel-report words. */
export const reportWords = () => listOf(() => scalar('name', parseReportWords, '04060000'));
/** PCI event codes. */
export const eventCode = () => scalar('name', parseEventCode, '003a');
export type ReportWords = readonly Located<number>[];
/** `all`, `none` or devices. */
export const selectedDevices = () => listOf(() => scalar('name', parseSelection, '0.0.1000-0.0.1029'));
export type DeviceSelection = readonly Located<DeviceRange | 'all'>[];
export type ChpidList = readonly Located<Chpid>[];

/** One text or a list of texts, each of which stands for several values. */
function listOf<T>(element: () => z.ZodType<readonly T[], string>) {
  const single = element().transform((values): Located<T>[] => values.map((value) => ({ value, at: [] })));
  const list = z
    .array(element())
    .transform((lists): Located<T>[] =>
      lists.flatMap((values, index) => values.map((value) => ({ value, at: [index] }))),
    );
  return z.union([single, list]);
}

/** A fixed time, or a distribution of times. */
export const distribution = () =>
  z.union([
    time().transform((meanNs): ResolvedDistribution => ({ kind: 'deterministic', meanNs })),
    z
      .strictObject({
        exponential: positiveTime().optional().describe('Exponential with this mean, nanoseconds.'),
        uniform: z.tuple([time(), time()]).optional().describe('Uniform between two times, nanoseconds.'),
        erlang: z
          .strictObject({
            stages: whole(1, 100).describe('Number of equal exponential stages.'),
            mean: positiveTime().describe('Mean of the sum of the stages, nanoseconds.'),
          })
          .optional()
          .describe('Sum of exponential stages: less variable than exponential.'),
        hyperexponential: z
          .strictObject({
            share: ratio().describe('Probability of the first mean, 0 to 1.'),
            first: time().describe('First mean, nanoseconds.'),
            second: time().describe('Second mean, nanoseconds.'),
          })
          .optional()
          .describe('One of two exponentials: more variable than exponential.'),
      })
      .transform((kinds, context): ResolvedDistribution => {
        const given = Object.entries(kinds).filter(([, value]) => value !== undefined);
        if (given.length !== 1) {
          const message = 'a distribution has exactly one kind';
          const hint = 'write for instance { exponential: 300us }, or just 300us for a fixed time';
          context.issues.push({ code: 'custom', input: kinds, message, params: { hint } });
          return z.NEVER;
        }
        return distributionOf(kinds);
      }),
  ]);

function distributionOf(kinds: {
  exponential?: number | undefined;
  uniform?: [number, number] | undefined;
  erlang?: { stages: number; mean: number } | undefined;
  hyperexponential?: { share: number; first: number; second: number } | undefined;
}): ResolvedDistribution {
  if (kinds.exponential !== undefined) return { kind: 'exponential', meanNs: kinds.exponential };
  if (kinds.uniform !== undefined) {
    const [lowNs, highNs] = kinds.uniform;
    return { kind: 'uniform', lowNs, highNs };
  }
  if (kinds.erlang !== undefined) {
    return { kind: 'erlang', stages: kinds.erlang.stages, meanNs: kinds.erlang.mean };
  }
  const { share, first, second } = kinds.hyperexponential!;
  return { kind: 'hyperexponential', share, firstNs: first, secondNs: second };
}

const parseAliasOf = (value: string): Parsed<AliasOf> =>
  value === 'any' ? parsed('any') : parseDevice(value);

function parseSelection(value: string): Parsed<readonly (DeviceRange | 'all')[]> {
  if (value === 'all') return parsed(['all']);
  if (value === 'none') return parsed([]);
  return parseBusIds(value);
}

/** QEMU's name for the image of virtual devices, which a guest knows as image 0 (css.h:VIRTUAL_CSSID). */
const VIRTUAL_IMAGE = /\bfe(?=\.[0-9a-f]\.)/gi;

/** Devices; those of a guest may be called as in QEMU, `fe.0.0100`. */
export const parseBusIds = (value: string): Parsed<readonly DeviceRange[]> =>
  parseDevices(value.replace(VIRTUAL_IMAGE, '0'));

/** `03040007, 03040010` → the words in the order written. */
function parseReportWords(value: string): Parsed<readonly number[]> {
  const words = value.split(',').map((word) => word.trim());
  const wrong = words.find((word) => !/^[0-9a-f]{8}$/i.test(word));
  if (wrong === undefined) return parsed(words.map((word) => Number.parseInt(word, 16)));
  return refused(`"${wrong}" is not a channel-report word`, 'write eight hex digits, such as 04060000');
}

function parseHexByte(value: string): Parsed<number> {
  if (/^[0-9a-f]{2}$/i.test(value)) return parsed(Number.parseInt(value, 16));
  return refused(`"${value}" is not two hex digits`, 'write it like f0');
}

function parseTimeOrAuto(value: string): Parsed<number | 'auto'> {
  if (value === 'auto') return parsed('auto');
  const time = parseTime(value);
  return time.ok ? time : refused(time.message, `${time.hint}, or auto`);
}

function parseEventCode(value: string): Parsed<number> {
  if (/^[0-9a-f]{4}$/i.test(value)) return parsed(Number.parseInt(value, 16));
  return refused(`"${value}" is not a PCI event code`, 'write four hex digits, such as 003a');
}

function parseTruth(value: string): Parsed<boolean> {
  if (value === 'true' || value === 'on' || value === 'yes') return parsed(true);
  if (value === 'false' || value === 'off' || value === 'no') return parsed(false);
  return refused(`"${value}" is neither true nor false`, 'write true or false');
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;

/** Refuses what could not be part of a file name on every system. */
export function parseName(value: string): Parsed<string> {
  if (NAME.test(value)) return parsed(value);
  return refused(
    `"${value}" is not a name`,
    'use up to 64 letters, digits, ".", "_", "+" or "-", first a letter or digit',
  );
}

const positive = (value: string, result: Parsed<number>): Parsed<number> =>
  result.ok && result.value === 0 ? refused(`${value} is zero`, 'it must be more than zero') : result;
