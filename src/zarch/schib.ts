import type { PathMask } from './path-mask.ts';
import { decodeScsw, encodeScsw, SCSW_BYTES, Scsw } from './scsw.ts';
import { fetchWord, storeWord, WordLayout } from './word-layout.ts';

/** Path-management-control word (Principles of Operation, "Path-Management-Control Word"). */
export class Pmcw {
  intparm = 0;
  /** One for a subchannel with queues in storage (QDIO), of which nothing else is modelled. */
  qdio = 0;
  isc = 0;
  enabled = 0;
  limitMode = 0;
  measurementMode = 0;
  multipath = 0;
  timing = 0;
  deviceNumberValid = 0;
  deviceNumber = 0;
  lpm: PathMask = 0;
  pnom: PathMask = 0;
  lpum: PathMask = 0;
  pim: PathMask = 0;
  measurementIndex = 0;
  pom: PathMask = 0;
  pam: PathMask = 0;
  /** CHPID of each path, meaningful where PIM is one. Eight entries, without the image number. */
  readonly chpids = new Uint8Array(8);
  /** 0 I/O, 1 CHSC, 2 message, 3 EADM. */
  subchannelType = 0;
  measurementFormat1 = 0;
  extendedMeasurement = 0;
  concurrentSense = 0;
}

/** Subchannel-information block: PMCW, SCSW, measurement-block address, model-dependent area. 52 bytes encoded. */
export class Schib {
  readonly pmcw = new Pmcw();
  readonly scsw = new Scsw();
  /** Address of a format-1 measurement block, below 2^53. */
  measurementBlock = 0;
}

/** Bytes of an encoded PMCW and SCHIB. */
const PMCW_BYTES = 28;
export const SCHIB_BYTES = 52;

const PMCW_WORDS = [
  new WordLayout({
    qdio: [0, 0],
    isc: [2, 4],
    enabled: [8, 8],
    limitMode: [9, 10],
    measurementMode: [11, 12],
    multipath: [13, 13],
    timing: [14, 14],
    deviceNumberValid: [15, 15],
    deviceNumber: [16, 31],
  }),
  new WordLayout({ lpm: [0, 7], pnom: [8, 15], lpum: [16, 23], pim: [24, 31] }),
  new WordLayout({ measurementIndex: [0, 15], pom: [16, 23], pam: [24, 31] }),
] as const;
const PMCW_WORD_6 = new WordLayout({
  subchannelType: [8, 10],
  measurementFormat1: [29, 29],
  extendedMeasurement: [30, 30],
  concurrentSense: [31, 31],
});
const CHPIDS_AT = 16;
const WORD_6_AT = 24;
const MEASUREMENT_BLOCK_AT = PMCW_BYTES + SCSW_BYTES;

/** Stores the seven words of a PMCW. Its second QDIO bit, which is not modelled, is stored as zero. */
export function encodePmcw(pmcw: Pmcw, bytes = new Uint8Array(PMCW_BYTES), at = 0): Uint8Array {
  storeWord(bytes, at, pmcw.intparm);
  storeWord(bytes, at + 4, PMCW_WORDS[0].pack(pmcw));
  storeWord(bytes, at + 8, PMCW_WORDS[1].pack(pmcw));
  storeWord(bytes, at + 12, PMCW_WORDS[2].pack(pmcw));
  bytes.set(pmcw.chpids, at + CHPIDS_AT);
  storeWord(bytes, at + WORD_6_AT, PMCW_WORD_6.pack(pmcw));
  return bytes;
}

/** Fetches the seven words of a PMCW into `pmcw`. */
function decodePmcw(bytes: Uint8Array, pmcw = new Pmcw(), at = 0): Pmcw {
  pmcw.intparm = fetchWord(bytes, at);
  PMCW_WORDS[0].unpack(fetchWord(bytes, at + 4), pmcw);
  PMCW_WORDS[1].unpack(fetchWord(bytes, at + 8), pmcw);
  PMCW_WORDS[2].unpack(fetchWord(bytes, at + 12), pmcw);
  pmcw.chpids.set(bytes.subarray(at + CHPIDS_AT, at + WORD_6_AT));
  PMCW_WORD_6.unpack(fetchWord(bytes, at + WORD_6_AT), pmcw);
  return pmcw;
}

/** Stores a SCHIB; the model-dependent word at its end is zero. */
export function encodeSchib(schib: Schib, bytes = new Uint8Array(SCHIB_BYTES), at = 0): Uint8Array {
  encodePmcw(schib.pmcw, bytes, at);
  encodeScsw(schib.scsw, bytes, at + PMCW_BYTES);
  storeWord(bytes, at + MEASUREMENT_BLOCK_AT, Math.floor(schib.measurementBlock / 2 ** 32));
  storeWord(bytes, at + MEASUREMENT_BLOCK_AT + 4, schib.measurementBlock % 2 ** 32);
  storeWord(bytes, at + MEASUREMENT_BLOCK_AT + 8, 0);
  return bytes;
}

/** Fetches a SCHIB into `schib`. */
export function decodeSchib(bytes: Uint8Array, schib = new Schib(), at = 0): Schib {
  decodePmcw(bytes, schib.pmcw, at);
  decodeScsw(bytes, schib.scsw, at + PMCW_BYTES);
  const high = fetchWord(bytes, at + MEASUREMENT_BLOCK_AT);
  schib.measurementBlock = high * 2 ** 32 + fetchWord(bytes, at + MEASUREMENT_BLOCK_AT + 4);
  return schib;
}
