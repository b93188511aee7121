import { SparseCounters } from '../kernel/sparse-counters.ts';
import { BLOCK_BYTES, BLOCKS_PER_TRACK, type DasdModel, TRACKS_PER_CYLINDER } from './geometry.ts';
import { CDL_TRACK0, CDL_VTOC, cdlLabel, ldlLabel } from './volume-label.ts';

/**
 * How a volume was formatted: compatible disk layout, Linux disk layout, or initialised by another operating system
 * and not formatted with blocks at all (three label records on track 0, nothing behind them).
 */
export type VolumeFormat = 'cdl' | 'ldl' | 'unformatted';

/** One volume: which records its tracks hold, and the version of every block. Records count from 1, R0 is not stored. */
export class Volume {
  readonly model: DasdModel;
  readonly cylinders: number;
  readonly tracks: number;
  readonly format: VolumeFormat;
  readonly serial: string;
  /** Version last written of every 4 KiB block, zero before the first write. */
  private readonly versions: SparseCounters;
  /** Tracks from this one on hold nothing but twelve 4 KiB records. */
  private readonly firstPlainTrack: number;
  /** Bytes of records that were written with their bytes after formatting, by block number. */
  private rewritten: Map<number, Uint8Array> | null = null;

  constructor(model: DasdModel, cylinders: number, format: VolumeFormat, serial: string) {
    this.model = model;
    this.cylinders = cylinders;
    this.tracks = cylinders * TRACKS_PER_CYLINDER;
    this.format = format;
    this.serial = serial;
    this.versions = new SparseCounters();
    this.firstPlainTrack = format === 'cdl' ? 2 : format === 'ldl' ? 0 : this.tracks;
  }

  /** Records on a track, without record zero. */
  records(track: number): number {
    if (this.format !== 'unformatted') return BLOCKS_PER_TRACK;
    return track === 0 ? CDL_TRACK0.length : 0;
  }

  keyLength(track: number, record: number): number {
    if (track >= this.firstPlainTrack) return 0;
    if (track === 0) return record <= CDL_TRACK0.length ? CDL_TRACK0[record - 1].key : 0;
    return track === 1 && this.format === 'cdl' ? CDL_VTOC.key : 0;
  }

  /** Data bytes of a record; −1 when the track has no such record. */
  dataLength(track: number, record: number): number {
    if (track >= this.firstPlainTrack) return record >= 1 && record <= BLOCKS_PER_TRACK ? BLOCK_BYTES : -1;
    if (record < 1 || record > this.records(track)) return -1;
    if (track === 0) return record <= CDL_TRACK0.length ? CDL_TRACK0[record - 1].data : BLOCK_BYTES;
    return CDL_VTOC.data;
  }

  readVersion(track: number, record: number): number {
    return this.versions.read(track * BLOCKS_PER_TRACK + record - 1);
  }

  writeVersion(track: number, record: number, version: number): void {
    this.versions.write(track * BLOCKS_PER_TRACK + record - 1, version);
  }

  /** Key and data bytes of a record that holds a label or was written with its bytes; null when only the version is kept. */
  bytes(track: number, record: number): Uint8Array | null {
    const written = this.rewritten?.get(track * BLOCKS_PER_TRACK + record - 1);
    if (written !== undefined) return written;
    if (track > 1) return null;
    if (this.format === 'ldl') return ldlLabel(track, record, this.serial, this.tracks * BLOCKS_PER_TRACK);
    return this.format === 'cdl' || track === 0 ? cdlLabel(track, record, this.serial) : null;
  }

  /** A data block was written of which only the version is known: the bytes of an earlier one are gone. */
  forgetBytes(track: number, record: number): void {
    if (this.rewritten === null || track <= 1) return;
    this.rewritten.delete(track * BLOCKS_PER_TRACK + record - 1);
  }

  /** Keeps the bytes written to a record. */
  writeBytes(track: number, record: number, bytes: Uint8Array): void {
    this.rewritten ??= new Map();
    this.rewritten.set(track * BLOCKS_PER_TRACK + record - 1, bytes.slice());
  }
}
