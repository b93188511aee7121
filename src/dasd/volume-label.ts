import { storeWord } from '../zarch/word-layout.ts';
import { BLOCK_BYTES } from './geometry.ts';

/**
 * The label records of a freshly formatted Linux volume, as volume analysis and partition detection read them: IPL1,
 * IPL2 and VOL1 with keys and an almost empty VTOC in the compatible disk layout (CDL), one LNX1 block in the Linux
 * disk layout (LDL). Reference: recording of a 3390 set online; s390-tools dasdfmt writes these records.
 */
const EBCDIC_DIGIT_0 = 0xf0;
const EBCDIC_BLANK = 0x40;
/** By ASCII code: digits and capital letters; whatever else there is becomes a blank. */
const EBCDIC = new Uint8Array(128).fill(EBCDIC_BLANK);
storeRun('0', '9', EBCDIC_DIGIT_0);
storeRun('A', 'I', 0xc1);
storeRun('J', 'R', 0xd1);
storeRun('S', 'Z', 0xe2);

function storeRun(first: string, last: string, code: number): void {
  const from = first.charCodeAt(0);
  for (let ascii = from; ascii <= last.charCodeAt(0); ascii++) EBCDIC[ascii] = code + ascii - from;
}

/** EBCDIC bytes of a text of digits, capital letters and blanks; other characters become blanks. */
function ebcdic(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  storeEbcdic(bytes, 0, text);
  return bytes;
}

export function storeEbcdic(bytes: Uint8Array, at: number, text: string): void {
  for (let index = 0; index < text.length; index++) {
    const ascii = text.charCodeAt(index);
    bytes[at + index] = ascii < EBCDIC.length ? EBCDIC[ascii] : EBCDIC_BLANK;
  }
}

/** Key and data lengths of the records that CDL has on its first two tracks instead of 4 KiB blocks. */
export const CDL_TRACK0 = [
  { key: 4, data: 24 },
  { key: 4, data: 144 },
  { key: 4, data: 80 },
] as const;
export const CDL_VTOC = { key: 44, data: 96 } as const;
/** Record (from 1) of track 0 that holds the label of an LDL volume. */
const LDL_LABEL_RECORD = 3;

/** Bytes of a label record with its key; null where a record holds nothing but zeros. Records count from 1. */
export function cdlLabel(track: number, record: number, serial: string): Uint8Array | null {
  if (track === 0 && record === 1) return ipl1();
  if (track === 0 && record === 2) return keyed('IPL2', CDL_TRACK0[1].data);
  if (track === 0 && record === 3) return vol1(serial);
  if (track === 1 && record === 1) return vtocRecord(0x04, 0xf4);
  if (track === 1 && record === 2) return vtocRecord(0x05, 0xf5);
  return null;
}

/** Bytes of the label block of an LDL volume that was formatted with `blocks` 4 KiB blocks; null for other records. */
export function ldlLabel(track: number, record: number, serial: string, blocks: number): Uint8Array | null {
  if (track !== 0 || record !== LDL_LABEL_RECORD) return null;
  const bytes = new Uint8Array(BLOCK_BYTES);
  bytes.set(ebcdic(`LNX1${volumeSerial(serial)}`));
  bytes.fill(EBCDIC_BLANK, 10, 79);
  bytes[79] = EBCDIC_DIGIT_0 + 2;
  storeWord(bytes, 80, Math.floor(blocks / 4_294_967_296));
  storeWord(bytes, 84, blocks >>> 0);
  return bytes;
}

const volumeSerial = (serial: string): string => serial.padEnd(6).slice(0, 6);

function keyed(key: string, dataLength: number): Uint8Array {
  const bytes = new Uint8Array(4 + dataLength);
  bytes.set(ebcdic(key));
  return bytes;
}

/** A PSW that stops the processor, and a CCW that does nothing: the volume is not bootable. */
function ipl1(): Uint8Array {
  const bytes = keyed('IPL1', CDL_TRACK0[0].data);
  storeWord(bytes, 4, 0x000a0000);
  storeWord(bytes, 8, 0x0000000f);
  storeWord(bytes, 12, 0x03000000);
  storeWord(bytes, 16, 0x00000001);
  return bytes;
}

/** Volume label: serial number, security byte, and the VTOC's address (cylinder 0, head 1, record 1). */
function vol1(serial: string): Uint8Array {
  const bytes = keyed('VOL1', CDL_TRACK0[2].data);
  bytes.fill(EBCDIC_BLANK, 4);
  bytes.set(ebcdic(`VOL1${volumeSerial(serial)}`), 4);
  bytes[14] = 0xc0;
  bytes.set([0, 0, 0, 1, 1], 15);
  return bytes;
}

/** Format-4 and format-5 data-set control blocks: the VTOC's description of itself and of free space. */
function vtocRecord(keyByte: number, format: number): Uint8Array {
  const bytes = new Uint8Array(CDL_VTOC.key + CDL_VTOC.data);
  bytes.fill(keyByte, 0, CDL_VTOC.key);
  bytes[CDL_VTOC.key] = format;
  return bytes;
}
