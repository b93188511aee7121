import { CCW_FLAG, type Ccw, type ChannelProgram } from '../../zarch/ccw.ts';
import { COMMAND } from '../../zarch/commands.ts';
import { isAliasType, UNIT } from './configuration-record.ts';
import { BLOCK_SIZE } from './definitions.ts';
import {
  type Addressing,
  EXTENT_BYTES,
  LOCATE_BYTES,
  PREFIX_BYTES,
  PREFIX_EXTENT_VALID,
  PREFIX_HYPERPAV,
  PREFIX_VALIDITY,
  PREFIX_VERIFY_BASE,
  putExtent,
  putLocate,
  putPrefix,
  putTrackPrefix,
} from './eckd-parameters.ts';
import { cdlRecordLength } from './track-format.ts';

/** Blocks of a track at most (12 of 4 KiB on a 3390). */
const TRACK_BLOCKS = 12;
const KEY_AND_DATA = 0x08;
const LONGEST_LABEL = 148;

/** Volume and facilities for which programs are built. */
export interface ProgramTarget extends Addressing {
  readonly blocksPerTrack: number;
  /** PREFIX instead of DEFINE EXTENT. */
  readonly usePrefix: boolean;
  /** Track commands for reads, for writes; only with prefix. */
  readonly readTracks: boolean;
  readonly writeTracks: boolean;
  /** Most bytes of a program in transport mode, 0: there is none; and whether it may be for several tracks. */
  readonly transportBytes: number;
  readonly transportTracks: boolean;
}

class ControlCcw implements Ccw {
  command: number;
  flags = CCW_FLAG.CHAIN_COMMAND;
  count: number;
  readonly data: Uint8Array;
  readonly versions = null;

  constructor(command: number, count: number) {
    this.command = command;
    this.count = count;
    this.data = new Uint8Array(count);
  }
}

class TransferCcw implements Ccw {
  command = 0;
  flags = 0;
  count = 0;
  data: Uint8Array | null = null;
  readonly versions = new Float64Array(TRACK_BLOCKS);
  /** Key and data of a label record, made when the first one is read. */
  label: Uint8Array | null = null;
}

/**
 * Channel program of one block request (dasd_eckd.c: dasd_eckd_build_cp and the …_single and …_track builders). Its
 * words and parameter areas are used again and again: building allocates only what no request before has needed.
 *
 *   by record   prefix | define extent ─ locate ─ read │ write ─ …       (labels of a CDL volume: one locate each)
 *   by track    prefix with locate ─ read track │ write track ─ …        (in transport mode: as one control block)
 */
export class BlockProgram implements ChannelProgram {
  readonly ccws: Ccw[] = [];
  length = 0;
  transport = false;
  private readonly prefix = new ControlCcw(COMMAND.prefix, PREFIX_BYTES);
  private readonly extent = new ControlCcw(COMMAND.define_extent, EXTENT_BYTES);
  private readonly locates: ControlCcw[] = [];
  private readonly transfers: TransferCcw[] = [];
  private locateCount = 0;
  private transferCount = 0;

  /** Builds the program that reads or writes `count` blocks from `first` on; `versions` from `offset` on are written. */
  build(
    target: ProgramTarget,
    first: number,
    count: number,
    write: boolean,
    versions: Float64Array,
    offset: number,
  ): void {
    this.length = 0;
    this.locateCount = 0;
    this.transferCount = 0;
    const special = target.usesCdl && first < 2 * target.blocksPerTrack;
    this.transport = !special && fitsTransportMode(target, first, count, write);
    const byTrack = target.usePrefix && !special && (write ? target.writeTracks : target.readTracks);
    if (byTrack || this.transport) this.buildByTrack(target, first, count, write);
    else this.buildByRecord(target, first, count, write);
    this.transfers[this.transferCount - 1].flags &= ~CCW_FLAG.CHAIN_COMMAND;
    if (write) this.storeVersions(versions, offset);
  }

  /** Names the base in the prefix, for an alias of the given type; a base device is not told its own address. */
  nameBase(unitType: number): void {
    const hyperPav = unitType === UNIT.HYPER_PAV_ALIAS ? PREFIX_HYPERPAV : 0;
    const verify = isAliasType(unitType) ? PREFIX_VERIFY_BASE : 0;
    this.prefix.data[PREFIX_VALIDITY] = PREFIX_EXTENT_VALID | verify | hyperPav;
  }

  /** Copies what a read found, block by block, to `versions` from `offset` on. */
  fetchVersions(versions: Float64Array, offset: number): void {
    let to = offset;
    for (let index = 0; index < this.transferCount; index++) {
      const transfer = this.transfers[index];
      const blocks = blocksOf(transfer);
      for (let block = 0; block < blocks; block++) versions[to++] = transfer.versions[block];
    }
  }

  private storeVersions(versions: Float64Array, offset: number): void {
    let from = offset;
    for (let index = 0; index < this.transferCount; index++) {
      const transfer = this.transfers[index];
      const blocks = blocksOf(transfer);
      for (let block = 0; block < blocks; block++) transfer.versions[block] = versions[from++];
    }
  }

  private buildByTrack(target: ProgramTarget, first: number, count: number, write: boolean): void {
    const { blocksPerTrack } = target;
    const command = write ? COMMAND.write_track_data : COMMAND.read_track_data;
    const last = first + count - 1;
    const firstTrack = Math.floor(first / blocksPerTrack);
    const lastTrack = Math.floor(last / blocksPerTrack);
    const firstRecord = (first % blocksPerTrack) + 1;
    const lastRecords = (last % blocksPerTrack) + 1 - (firstTrack === lastTrack ? firstRecord - 1 : 0);
    this.prefix.command = this.transport && !write ? COMMAND.prefix_read : COMMAND.prefix;
    this.ccws[this.length++] = this.prefix;
    putTrackPrefix(
      this.prefix.data,
      command,
      firstTrack,
      lastTrack,
      firstRecord,
      target,
      BLOCK_SIZE,
      lastRecords * BLOCK_SIZE,
    );
    let left = count;
    let room = blocksPerTrack - firstRecord + 1;
    while (left > 0) {
      const blocks = Math.min(left, room);
      this.transfer(command, blocks * BLOCK_SIZE);
      left -= blocks;
      room = blocksPerTrack;
    }
  }

  private buildByRecord(target: ProgramTarget, first: number, count: number, write: boolean): void {
    const { blocksPerTrack, usesCdl } = target;
    const command = write ? COMMAND.write_mt : COMMAND.read_mt;
    const last = first + count - 1;
    const ordinary = usesCdl ? 2 * blocksPerTrack : 0;
    this.position(target, command, Math.floor(first / blocksPerTrack), Math.floor(last / blocksPerTrack));
    if (first >= ordinary) this.locate(target, command, first, count, BLOCK_SIZE);
    for (let block = first; block <= last; block++) {
      const label = usesCdl ? cdlRecordLength(block, blocksPerTrack) : 0;
      const length = label === 0 ? BLOCK_SIZE : label;
      const actual = label === 0 ? command : command | KEY_AND_DATA;
      if (block < ordinary) this.locate(target, actual, block, 1, length);
      else if (block === ordinary && first < ordinary)
        this.locate(target, command, block, last - block + 1, BLOCK_SIZE);
      this.transfer(actual, length);
      if (label !== 0 && !write) this.provideLabel(length);
    }
  }

  private position(target: ProgramTarget, command: number, firstTrack: number, lastTrack: number): void {
    if (target.usePrefix) {
      this.prefix.command = COMMAND.prefix;
      this.ccws[this.length++] = this.prefix;
      putPrefix(this.prefix.data, 0, command, firstTrack, lastTrack, target, 0);
    } else {
      this.ccws[this.length++] = this.extent;
      putExtent(this.extent.data, 0, command, firstTrack, lastTrack, target, 0);
    }
  }

  private locate(target: ProgramTarget, command: number, block: number, count: number, length: number): void {
    if (this.locateCount === this.locates.length) {
      this.locates.push(new ControlCcw(COMMAND.locate_record, LOCATE_BYTES));
    }
    const ccw = this.locates[this.locateCount++];
    this.ccws[this.length++] = ccw;
    const track = Math.floor(block / target.blocksPerTrack);
    const record = (block % target.blocksPerTrack) + 1;
    putLocate(ccw.data, 0, command, track, record, count, length, target.tracksPerCylinder);
  }

  private transfer(command: number, count: number): void {
    if (this.transferCount === this.transfers.length) this.transfers.push(new TransferCcw());
    const ccw = this.transfers[this.transferCount++];
    ccw.command = command;
    ccw.flags = CCW_FLAG.CHAIN_COMMAND;
    ccw.count = count;
    ccw.data = null;
    this.ccws[this.length++] = ccw;
  }

  private provideLabel(length: number): void {
    const ccw = this.transfers[this.transferCount - 1];
    ccw.label ??= new Uint8Array(LONGEST_LABEL);
    ccw.data = ccw.label.subarray(0, length);
  }
}

/** Bytes that check the data of each track of a write but the last. */
const CHECK_BYTES = 4;

function fitsTransportMode(target: ProgramTarget, first: number, count: number, write: boolean): boolean {
  if (target.transportBytes === 0) return false;
  const { blocksPerTrack } = target;
  const boundaries = Math.floor((first + count - 1) / blocksPerTrack) - Math.floor(first / blocksPerTrack);
  const bytes = count * BLOCK_SIZE + (write ? boundaries * CHECK_BYTES : 0);
  return bytes <= target.transportBytes && (boundaries === 0 || target.transportTracks);
}

const blocksOf = (transfer: Ccw): number => Math.ceil(transfer.count / BLOCK_SIZE);
