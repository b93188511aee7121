import { ROW, type TraceProblem } from './trace-row.ts';

const TAB = 0x09;
const BLANK = 0x20;
const COMMA = 0x2c;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
/** Sets the bit in which capital and small letters differ. */
const SMALL = 0x20;
/** Bytes of a wrong word that an error shows. */
const SHOWN = 24;
/** Returned in place of a number that is none; the problem has been noted. */
export const NO_NUMBER = -1;

/**
 * Reads one row from left to right, byte by byte: a trace has millions of them, and no row leaves a string behind unless it
 * is wrong. Columns count bytes.
 */
export class RowCursor {
  bytes: Uint8Array = new Uint8Array(0);
  /** Number of the row in the file, from 1. */
  line = 0;
  /** The last word: from `wordStart` up to but not including `wordEnd`. */
  wordStart = 0;
  wordEnd = 0;
  /** What is wrong with the row; null: nothing so far. */
  problem: TraceProblem | null = null;
  private start = 0;
  private at = 0;
  private end = 0;

  /** Goes to another row: the bytes from `start` up to `end`, without its line end. */
  place(bytes: Uint8Array, start: number, end: number, line: number): void {
    this.bytes = bytes;
    this.line = line;
    this.start = start;
    this.at = start;
    this.end = end;
    this.problem = null;
  }

  /** Begins the row again. */
  rewind(): void {
    this.at = this.start;
  }

  /** Passes blanks; whether the row ends there. */
  isDone(): boolean {
    while (this.at < this.end && isBlank(this.bytes[this.at])) this.at++;
    return this.at === this.end;
  }

  /** The next byte behind blanks, which stays where it is; −1 at the end of the row. */
  peek(): number {
    return this.isDone() ? -1 : this.bytes[this.at];
  }

  /** The next word, which ends at a blank; empty at the end of the row. */
  word(): void {
    this.isDone();
    this.wordStart = this.at;
    while (this.at < this.end && !isBlank(this.bytes[this.at])) this.at++;
    this.wordEnd = this.at;
  }

  /** The next field of comma-separated values, without blanks around it; its comma is passed. */
  field(): void {
    this.isDone();
    this.wordStart = this.at;
    while (this.at < this.end && this.bytes[this.at] !== COMMA) this.at++;
    this.wordEnd = this.at;
    while (this.wordEnd > this.wordStart && isBlank(this.bytes[this.wordEnd - 1])) this.wordEnd--;
    if (this.at < this.end) this.at++;
  }

  /** Whether the last word is this one, in small or capital letters; `word` is written in small letters. */
  wordIs(word: string): boolean {
    const { bytes, wordStart } = this;
    if (this.wordEnd - wordStart !== word.length) return false;
    for (let index = 0; index < word.length; index++) {
      const letter = bytes[wordStart + index];
      if (letter !== word.charCodeAt(index) && (letter | SMALL) !== word.charCodeAt(index)) return false;
    }
    return true;
  }

  /** Whether the last word has this letter, exactly. */
  wordHas(letter: number): boolean {
    for (let index = this.wordStart; index < this.wordEnd; index++) {
      if (this.bytes[index] === letter) return true;
    }
    return false;
  }

  /** The last word as a whole number, `NO_NUMBER` when it is none; `what` names it in the error. */
  whole(what: string): number {
    const { bytes, wordStart, wordEnd } = this;
    let value = 0;
    for (let index = wordStart; index < wordEnd; index++) {
      const digit = bytes[index] - ZERO;
      if (digit < 0 || digit > 9) return this.noNumber(`${what} ${this.quoted()} is not a whole number`);
      value = value * 10 + digit;
    }
    if (wordStart === wordEnd) return this.noNumber(`${what} is missing`);
    return value <= Number.MAX_SAFE_INTEGER ? value : this.tooLarge(what);
  }

  /** The last word, a decimal number, in units of 10^−`places`; digits beyond are dropped. `NO_NUMBER` when it is none. */
  decimal(what: string, places: number): number {
    const { bytes, wordStart, wordEnd } = this;
    let value = 0;
    let digits = 0;
    let left = -1;
    for (let index = wordStart; index < wordEnd; index++) {
      const byte = bytes[index];
      if (byte === POINT && left < 0) {
        left = places;
        continue;
      }
      if (byte < ZERO || byte > NINE) return this.noNumber(`${what} ${this.quoted()} is not a number`);
      digits++;
      if (left === 0) continue;
      value = value * 10 + (byte - ZERO);
      if (left > 0) left--;
    }
    if (wordStart === wordEnd) return this.noNumber(`${what} is missing`);
    if (digits === 0) return this.noNumber(`${what} ${this.quoted()} is not a number`);
    for (let missing = left < 0 ? places : left; missing > 0; missing--) value *= 10;
    return value <= Number.MAX_SAFE_INTEGER ? value : this.tooLarge(what);
  }

  /** Notes what is wrong with the last word. */
  broken(message: string, hint: string): typeof ROW.BROKEN {
    this.problem = { line: this.line, col: this.wordStart - this.start + 1, message, hint };
    return ROW.BROKEN;
  }

  /** The last word for an error, shortened and without unprintable bytes. */
  quoted(): string {
    const { bytes, wordStart, wordEnd } = this;
    const last = Math.min(wordEnd, wordStart + SHOWN);
    let text = '';
    for (let index = wordStart; index < last; index++) {
      text += isPrintable(bytes[index]) ? String.fromCharCode(bytes[index]) : '?';
    }
    return `"${text}${last < wordEnd ? '…' : ''}"`;
  }

  private noNumber(message: string): typeof NO_NUMBER {
    this.broken(message, 'look whether the row is whole and the format is the right one');
    return NO_NUMBER;
  }

  private tooLarge(what: string): typeof NO_NUMBER {
    this.broken(`${what} ${this.quoted()} is too large`, 'look whether the format is the right one');
    return NO_NUMBER;
  }
}

const isBlank = (byte: number): boolean => byte === BLANK || byte === TAB;

/** Printable ASCII without blanks. */
export const isPrintable = (byte: number): boolean => byte > BLANK && byte < 0x7f;
