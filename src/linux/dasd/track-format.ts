/** Track arithmetic of the driver for 3390 volumes (dasd_eckd.c: recs_per_track, locate_record, set_ch_t). */

const TRACK_CELLS = 1729;

const cellsOf = (bytes: number, controlBytes: number): number => Math.ceil((bytes + controlBytes) / 34);

/** Records without key of `dataLength` bytes that fit on a 3390 track. */
export function recordsPerTrack(dataLength: number): number {
  const segments = Math.ceil((dataLength + 6) / 232) + 1;
  return Math.floor(TRACK_CELLS / (10 + 9 + cellsOf(dataLength, 6 * segments)));
}

/** Angular position at which a record of equal ones begins; 0 for the whole track (record 0). */
export function sectorOf(record: number, length: number): number {
  if (record === 0) return 0;
  const segments = Math.ceil((length + 6) / 232);
  const cells = 9 + cellsOf(length, 6 * (segments + 1));
  return Math.floor((49 + (record - 1) * (10 + cells)) / 8);
}

/** Stores CCHH: cylinders above 65,535 put their upper bits before the head. */
export function putTrackAddress(
  bytes: Uint8Array,
  at: number,
  track: number,
  tracksPerCylinder: number,
): void {
  const cylinder = Math.floor(track / tracksPerCylinder);
  const head = ((cylinder >>> 16) << 4) | (track % tracksPerCylinder);
  bytes[at] = cylinder >>> 8;
  bytes[at + 1] = cylinder;
  bytes[at + 2] = head >>> 8;
  bytes[at + 3] = head;
}

/** Lengths, key and data, of the first three records of track 0 in the compatible disk layout: IPL1, IPL2, VOL1. */
const TRACK_0_LENGTHS = [28, 148, 84];
/** Length of every record of track 1, the VTOC's. */
const LABEL_LENGTH = 140;

/** Key and data length of the record that holds `block` in the compatible disk layout; 0 when it is an ordinary block. */
export function cdlRecordLength(block: number, blocksPerTrack: number): number {
  if (block < 3) return TRACK_0_LENGTHS[block];
  return block >= blocksPerTrack && block < 2 * blocksPerTrack ? LABEL_LENGTH : 0;
}
