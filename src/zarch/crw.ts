import { WordLayout } from './word-layout.ts';

/** Channel-report word (Principles of Operation, "Channel-Report Word"). */
export const RSC = {
  MONITORING: 2,
  SUBCHANNEL: 3,
  CHANNEL_PATH: 4,
  CONFIGURATION_ALERT: 9,
  CHANNEL_SUBSYSTEM: 0xb,
} as const;
export const ERC = {
  EVENT: 0,
  AVAILABLE: 1,
  INITIALIZED: 2,
  TEMPORARY_ERROR: 3,
  PARAMETERS_INITIALIZED: 4,
  TERMINAL: 5,
  PERMANENT_NOT_INITIALIZED: 6,
  PERMANENT_INITIALIZED: 7,
  PARAMETERS_MODIFIED: 8,
  PARAMETERS_RESTORED: 0xa,
} as const;

export class Crw {
  solicited = 0;
  overflow = 0;
  chained = 0;
  rsc = 0;
  ancillary = 0;
  erc = 0;
  rsid = 0;
}

const CRW = new WordLayout({
  solicited: [1, 1],
  overflow: [2, 2],
  chained: [3, 3],
  rsc: [4, 7],
  ancillary: [8, 8],
  erc: [10, 15],
  rsid: [16, 31],
});

/** A CRW as the word that STORE CHANNEL REPORT WORD stores. */
export const crwWord = (crw: Crw): number => CRW.pack(crw);

/** Fetches a channel-report word into `crw`. */
export function decodeCrw(word: number, crw = new Crw()): Crw {
  CRW.unpack(word, crw);
  return crw;
}

/** The same report, behind which others have been lost (Principles of Operation, "Channel-Report Word", bit 2). */
export const withOverflow = (word: number): number => crwWord({ ...decodeCrw(word), overflow: 1 });

/**
 * RSID of the second, chained CRW of a subchannel report: it names the subchannel set, and the channel-subsystem image,
 * that the subchannel number of the first belongs to (Linux css.c:css_process_crw reads the set as `rsid >> 4 & 3`).
 */
export const chainedRsid = (cssid: number, ssid: number): number => (cssid << 8) | (ssid << 4);
