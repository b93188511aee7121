import { CCW_FLAG, isTransferInChannel, StoredCcw } from '../../zarch/ccw.ts';
import type { ProgramRules } from './program-rules.ts';

/** A channel-command word as the channel fetched it: later stores do not change it. */
export class FetchedCcw extends StoredCcw {
  /** Where it stands in storage. */
  at = 0;
  /** How often its doubleword had been stored into when it was fetched. */
  version = 0;
  /** Subchannel status that the fetch itself came to: zero, program check or protection check. */
  check = 0;
  /** Bits that must be zero are not. */
  malformed = false;
  /** The transfer in channel that led to it, as far as that has not taken effect yet. */
  transfer: FetchedCcw | null = null;
  /** CCW address that the SCSW shows when the program ends here. */
  statusAddress = 0;

  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }
}

/** Where a CCW stands in the program, as far as its validity depends on it. */
export interface CcwPlace {
  /** The word before it was a transfer in channel. */
  readonly afterTransfer: boolean;
  /** It goes on with the data of the command before it. */
  readonly dataChained: boolean;
}

/**
 * Whether a CCW may stand where it stands (Principles of Operation, "Program Check"). A transfer in channel may be the
 * first word of a program, as two engines of different families accept it.
 */
export function isValidCcw(ccw: FetchedCcw, rules: ProgramRules, place: CcwPlace): boolean {
  if (ccw.malformed) return false;
  if (isTransferInChannel(ccw.command, rules.format))
    return !place.afterTransfer && isPlainTransfer(ccw, rules);
  if (!place.dataChained && !isCommand(ccw.command)) return false;
  if (ccw.count === 0 && (rules.format === 0 || place.dataChained || ccw.has(CCW_FLAG.CHAIN_DATA)))
    return false;
  if (ccw.has(CCW_FLAG.SUSPEND) && (!rules.suspendControl || place.dataChained)) return false;
  if (!ccw.has(CCW_FLAG.MODIFIED_INDIRECT)) return true;
  return rules.midaw && (ccw.flags & (CCW_FLAG.INDIRECT | CCW_FLAG.SKIP)) === 0;
}

/** Flags and count of a transfer in channel are ignored in format 0 and must be zero in format 1. */
const isPlainTransfer = (ccw: FetchedCcw, rules: ProgramRules): boolean =>
  rules.format === 0 || (ccw.flags === 0 && ccw.count === 0);

/** Codes that end in 0000 mean nothing; those that end in 1000 are left to transfers in channel. */
const isCommand = (command: number): boolean => (command & 0x07) !== 0;
