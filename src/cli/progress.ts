import { formatTime } from '../output/table.ts';
import type { Terminal } from './terminal.ts';

export type ProgressMode = 'auto' | 'always' | 'never';

/** Between two lines, ms. A program that reads them (`--progress always`) wants more than a log does. */
const REWRITTEN_MS = 100;
const ASKED_FOR_MS = 1_000;
const LOG_MS = 10_000;

/** How far something is: one rewritten line in a terminal, elsewhere a plain line now and then. On stderr only. */
export class ProgressLine {
  private readonly terminal: Terminal;
  private readonly mode: ProgressMode;
  private readonly startedMs: number;
  private readonly rewrites: boolean;
  private readonly everyMs: number;
  private shownMs: number;
  private width = 0;

  constructor(terminal: Terminal, mode: ProgressMode) {
    this.terminal = terminal;
    this.mode = mode;
    this.startedMs = terminal.now();
    this.shownMs = this.startedMs;
    const { TERM } = terminal.env;
    this.rewrites = terminal.errIsTerminal && TERM !== 'dumb';
    const plainMs = mode === 'always' ? ASKED_FOR_MS : LOG_MS;
    this.everyMs = this.rewrites ? REWRITTEN_MS : plainMs;
  }

  /** Shows a line when it is time for one; `lineAfter` makes it from the seconds since the beginning. */
  show(lineAfter: (seconds: number) => string): void {
    if (this.mode === 'never') return;
    const { terminal } = this;
    const ms = terminal.now();
    if (ms - this.shownMs < this.everyMs) return;
    this.shownMs = ms;
    const line = lineAfter((ms - this.startedMs) / 1000);
    if (!this.rewrites) {
      terminal.err(`${line}\n`);
      return;
    }
    // A line that reaches the last column would wrap, and could not be rewritten.
    const shown = line.slice(0, terminal.errColumns - 1);
    terminal.err(`\r${shown.padEnd(this.width)}`);
    this.width = shown.length;
  }

  /** Clears the line. */
  end(): void {
    if (this.width > 0) this.terminal.err(`\r${' '.repeat(this.width)}\r`);
    this.width = 0;
  }
}

/** Where a run is. */
export class Progress {
  private readonly label: string;
  private readonly endNs: number;
  private readonly progressLine: ProgressLine;

  constructor(terminal: Terminal, mode: ProgressMode, label: string, endNs: number) {
    this.label = label;
    this.endNs = endNs;
    this.progressLine = new ProgressLine(terminal, mode);
  }

  readonly show = (nowNs: number, events: number): void => {
    this.progressLine.show((seconds) => this.line(nowNs, events, seconds));
  };

  /** Clears the line. */
  end(): void {
    this.progressLine.end();
  }

  private line(nowNs: number, events: number, seconds: number): string {
    const share = this.endNs > 0 ? nowNs / this.endNs : 1;
    const rate = seconds > 0 ? Math.round(events / seconds) : 0;
    const left = share > 0 ? Math.ceil((seconds * (1 - share)) / share) : 0;
    return `${this.label}  ${formatTime(nowNs)}  ${(share * 100).toFixed(0)} %  ${rate} events/s  ${left} s left`;
  }
}
