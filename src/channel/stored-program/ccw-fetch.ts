import { CCW_BYTES, CCW_FLAG, decodeCcw, isTransferInChannel } from '../../zarch/ccw.ts';
import { PROGRAM_INTERRUPTION } from '../../zarch/program-interruption.ts';
import { CSTAT } from '../../zarch/scsw.ts';
import type { Storage } from '../../zarch/storage.ts';
import { FetchedCcw } from './fetched-ccw.ts';
import type { ProgramRules } from './program-rules.ts';

const NO_TRANSFER = -1;
const ADDRESS_MASK = 0x7fffffff;

/** Subchannel status of an access that was refused. */
export const checkOfAccess = (access: number): number =>
  access === PROGRAM_INTERRUPTION.PROTECTION ? CSTAT.PROTECTION_CHECK : CSTAT.PROGRAM_CHECK;

/**
 * Fetches the channel-command words of one program in the order in which they are carried out. With prefetch it keeps
 * up to `fetchAhead` of them, fetched when the one before was taken: what the program stores into these later goes
 * unnoticed. Without, every word is fetched when it is wanted.
 */
export class CcwFetch {
  private readonly storage: Storage;
  private readonly rules: ProgramRules;
  private readonly fetchAhead: number;
  private ahead: FetchedCcw[] = [];
  private next = 0;
  /** The transfer in channel that led to `next`. */
  private transferAt = NO_TRANSFER;
  /** More can be told about the program from what has been fetched. */
  private goesOn = false;
  private readonly bytes = new Uint8Array(CCW_BYTES);

  constructor(storage: Storage, rules: ProgramRules, fetchAhead: number) {
    this.storage = storage;
    this.rules = rules;
    this.fetchAhead = fetchAhead;
  }

  /** Goes on at an address; what was fetched ahead is forgotten. */
  goTo(address: number): void {
    this.ahead = [];
    this.next = address;
    this.transferAt = NO_TRANSFER;
  }

  /** The next word. The caller knows that there is one. */
  take(): FetchedCcw {
    const taken = this.ahead.shift() ?? this.fetch();
    while (this.rules.prefetch && this.goesOn && this.ahead.length < this.fetchAhead)
      this.ahead.push(this.fetch());
    return taken;
  }

  private fetch(): FetchedCcw {
    const { storage, rules, next } = this;
    const ccw = new FetchedCcw();
    ccw.at = next;
    ccw.statusAddress = (next + CCW_BYTES) & ADDRESS_MASK;
    ccw.check = this.checkLocation(ccw);
    if (ccw.check !== 0) {
      this.goesOn = false;
      return ccw;
    }
    storage.fetch(next, this.bytes);
    decodeCcw(this.bytes, rules.format, ccw);
    ccw.malformed = rules.format === 1 && (this.bytes[4] & 0x80) !== 0;
    ccw.version = storage.storesTo(next);
    this.follow(ccw);
    return ccw;
  }

  /** A word outside of what the format or storage has is the fault of the transfer in channel that led to it. */
  private checkLocation(ccw: FetchedCcw): number {
    const { storage, rules, transferAt } = this;
    const placed = ccw.at % CCW_BYTES === 0 && ccw.at + CCW_BYTES <= rules.addressEnd;
    const access = placed
      ? storage.check(ccw.at, CCW_BYTES, rules.key, 'fetch')
      : PROGRAM_INTERRUPTION.SPECIFICATION;
    if (access === 0) return 0;
    const check = checkOfAccess(access);
    if (check === CSTAT.PROGRAM_CHECK && transferAt !== NO_TRANSFER)
      ccw.statusAddress = (transferAt + CCW_BYTES) & ADDRESS_MASK;
    return check;
  }

  private follow(ccw: FetchedCcw): void {
    if (isTransferInChannel(ccw.command, this.rules.format)) {
      this.next = ccw.address;
      this.transferAt = ccw.at;
      this.goesOn = true;
      return;
    }
    this.next = ccw.at + CCW_BYTES;
    this.transferAt = NO_TRANSFER;
    // Behind a word that may suspend the program, the program is expected to change.
    const suspends = this.rules.suspendControl && ccw.has(CCW_FLAG.SUSPEND);
    this.goesOn = !suspends && ccw.has(CCW_FLAG.CHAIN_DATA | CCW_FLAG.CHAIN_COMMAND);
  }
}
