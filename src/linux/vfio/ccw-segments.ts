import { CCW_BYTES, CCW_FLAG, isTransferInChannel, type StoredCcw } from '../../zarch/ccw.ts';
import { COMMAND } from '../../zarch/commands.ts';

/** One segment of a channel program: CCWs that follow each other in storage (`struct ccwchain`). */
export interface CcwChain {
  /** Guest address of its first CCW. */
  readonly iova: number;
  readonly ccws: readonly StoredCcw[];
  /** Where its copy is in the host. */
  readonly hostAddress: number;
}

/** A segment whose transfers in channel are being followed: `at` is the next CCW to look at. */
export interface OpenChain {
  readonly ccws: readonly StoredCcw[];
  at: number;
}

/** A CCW that may suspend the program, where it is in the guest, and where its copy is. */
export interface SuspendingCcw {
  readonly ccw: StoredCcw;
  readonly iova: number;
  readonly hostAddress: number;
}

/** The CCW with this index in a segment. */
export const placeOf = ({ ccws, iova, hostAddress }: CcwChain, at: number): SuspendingCcw => ({
  ccw: ccws[at],
  iova: iova + at * CCW_BYTES,
  hostAddress: hostAddress + at * CCW_BYTES,
});

/** All transfers in channel have been followed. */
export const NO_TARGET = -1;
/** Address of the copy of something that has not been copied. */
export const NOWHERE = -1;

/** The target of the next transfer in channel of the innermost segment that has one left (ccwchain_loop_tic). */
export function nextTarget(open: OpenChain[]): number {
  while (open.length > 0) {
    const chain = open[open.length - 1];
    while (chain.at < chain.ccws.length) {
      const ccw = chain.ccws[chain.at++];
      if (isTransferInChannel(ccw.command, 1)) return ccw.address;
    }
    open.pop();
  }
  return NO_TARGET;
}

/** Whether another CCW follows. */
export const isChained = ({ flags }: StoredCcw): boolean =>
  (flags & (CCW_FLAG.CHAIN_COMMAND | CCW_FLAG.CHAIN_DATA)) !== 0;

/** Whether an address is that of one of `length` CCWs from `head` on. */
export const isWithin = (address: number, head: number, length: number): boolean =>
  address >= head && address <= head + (length - 1) * CCW_BYTES;

/** A TIC back into its own segment does not end it: the command before may jump over it. */
export const leadsInto = (ccw: StoredCcw, head: number, length: number): boolean =>
  isTransferInChannel(ccw.command, 1) && isWithin(ccw.address, head, length);

/** Leaves nothing but the address. */
export function toFormat1Tic(ccw: StoredCcw): void {
  ccw.command = COMMAND.tic;
  ccw.flags = 0;
  ccw.count = 0;
}
