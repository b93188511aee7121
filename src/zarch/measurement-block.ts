import type { Storage } from './storage.ts';

/**
 * Measurement blocks, which the channel subsystem keeps in main storage for subchannels in measurement-block-update mode
 * (Principles of Operation, "Measurement Block"; Linux cmf.c, struct cmb and struct cmbe). Times are in units of 128 µs.
 */

/** Fields of a block after its two counts, in the order in which both formats hold them. */
export const MEASURED_TIMES = [
  'deviceConnect',
  'functionPending',
  'deviceDisconnect',
  'controlUnitQueuing',
  'deviceActiveOnly',
  'deviceBusy',
  'initialCommandResponse',
] as const;
export type MeasuredTime = (typeof MEASURED_TIMES)[number];

/** What one block says. Format 0 has neither device-busy nor initial-command-response time: they are zero. */
export type MeasurementBlock = Record<'ssch' | 'samples' | MeasuredTime, number>;

export interface MeasurementBlockFormat {
  readonly bytes: number;
  /** Bytes of each of the two counts, which wrap. */
  readonly countBytes: 2 | 4;
  /** How many of MEASURED_TIMES it has, a word each. */
  readonly times: number;
}

/** Format 0: in an array that SCHM gives, at the measurement-block index of the subchannel. Format 1: anywhere. */
export const MEASUREMENT_BLOCK_FORMATS: readonly [MeasurementBlockFormat, MeasurementBlockFormat] = [
  { bytes: 32, countBytes: 2, times: 5 },
  { bytes: 64, countBytes: 4, times: 7 },
];

const WORD_BYTES = 4;

/** Adds one to the count of START and RESUME SUBCHANNEL. The caller has checked the access, as for all of these. */
export function countStart(storage: Storage, at: number, { countBytes }: MeasurementBlockFormat): void {
  const word = storage.word(at);
  // The two 16-bit counts of format 0 share a word.
  storage.storeWord(at, countBytes === 4 ? (word + 1) >>> 0 : (word + 0x10000) >>> 0);
}

export function countSample(storage: Storage, at: number, { countBytes }: MeasurementBlockFormat): void {
  if (countBytes === 4) {
    storage.storeWord(at + WORD_BYTES, (storage.word(at + WORD_BYTES) + 1) >>> 0);
  } else {
    const word = storage.word(at);
    storage.storeWord(at, ((word & 0xffff0000) | ((word + 1) & 0xffff)) >>> 0);
  }
}

/** Adds ticks to the time at this position of MEASURED_TIMES; a sum beyond 32 bits wraps. */
export function accumulate(
  storage: Storage,
  at: number,
  { countBytes, times }: MeasurementBlockFormat,
  position: number,
  ticks: number,
): void {
  if (position >= times || ticks === 0) return;
  const word = at + 2 * countBytes + WORD_BYTES * position;
  storage.storeWord(word, (storage.word(word) + ticks) >>> 0);
}

/** Fetches a block. */
export function fetchMeasurementBlock(
  storage: Storage,
  at: number,
  { countBytes, times }: MeasurementBlockFormat,
): MeasurementBlock {
  const first = storage.word(at);
  const timesAt = at + 2 * countBytes;
  const time = (position: number): number =>
    position < times ? storage.word(timesAt + WORD_BYTES * position) : 0;
  return {
    ssch: countBytes === 4 ? first : first >>> 16,
    samples: countBytes === 4 ? storage.word(at + WORD_BYTES) : first & 0xffff,
    deviceConnect: time(0),
    functionPending: time(1),
    deviceDisconnect: time(2),
    controlUnitQueuing: time(3),
    deviceActiveOnly: time(4),
    deviceBusy: time(5),
    initialCommandResponse: time(6),
  };
}
