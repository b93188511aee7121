import { EVENT } from '../../observe/event-table.ts';
import type { Observer } from '../../observe/observer.ts';
import { CCW_FLAG, type Ccw, isTransferInChannel } from '../../zarch/ccw.ts';
import type { Orb } from '../../zarch/orb.ts';
import { CSTAT } from '../../zarch/scsw.ts';
import type { CommandFrame } from '../control-unit.ts';
import type { Subchannel } from '../subchannel.ts';
import { CcwFetch } from './ccw-fetch.ts';
import { DataArea } from './data-area.ts';
import { type CcwPlace, type FetchedCcw, isValidCcw } from './fetched-ccw.ts';
import { isIncorrectLength } from './incorrect-length.ts';
import { type ProgramLimits, ProgramRules } from './program-rules.ts';

/** The longest transfer that a device makes for one command, bytes: a track and then some. */
const LONGEST_TRANSFER = 65_536;
const FIRST_BUFFER = 256;
const REFUSED = -1;

const CHAINED_COMMAND: CcwPlace = { afterTransfer: false, dataChained: false };
const AFTER_TRANSFER: CcwPlace = { afterTransfer: true, dataChained: false };
const CHAINED_DATA: CcwPlace = { afterTransfer: false, dataChained: true };
const CHAINED_DATA_AFTER_TRANSFER: CcwPlace = { afterTransfer: true, dataChained: true };

/**
 * The channel program in main storage that a subchannel carries out, one command at a time:
 *
 *   next ─► fetch, check ─► [open: output data] ─► control unit … ─► [move: input data] ─► conclude: count, incorrect length
 *
 * It is also the frame in which the control unit sees the command in progress.
 */
export class StoredProgram implements CommandFrame {
  readonly rules = new ProgramRules();
  readonly ccw: Ccw = { command: 0, flags: 0, count: 0, data: null, versions: null };
  length = REFUSED;
  immediate = false;
  /** CCW in use; of a data chain the one that the ending status belongs to. */
  current!: FetchedCcw;
  /** Subchannel status that ends the program: zero, program check or protection check. */
  check = 0;
  /** Incorrect length was found when the command ended. */
  incorrectLength = false;
  /** Count that the ended command left in `current`. */
  residual = 0;
  /** The command in use has asked for an interruption while it runs. */
  interruption = false;
  /** The program has been accepted by a device once, so the interruption for its initial status is made. */
  initialStatusMade = false;

  private readonly sch: Subchannel;
  private readonly observer: Observer;
  private readonly limits: ProgramLimits;
  private readonly fetch: CcwFetch;
  private readonly area: DataArea;
  private buffer = new Uint8Array(FIRST_BUFFER);
  /** The CCWs of the command's data chain as far as they are known, and the one behind them that is in error. */
  private parts: FetchedCcw[] = [];
  private chainError: FetchedCcw | null = null;
  /** Bytes of the output that storage had, and why there are no more. */
  private fetched = 0;
  private fetchCheck = 0;
  private executed = 0;

  constructor(sch: Subchannel, observer: Observer, limits: ProgramLimits) {
    const { storage } = sch.environment;
    this.sch = sch;
    this.observer = observer;
    this.limits = limits;
    this.fetch = new CcwFetch(storage, this.rules, limits.fetchAhead);
    this.area = new DataArea(storage, this.rules);
  }

  /** A start designates the program at an address. */
  begin(orb: Readonly<Orb>, limitMode: number, addressLimit: number): void {
    this.rules.set(orb, limitMode, addressLimit);
    this.executed = 0;
    this.initialStatusMade = false;
    this.fetch.goTo(orb.programAddress);
  }

  /** The command in use starts again with the word in storage now: the program is resumed. */
  refetch(): void {
    this.executed--;
    this.fetch.goTo(this.current.at);
  }

  /** The device has asked to pass over the next command (status modifier). */
  passOver(): void {
    this.fetch.goTo(this.current.at + 16);
  }

  get isInput(): boolean {
    return isInputCommand(this.ccw.command);
  }

  get isSuspending(): boolean {
    return this.current.has(CCW_FLAG.SUSPEND);
  }

  /** The CCW in use asks for a program-controlled interruption. */
  get asksInterruption(): boolean {
    return this.current.has(CCW_FLAG.PCI);
  }

  /** Fetches the next command. False: the program ends with `check`. */
  next(): boolean {
    this.current = this.takeCcw(false);
    this.check = this.current.check;
    return this.check === 0;
  }

  /** Makes the frame of the command: what goes to the control unit goes with it. False: the program ends with `check`. */
  open(): boolean {
    const { current, ccw } = this;
    const isInput = isInputCommand(current.command);
    this.check = this.area.open(current, isInput);
    if (this.check !== 0) return false;
    this.parts = [current];
    this.chainError = null;
    this.fetched = 0;
    this.fetchCheck = 0;
    this.interruption = this.asksInterruption;
    this.area.interruption = false;
    ccw.command = current.command;
    ccw.flags = current.flags & ~CCW_FLAG.SKIP;
    if (isInput) this.makeRoom();
    else this.fetchOutput();
    return true;
  }

  /** Room for what the device is going to say. How much a data chain has room for is found out as it is used. */
  private makeRoom(): void {
    const { current, ccw } = this;
    ccw.count = current.has(CCW_FLAG.CHAIN_DATA) ? LONGEST_TRANSFER : current.count;
    this.reserve(ccw.count);
    ccw.data = this.buffer.subarray(0, ccw.count).fill(0);
  }

  /** Output is fetched before the device wants it, so a byte that cannot be fetched does no harm until then. */
  private fetchOutput(): void {
    const { ccw, area } = this;
    let count = 0;
    let part = this.current;
    for (;;) {
      this.reserve(count + part.count);
      if (this.fetchCheck === 0) {
        this.buffer.fill(0, count, count + part.count);
        this.fetched += area.fetch(this.buffer, count, part.count);
        this.fetchCheck = area.check;
      }
      count += part.count;
      if (!part.has(CCW_FLAG.CHAIN_DATA) || this.fetchCheck !== 0 || count >= LONGEST_TRANSFER) break;
      if (!this.chainData(false)) break;
      part = this.parts[this.parts.length - 1];
    }
    ccw.count = count;
    ccw.data = this.buffer.subarray(0, count);
  }

  /** The control unit has carried the command out: input data are stored, and the count is settled. */
  conclude(): void {
    this.incorrectLength = false;
    this.residual = 0;
    if (this.length === REFUSED) return;
    if (this.isInput) this.storeInput();
    else if (this.length > this.fetched) this.check = this.fetchCheck;
    if (this.area.interruption) this.interruption = true;
    this.settle();
  }

  /** Bytes that cross the link for the command. */
  get linkBytes(): number {
    return Math.max(0, Math.min(this.length, this.ccw.count));
  }

  get chainsCommand(): boolean {
    return (this.current.flags & (CCW_FLAG.CHAIN_COMMAND | CCW_FLAG.CHAIN_DATA)) === CCW_FLAG.CHAIN_COMMAND;
  }

  private storeInput(): void {
    const { area } = this;
    const length = Math.min(this.length, this.ccw.count);
    let done = 0;
    let part = this.current;
    for (;;) {
      const count = Math.min(part.count, length - done);
      done += area.store(this.buffer, done, count);
      this.check = area.check;
      if (this.check !== 0 || (done === length && count < part.count)) return;
      if (!part.has(CCW_FLAG.CHAIN_DATA) || !this.chainData(true)) return;
      part = this.parts[this.parts.length - 1];
    }
  }

  /**
   * Ending status belongs to the CCW whose count is in use when the device ends; a data chain goes on to the next one as
   * soon as the count is used up. An error in that one counts only when the device has more to move.
   */
  private settle(): void {
    let rest = this.length;
    let at = 0;
    let part = this.current;
    while (rest >= part.count && part.has(CCW_FLAG.CHAIN_DATA) && at + 1 < this.parts.length) {
      rest -= part.count;
      part = this.parts[++at];
      this.carriedOut(part);
      if (part.has(CCW_FLAG.PCI)) this.interruption = true;
    }
    const wantsMore = rest > part.count;
    this.current = part;
    this.residual = wantsMore ? 0 : part.count - rest;
    if (wantsMore && part.has(CCW_FLAG.CHAIN_DATA) && this.chainError !== null && this.check === 0) {
      this.current = this.chainError;
      this.check = this.chainError.check;
    }
    this.incorrectLength = isIncorrectLength(
      { flags: part.flags, residual: this.residual, longer: wantsMore, immediate: this.immediate },
      this.rules.suppressImmediate,
    );
  }

  /** The next CCW of a data chain becomes known. False: it is in error. */
  private chainData(isInput: boolean): boolean {
    const ccw = this.takeCcw(true);
    if (ccw.check === 0) ccw.check = this.area.open(ccw, isInput);
    if (ccw.check === 0) this.parts.push(ccw);
    else this.chainError = ccw;
    return ccw.check === 0;
  }

  /** The next CCW that is no transfer in channel, with its check. */
  private takeCcw(dataChained: boolean): FetchedCcw {
    let place = dataChained ? CHAINED_DATA : CHAINED_COMMAND;
    let transfer: FetchedCcw | null = null;
    for (;;) {
      const ccw = this.fetch.take();
      if (++this.executed > this.limits.ccwLimit) ccw.check = CSTAT.PROGRAM_CHECK;
      if (ccw.check === 0 && !isValidCcw(ccw, this.rules, place)) ccw.check = CSTAT.PROGRAM_CHECK;
      ccw.transfer = transfer;
      if (ccw.check !== 0 || !isTransferInChannel(ccw.command, this.rules.format)) return ccw;
      // Data chains are read ahead, and what the device does not get to has no effect.
      if (dataChained) transfer = ccw;
      else this.carriedOut(ccw);
      place = dataChained ? CHAINED_DATA_AFTER_TRANSFER : AFTER_TRANSFER;
    }
  }

  /** A CCW takes effect. */
  carriedOut(ccw: FetchedCcw): void {
    const { host, id, schib } = this.sch;
    const { lpum } = schib.pmcw;
    if (ccw.transfer !== null) this.carriedOut(ccw.transfer);
    this.observer.emit(EVENT['ccw.executed'], host, id, -1, lpum, -1, ccw.at, ccw.version, ccw.command);
  }

  private reserve(bytes: number): void {
    if (bytes <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(bytes, this.buffer.length * 2));
    grown.set(this.buffer);
    this.buffer = grown;
  }
}

/** Write and control commands have a one in the last bit of their code, the others bring data into storage. */
const isInputCommand = (command: number): boolean => (command & 1) === 0;
