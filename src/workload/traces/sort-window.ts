import type { SimTime } from '../../kernel/time.ts';
import type { TraceRecord } from './trace-row.ts';

/**
 * Records that were read ahead, given out in order of their times; equal times in the order of the trace. A binary heap of
 * slots whose fields lie in columns, so that a record costs no object.
 */
export class SortWindow {
  readonly capacity: number;
  size = 0;
  private readonly atNs: Float64Array;
  private readonly order: Float64Array;
  private readonly device: Int32Array;
  private readonly firstByte: Float64Array;
  private readonly bytes: Float64Array;
  private readonly write: Uint8Array;
  /** The heap; behind its `size` slots the free ones. */
  private readonly heap: Int32Array;
  private added = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.atNs = new Float64Array(capacity);
    this.order = new Float64Array(capacity);
    this.device = new Int32Array(capacity);
    this.firstByte = new Float64Array(capacity);
    this.bytes = new Float64Array(capacity);
    this.write = new Uint8Array(capacity);
    this.heap = Int32Array.from({ length: capacity }, (_, slot) => slot);
  }

  /** Time of the record that comes next. */
  get firstNs(): SimTime {
    return this.atNs[this.heap[0]];
  }

  /** There must be room. */
  add(record: TraceRecord): void {
    const slot = this.heap[this.size];
    this.atNs[slot] = record.atNs;
    this.order[slot] = this.added++;
    this.device[slot] = record.device;
    this.firstByte[slot] = record.firstByte;
    this.bytes[slot] = record.bytes;
    this.write[slot] = record.write ? 1 : 0;
    this.rise(this.size++, slot);
  }

  /** Takes the earliest record out. There must be one. */
  take(record: TraceRecord): void {
    const slot = this.heap[0];
    record.atNs = this.atNs[slot];
    record.device = this.device[slot];
    record.firstByte = this.firstByte[slot];
    record.bytes = this.bytes[slot];
    record.write = this.write[slot] === 1;
    this.size--;
    const last = this.heap[this.size];
    this.heap[this.size] = slot;
    if (this.size > 0) this.sink(last);
  }

  private rise(from: number, slot: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.isBefore(slot, this.heap[parent])) break;
      this.heap[place] = this.heap[parent];
      place = parent;
    }
    this.heap[place] = slot;
  }

  private sink(slot: number): void {
    const { heap, size } = this;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && this.isBefore(heap[child + 1], heap[child])) child++;
      if (!this.isBefore(heap[child], slot)) break;
      heap[place] = heap[child];
      place = child;
    }
    heap[place] = slot;
  }

  private isBefore(slot: number, other: number): boolean {
    const difference = this.atNs[slot] - this.atNs[other];
    return difference < 0 || (difference === 0 && this.order[slot] < this.order[other]);
  }
}
