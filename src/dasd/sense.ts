import { storeTrack, TRACKS_PER_CYLINDER } from './geometry.ts';

/**
 * Sense data in the 32-byte form that carries 24-byte-compatible sense: byte 27 bit 0 is one, byte 7 is format and
 * message, bytes 5–6 and 28–31 are where the access arm stands (architecture reference D.6).
 */
export const SENSE_BYTES = 32;

/** Byte 0. */
export const SENSE0 = { COMMAND_REJECT: 0x80, EQUIPMENT_CHECK: 0x10 } as const;
/** Byte 1. */
export const SENSE1 = { NO_RECORD_FOUND: 0x08, FILE_PROTECTED: 0x04 } as const;

/** Byte 7: format in the high half, message in the low half. */
export const MESSAGE = {
  NONE: 0x00,
  INVALID_COMMAND: 0x01,
  INVALID_SEQUENCE: 0x02,
  COUNT_SHORT: 0x03,
  INVALID_PARAMETER: 0x04,
  /** The path was reset: path grouping and reservation are gone. */
  RESET_NOTIFICATION: 0x08,
  /** With exception class 67: the alias stands for another base than the program names, or for none. */
  ALIAS_CHANGED: 0x0f,
  /** Another host has broken the allegiance by an unconditional reserve. */
  ALLEGIANCE_TERMINATED: 0x3f,
} as const;

/** Byte 8 with equipment check and message F: what was told of an alias is no longer true. */
export const EXCEPTION_ALIAS = 0x67;

const COMPATIBLE = 0x80;

/** Stores sense bytes; `track` is the position of the access arm. */
export function storeSense(
  sense: Uint8Array,
  byte0: number,
  byte1: number,
  message: number,
  track: number,
): void {
  const cylinder = Math.floor(track / TRACKS_PER_CYLINDER);
  sense.fill(0, 0, SENSE_BYTES);
  sense[0] = byte0;
  sense[1] = byte1;
  sense[5] = cylinder;
  sense[6] = ((cylinder >>> 4) & 0xf0) | (track - cylinder * TRACKS_PER_CYLINDER);
  sense[7] = message;
  sense[27] = COMPATIBLE;
  storeTrack(sense, 28, track);
}

/** Sense data of a device that has nothing to report. */
export function storeNoSense(sense: Uint8Array): void {
  sense.fill(0, 0, SENSE_BYTES);
  sense[27] = COMPATIBLE;
}
