import { fetchWord, storeWord, WordLayout } from './word-layout.ts';

/**
 * Transport-status block: how a program in transport mode ended, beside what the SCSW tells (architecture reference A.8;
 * asm/fcx.h: struct tsb, z/VM's TSBBK). Behind twelve bytes comes the status area, in one of three formats.
 */
export class Tsb {
  /** TSB_FLAG bits, without the format. */
  flags = 0;
  format: number = TSB_FORMAT.NONE;
  /** Where the command that was carried out last stands behind the header of its control block. */
  commandOffset = 0;
  /** Bytes of the data of that command that were not moved. */
  residual = 0;
  /** I/O status: times in microseconds, as far as TIMES_VALID says so. */
  deviceTime = 0;
  deferTime = 0;
  queueTime = 0;
  deviceBusyTime = 0;
  deviceActiveTime = 0;
  /** Device-detected program check: REASON, and sixteen bytes that qualify it. */
  reason = 0;
  readonly qualifier = new Uint8Array(16);
  /** Both of these: sense data; there are none when the block is no longer than 32 bytes. */
  readonly sense = new Uint8Array(32);
  hasSense = false;
  /** Interrogate: what is valid (INTERROGATE_FLAG), and the states of control unit, device and operation. */
  interrogateFormat = 0;
  stateFlags = 0;
  controlUnitState = 0;
  deviceState = 0;
  operationState = 0;
  deviceLevel = 0;
}

export const TSB_FORMAT = { NONE: 0, IO_STATUS: 1, PROGRAM_CHECK: 2, INTERROGATE: 3 } as const;
export const TSB_FLAG = {
  OFFSET_VALID: 0x80,
  COUNT_VALID: 0x40,
  CACHE_MISS: 0x20,
  TIMES_VALID: 0x10,
} as const;
/** What a device finds wrong with a control block: the reason codes of a device-detected program check. */
export const REASON = {
  UNSPECIFIED: 0,
  TRANSPORT_FAILURE: 1,
  INVALID_CHECK_BYTES: 2,
  LENGTH: 3,
  HEADER: 4,
  COMMAND: 5,
  DIRECTION: 6,
  TRANSPORT_COUNT: 7,
} as const;
export const INTERROGATE_FLAG = {
  CONTROL_UNIT_STATE: 0x80,
  DEVICE_STATE: 0x40,
  OPERATION_STATE: 0x20,
} as const;

/** Bytes of a block in storage, and of one without sense data as far as its length tells. */
export const TSB_BYTES = 64;
const WITHOUT_SENSE = 32;
const FORMAT_MASK = 0x07;

const HEAD = new WordLayout({ length: [0, 7], flags: [8, 15], commandOffset: [16, 31] });
const STATES = new WordLayout({
  interrogateFormat: [0, 7],
  stateFlags: [8, 15],
  controlUnitState: [16, 23],
  deviceState: [24, 31],
});
const AREA_AT = 12;
const SENSE_AT = 32;
const OPERATION_STATE_AT = AREA_AT + 4;
const DEVICE_LEVEL_AT = AREA_AT + 20;

/** Stores a block of 64 bytes. */
export function encodeTsb(tsb: Readonly<Tsb>, bytes = new Uint8Array(TSB_BYTES), at = 0): Uint8Array {
  bytes.fill(0, at, at + TSB_BYTES);
  const isShort = tsb.format === TSB_FORMAT.NONE || (hasSenseField(tsb) && !tsb.hasSense);
  const { commandOffset } = tsb;
  const flags = tsb.flags | tsb.format;
  storeWord(bytes, at, HEAD.pack({ length: isShort ? WITHOUT_SENSE : TSB_BYTES, flags, commandOffset }));
  storeWord(bytes, at + 4, tsb.residual);
  encodeArea(tsb, bytes, at);
  if (hasSenseField(tsb) && tsb.hasSense) bytes.set(tsb.sense, at + SENSE_AT);
  return bytes;
}

function encodeArea(tsb: Readonly<Tsb>, bytes: Uint8Array, at: number): void {
  switch (tsb.format) {
    case TSB_FORMAT.IO_STATUS:
      timesOf(tsb).forEach((time, word) => {
        storeWord(bytes, at + AREA_AT + 4 * word, time);
      });
      return;
    case TSB_FORMAT.PROGRAM_CHECK:
      storeWord(bytes, at + AREA_AT, tsb.reason);
      bytes.set(tsb.qualifier, at + AREA_AT + 4);
      return;
    case TSB_FORMAT.INTERROGATE:
      storeWord(bytes, at + AREA_AT, STATES.pack(tsb));
      bytes[at + OPERATION_STATE_AT] = tsb.operationState;
      storeWord(bytes, at + DEVICE_LEVEL_AT, tsb.deviceLevel);
      return;
    default:
  }
}

/** Fetches a block into `tsb`. */
export function decodeTsb(bytes: Uint8Array, tsb = new Tsb(), at = 0): Tsb {
  const head = { length: 0, flags: 0, commandOffset: 0 };
  HEAD.unpack(fetchWord(bytes, at), head);
  tsb.flags = head.flags & ~FORMAT_MASK;
  tsb.format = head.flags & FORMAT_MASK;
  tsb.commandOffset = head.commandOffset;
  tsb.residual = fetchWord(bytes, at + 4);
  tsb.hasSense = hasSenseField(tsb) && head.length > WITHOUT_SENSE;
  if (tsb.hasSense) tsb.sense.set(bytes.subarray(at + SENSE_AT, at + TSB_BYTES));
  decodeArea(tsb, bytes, at + AREA_AT);
  return tsb;
}

function decodeArea(tsb: Tsb, bytes: Uint8Array, at: number): void {
  switch (tsb.format) {
    case TSB_FORMAT.IO_STATUS:
      tsb.deviceTime = fetchWord(bytes, at);
      tsb.deferTime = fetchWord(bytes, at + 4);
      tsb.queueTime = fetchWord(bytes, at + 8);
      tsb.deviceBusyTime = fetchWord(bytes, at + 12);
      tsb.deviceActiveTime = fetchWord(bytes, at + 16);
      return;
    case TSB_FORMAT.PROGRAM_CHECK:
      tsb.reason = bytes[at + 3];
      tsb.qualifier.set(bytes.subarray(at + 4, at + 20));
      return;
    case TSB_FORMAT.INTERROGATE:
      STATES.unpack(fetchWord(bytes, at), tsb);
      tsb.operationState = bytes[at + 4];
      tsb.deviceLevel = fetchWord(bytes, at + 20);
      return;
    default:
  }
}

const hasSenseField = ({ format }: Readonly<Tsb>): boolean =>
  format === TSB_FORMAT.IO_STATUS || format === TSB_FORMAT.PROGRAM_CHECK;

const timesOf = (tsb: Readonly<Tsb>): readonly number[] => [
  tsb.deviceTime,
  tsb.deferTime,
  tsb.queueTime,
  tsb.deviceBusyTime,
  tsb.deviceActiveTime,
];
