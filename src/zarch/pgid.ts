import { fetchWord, storeWord } from './word-layout.ts';

/** Path-group identifier: eleven bytes by which a control unit knows the paths of one control program as one group. */
export const PGID_BYTES = 11;
/** What SENSE PATH GROUP ID returns and SET PATH GROUP ID sends: one state or function byte and the PGID. */
export const PGID_RECORD_BYTES = 12;

/** State byte of SENSE PATH GROUP ID, bits 0–1: the path. */
export const PATH_STATE = { RESET: 0x00, UNGROUPED: 0x80, GROUPED: 0xc0 } as const;
export const PATH_STATE_MASK = 0xc0;
/** Bits 2–3: the device's reservation, seen from the path that asks. */
export const RESERVATION_STATE = { NONE: 0x00, ELSEWHERE: 0x20, HERE: 0x30 } as const;
export const RESERVATION_STATE_MASK = 0x30;
/** Bit 4: the group works in multipath mode. */
export const PATH_MULTIPATH = 0x08;

/** Function byte of SET PATH GROUP ID, bits 1–2. Bits 3–7 must be zero, and 0x60 is no function. */
export const GROUP_FUNCTION = { ESTABLISH: 0x00, DISBAND: 0x20, RESIGN: 0x40 } as const;
export const GROUP_FUNCTION_MASK = 0x60;
/** Bit 0: multipath mode, otherwise single-path mode. */
export const GROUP_MULTIPATH = 0x80;
export const GROUP_RESERVED_BITS = 0x1f;

/** What a control program puts together for its PGID (Linux css.c:css_generate_pgid). */
export interface PgidParts {
  /** CPU address; null when the image number of an extended channel subsystem stands in its place. */
  readonly cpuAddress: number | null;
  readonly cssid: number;
  /** CPU identification, three bytes. */
  readonly cpuId: number;
  readonly machineType: number;
  /** High word of the time-of-day clock at the time of creation. */
  readonly todHigh: number;
}

const EXTENDED_CSS = 0x80;

/** The eleven bytes of these parts. */
export function encodePgid(parts: PgidParts, bytes = new Uint8Array(PGID_BYTES), at = 0): Uint8Array {
  const first = parts.cpuAddress ?? (EXTENDED_CSS << 8) | parts.cssid;
  bytes[at] = first >>> 8;
  bytes[at + 1] = first;
  bytes[at + 2] = parts.cpuId >>> 16;
  bytes[at + 3] = parts.cpuId >>> 8;
  bytes[at + 4] = parts.cpuId;
  bytes[at + 5] = parts.machineType >>> 8;
  bytes[at + 6] = parts.machineType;
  storeWord(bytes, at + 7, parts.todHigh);
  return bytes;
}

/** The parts of eleven bytes. A CPU address with its leftmost bit one is taken for an image number, as Linux does. */
export function decodePgid(bytes: Uint8Array, at = 0): PgidParts {
  const extended = (bytes[at] & EXTENDED_CSS) !== 0;
  return {
    cpuAddress: extended ? null : (bytes[at] << 8) | bytes[at + 1],
    cssid: extended ? bytes[at + 1] : 0,
    cpuId: (bytes[at + 2] << 16) | (bytes[at + 3] << 8) | bytes[at + 4],
    machineType: (bytes[at + 5] << 8) | bytes[at + 6],
    todHigh: fetchWord(bytes, at + 7),
  };
}

/** Whether the PGIDs that begin at these places of two records are the same. */
export function equalPgids(a: Uint8Array, b: Uint8Array, aAt = 0, bAt = 0): boolean {
  for (let index = 0; index < PGID_BYTES; index++) {
    if (a[aAt + index] !== b[bAt + index]) return false;
  }
  return true;
}

/** All zeros: no PGID. */
export function isNullPgid(bytes: Uint8Array, at = 0): boolean {
  for (let index = 0; index < PGID_BYTES; index++) {
    if (bytes[at + index] !== 0) return false;
  }
  return true;
}
