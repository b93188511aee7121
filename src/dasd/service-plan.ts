import type { CommandFrame, Exchange } from '../channel/control-unit.ts';
import type { SimTime } from '../kernel/time.ts';
import { COMMAND, type CommandName } from '../zarch/commands.ts';
import type { TrackCache } from './cache.ts';
import {
  DEFINE_EXTENT_BYTES,
  Extent,
  LOCATE_RECORD_BYTES,
  LOCATE_RECORD_EXTENDED_BYTES,
  Locate,
  OPERATION,
  PREFIX_BYTES,
  PREFIX_EXTENT,
  PREFIX_FORMAT,
  PREFIX_LOCATE,
} from './channel-program.ts';
import { BLOCKS_PER_TRACK } from './geometry.ts';
import { drawServiceTime, type ServiceTime, secondUniform } from './service-time.ts';
import type { StorageDevice } from './storage-device.ts';

/** Service times: command accepted → data or status ready, without the channel's and the link's own time. */
export interface ServiceTimes {
  readonly hitRead: ServiceTime;
  readonly hitWrite: ServiceTime;
  /** Staging from a disk array or flash. A spinning 3390 computes its own (mechanics.ts). */
  readonly miss: ServiceTime;
  /** A program without data: SENSE ID, SNID, RCD, … */
  readonly control: ServiceTime;
}

/** What a command means for the time that its program takes. */
const ROLE = { NONE: 0, EXTENT: 1, PREFIX: 2, LOCATE: 3, LOCATE_EXTENDED: 4, READ: 5, WRITE: 6 } as const;
const ROLES: Uint8Array = roles();

/**
 * Plans the times of an accepted program by reading it once, before it is carried out: a hit is served from the cache
 * while connected; a miss disconnects while its tracks are staged; a write ends when non-volatile storage has it.
 */
export class ServicePlanner {
  private readonly times: ServiceTimes;
  private readonly cache: TrackCache;
  private readonly fastWrite: boolean;
  private readonly extent = new Extent();
  private readonly locate = new Locate();
  private reads = false;
  private writes = false;
  private dataBytes = 0;
  /** The program cannot do without the disk, and where on it. */
  private needsDisk = false;
  private diskTrack = 0;
  private diskSector = 0;

  constructor(times: ServiceTimes, cache: TrackCache, fastWrite: boolean) {
    this.times = times;
    this.cache = cache;
    this.fastWrite = fastWrite;
  }

  /** Sets `connectNs`, `disconnectNs`, `readBytes` and `writeBytes` of the exchange. */
  plan(exchange: Exchange, device: StorageDevice, now: SimTime): void {
    this.readProgram(exchange, device);
    const { serviceDraw } = exchange;
    exchange.connectNs = drawServiceTime(this.connectedTime(), serviceDraw);
    exchange.disconnectNs = 0;
    if (!this.needsDisk) return;
    // The data pass at the disk's speed while the channel is connected.
    const transferNs = device.arm === null ? 0 : device.arm.transferNs(this.dataBytes);
    exchange.disconnectNs = this.diskTime(device, serviceDraw, transferNs, now);
    exchange.connectNs += transferNs;
  }

  /** Times of an operation that ends with its first command, as a control command does. */
  planControl(exchange: Exchange): void {
    exchange.connectNs = drawServiceTime(this.times.control, exchange.serviceDraw);
    exchange.disconnectNs = 0;
    exchange.readBytes = 0;
    exchange.writeBytes = 0;
  }

  /**
   * Plans one command of a chain, as far as it is known: what DEFINE EXTENT said stands in `extent`. Together the commands
   * take what the whole program would have taken: positioning costs the disk's time, the first data command the cache's.
   */
  planCommand(
    exchange: Exchange,
    frame: CommandFrame,
    device: StorageDevice,
    chain: { readonly extent: Extent; readonly hasMovedData: boolean },
    now: SimTime,
  ): void {
    const { ccw } = frame;
    const role = ROLES[ccw.command];
    exchange.connectNs = 0;
    exchange.disconnectNs = 0;
    // A command that ends with its initial status takes no time of its own.
    if (frame.immediate) return;
    if (role === ROLE.NONE) {
      this.planControl(exchange);
    } else if (role === ROLE.READ || role === ROLE.WRITE) {
      const time = role === ROLE.READ ? this.times.hitRead : this.times.hitWrite;
      if (!chain.hasMovedData) exchange.connectNs = drawServiceTime(time, exchange.serviceDraw);
      if (device.arm !== null) exchange.connectNs += device.arm.transferNs(ccw.count);
    } else if (ccw.data !== null) {
      this.needsDisk = false;
      this.extent.bypassCache = chain.extent.defined && chain.extent.bypassCache;
      this.extent.inhibitLoad = chain.extent.defined && chain.extent.inhibitLoad;
      this.locateTracks(role, ccw.data, device, exchange.hitDraw);
      if (this.needsDisk) exchange.disconnectNs = this.diskTime(device, exchange.serviceDraw, 0, now);
    }
  }

  private diskTime(device: StorageDevice, serviceDraw: number, transferNs: SimTime, now: SimTime): SimTime {
    const draw = secondUniform(serviceDraw);
    if (device.arm === null) return drawServiceTime(this.times.miss, draw);
    return device.arm.access(now, this.diskTrack, this.diskSector, draw, transferNs);
  }

  private connectedTime(): ServiceTime {
    if (this.writes) return this.times.hitWrite;
    return this.reads ? this.times.hitRead : this.times.control;
  }

  private readProgram(exchange: Exchange, device: StorageDevice): void {
    const { ccws, length } = exchange.program!;
    let readBytes = 0;
    let writeBytes = 0;
    this.reads = false;
    this.writes = false;
    this.dataBytes = 0;
    this.needsDisk = false;
    this.extent.bypassCache = false;
    this.extent.inhibitLoad = false;
    for (let at = 0; at < length; at++) {
      const { command, count, data } = ccws[at];
      // Write and control commands have a one in the last bit of their code.
      if ((command & 1) !== 0) writeBytes += count;
      else readBytes += count;
      const role = ROLES[command];
      if (role === ROLE.READ || role === ROLE.WRITE) {
        this.dataBytes += count;
        if (role === ROLE.READ) this.reads = true;
        else this.writes = true;
      } else if (role !== ROLE.NONE && data !== null) {
        this.locateTracks(role, data, device, exchange.hitDraw);
      }
    }
    exchange.readBytes = readBytes;
    exchange.writeBytes = writeBytes;
  }

  private locateTracks(role: number, data: Uint8Array, device: StorageDevice, hitDraw: number): void {
    if (role === ROLE.EXTENT) {
      if (data.length >= DEFINE_EXTENT_BYTES) this.extent.decode(data, 0);
      return;
    }
    if (role === ROLE.LOCATE) {
      if (data.length < LOCATE_RECORD_BYTES) return;
      this.locate.decode(data, 0);
    } else if (role === ROLE.LOCATE_EXTENDED) {
      if (data.length < LOCATE_RECORD_EXTENDED_BYTES) return;
      this.locate.decodeExtended(data, 0);
    } else {
      if (data.length < PREFIX_BYTES) return;
      this.extent.decode(data, PREFIX_EXTENT);
      if (data[0] !== PREFIX_FORMAT.LOCATE_RECORD) return;
      this.locate.decodeExtended(data, PREFIX_LOCATE);
    }
    this.accessTracks(device, hitDraw);
  }

  private accessTracks(device: StorageDevice, hitDraw: number): void {
    const { locate, extent, cache } = this;
    if (locate.track < 0) return;
    const first = locate.record > 0 ? locate.record - 1 : 0;
    const tracks = locate.isTrackOperation
      ? locate.count
      : Math.floor((first + locate.count - 1) / BLOCKS_PER_TRACK) + 1;
    let missed = extent.bypassCache;
    for (let track = 0; track < tracks && !extent.bypassCache; track++) {
      if (!cache.access(device.index, locate.track + track, !extent.inhibitLoad, hitDraw)) missed = true;
    }
    const stores = locate.operation === OPERATION.WRITE_DATA || locate.operation === OPERATION.EXTENDED;
    const needsDisk = stores ? !this.fastWrite : missed;
    if (!needsDisk || this.needsDisk) return;
    this.needsDisk = true;
    this.diskTrack = locate.track;
    this.diskSector = locate.sector;
  }
}

function roles(): Uint8Array {
  const table = new Uint8Array(256);
  const give = (role: number, names: readonly CommandName[]): void => {
    for (const name of names) table[COMMAND[name]] = role;
  };
  give(ROLE.EXTENT, ['define_extent']);
  give(ROLE.PREFIX, ['prefix', 'prefix_read']);
  give(ROLE.LOCATE, ['locate_record']);
  give(ROLE.LOCATE_EXTENDED, ['locate_record_extended']);
  give(ROLE.READ, ['read_count', 'read_count_mt', 'read', 'read_mt', 'read_kd', 'read_kd_mt']);
  give(ROLE.READ, ['read_track_data']);
  give(ROLE.WRITE, ['write', 'write_mt', 'write_kd', 'write_kd_mt', 'write_track_data']);
  return table;
}
