import { ScenarioError } from '../scenario/errors.ts';
import { consolePrefix } from './console-prefix.ts';

/** A word of a printed line, and the column at which it begins, from 1. */
export interface Word {
  readonly text: string;
  readonly col: number;
}

/** A line that a tool has printed, with its place for errors. */
export class PrintedLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** Characters of the line in front of the text, which the tool has not printed. */
  readonly #ahead: number;

  constructor(file: string, line: number, text: string, ahead = 0) {
    this.file = file;
    this.line = line;
    this.text = text;
    this.#ahead = ahead;
  }

  get words(): readonly Word[] {
    return [...this.text.matchAll(/\S+/g)].map((match) => ({
      text: match[0],
      col: this.#ahead + match.index + 1,
    }));
  }

  get place(): string {
    return `${this.file}:${this.line}`;
  }

  /** An error at a word of the line; without one, at its end. */
  error(word: Word | undefined, problem: string, hint: string): ScenarioError {
    const col = word?.col ?? this.#ahead + this.text.trimEnd().length + 1;
    return new ScenarioError('invalid', { file: this.file, line: this.line, col }, '', problem, hint);
  }
}

/** A text that was read, by the name that the user gave it. */
export interface InputText {
  readonly file: string;
  readonly text: string;
}

/**
 * The lines of a text that are neither blank nor comments, one after the other, without what a console has put in front of
 * each of them. Throws an ImportError where only some lines have that.
 */
export function* printedLines({ file, text }: InputText): Generator<PrintedLine> {
  const lines = text.split('\n');
  const { pattern, errors } = consolePrefix(file, lines);
  if (errors.length > 0) throw new ImportError(errors);
  for (const [index, line] of lines.entries()) {
    const ahead = pattern.exec(line)?.[0].length ?? 0;
    const told = line.slice(ahead).trimEnd();
    if (!/^\s*(#|$)/.test(told)) yield new PrintedLine(file, index + 1, told, ahead);
  }
}

/** Errors that are listed; whoever reads the wrong file altogether need not read on. */
const MOST_ERRORS = 10;

/** What could not be read of one or more texts. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  readonly errors: readonly ScenarioError[];

  constructor(errors: readonly ScenarioError[]) {
    super(errors[0].message);
    this.errors = errors;
  }

  /** What is wrong with a text as a whole. */
  static of(file: string, problem: string, hint: string): ImportError {
    return new ImportError([new ScenarioError('invalid', { file, line: 0, col: 0 }, '', problem, hint)]);
  }

  /** At most ten of them, and how many more there are. */
  lines(): string[] {
    const shown = this.errors.slice(0, MOST_ERRORS).map(({ message }) => message);
    const left = this.errors.length - shown.length;
    return left === 0 ? shown : [...shown, `and ${left} more like these`];
  }
}

/** Reads each line, and throws an ImportError with all that went wrong. */
export function readLines(
  lines: Iterable<PrintedLine>,
  read: (line: PrintedLine) => ScenarioError | null,
): void {
  const errors: ScenarioError[] = [];
  for (const line of lines) {
    const error = read(line);
    if (error !== null) errors.push(error);
  }
  if (errors.length > 0) throw new ImportError(errors);
}
