import { assert } from './assert.ts';

/** Names a scheduled event until it runs or is cancelled. A stale handle is recognised by its generation. */
export type EventHandle = number;
export const NO_EVENT: EventHandle = -1;

/** Kinds that the event loop handles itself. Those of `defineEvent` come after them. */
export const CANCELLED = 0;
export const TIMER = 1;

/** Events that can be pending at once; a handle is generation · SLOT_LIMIT + slot and stays below 2^53. */
const SLOT_LIMIT = 2 ** 23;
const GENERATION_MASK = 2 ** 30 - 1;

/** 32-bit words of one slot; the first two hold the argument as a double. */
export const SLOT_WORDS = 6;
export const KIND = 2;
export const TARGET = 3;
const GENERATION = 4;
const NEXT_FREE = 5;
const NONE = -1;

/**
 * What is scheduled: kind, target and argument of every pending event. A slot's fields lie side by side, because with
 * a million events pending each cache line that is not touched saves more time than any computation costs.
 */
export class EventSlots {
  words: Int32Array;
  args: Float64Array;
  private free = NONE;
  private used = 0;
  private capacity = 1024;

  constructor() {
    const buffer = new ArrayBuffer(this.capacity * SLOT_WORDS * 4);
    this.words = new Int32Array(buffer);
    this.args = new Float64Array(buffer);
  }

  take(kind: number, target: number, arg: number): number {
    let slot = this.free;
    if (slot === NONE) slot = this.addSlot();
    else this.free = this.words[slot * SLOT_WORDS + NEXT_FREE];
    const { words } = this;
    const base = slot * SLOT_WORDS;
    words[base + KIND] = kind;
    words[base + TARGET] = target;
    this.args[slot * (SLOT_WORDS / 2)] = arg;
    return slot;
  }

  /** Gives a slot back; handles made for it so far become stale. */
  release(slot: number): void {
    const { words } = this;
    const base = slot * SLOT_WORDS;
    words[base + GENERATION] = (words[base + GENERATION] + 1) & GENERATION_MASK;
    words[base + NEXT_FREE] = this.free;
    this.free = slot;
  }

  handleOf(slot: number): EventHandle {
    return this.words[slot * SLOT_WORDS + GENERATION] * SLOT_LIMIT + slot;
  }

  /** Marks a pending event as cancelled. Returns false when the handle is stale or it was cancelled before. */
  cancel(handle: EventHandle): boolean {
    if (handle < 0) return false;
    const generation = Math.floor(handle / SLOT_LIMIT);
    const slot = handle - generation * SLOT_LIMIT;
    const base = slot * SLOT_WORDS;
    if (this.words[base + GENERATION] !== generation || this.words[base + KIND] === CANCELLED) return false;
    this.words[base + KIND] = CANCELLED;
    return true;
  }

  private addSlot(): number {
    assert(this.used < SLOT_LIMIT, 'more pending events than the simulation can name');
    if (this.used === this.capacity) this.grow();
    return this.used++;
  }

  private grow(): void {
    this.capacity *= 2;
    const words = new Int32Array(this.capacity * SLOT_WORDS);
    words.set(this.words);
    this.words = words;
    this.args = new Float64Array(words.buffer);
  }
}
