import { NS_PER_MS, NS_PER_S, NS_PER_US, type SimTime } from '../kernel/time.ts';
import { type Parsed, parsed, refused } from './parsed.ts';

/**
 * Quantities as scenarios write them: a decimal number and its unit (`1.5ms`, `40/s`, `64KiB`). The value must be
 * exact in the simulator's own unit, so decimals are converted with integers, never through a binary fraction.
 */
const TIME_UNITS = {
  ns: 1,
  us: NS_PER_US,
  µs: NS_PER_US,
  ms: NS_PER_MS,
  s: NS_PER_S,
  min: 60 * NS_PER_S,
  h: 3600 * NS_PER_S,
  d: 86_400 * NS_PER_S,
};
const SIZE_UNITS = { B: 1, KiB: 1024, MiB: 1024 * 1024, GiB: 1024 * 1024 * 1024, KB: 1e3, MB: 1e6, GB: 1e9 };
const DISTANCE_UNITS = { m: 1, km: 1000 };
const BANDWIDTH_UNITS = { 'KB/s': 1e3, 'MB/s': 1e6, 'GB/s': 1e9 };

/** `300us` → nanoseconds. */
export const parseTime = (text: string): Parsed<SimTime> =>
  quantity(text, 'a time', TIME_UNITS, 'ns', (number) => `write ${number}s, ${number}ms or ${number}us`);

/** `4KiB` → bytes. */
export const parseSize = (text: string): Parsed<number> =>
  quantity(text, 'a size', SIZE_UNITS, 'bytes', (number) => `write ${number}KiB or ${number}MiB`);

/** `10km` → metres. */
export const parseDistance = (text: string): Parsed<number> =>
  quantity(text, 'a distance', DISTANCE_UNITS, 'metres', (number) => `write ${number}km or ${number}m`);

/** `1600MB/s` → bytes per second. */
export const parseBandwidth = (text: string): Parsed<number> =>
  quantity(text, 'a transfer rate', BANDWIDTH_UNITS, 'bytes per second', (number) => `write ${number}MB/s`);

/** `40/s` → events per second; a rate need not be a whole number. */
export function parseRate(text: string): Parsed<number> {
  const slash = text.indexOf('/');
  const number = slash < 0 ? text : text.slice(0, slash);
  const checked = decimal(number.trim(), 'a rate', 'write it like 40/s or 2.5/ms', text);
  if (!checked.ok) return checked;
  if (slash < 0) return refused(`"${text}" has no unit`, `write ${text}/s`);
  const unit = text.slice(slash + 1).trim();
  if (!Object.hasOwn(TIME_UNITS, unit)) return unknownUnit(unit, Object.keys(TIME_UNITS));
  const perUnit = Number(number);
  return parsed((perUnit * NS_PER_S) / TIME_UNITS[unit as keyof typeof TIME_UNITS]);
}

/** `0.75` or `75%` → 0 … 1. */
export function parseRatio(text: string): Parsed<number> {
  const percent = text.endsWith('%');
  const number = (percent ? text.slice(0, -1) : text).trim();
  const checked = decimal(number, 'a share', 'write a number from 0 to 1, or a percentage such as 75%');
  if (!checked.ok) return checked;
  const value = percent ? Number(number) / 100 : Number(number);
  if (value > 1) return refused(`${text} is more than 1`, 'a share lies between 0 and 1, or 0% and 100%');
  return parsed(value);
}

/** `12` → 12, within limits. */
export function parseWhole(text: string, least: number, most: number): Parsed<number> {
  if (!/^-?\d+$/.test(text))
    return refused(`"${text}" is not a whole number`, `write digits only, ${least} or more`);
  const value = Number(text);
  if (value < least) return refused(`${text} is less than ${least}`, `the least is ${least}`);
  if (value > most) return refused(`${text} is more than ${most}`, `the most is ${most}`);
  return parsed(value);
}

/** `0.9` → 0.9, without unit. */
export function parseNumber(text: string): Parsed<number> {
  const checked = decimal(text, 'a number', 'write digits, with a point where needed');
  return checked.ok ? parsed(Number(text)) : checked;
}

/** The shortest exact way to write a time: 1_500_000 → `1500us`. */
export function formatTime(ns: SimTime): string {
  if (ns === 0) return '0s';
  if (ns % NS_PER_S === 0) return `${ns / NS_PER_S}s`;
  if (ns % NS_PER_MS === 0) return `${ns / NS_PER_MS}ms`;
  if (ns % NS_PER_US === 0) return `${ns / NS_PER_US}us`;
  return `${ns}ns`;
}

function quantity(
  text: string,
  what: string,
  units: Readonly<Record<string, number>>,
  base: string,
  hint: (number: string) => string,
): Parsed<number> {
  const split = /^([-+]?[\d.]*)\s*(.*)$/.exec(text)!;
  const [, number, unit] = split;
  const names = Object.keys(units);
  if (number === '') return refused(`"${text}" is not ${what}`, hint('2'));
  if (unit === '') return refused(`"${text}" has no unit`, hint(number));
  if (!Object.hasOwn(units, unit)) return unknownUnit(unit, names);
  const checked = decimal(number, what, hint('2'), text);
  if (!checked.ok) return checked;
  return scaled(text, checked.value, units[unit], base);
}

interface Decimal {
  readonly digits: string;
  readonly decimals: number;
}

/** Checks a non-negative decimal number; no exponents, since `4e10` is more often a device than a number. */
function decimal(text: string, what: string, hint: string, shown = text): Parsed<Decimal> {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) return refused(`"${shown}" is not ${what}`, hint);
  const [, sign, whole, fraction = ''] = match;
  const digits = whole + fraction;
  if (sign === '-' && /[1-9]/.test(digits)) return refused(`${shown} is negative`, `${what} is zero or more`);
  return parsed({ digits, decimals: fraction.length });
}

function scaled(text: string, { digits, decimals }: Decimal, unit: number, base: string): Parsed<number> {
  const numerator = BigInt(digits) * BigInt(unit);
  const denominator = BigInt(`1${'0'.repeat(decimals)}`);
  if (numerator % denominator !== 0n) {
    return refused(`${text} is not a whole number of ${base}`, 'write fewer decimals');
  }
  const value = numerator / denominator;
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    return refused(`${text} is too large`, `the most is ${Number.MAX_SAFE_INTEGER} ${base}`);
  }
  return parsed(Number(value));
}

const unknownUnit = (unit: string, names: readonly string[]): Parsed<never> =>
  refused(`unknown unit "${unit}"`, `known units: ${names.filter((name) => name !== 'µs').join(', ')}`);
