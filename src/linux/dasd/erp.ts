import { NS_PER_S } from '../../kernel/time.ts';
import { CCW_FLAG } from '../../zarch/ccw.ts';
import { COMMAND } from '../../zarch/commands.ts';
import { CSTAT, DSTAT } from '../../zarch/scsw.ts';
import { isOnAlias, recoverOnBase } from './alias-request.ts';
import type { DasdDevice } from './dasd-device.ts';
import { FLAG, MESSAGE, REQUEST_RETRIES, STATUS, STOPPED } from './definitions.ts';
import {
  controlCcw,
  controlProgram,
  type DasdRequest,
  type EndingStatus,
  ERP,
  type ErpFunction,
} from './request.ts';
import { classify, isCommandReject, isNoRecordFound, type Recovery, SENSE } from './sense-classification.ts';
import { originOf } from './start-io.ts';

/**
 * Error recovery for 3990 control units (dasd_3990_erp.c). A failed request gets another request in front that repeats
 * it behind a no-operation; a different error during that gets one more in front, the same error counts down the
 * matching one, which then takes the next step.
 *
 *   failed ─► same error before? ── no ─► new recovery request, its function by sense or channel status
 *                    └──── yes ─► requests before the matching one are done; retry it, or its further step at 0 retries
 */
export function recover(device: DasdDevice, request: DasdRequest): DasdRequest {
  const { dstat, cstat } = request.ending;
  if (cstat === 0 && dstat === (DSTAT.CHANNEL_END | DSTAT.DEVICE_END)) {
    request.status = STATUS.DONE;
    return request;
  }
  const match = matchingRecovery(request);
  if (match !== null) return match.retries > 0 ? retry(device, match) : furtherStep(device, match);
  const recovery = begin(device, addRecovery(device, request));
  if (recovery !== request) request.status = STATUS.IN_ERP;
  return recovery;
}

/** Recovery is over: the original request ends as its last recovery request did (`dasd_default_erp_postaction`). */
export function finishRecovery(request: DasdRequest): DasdRequest {
  const origin = originOf(request);
  origin.status = request.status === STATUS.DONE ? STATUS.DONE : STATUS.FAILED;
  return origin;
}

/** `dasd_3990_erp_in_erp`: which recovery request of the chain was made for the error that came now. */
function matchingRecovery(head: DasdRequest): DasdRequest | null {
  for (let request = head; request.refers !== null; request = request.refers) {
    const isSameDevice = request.refers.startDevice === head.startDevice;
    if (isSameDevice && sameError(head.ending, request.refers.ending)) return request;
  }
  return null;
}

const CONTROL_CHECKS = CSTAT.INTERFACE_CONTROL_CHECK | CSTAT.CHANNEL_CONTROL_CHECK;

function sameError(a: EndingStatus, b: EndingStatus): boolean {
  if (a.hasSense !== b.hasSense) return false;
  if (!a.hasSense) return (a.cstat & CONTROL_CHECKS) === (b.cstat & CONTROL_CHECKS);
  for (const at of [0, 1, 2, 25, 27]) if (a.sense[at] !== b.sense[at]) return false;
  return true;
}

function addRecovery(device: DasdDevice, request: DasdRequest): DasdRequest {
  const { program } = request;
  const repeated = program.ccws.slice(0, program.length);
  // A PERFORM SUBSYSTEM FUNCTION must be the first command of its chain; a control block is repeated as it is.
  const isPsf = repeated[0].command === COMMAND.psf;
  const nop = controlCcw(COMMAND.nop, CCW_FLAG.CHAIN_COMMAND, 0, new Uint8Array(0));
  return refer(
    device,
    request,
    isPsf || program.transport === true ? program : controlProgram(nop, ...repeated),
    ERP.DEFAULT,
    REQUEST_RETRIES,
  );
}

function refer(
  device: DasdDevice,
  request: DasdRequest,
  program: DasdRequest['program'],
  erp: ErpFunction,
  retries: number,
): DasdRequest {
  const recovery = device.shared.createRequest(program);
  recovery.flags = request.flags;
  recovery.sink = request.sink;
  recovery.refers = request;
  recovery.startDevice = request.startDevice;
  recovery.erp = erp;
  recovery.retries = retries;
  recovery.expiresNs = request.expiresNs;
  return recovery;
}

/** First step of a new recovery request. Returns the failed request itself when nothing can be done. */
function begin(device: DasdDevice, recovery: DasdRequest): DasdRequest {
  if (isOnAlias(device, recovery.refers!)) return recoverOnBase(device, recovery);
  const { ending } = recovery.refers!;
  if (!ending.hasSense) return beginWithoutSense(device, recovery, ending);
  const plan = classify(ending.sense);
  if (plan.message !== null && !isExpected(recovery, ending.sense)) device.message(plan.message);
  return apply(device, recovery, plan);
}

/** Errors that the request was sent to find out about are not printed. */
const isExpected = (request: DasdRequest, sense: Uint8Array): boolean =>
  (request.has(FLAG.SUPPRESS_CR) && isCommandReject(sense)) ||
  (request.has(FLAG.SUPPRESS_NRF) && isNoRecordFound(sense));

/** Without sense data only the channel's own checks are understood. */
function beginWithoutSense(device: DasdDevice, recovery: DasdRequest, ending: EndingStatus): DasdRequest {
  if ((ending.cstat & CONTROL_CHECKS) === 0) return recovery;
  device.shared.pathErrors.seen(device, ending.lpum);
  return action4(device, recovery, null);
}

function apply(device: DasdDevice, recovery: DasdRequest, plan: Recovery): DasdRequest {
  switch (plan.action) {
    case 'default':
      return recovery;
    case 'fail':
      recovery.refers!.status = STATUS.FAILED;
      return recovery.refers!;
    case 'limited':
      recovery.erp = ERP.LIMITED;
      recovery.retries = plan.retries;
      return recovery;
    case 'alternate-path':
      return action1(device, recovery);
    case 'action-4':
      return action4(device, recovery, recovery.refers!.ending.sense);
    case 'action-5':
      recovery.erp = ERP.ACTION_5;
      recovery.retries = plan.retries;
      return recovery;
    case 'bus-out':
      return waitFirst(device, recovery, ERP.BUS_OUT);
    case 'intervention':
      return waitFirst(device, recovery, ERP.INTERVENTION);
    case 'compound':
      recovery.erp = ERP.COMPOUND_RETRY;
      recovery.retries = plan.retries;
      return recovery;
  }
}

/** The same error again: once more, for some errors after a while. */
function retry(device: DasdDevice, recovery: DasdRequest): DasdRequest {
  const { ending } = recovery.refers!;
  if (ending.hasSense && recovery.erp === ERP.ACTION_4) return action4(device, recovery, ending.sense);
  if (ending.hasSense && recovery.erp === ERP.INTERVENTION) {
    return waitFirst(device, recovery, ERP.INTERVENTION);
  }
  recovery.status = STATUS.FILLED;
  return recovery;
}

/** No retry left: the next step, or the end (`dasd_3990_erp_further_erp`). */
function furtherStep(device: DasdDevice, recovery: DasdRequest): DasdRequest {
  switch (recovery.erp) {
    case ERP.BUS_OUT:
    case ERP.ACTION_1:
    case ERP.ACTION_4:
      return action1(device, recovery);
    case ERP.ACTION_1_SECOND:
      alternatePath(device, recovery);
      return recovery;
    case ERP.ACTION_5:
      return afterAction5(device, recovery);
    case ERP.COMPOUND_RETRY:
    case ERP.COMPOUND_PATH:
    case ERP.COMPOUND_CODE:
    case ERP.COMPOUND_CONFIG:
      if (recovery.ending.hasSense) return compound(device, recovery);
      break;
    default:
      break;
  }
  device.message(MESSAGE.OUT_OF_RETRIES);
  recovery.status = STATUS.FAILED;
  return recovery;
}

/** Another path, ten tries on each; when all have been tried, all once more, since paths may come and go meanwhile. */
function action1(device: DasdDevice, recovery: DasdRequest): DasdRequest {
  recovery.erp = ERP.ACTION_1;
  alternatePath(device, recovery);
  if (recovery.status === STATUS.FAILED && !recovery.has(FLAG.VERIFY_PATH)) {
    recovery.status = STATUS.FILLED;
    recovery.retries = 10;
    recovery.lpm = device.paths.opm;
    recovery.erp = ERP.ACTION_1_SECOND;
  }
  return recovery;
}

function alternatePath(device: DasdDevice, recovery: DasdRequest): void {
  const { lpum } = recovery.ending;
  recovery.lpm = (recovery.lpm === 0 ? device.paths.opm : recovery.lpm) & ~lpum;
  if ((recovery.lpm & device.cdev.pathMask) !== 0) {
    recovery.status = STATUS.FILLED;
    recovery.retries = 10;
    return;
  }
  device.message(MESSAGE.NOT_REACHED, lpum);
  recovery.status = STATUS.FAILED;
}

/** At once the first time; after that when the control unit says that it is ready again, or time has passed. */
function action4(device: DasdDevice, recovery: DasdRequest, sense: Uint8Array | null): DasdRequest {
  if (recovery.erp !== ERP.ACTION_4) {
    recovery.retries = REQUEST_RETRIES;
    recovery.erp = ERP.ACTION_4;
    return recovery;
  }
  const code = sense === null ? 0 : sense[SENSE.PROGRAM_ACTION];
  if (code === SENSE.STATE_CHANGE_PENDING) blockQueue(device, recovery, 30);
  else if (code === SENSE.BUSY) blockQueue(device, recovery, 1);
  else recovery.status = STATUS.FILLED;
  return recovery;
}

/** Intervention required, bus-out parity: at once the first time, then every minute. */
function waitFirst(device: DasdDevice, recovery: DasdRequest, erp: ErpFunction): DasdRequest {
  if (recovery.erp !== erp) {
    recovery.retries = REQUEST_RETRIES;
    recovery.erp = erp;
    return recovery;
  }
  if (erp === ERP.INTERVENTION) device.message(MESSAGE.INTERVENTION);
  blockQueue(device, recovery, 60);
  return recovery;
}

/** Stops the device until the timer or a state-change interruption lets it go on (`dasd_3990_erp_block_queue`). */
function blockQueue(device: DasdDevice, recovery: DasdRequest, seconds: number): void {
  device.setStopped(STOPPED.PENDING);
  recovery.status = STATUS.FILLED;
  const timer = recovery.sink === device.block ? device.blockTimer : device.timer;
  device.shared.sim.arm(timer, seconds * NS_PER_S);
}

/** Modifiers of DIAGNOSTIC CONTROL by the sense byte that names the failing part. */
const INHIBIT_MODIFIER = new Map([
  [0x17, 0x20],
  [0x57, 0x20],
  [0x18, 0x40],
  [0x58, 0x40],
  [0x19, 0x80],
  [0x59, 0x80],
]);

function afterAction5(device: DasdDevice, recovery: DasdRequest): DasdRequest {
  const { ending } = recovery;
  const next = action1(device, recovery);
  if (!ending.hasSense || (ending.sense[2] & 0x80) !== 0) return next;
  const modifier = INHIBIT_MODIFIER.get(ending.sense[SENSE.PROGRAM_ACTION]);
  return modifier === undefined ? next : inhibitWrite(device, next, modifier);
}

function inhibitWrite(device: DasdDevice, recovery: DasdRequest, modifier: number): DasdRequest {
  const ccw = controlCcw(COMMAND.diagnostic_control, 0, 4, Uint8Array.of(0x02, modifier, 0, 0));
  const request = refer(device, recovery, controlProgram(ccw), ERP.LIMITED, 2);
  request.expiresNs = 300 * NS_PER_S;
  return request;
}

/** Steps of the compound program action, each taken when the one before did not help (`dasd_3990_erp_compound`). */
function compound(device: DasdDevice, recovery: DasdRequest): DasdRequest {
  const { sense } = recovery.ending;
  const action = sense[SENSE.PROGRAM_ACTION];
  let head = recovery;
  if (head.erp === ERP.COMPOUND_RETRY && head.status === STATUS.NEED_ERP) {
    if ((action & SENSE.ALTERNATE_PATH) !== 0) compoundPath(device, head);
    head.erp = ERP.COMPOUND_PATH;
  }
  if (head.erp === ERP.COMPOUND_PATH && head.status === STATUS.NEED_ERP) {
    if ((action & SENSE.MESSAGE_CODE) !== 0) head = compoundCode(device, head, sense[SENSE.CODE]);
    head.erp = ERP.COMPOUND_CODE;
  }
  if (head.erp === ERP.COMPOUND_CODE && head.status === STATUS.NEED_ERP) head.erp = ERP.COMPOUND_CONFIG;
  if (head.status === STATUS.NEED_ERP || head.status === STATUS.IN_ERP) head.status = STATUS.FAILED;
  return head;
}

function compoundPath(device: DasdDevice, recovery: DasdRequest): void {
  alternatePath(device, recovery);
  if (recovery.status === STATUS.FAILED && !recovery.has(FLAG.VERIFY_PATH)) {
    recovery.lpm = device.paths.opm;
    recovery.status = STATUS.NEED_ERP;
  }
}

function compoundCode(device: DasdDevice, recovery: DasdRequest, code: number): DasdRequest {
  if (code === SENSE.INHIBIT_WRITE) return inhibitWrite(device, recovery, 0x20);
  if (code === SENSE.WAIT_5_SECONDS) {
    recovery.retries = 1;
    blockQueue(device, recovery, 5);
  }
  return recovery;
}
