import type { BlockProgram } from './block-program.ts';
import { UNIT } from './configuration-record.ts';
import type { DasdDevice } from './dasd-device.ts';
import type { DasdRequest } from './request.ts';
import { originOf } from './start-io.ts';

/** Block requests that were to be started on an alias and did not end well there: their base takes them back. */

/** Whether a block request of `base` is started elsewhere. */
export const isOnAlias = (base: DasdDevice, request: DasdRequest): boolean =>
  request.startDevice !== null && request.startDevice !== base;

/** A request that was taken out of an alias's queue (`dasd_eckd_handle_terminated_request`). */
export function moveToBase(base: DasdDevice, request: DasdRequest): void {
  if (!isOnAlias(base, request)) return;
  forgetAlias(request);
  request.startDevice = base;
  request.lpm = base.paths.opm;
}

/**
 * Any error on an alias is repeated on the base before it is recovered from (`dasd_3990_erp_inspect_alias`). An alias that
 * stands for another base now gets no more requests until it has been asked what it is.
 */
export function recoverOnBase(base: DasdDevice, recovery: DasdRequest): DasdRequest {
  const failed = recovery.refers!;
  const alias = failed.startDevice!;
  if (!alias.offline && failed.ending.hasSense && isReassigned(failed.ending.sense)) {
    alias.pavGroup?.remove(alias);
    alias.reload!.queue();
  }
  forgetAlias(recovery);
  recovery.startDevice = base;
  return recovery;
}

/** Equipment check, format 0 message F, exception class 67. */
const isReassigned = (sense: Uint8Array): boolean =>
  sense[0] === 0x10 && sense[7] === 0x0f && sense[8] === 0x67;

/** Programs of error recovery repeat the words of the first one: its prefix is theirs (`dasd_eckd_reset_ccw_to_base_io`). */
const forgetAlias = (request: DasdRequest): void =>
  (originOf(request).program as BlockProgram).nameBase(UNIT.BASE);
