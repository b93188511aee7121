import { ScenarioError } from '../scenario/errors.ts';

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

  constructor(file: string, line: number, text: string) {
    this.file = file;
    this.line = line;
    this.text = text;
  }

  get words(): readonly Word[] {
    return [...this.text.matchAll(/\S+/g)].map((match) => ({ text: match[0], col: match.index + 1 }));
  }

  get place(): string {
    return `${this.file}:${this.line}`;
  }

  /** An error at a word of the line; without one, at its end. */
  error(word: Word | undefined, problem: string, hint: string): ScenarioError {
    const col = word?.col ?? this.text.trimEnd().length + 1;
    return new ScenarioError('invalid', { file: this.file, line: this.line, col }, '', problem, hint);
  }
}

/** A text that was read, by the name that the user gave it. */
export interface InputText {
  readonly file: string;
  readonly text: string;
}

/** The lines of a text that are neither blank nor comments, one after the other. */
export function* printedLines({ file, text }: InputText): Generator<PrintedLine> {
  let number = 0;
  for (let start = 0; start <= text.length; ) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end < 0 ? text.length : end).trimEnd();
    start = end < 0 ? text.length + 1 : end + 1;
    number++;
    if (!/^\s*(#|$)/.test(line)) yield new PrintedLine(file, number, line);
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
