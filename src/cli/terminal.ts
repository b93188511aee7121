import os from 'node:os';
import process from 'node:process';
import { styleText } from 'node:util';
import type { BuildSimulation } from '../experiment/built-run.ts';
import { type FileSystem, NODE_FILES } from '../output/file-system.ts';
import { systemReason } from '../output/output-error.ts';
import { EXIT, type ExitCode, worst } from './exit-codes.ts';

/** Everything outside the simulation that commands use, so that tests can put something else in its place. */
export interface Terminal {
  /** Data. */
  out(text: string): void;
  /** Progress, warnings and errors. */
  err(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Width of the terminal behind stderr in characters. */
  readonly errColumns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Processors of this machine: how many runs it makes sense to have at a time. */
  readonly processors: number;
  readonly files: FileSystem;
  readonly build: BuildSimulation;
  /** Wall clock in milliseconds since 1970; results never depend on it. */
  now(): number;
  /** Calls back at SIGINT and SIGTERM; the returned function ends that. */
  onSignal(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
  /** Whether whoever read stdout has gone away (`chpsim … | head`): nothing that is printed arrives any more. */
  readerLeft(): boolean;
  /** Leaves at once, without finishing anything. */
  leave(code: number): void;
}

/** Of a terminal that does not tell. */
const DEFAULT_COLUMNS = 80;

export function nodeTerminal(build: BuildSimulation): Terminal {
  let hasLeft = false;
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    hasLeft ||= code === 'EPIPE';
  });
  reportLostOutput(process.stdout, 'standard output');
  reportLostOutput(process.stderr, 'standard error');
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    outIsTerminal: process.stdout.isTTY === true,
    errIsTerminal: process.stderr.isTTY === true,
    errColumns: process.stderr.columns || DEFAULT_COLUMNS,
    env: process.env,
    processors: os.availableParallelism(),
    files: NODE_FILES,
    build,
    now: () => Date.now(),
    onSignal,
    readerLeft: () => hasLeft,
    leave: (code) => process.exit(code),
  };
}

/**
 * A stream that cannot be written makes the program end with 5, but only when its work is done: files may still be
 * whole. A reader that went away (`chpsim … | head`) is no error of ours.
 */
function reportLostOutput(stream: NodeJS.WriteStream, name: string): void {
  let isLost = false;
  stream.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
    if (isLost || code === 'EPIPE') return;
    isLost = true;
    process.on('exit', (ended) => {
      process.exitCode = worst([ended as ExitCode, EXIT.FILES]);
    });
    if (stream !== process.stderr)
      process.stderr.write(`error: cannot write ${name}: ${systemReason(code)}\n`);
  });
}

function onSignal(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void {
  const interrupt = (): void => listener('SIGINT');
  const terminate = (): void => listener('SIGTERM');
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', terminate);
  return () => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', terminate);
  };
}

export type Paint = (style: 'green' | 'red' | 'yellow' | 'bold', text: string) => string;

/** Colour on a stream, as NO_COLOR, FORCE_COLOR, TERM and `--no-color` will have it. */
export function paintFor(isTerminal: boolean, env: Terminal['env'], allowed: boolean): Paint {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  const off = FORCE_COLOR === '0' || FORCE_COLOR === 'false';
  const refused = !allowed || off || (NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb';
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '';
  const coloured = !refused && (isTerminal || forced);
  return (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text);
}
