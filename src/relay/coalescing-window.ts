import { NEVER, type SimTime } from '../kernel/time.ts';

/** What became of a channel path: it left the configuration of a system, or entered it. */
export type PathChange = 'gone' | 'back';

/**
 * How changes of a channel path are gathered before they are told (strategies reference 2.4). `tumbling`: the first one
 * opens a window, and at its end the last one is told. `debounce`: each one starts the window anew. `net-change`: as
 * tumbling, but a change back to what was told last is not told at all.
 */
export const WINDOW_KINDS = ['tumbling', 'debounce', 'net-change'] as const;
export type WindowKind = (typeof WINDOW_KINDS)[number];

/** The window of one channel path. Whoever owns it has a timer, and calls `close` at the deadline. */
export class CoalescingWindow {
  /** When the window ends; `NEVER` while it is closed. */
  deadline: SimTime = NEVER;
  private readonly kind: WindowKind;
  private readonly lengthNs: SimTime;
  private last: PathChange = 'back';
  /** What the guest takes for the state; null before the first change. */
  private told: PathChange | null = null;

  constructor(kind: WindowKind, lengthNs: SimTime) {
    this.kind = kind;
    this.lengthNs = lengthNs;
  }

  get isOpen(): boolean {
    return this.deadline !== NEVER;
  }

  /** A change at `now`; true when the deadline is another than before. */
  add(now: SimTime, change: PathChange): boolean {
    this.last = change;
    this.told ??= opposite(change);
    if (this.isOpen && this.kind !== 'debounce') return false;
    this.deadline = now + this.lengthNs;
    return true;
  }

  /** The window ends: what is to be told, null for nothing. */
  close(): PathChange | null {
    this.deadline = NEVER;
    if (this.kind === 'net-change' && this.last === this.told) return null;
    this.told = this.last;
    return this.last;
  }
}

const opposite = (change: PathChange): PathChange => (change === 'gone' ? 'back' : 'gone');
