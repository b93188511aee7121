/**
 * Geometry of 3390 volumes: models, track arithmetic, the CCHH address form of extended-address volumes, and how many
 * records fit on a track (architecture reference D.1, D.2).
 */
export interface DasdModel {
  /** `3390-9` as operators call it. */
  readonly name: string;
  /** Model byte of SENSE ID and of the device characteristics. */
  readonly model: number;
  /** Device-type code byte of the device characteristics. */
  readonly typeCode: number;
  /** Primary cylinders. */
  readonly cylinders: number;
}

/** Cylinders of the largest volume that there is (architecture reference D.1). */
export const MAX_CYLINDERS = 1_182_006;

export const DASD_MODELS: readonly DasdModel[] = [
  { name: '3390-1', model: 0x02, typeCode: 0x26, cylinders: 1_113 },
  { name: '3390-2', model: 0x06, typeCode: 0x27, cylinders: 2_226 },
  { name: '3390-3', model: 0x0a, typeCode: 0x24, cylinders: 3_339 },
  { name: '3390-9', model: 0x0c, typeCode: 0x32, cylinders: 10_017 },
  { name: '3390-27', model: 0x0c, typeCode: 0x32, cylinders: 32_760 },
  { name: '3390-54', model: 0x0c, typeCode: 0x32, cylinders: 65_520 },
  // Extended-address volumes, called by their decimal gigabytes.
  { name: '3390-223', model: 0x0c, typeCode: 0x32, cylinders: 262_668 },
  { name: '3390-1004', model: 0x0c, typeCode: 0x32, cylinders: MAX_CYLINDERS },
];

/** The model of this name; undefined when there is none. */
export const dasdModel = (name: string): DasdModel | undefined =>
  DASD_MODELS.find((model) => model.name === name);

export const DEVICE_TYPE = 0x3390;
export const TRACKS_PER_CYLINDER = 15;
/** Rotational-position sectors per track. */
export const SECTORS_PER_TRACK = 224;
/** Physical bytes per track, which the record formula divides. */
export const TRACK_CAPACITY = 58_786;
/** Data bytes of a track with a single record. */
export const MAX_RECORD_BYTES = 56_664;
/** Bytes that home address and record zero take. */
export const HOME_AND_R0_BYTES = 1_428;
export const R0_BYTES = 57_326;
export const BLOCK_BYTES = 4_096;
export const BLOCKS_PER_TRACK = 12;

/** Bytes are counted in cells of 34; every 232 bytes of an area need a segment of their own. */
const CELL = 34;
const cells = (bytes: number): number => Math.ceil(bytes / CELL) * CELL;
const area = (overheadCells: number, bytes: number): number =>
  cells(CELL * overheadCells + bytes + 6 + 6 * Math.ceil((bytes + 6) / 232));

/** Track space of one record with these key and data lengths, in bytes. */
export const recordSpace = (keyLength: number, dataLength: number): number =>
  area(19, dataLength) + (keyLength > 0 ? area(9, keyLength) : 0);

/** Equal records that fit on one track. */
export const recordsPerTrack = (keyLength: number, dataLength: number): number =>
  Math.floor(TRACK_CAPACITY / recordSpace(keyLength, dataLength));

/** Sector before record `record` (from 1) of a track of 4 KiB records: what drivers put in SET SECTOR and LOCATE RECORD. */
export const sectorOfBlock = (record: number): number => Math.floor((49 + (record - 1) * 143) / 8);

/**
 * Track number of the CCHH address at `at`: sixteen low cylinder bits, twelve high cylinder bits, four head bits.
 * −1 when the head does not exist.
 */
export function trackAt(bytes: Uint8Array, at: number): number {
  const head = bytes[at + 3] & 0x0f;
  if (head >= TRACKS_PER_CYLINDER) return -1;
  const high = (bytes[at + 2] << 4) | (bytes[at + 3] >> 4);
  const cylinder = high * 65_536 + ((bytes[at] << 8) | bytes[at + 1]);
  return cylinder * TRACKS_PER_CYLINDER + head;
}

/** Stores the CCHH address of a track at `at`. */
export function storeTrack(bytes: Uint8Array, at: number, track: number): void {
  const cylinder = Math.floor(track / TRACKS_PER_CYLINDER);
  const head = track - cylinder * TRACKS_PER_CYLINDER;
  bytes[at] = cylinder >>> 8;
  bytes[at + 1] = cylinder;
  bytes[at + 2] = cylinder >>> 20;
  bytes[at + 3] = ((cylinder >>> 12) & 0xf0) | head;
}
