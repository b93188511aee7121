import type { ChannelProgram } from './ccw.ts';
import type { PathMask } from './path-mask.ts';
import { fetchWord, storeWord, WordLayout } from './word-layout.ts';

/** Operation-request block, command mode. */
export class Orb {
  intparm = 0;
  key = 0;
  suspendControl = 0;
  streamingMode = 0;
  modification = 0;
  synchronization = 0;
  format1 = 1;
  prefetch = 1;
  initialStatus = 0;
  addressLimit = 0;
  suppressSuspended = 0;
  /** Channel-program type: one for a transport-control word. */
  transportMode = 0;
  idaw64 = 1;
  idawBlock2k = 0;
  lpm: PathMask = 0;
  incorrectLengthSuppression = 0;
  midaw = 0;
  /** One for a 32-byte ORB, whose extension holds the two priorities. */
  extension = 0;
  cssPriority = 0;
  cuPriority = 0;
  /** Address of the program in main storage, which counts when `program` is null. */
  programAddress = 0;
  program: ChannelProgram | null = null;
  /** Uniform draws that the request carries from its creation, so that another path or a retry moves no stream. */
  hitDraw = 0;
  serviceDraw = 0;
}

/**
 * Second word of an ORB: the bit that asks for transport mode, and those that are reserved in it (orb.h: struct tm_orb), which are
 * all but key, path mask and extension.
 */
export const TRANSPORT_MODE_BIT = 0x00040000;
export const TRANSPORT_MODE_RESERVED = 0x0ffb00fe;

/** Bytes of an encoded ORB without and with extension. */
const ORB_BYTES = 12;
const EXTENDED_ORB_BYTES = 32;

const CONTROL = new WordLayout({
  key: [0, 3],
  suspendControl: [4, 4],
  streamingMode: [5, 5],
  modification: [6, 6],
  synchronization: [7, 7],
  format1: [8, 8],
  prefetch: [9, 9],
  initialStatus: [10, 10],
  addressLimit: [11, 11],
  suppressSuspended: [12, 12],
  transportMode: [13, 13],
  idaw64: [14, 14],
  idawBlock2k: [15, 15],
  lpm: [16, 23],
  incorrectLengthSuppression: [24, 24],
  midaw: [25, 25],
  extension: [31, 31],
});
const PRIORITIES = new WordLayout({ cssPriority: [0, 7], cuPriority: [16, 23] });

/** Stores an ORB: 12 bytes, or 32 when it has an extension. */
export function encodeOrb(
  orb: Orb,
  bytes = new Uint8Array(orb.extension === 1 ? EXTENDED_ORB_BYTES : ORB_BYTES),
  at = 0,
): Uint8Array {
  storeWord(bytes, at, orb.intparm);
  storeWord(bytes, at + 4, CONTROL.pack(orb));
  storeWord(bytes, at + 8, orb.programAddress);
  if (orb.extension === 1) {
    bytes.fill(0, at + ORB_BYTES, at + EXTENDED_ORB_BYTES);
    storeWord(bytes, at + ORB_BYTES, PRIORITIES.pack(orb));
  }
  return bytes;
}

/** Fetches an ORB into `orb`, whose `program` is left alone. */
export function decodeOrb(bytes: Uint8Array, orb = new Orb(), at = 0): Orb {
  orb.intparm = fetchWord(bytes, at);
  CONTROL.unpack(fetchWord(bytes, at + 4), orb);
  orb.programAddress = fetchWord(bytes, at + 8);
  PRIORITIES.unpack(orb.extension === 1 ? fetchWord(bytes, at + ORB_BYTES) : 0, orb);
  return orb;
}
