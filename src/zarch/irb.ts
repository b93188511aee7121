import type { PathMask } from './path-mask.ts';
import { decodeScsw, encodeScsw, SCSW_BYTES, Scsw } from './scsw.ts';
import { fetchWord, storeWord, WordLayout } from './word-layout.ts';

/**
 * Interruption-response block: SCSW, extended-status word, extended-control word, and for a subchannel that is enabled
 * for it the extended-measurement word. 64 or 96 bytes encoded.
 */
export class Irb {
  readonly scsw = new Scsw();
  /** Extended-status-word format: 0 (with logout), 1, 2 (with device-connect time) or 3. */
  eswFormat = 1;
  /** Path used by the operation that the status belongs to. */
  lpum: PathMask = 0;
  /** Subchannel logout flags of a format-0 word, bits 1–7 and 16–31 as stored; zero otherwise. */
  logout = 0;
  /** Device-connect time in 128 µs units (format 2). */
  connectTime = 0;
  /** Further bits of the extended-report word, as stored: ERW_FLAG, and what implementations store against the layout. */
  reportFlags = 0;
  /** Failing-storage address when ERW_FLAG.FAILING_STORAGE is on, below 2^53. */
  failingStorage = 0;
  /** Secondary-CCW address when ERW_FLAG.SECONDARY_CCW is on. */
  secondaryCcw = 0;
  /** Extended-report word: path verification required. */
  pathVerification = 0;
  /** Extended-report word: channel-path timeout. */
  pathTimeout = 0;
  /** Extended-report word: concurrent sense is in `sense`. */
  concurrentSense = 0;
  senseCount = 0;
  /** Extended-control word: 32 sense bytes when `concurrentSense` is one. */
  readonly sense = new Uint8Array(32);
  /** One when an extended-measurement word is stored. */
  extendedMeasurement = 0;

  /**
   * Times of the operation in nanoseconds, what the extended-measurement word stores in coarser units: function
   * pending and its parts, disconnected, connected; and when the status reached the channel.
   */
  pendNs = 0;
  cmrNs = 0;
  channelBusyNs = 0;
  cuBusyNs = 0;
  deviceBusyNs = 0;
  discNs = 0;
  connNs = 0;
  statusAtNs = 0;
}

/** Bytes of an encoded IRB without the extended-measurement word, and with it. */
export const IRB_BYTES = 64;
export const EXTENDED_IRB_BYTES = 96;

/** First word of the ESW. Formats 1 to 3 differ from format 0 in what surrounds the LPUM. */
const ESW_LPUM = new WordLayout({ lpum: [8, 15] });
const ESW_FORMAT_2 = new WordLayout({ lpum: [8, 15], connectTime: [16, 31] });
/** Bits of a format-0 word that hold `logout`: all but the LPUM and the reserved bit 0. */
const LOGOUT_BITS = 0x7f00ffff;
/** Extended-status flags of `logout`: checks that are no subchannel status. */
export const ESF = {
  MEASUREMENT_BLOCK_PROGRAM: 0x20000000,
  MEASUREMENT_BLOCK_PROTECTION: 0x08000000,
} as const;
/** Field-validity flags of `logout`: the LPUM is valid, the CCW address in the SCSW is. */
export const LOGOUT_LPUM_VALID = 0x4000;
export const LOGOUT_CCW_ADDRESS_VALID = 0x0400;
/** Bits of the extended-report word that have no field of their own (architecture reference A.5). */
const ERW_FLAG = {
  LOGGING_ONLY: 0x40000000,
  EXTENDED_LOGOUT: 0x20000000,
  AUTHORIZATION_CHECK: 0x10000000,
  FAILING_STORAGE: 0x02000000,
  SECONDARY_CCW: 0x00800000,
  /** The failing-storage address has 64 bits. */
  FAILING_STORAGE_64: 0x00400000,
} as const;
const ERW = new WordLayout({
  pathVerification: [4, 4],
  pathTimeout: [5, 5],
  concurrentSense: [7, 7],
  senseCount: [10, 15],
});

/** Bits of the extended-report word that fields of `Irb` hold. */
const ERW_FIELDS = 0x0d3f0000;

const ESW_AT = SCSW_BYTES;
const ERW_AT = ESW_AT + 4;
const FAILING_STORAGE_AT = ERW_AT + 4;
const SECONDARY_CCW_AT = FAILING_STORAGE_AT + 8;
const ECW_AT = 32;

function encodeEswWord(irb: Irb): number {
  switch (irb.eswFormat) {
    case 0:
      return (ESW_LPUM.pack(irb) | (irb.logout & LOGOUT_BITS)) >>> 0;
    case 2:
      return ESW_FORMAT_2.pack(irb);
    default:
      return ESW_LPUM.pack(irb);
  }
}

/**
 * Which format a fetched word has. The L bit of the SCSW tells format 0; the others look alike, and only a connect time
 * or an LPUM gives formats 2 and 1 away.
 */
function eswFormatOf(scsw: Scsw, word: number): number {
  if (scsw.eswFormat === 1) return 0;
  if ((word & 0xffff) !== 0) return 2;
  return word === 0 ? 3 : 1;
}

/**
 * Extended-measurement word (Principles of Operation, "Extended-Measurement Word"): times of this operation in half
 * microseconds, in the order of a format-1 measurement block. Channel end and device end come together, so that no
 * device is ever active only; the last word is reserved.
 */
const EMW_UNIT_NS = 500;
const EMW_AT = IRB_BYTES;

function encodeMeasurement(irb: Irb, bytes: Uint8Array, at: number): void {
  const times = [irb.connNs, irb.pendNs, irb.discNs, irb.cuBusyNs, 0, irb.deviceBusyNs, irb.cmrNs, 0];
  times.forEach((time, word) => {
    storeWord(bytes, at + 4 * word, Math.floor(time / EMW_UNIT_NS) >>> 0);
  });
}

/** Stores an IRB; its extended-measurement word when it has one. */
export function encodeIrb(
  irb: Irb,
  bytes = new Uint8Array(irb.extendedMeasurement === 1 ? EXTENDED_IRB_BYTES : IRB_BYTES),
  at = 0,
): Uint8Array {
  encodeScsw(irb.scsw, bytes, at);
  storeWord(bytes, at + ESW_AT, encodeEswWord(irb));
  storeWord(bytes, at + ERW_AT, (ERW.pack(irb) | irb.reportFlags) >>> 0);
  bytes.fill(0, at + FAILING_STORAGE_AT, at + ECW_AT);
  if ((irb.reportFlags & ERW_FLAG.FAILING_STORAGE_64) === 0) {
    storeWord(bytes, at + FAILING_STORAGE_AT, irb.failingStorage);
  } else {
    storeWord(bytes, at + FAILING_STORAGE_AT, Math.floor(irb.failingStorage / 2 ** 32));
    storeWord(bytes, at + FAILING_STORAGE_AT + 4, irb.failingStorage % 2 ** 32);
  }
  storeWord(bytes, at + SECONDARY_CCW_AT, irb.secondaryCcw);
  bytes.set(irb.sense, at + ECW_AT);
  if (irb.extendedMeasurement === 1) encodeMeasurement(irb, bytes, at + EMW_AT);
  return bytes;
}

/** Fetches an IRB, without its extended-measurement word, into `irb`. */
export function decodeIrb(bytes: Uint8Array, irb = new Irb(), at = 0): Irb {
  decodeScsw(bytes, irb.scsw, at);
  const word = fetchWord(bytes, at + ESW_AT);
  irb.eswFormat = eswFormatOf(irb.scsw, word);
  ESW_LPUM.unpack(word, irb);
  irb.logout = irb.eswFormat === 0 ? word & LOGOUT_BITS : 0;
  irb.connectTime = irb.eswFormat === 2 ? word & 0xffff : 0;
  const report = fetchWord(bytes, at + ERW_AT);
  ERW.unpack(report, irb);
  irb.reportFlags = (report & ~ERW_FIELDS) >>> 0;
  const high = fetchWord(bytes, at + FAILING_STORAGE_AT);
  const is64 = (irb.reportFlags & ERW_FLAG.FAILING_STORAGE_64) !== 0;
  irb.failingStorage = is64 ? high * 2 ** 32 + fetchWord(bytes, at + FAILING_STORAGE_AT + 4) : high;
  irb.secondaryCcw = fetchWord(bytes, at + SECONDARY_CCW_AT);
  irb.sense.set(bytes.subarray(at + ECW_AT, at + IRB_BYTES));
  return irb;
}
