import { runProgram } from '../../src/cli/program.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { BuildSimulation } from '../../src/experiment/built-run.ts';
import { tinyRun } from '../experiment/tiny-run.ts';
import { MemoryFiles } from '../output/memory-files.ts';

/** A terminal that keeps what was written, with files in memory and a clock that stands still unless told otherwise. */
export class TestTerminal implements Terminal {
  stdout = '';
  stderr = '';
  readonly outIsTerminal = false;
  errIsTerminal = false;
  readonly errColumns = 80;
  env: Record<string, string> = {};
  readonly processors = 1;
  readonly files = new MemoryFiles();
  build: BuildSimulation = tinyRun();
  left: number | null = null;
  /** Output after which the reader goes away, characters. */
  readsAtMost = Number.POSITIVE_INFINITY;
  /** Milliseconds that pass with every look at the clock. */
  tick = 0;
  private ms = 1_700_000_000_000;
  private listener: ((signal: 'SIGINT' | 'SIGTERM') => void) | null = null;

  out(text: string): void {
    this.stdout += text;
  }

  err(text: string): void {
    this.stderr += text;
  }

  now(): number {
    this.ms += this.tick;
    return this.ms;
  }

  onSignal(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void {
    this.listener = listener;
    return () => {
      this.listener = null;
    };
  }

  readerLeft(): boolean {
    return this.stdout.length > this.readsAtMost;
  }

  leave(code: number): void {
    this.left = code;
  }

  /** What Ctrl-C does. */
  signal(signal: 'SIGINT' | 'SIGTERM'): void {
    this.listener?.(signal);
  }

  get listens(): boolean {
    return this.listener !== null;
  }

  /** Runs a command line. */
  chpsim(...argv: string[]): Promise<number> {
    return runProgram(this, { name: 'chpsim', version: '0.1.0', commit: null, build: null }, argv);
  }
}
