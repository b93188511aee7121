import { trackAt } from './geometry.ts';

/**
 * Parameters of the ECKD commands as they stand in a channel program: DEFINE EXTENT, LOCATE RECORD (EXTENDED) and
 * PREFIX, which holds both (Linux dasd_eckd.h: struct DE_eckd_data, LO_eckd_data, LRE_eckd_data, PFX_eckd_data).
 */
export const DEFINE_EXTENT_BYTES = 16;
const DEFINE_EXTENT_EXTENDED_BYTES = 32;
export const LOCATE_RECORD_BYTES = 16;
export const LOCATE_RECORD_EXTENDED_BYTES = 20;
/** PREFIX: format, validity, addresses; then define-extent and locate-record-extended parameters. */
export const PREFIX_BYTES = 64;
export const PREFIX_EXTENT = 12;
export const PREFIX_LOCATE = 44;

export const PREFIX_FORMAT = { DEFINE_EXTENT: 0, LOCATE_RECORD: 1 } as const;
/** Validity byte of PREFIX: the define-extent parameters are there; the base is named; for a HyperPAV alias. */
export const PREFIX_EXTENT_VALID = 0x80;
export const PREFIX_VERIFY_BASE = 0x20;
export const PREFIX_HYPERPAV = 0x10;
/** Where the base stands: its unit address, and its logical subsystem. */
export const PREFIX_BASE_ADDRESS = 2;
export const PREFIX_BASE_SUBSYSTEM = 4;

/** Define extent, byte 0, bits 0–1: which writes are permitted. */
const EXTENT_PERMISSION = 0xc0;
const EXTENT_READ_ONLY = 0x40;
/** Byte 1, bits 3–5: what the cache does. */
const CACHE_USE = 0x1c;
const BYPASS_CACHE = 0x04;
const INHIBIT_LOAD = 0x08;
/** Byte 7: parameters are extended to 32 bytes. */
const EXTENDED_PARAMETERS = 0x02;

/** Locate record extended, bytes 1 and 2: the parameters name the command that moves the data, and which it is. */
export const LOCATE_AUXILIARY = 1;
export const LOCATE_COMMAND = 2;
export const COMMAND_VALID = 0x20;

/** Locate operations: byte 0, bits 2–7. */
export const OPERATION = {
  WRITE_DATA: 0x01,
  READ_DATA: 0x06,
  READ_ANY: 0x0a,
  READ_TRACKS: 0x0c,
  READ_SIXTEEN: 0x16,
  EXTENDED: 0x3f,
} as const;
const OPERATION_MASK = 0x3f;
/** Extended operation (byte 17 of locate record extended). */
export const WRITE_TRACK_DATA = 0x23;

/** The part of a volume that a channel program may use, in tracks; both ends belong to it. */
export class Extent {
  defined = false;
  first = 0;
  last = 0;
  readOnly = false;
  bypassCache = false;
  inhibitLoad = false;

  reset(): void {
    this.defined = false;
  }

  /** False when an address is no track address. */
  decode(bytes: Uint8Array, at: number): boolean {
    this.defined = true;
    this.readOnly = (bytes[at] & EXTENT_PERMISSION) === EXTENT_READ_ONLY;
    const cacheUse = bytes[at + 1] & CACHE_USE;
    this.bypassCache = cacheUse === BYPASS_CACHE;
    this.inhibitLoad = cacheUse === INHIBIT_LOAD;
    this.first = trackAt(bytes, at + 8);
    this.last = trackAt(bytes, at + 12);
    return this.first >= 0 && this.last >= this.first;
  }
}

/** Bytes of the define-extent parameters at `at`. */
export const extentLength = (bytes: Uint8Array, at: number): number =>
  (bytes[at + 7] & EXTENDED_PARAMETERS) !== 0 ? DEFINE_EXTENT_EXTENDED_BYTES : DEFINE_EXTENT_BYTES;

/** Where a program goes next, and with how many records or tracks. */
export class Locate {
  operation = 0;
  extendedOperation = 0;
  /** Records of the domain; tracks when the operation is about tracks. */
  count = 0;
  track = 0;
  record = 0;
  sector = 0;
  /** Record length; of READ TRACKS the bytes to be read from the last track. */
  length = 0;

  decode(bytes: Uint8Array, at: number): void {
    this.operation = bytes[at] & OPERATION_MASK;
    this.count = bytes[at + 3];
    this.track = trackAt(bytes, at + 4);
    this.record = bytes[at + 12];
    this.sector = bytes[at + 13];
    this.length = (bytes[at + 14] << 8) | bytes[at + 15];
    this.extendedOperation = 0;
  }

  decodeExtended(bytes: Uint8Array, at: number): void {
    this.decode(bytes, at);
    this.extendedOperation = bytes[at + 17];
  }

  get isTrackOperation(): boolean {
    return this.operation === OPERATION.READ_TRACKS || this.extendedOperation === WRITE_TRACK_DATA;
  }
}

/** Bytes of the locate-record-extended parameters at `at`: twenty and the extended ones that they announce. */
export const locateExtendedLength = (bytes: Uint8Array, at: number): number =>
  LOCATE_RECORD_EXTENDED_BYTES + ((bytes[at + 18] << 8) | bytes[at + 19]);
