import { formatTime } from '../output/table.ts';
import type { Terminal } from './terminal.ts';

export type ProgressMode = 'auto' | 'always' | 'never';

const TERMINAL_MS = 100;
const PLAIN_MS = 10_000;

/** Where a run is: one rewritten line in a terminal, elsewhere a plain line now and then. On stderr only. */
export class Progress {
  private readonly terminal: Terminal;
  private readonly mode: ProgressMode;
  private readonly label: string;
  private readonly endNs: number;
  private readonly startedMs: number;
  private shownMs: number;
  private width = 0;

  constructor(terminal: Terminal, mode: ProgressMode, label: string, endNs: number) {
    this.terminal = terminal;
    this.mode = mode;
    this.label = label;
    this.endNs = endNs;
    this.startedMs = terminal.now();
    this.shownMs = this.startedMs;
  }

  readonly show = (nowNs: number, events: number): void => {
    if (this.mode === 'never') return;
    const { terminal } = this;
    const ms = terminal.now();
    const rewrites = terminal.errIsTerminal;
    if (ms - this.shownMs < (rewrites ? TERMINAL_MS : PLAIN_MS)) return;
    this.shownMs = ms;
    const line = this.line(nowNs, events, (ms - this.startedMs) / 1000);
    if (!rewrites) {
      terminal.err(`${line}\n`);
      return;
    }
    terminal.err(`\r${line.padEnd(this.width)}`);
    this.width = line.length;
  };

  /** Clears the line. */
  end(): void {
    if (this.width > 0) this.terminal.err(`\r${' '.repeat(this.width)}\r`);
    this.width = 0;
  }

  private line(nowNs: number, events: number, seconds: number): string {
    const share = this.endNs > 0 ? nowNs / this.endNs : 1;
    const rate = seconds > 0 ? Math.round(events / seconds) : 0;
    const left = share > 0 ? Math.ceil((seconds * (1 - share)) / share) : 0;
    return `${this.label}  ${formatTime(nowNs)}  ${(share * 100).toFixed(0)} %  ${rate} events/s  ${left} s left`;
  }
}
