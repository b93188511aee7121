import { assert } from './assert.ts';
import { resized } from './grow.ts';

/** Names a scheduled event until it runs or is cancelled. A stale handle is recognised by its generation. */
export type EventHandle = number;
export const NO_EVENT: EventHandle = -1;

/** Kinds that the event loop handles itself. Those of `defineEvent` come after them. */
export const CANCELLED = 0;
export const TIMER = 1;

/** Events that can be pending at once; a handle is generation · SLOT_LIMIT + slot and stays below 2^53. */
const SLOT_LIMIT = 2 ** 23;
const GENERATION_MASK = 2 ** 30 - 1;
const FIRST_CAPACITY = 1024;

/** No slot, in links and as the answer of a queue that has none. */
export const NO_SLOT = -1;

/** Where the fields of a slot lie: doubles (8 bytes) in `numbers` and, over the same memory, integers in `words`. */
const SLOT_NUMBERS = 4;
export const TIME = 0;
export const ORDER = 1;
const ARG = 2;
const SLOT_WORDS = 8;
const KIND = 6;
export const TARGET = 7;

/**
 * The events that are scheduled, each in a slot that is used again later. What orders an event and what it is lie side
 * by side, 32 bytes in all: with a million events pending, each cache line that is not touched saves more time than
 * any computation costs. When the queue looks at an event's time, the rest comes along.
 */
export class PendingEvents {
  numbers = new Float64Array(SLOT_NUMBERS * FIRST_CAPACITY);
  words = new Int32Array(this.numbers.buffer);
  /** The next slot of the list a slot is in: the free list, or one of the queue's. */
  links = new Int32Array(FIRST_CAPACITY);
  private generations = new Int32Array(FIRST_CAPACITY);
  private capacity = FIRST_CAPACITY;
  private used = 0;
  private free = NO_SLOT;

  add(time: number, order: number, kind: number, target: number, arg: number): number {
    let slot = this.free;
    if (slot === NO_SLOT) slot = this.addSlot();
    else this.free = this.links[slot];
    const { numbers, words } = this;
    numbers[SLOT_NUMBERS * slot + TIME] = time;
    numbers[SLOT_NUMBERS * slot + ORDER] = order;
    numbers[SLOT_NUMBERS * slot + ARG] = arg;
    words[SLOT_WORDS * slot + KIND] = kind;
    words[SLOT_WORDS * slot + TARGET] = target;
    return slot;
  }

  /** Gives a slot back; handles made for it so far become stale. Its fields stay readable until the next `add`. */
  release(slot: number): void {
    this.generations[slot] = (this.generations[slot] + 1) & GENERATION_MASK;
    this.links[slot] = this.free;
    this.free = slot;
  }

  timeOf(slot: number): number {
    return this.numbers[SLOT_NUMBERS * slot + TIME];
  }

  orderOf(slot: number): number {
    return this.numbers[SLOT_NUMBERS * slot + ORDER];
  }

  argOf(slot: number): number {
    return this.numbers[SLOT_NUMBERS * slot + ARG];
  }

  kindOf(slot: number): number {
    return this.words[SLOT_WORDS * slot + KIND];
  }

  targetOf(slot: number): number {
    return this.words[SLOT_WORDS * slot + TARGET];
  }

  /** Whether slot `a` comes before slot `b`. */
  isBefore(a: number, b: number): boolean {
    const difference = this.timeOf(a) - this.timeOf(b);
    return difference < 0 || (difference === 0 && this.orderOf(a) < this.orderOf(b));
  }

  handleOf(slot: number): EventHandle {
    return this.generations[slot] * SLOT_LIMIT + slot;
  }

  /** Marks a pending event as cancelled. Returns false when the handle is stale or it was cancelled before. */
  cancel(handle: EventHandle): boolean {
    if (handle < 0) return false;
    const generation = Math.floor(handle / SLOT_LIMIT);
    const slot = handle - generation * SLOT_LIMIT;
    if (this.generations[slot] !== generation || this.kindOf(slot) === CANCELLED) return false;
    this.cancelSlot(slot);
    return true;
  }

  cancelSlot(slot: number): void {
    this.words[SLOT_WORDS * slot + KIND] = CANCELLED;
  }

  private addSlot(): number {
    assert(this.used < SLOT_LIMIT, 'more pending events than the simulation can name');
    if (this.used === this.capacity) this.grow();
    return this.used++;
  }

  private grow(): void {
    this.capacity *= 2;
    this.numbers = resized(this.numbers, SLOT_NUMBERS * this.capacity);
    this.words = new Int32Array(this.numbers.buffer);
    this.links = resized(this.links, this.capacity);
    this.generations = resized(this.generations, this.capacity);
  }
}
