import { fetchDoubleword, fetchWord, storeDoubleword, storeWord, WordLayout } from './word-layout.ts';

/**
 * Transport-control word: what the ORB of a program in transport mode designates (Principles of Operation, "Transport-Control
 * Word"; architecture reference A.8, asm/fcx.h: struct tcw). It says where commands, data and status are, and how much moves.
 */
export class Tcw {
  /** Must be zero. */
  format = 0;
  /** One: the address leads to a list of transport-indirect-data-address words (TIDA), not to the thing itself. */
  inputIndirect = 0;
  commandsIndirect = 0;
  outputIndirect = 0;
  /** Format of the words of such lists; must be zero. */
  tidawFormat = 0;
  /** Length of the control block in words, less five. */
  commandWords = 0;
  read = 0;
  write = 0;
  outputAddress = 0;
  inputAddress = 0;
  statusAddress = 0;
  commandsAddress = 0;
  /** Bytes to be written, with the check bytes that are inserted; and to be read. */
  outputCount = 0;
  inputCount = 0;
  /** The TCW with which the operation may be asked for its state; zero: there is none. */
  interrogateAddress = 0;
}

/** Bytes of a TCW, and the boundary on which it stands. */
export const TCW_BYTES = 64;

const FLAGS = new WordLayout({
  format: [0, 1],
  inputIndirect: [13, 13],
  commandsIndirect: [14, 14],
  outputIndirect: [15, 15],
  tidawFormat: [16, 17],
});
const LENGTH = new WordLayout({ commandWords: [8, 13], read: [14, 14], write: [15, 15] });
const AT = { OUTPUT: 8, INPUT: 16, STATUS: 24, COMMANDS: 32, COUNTS: 40, INTERROGATE: 60 } as const;
/** Bytes of a control block that its length does not count. */
const UNCOUNTED = 20;

/** Bytes of the transport-command control block. */
export const commandBytes = ({ commandWords }: Readonly<Tcw>): number => UNCOUNTED + 4 * commandWords;

/** What `commandWords` is for a control block of so many bytes, a multiple of four. */
export const commandWordsOf = (bytes: number): number => (bytes - UNCOUNTED) / 4;

/** Stores a TCW; reserved places become zeros. */
export function encodeTcw(tcw: Readonly<Tcw>, bytes = new Uint8Array(TCW_BYTES), at = 0): Uint8Array {
  bytes.fill(0, at, at + TCW_BYTES);
  storeWord(bytes, at, FLAGS.pack(tcw));
  storeWord(bytes, at + 4, LENGTH.pack(tcw));
  storeDoubleword(bytes, at + AT.OUTPUT, tcw.outputAddress);
  storeDoubleword(bytes, at + AT.INPUT, tcw.inputAddress);
  storeDoubleword(bytes, at + AT.STATUS, tcw.statusAddress);
  storeDoubleword(bytes, at + AT.COMMANDS, tcw.commandsAddress);
  storeWord(bytes, at + AT.COUNTS, tcw.outputCount);
  storeWord(bytes, at + AT.COUNTS + 4, tcw.inputCount);
  storeWord(bytes, at + AT.INTERROGATE, tcw.interrogateAddress);
  return bytes;
}

/** Fetches a TCW into `tcw`; reserved places are not looked at. */
export function decodeTcw(bytes: Uint8Array, tcw = new Tcw(), at = 0): Tcw {
  FLAGS.unpack(fetchWord(bytes, at), tcw);
  LENGTH.unpack(fetchWord(bytes, at + 4), tcw);
  tcw.outputAddress = fetchDoubleword(bytes, at + AT.OUTPUT);
  tcw.inputAddress = fetchDoubleword(bytes, at + AT.INPUT);
  tcw.statusAddress = fetchDoubleword(bytes, at + AT.STATUS);
  tcw.commandsAddress = fetchDoubleword(bytes, at + AT.COMMANDS);
  tcw.outputCount = fetchWord(bytes, at + AT.COUNTS);
  tcw.inputCount = fetchWord(bytes, at + AT.COUNTS + 4);
  tcw.interrogateAddress = fetchWord(bytes, at + AT.INTERROGATE);
  return tcw;
}
