import { isPrintable, type RowCursor } from './row-cursor.ts';

/** Devices of one trace; more of them are a sign that something else was taken for their names. */
export const MAX_DEVICES = 65_536;
export const NO_DEVICE = -1;
/** FNV-1a, 32 bits. */
const HASH_START = 0x811c9dc5;
const HASH_FACTOR = 0x01000193;

/**
 * Names of a trace's devices, numbered in the order in which they come. Looks a name up by its bytes, so that a row whose
 * device is known costs no string.
 */
export class DeviceNames {
  readonly names: string[] = [];
  /** Open addressing: number + 1, 0 where the slot is free. */
  private slots = new Int32Array(64);

  /** Number of the device that the cursor's last word names; `NO_DEVICE` when it cannot be one. */
  number(cursor: RowCursor): number {
    const { bytes, wordStart, wordEnd } = cursor;
    if (wordStart === wordEnd) return refuse(cursor, 'the device is missing');
    const mask = this.slots.length - 1;
    let slot = hashOf(bytes, wordStart, wordEnd) & mask;
    for (; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const number = this.slots[slot] - 1;
      if (isName(this.names[number], bytes, wordStart, wordEnd)) return number;
    }
    return this.add(cursor, slot);
  }

  private add(cursor: RowCursor, slot: number): number {
    const { bytes, wordStart, wordEnd } = cursor;
    for (let index = wordStart; index < wordEnd; index++) {
      if (!isPrintable(bytes[index])) return refuse(cursor, `${cursor.quoted()} names no device`);
    }
    const number = this.names.length;
    if (number === MAX_DEVICES) return refuse(cursor, `there are more than ${MAX_DEVICES} devices`);
    this.names.push(String.fromCharCode(...bytes.subarray(wordStart, wordEnd)));
    this.slots[slot] = number + 1;
    if (this.names.length * 2 > this.slots.length) this.grow();
    return number;
  }

  private grow(): void {
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (const [number, name] of this.names.entries()) {
      let slot = hashOf(encoder.encode(name), 0, name.length) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.slots = slots;
  }
}

const encoder = new TextEncoder();

function refuse(cursor: RowCursor, message: string): typeof NO_DEVICE {
  cursor.broken(message, 'look whether the row is whole and the format is the right one');
  return NO_DEVICE;
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_START;
  for (let index = start; index < end; index++) hash = Math.imul(hash ^ bytes[index], HASH_FACTOR);
  return hash >>> 0;
}

function isName(name: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let index = 0; index < name.length; index++) {
    if (name.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}
