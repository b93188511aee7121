import type { CommandFrame, Exchange } from '../channel/control-unit.ts';
import { CCW_FLAG, type Ccw, type ChannelProgram } from '../zarch/ccw.ts';
import { COMMAND } from '../zarch/commands.ts';
import { CSTAT, DSTAT } from '../zarch/scsw.ts';
import { Extent, Locate } from './channel-program.ts';
import { COMMANDS, DOMAIN_COMMANDS } from './commands.ts';
import type { Facilities } from './facilities.ts';
import { EXCEPTION_ALIAS, MESSAGE, SENSE_BYTES, SENSE0, SENSE1, storeNoSense, storeSense } from './sense.ts';
import { NO_PATH, type StorageDevice } from './storage-device.ts';
import type { SubsystemData } from './subsystem-data.ts';
import type { Volume } from './volume.ts';

const NOTHING_MOVED = -1;
const NO_REPLY = new Uint8Array(0);

/**
 * One channel program being carried out, command by command. A control unit has a single run for programs that come as a
 * whole, used again for every one: they are carried out at one instant each. A program whose commands come one by one
 * has a run to itself as long as it lasts.
 */
export class ProgramRun {
  readonly facilities: Facilities;
  readonly subsystem: SubsystemData;
  device!: StorageDevice;
  /** The device's own volume, or that of the base for which an alias is used. */
  volume!: Volume;
  /** Logical path (host · ports + port) and port that the program came on. */
  path = 0;
  port = 0;
  /** The program came in transport mode. */
  transport = false;
  /** Command that was chained to this one; zero for the first. */
  previous = 0;
  /** Bytes that the command in progress has for the program or takes from it; NOTHING_MOVED when it was rejected first. */
  length = 0;
  /** The command in progress is an immediate operation: it moves no data and ends at once. */
  immediate = false;
  readonly extent = new Extent();
  readonly locate = new Locate();
  /** Records or tracks left in the locate domain; zero outside of a domain. */
  remaining = 0;
  /** Access position. The record was located and not used yet when `oriented`. */
  track = 0;
  record = 0;
  oriented = false;
  /** What PERFORM SUBSYSTEM FUNCTION prepared for READ SUBSYSTEM DATA; empty: nothing. */
  prepared: Readonly<Uint8Array> = NO_REPLY;
  /** For handlers that put a few bytes together. */
  readonly scratch = new Uint8Array(12);
  /** A data command of the program has been carried out. */
  hasMovedData = false;
  private failed = false;
  private sense!: Uint8Array;
  private senseHeld = false;

  constructor(facilities: Facilities, subsystem: SubsystemData) {
    this.facilities = facilities;
    this.subsystem = subsystem;
  }

  /** Carries out the exchange's program and sets its ending status. */
  execute(exchange: Exchange, device: StorageDevice, path: number): void {
    this.begin(device);
    this.transport = exchange.program!.transport === true;
    this.enter(exchange, path);
    this.senseHeld = device.senseFor === path;
    device.senseFor = NO_PATH;
    this.runProgram(exchange, exchange.program!);
    this.end(exchange);
  }

  /** A program begins: nothing of another one is known. */
  begin(device: StorageDevice): void {
    this.device = device;
    this.volume = device.isAlias ? this.subsystem.addresses.homeOf(device).volume : device.volume;
    this.previous = 0;
    this.extent.defined = false;
    this.remaining = 0;
    this.track = device.track;
    this.prepared = NO_REPLY;
    this.hasMovedData = false;
  }

  /** Carries out the next command of a program that comes command by command. */
  executeCommand(exchange: Exchange, frame: CommandFrame, path: number): void {
    const { ccw } = frame;
    const { device } = this;
    this.enter(exchange, path);
    this.senseHeld = device.senseFor === path;
    // NO-OPERATION leaves the sense data to be asked for.
    if (ccw.command !== COMMAND.nop) device.senseFor = NO_PATH;
    this.length = NOTHING_MOVED;
    this.immediate = false;
    if ((ccw.flags & CCW_FLAG.CHAIN_DATA) !== 0 && DOMAIN_COMMANDS[ccw.command] === 0) this.refuseDataChain();
    else this.carryOut(ccw);
    frame.length = this.length;
    frame.immediate = this.immediate;
    this.previous = ccw.command;
    if (DOMAIN_COMMANDS[ccw.command] === 1) this.hasMovedData = true;
    this.end(exchange);
  }

  private enter(exchange: Exchange, path: number): void {
    this.path = path;
    this.port = exchange.port;
    this.sense = exchange.sense;
    this.failed = false;
    exchange.cstat = 0;
    exchange.senseCount = 0;
  }

  private end(exchange: Exchange): void {
    const { device } = this;
    device.track = this.track;
    exchange.dstat = DSTAT.CHANNEL_END | DSTAT.DEVICE_END;
    if (!this.failed) return;
    exchange.dstat |= DSTAT.UNIT_CHECK;
    exchange.senseCount = SENSE_BYTES;
    device.senseFor = this.path;
    device.sense.set(exchange.sense);
  }

  /** Refuses the command in progress (command reject). */
  reject(message: number): false {
    return this.check(SENSE0.COMMAND_REJECT, 0, message);
  }

  fileProtected(): false {
    return this.check(0, SENSE1.FILE_PROTECTED, MESSAGE.NONE);
  }

  noRecordFound(): false {
    return this.check(0, SENSE1.NO_RECORD_FOUND, MESSAGE.NONE);
  }

  /** The program names a base that the device is no way to. */
  aliasChanged(): false {
    this.check(SENSE0.EQUIPMENT_CHECK, 0, MESSAGE.ALIAS_CHANGED);
    this.sense[8] = EXCEPTION_ALIAS;
    return false;
  }

  /** Gives the program `length` bytes of `source`, as far as its count and its area reach. */
  supply(ccw: Ccw, source: Readonly<Uint8Array>, length: number): void {
    this.length = length;
    const { data } = ccw;
    if (data === null || (ccw.flags & CCW_FLAG.SKIP) !== 0) return;
    const limit = Math.min(length, ccw.count, data.length);
    for (let at = 0; at < limit; at++) data[at] = at < source.length ? source[at] : 0;
  }

  /** Gives the program the sense data of the path's previous command. */
  supplySense(ccw: Ccw): void {
    if (!this.senseHeld) storeNoSense(this.device.sense);
    this.supply(ccw, this.device.sense, SENSE_BYTES);
  }

  /** First in the chain, or after suspend multipath reconnection: where path and reservation commands must stand. */
  get isFirst(): boolean {
    return this.previous === 0 || this.previous === COMMAND.suspend_multipath;
  }

  private runProgram(exchange: Exchange, program: ChannelProgram): void {
    for (let at = 0; at < program.length; at++) {
      const ccw = program.ccws[at];
      if (ccw.command === COMMAND.tic) continue;
      exchange.lastCcw = at;
      this.length = NOTHING_MOVED;
      this.immediate = false;
      if ((ccw.flags & CCW_FLAG.CHAIN_DATA) !== 0) this.refuseDataChain();
      else this.carryOut(ccw);
      const chained = (ccw.flags & CCW_FLAG.CHAIN_COMMAND) !== 0;
      // A command that is rejected before it moves data leaves neither a count nor incorrect length behind.
      if (this.length === NOTHING_MOVED) {
        exchange.residual = 0;
        return;
      }
      exchange.residual = ccw.count > this.length ? ccw.count - this.length : 0;
      const suppressed = (ccw.flags & CCW_FLAG.SUPPRESS_LENGTH) !== 0 || (this.immediate && chained);
      if (ccw.count !== this.length && !suppressed) {
        exchange.cstat = CSTAT.INCORRECT_LENGTH;
        return;
      }
      if (this.failed || !chained) return;
      this.previous = ccw.command;
    }
  }

  /**
   * The channel says in its frames that a command's data are chained, and only records are taken or given in pieces. Of a
   * program that comes as a whole not even those: none that Linux builds for a DASD chains data.
   */
  private refuseDataChain(): void {
    this.reject(MESSAGE.INVALID_COMMAND);
  }

  private carryOut(ccw: Ccw): void {
    const { command } = ccw;
    if (this.remaining > 0 && DOMAIN_COMMANDS[command] === 0) this.reject(MESSAGE.INVALID_SEQUENCE);
    else if (this.previous === COMMAND.spid) this.reject(MESSAGE.INVALID_SEQUENCE);
    else COMMANDS[command](this, ccw);
  }

  private check(byte0: number, byte1: number, message: number): false {
    this.failed = true;
    // Only a rejected command never began; any other one that moved nothing leaves its whole count behind.
    if (this.length === NOTHING_MOVED && byte0 !== SENSE0.COMMAND_REJECT) this.length = 0;
    storeSense(this.sense, byte0, byte1, message, this.track);
    return false;
  }
}
