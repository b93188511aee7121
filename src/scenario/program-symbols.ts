import { suggest } from './nearest.ts';
import { type Parsed, parsed, refused } from './parsed.ts';

/**
 * Numbers of an instruction script: hexadecimal, with names for addresses and subchannels, sums and bitwise OR
 * (`B+10`, `80000000|P`). A name wins over a number, so eleven is written 0b where an area B exists.
 */
export const AREAS: Readonly<Record<string, number>> = {
  /** A page for channel programs and one for data. */
  P: 0x44000,
  B: 0x45000,
  /** Operands, on boundaries of 64 bytes. */
  ORB: 0x46000,
  S: 0x46040,
  X: 0x46080,
  IRB: 0x460c0,
  Q: 0x46140,
  CRW: 0x46180,
  /** Block of CHANNEL SUBSYSTEM CALL. */
  CHSC: 0x47000,
  /** Measurement blocks. */
  MB: 0x48000,
  /** Transport-command control block, transport-status block. */
  TCCB: 0x49000,
  TSB: 0x49800,
};

const AREA_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,31}$/;

/** `TD`, `TD1`, `TD2`, …: the test devices. */
export const deviceName = (position: number): string => (position === 0 ? 'TD' : `TD${position}`);

export class Symbols {
  private readonly values: ReadonlyMap<string, number>;

  private constructor(values: ReadonlyMap<string, number>) {
    this.values = values;
  }

  /** Names of a script: `areas` win over those that every script has; `sids` are the words of its devices. */
  static of(areas: Readonly<Record<string, number>>, sids: readonly number[]): Symbols {
    const all = new Map(Object.entries({ ...AREAS, ...areas }));
    sids.forEach((sid, position) => {
      all.set(deviceName(position), sid);
    });
    return new Symbols(all);
  }

  /** A number of at most `limit`. */
  value(text: string, limit: number): Parsed<number> {
    let result = 0;
    for (const [at, part] of text.split('|').entries()) {
      const sum = this.sum(part, text);
      if (!sum.ok) return sum;
      if (at > 0 && (sum.value > WORD || result > WORD)) return refused(`${text} has more than 32 bits`, '');
      result = at === 0 ? sum.value : (result | sum.value) >>> 0;
    }
    if (result <= limit) return parsed(result);
    return refused(`${text} is too large`, `the most is ${limit.toString(16)} (hexadecimal)`);
  }

  private sum(text: string, whole: string): Parsed<number> {
    let result = 0;
    for (const part of text.split('+')) {
      const term = this.term(part.trim(), whole);
      if (!term.ok) return term;
      result += term.value;
    }
    return Number.isSafeInteger(result) ? parsed(result) : refused(`${whole} is too large`, '');
  }

  private term(text: string, whole: string): Parsed<number> {
    const named = this.values.get(text);
    if (named !== undefined) return parsed(named);
    const digits = /^(?:0x)?([0-9a-f]+)$/i.exec(text);
    if (digits !== null) return parsed(Number.parseInt(digits[1], 16));
    if (AREA_NAME.test(text))
      return refused(
        `unknown area "${text}"`,
        suggest(
          text,
          [...this.values.keys()].filter((name) => !/\d/.test(name)),
        ),
      );
    return refused(`"${whole}" is not a number`, 'write hexadecimal digits, a name, or a sum such as B+10');
  }
}

/** All ones. */
export const WORD = 0xffffffff;
/** The largest address that is kept exactly. */
export const ADDRESS = Number.MAX_SAFE_INTEGER;

/** Refuses names that an expression could not contain. */
export function checkAreaName(name: string): Parsed<string> {
  if (/^TD\d*$/.test(name)) return refused(`"${name}" names a device`, 'choose another name');
  if (AREA_NAME.test(name)) return parsed(name);
  return refused(`"${name}" is no name for an area`, 'use letters, digits and "_", first a letter');
}
