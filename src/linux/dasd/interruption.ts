import type { BlockRequest } from '../../observe/block-request.ts';
import type { Irb } from '../../zarch/irb.ts';
import { firstPath } from '../../zarch/path-mask.ts';
import { DSTAT, FCTL } from '../../zarch/scsw.ts';
import { E, type Errno } from '../errno.ts';
import { attention } from './attention.ts';
import type { DasdDevice } from './dasd-device.ts';
import { FLAG, MESSAGE, STATUS, STOPPED } from './definitions.ts';
import type { DasdRequest } from './request.ts';
import { SENSE } from './sense-classification.ts';
import {
  armExpiry,
  killed,
  originOf,
  RETRY,
  startHead,
  startIo,
  startRefused,
  tellKilled,
} from './start-io.ts';
import { isTransportRefused, transportRefused } from './transport-fallback.ts';

const GOOD_ENDING = DSTAT.CHANNEL_END | DSTAT.DEVICE_END;
const STATE_CHANGE = DSTAT.ATTENTION | DSTAT.DEVICE_END | DSTAT.UNIT_EXCEPTION;

/** An interruption of a DASD, or an error in its place (dasd.c: dasd_int_handler). */
export function interruption(device: DasdDevice, handle: number, irb: Irb, error: Errno): void {
  const request = handle === 0 ? null : device.requestOf(handle);
  if (error !== E.OK) {
    if (request !== null) interruptionMissing(device, request, error);
    return;
  }
  const { dstat, cstat } = irb.scsw;
  const isGood = dstat === GOOD_ENDING && cstat === 0;
  if (isGood && request !== null && request.status === STATUS.IN_IO) {
    succeeded(device, request, irb);
    return;
  }
  if (request !== null) request.ending.save(irb);
  deviceChanged(device, irb);
  if ((dstat & DSTAT.ATTENTION) !== 0) attention(device, irb.lpum);
  if (request === null) return;
  if (request.status === STATUS.CLEAR_PENDING && (irb.scsw.fctl & FCTL.CLEAR) !== 0) {
    cleared(device, request);
  } else if (request.status === STATUS.IN_IO) {
    failed(device, request, irb);
  }
}

/** Starts what waits behind the request, then gives the request back: the device is idle as short as possible. */
function succeeded(device: DasdDevice, request: DasdRequest, irb: Irb): void {
  const origin = request.refers === null ? request : originOf(request);
  if (origin.block !== null) stamp(device, origin.block, origin, irb);
  device.removeRequest(request);
  const next = device.queue;
  if (next === null || !startNext(device, next)) device.shared.sim.disarm(device.timer);
  request.status = STATUS.DONE;
  request.sink?.requestEnded(request);
  if (device.paths.tbvpm !== 0) device.scheduleBottomHalf();
}

function startNext(device: DasdDevice, next: DasdRequest): boolean {
  if (next.status !== STATUS.QUEUED || device.stopped !== 0 || startIo(device, next) !== E.OK) {
    device.scheduleBottomHalf();
    return false;
  }
  armExpiry(device, next);
  return true;
}

/** Times of the attempt that ended the request; those of its parts add up. */
function stamp(device: DasdDevice, block: BlockRequest, origin: DasdRequest, irb: Irb): void {
  block.pendNs += irb.pendNs;
  block.cmrNs += irb.cmrNs;
  block.channelBusyNs += irb.channelBusyNs;
  block.cuBusyNs += irb.cuBusyNs;
  block.deviceBusyNs += irb.deviceBusyNs;
  block.discNs += irb.discNs;
  block.connNs += irb.connNs;
  if (irb.statusAtNs > 0) block.interruptDelayNs += device.shared.sim.now - irb.statusAtNs;
  block.lpum = irb.lpum;
  if (irb.lpum !== 0) block.chpid = device.cdev.chpid(firstPath(irb.lpum));
  origin.ending.lpum = irb.lpum;
}

function cleared(device: DasdDevice, request: DasdRequest): void {
  request.status = STATUS.CLEARED;
  tellKilled(device, request, RETRY.TERMINATED);
  device.shared.sim.disarm(device.timer);
  device.scheduleBottomHalf();
}

/** The common I/O layer ended the operation itself: path gone, no answer. The request is started again. */
function interruptionMissing(device: DasdDevice, request: DasdRequest, error: Errno): void {
  if (error === E.IO && request.status === STATUS.CLEAR_PENDING) {
    cleared(device, request);
    return;
  }
  if (request.status !== STATUS.IN_IO) return;
  if (error !== E.IO && error !== E.TIMEDOUT) {
    startRefused(device, request, error);
    return;
  }
  killed(device, request);
  device.shared.sim.disarm(device.timer);
  device.scheduleBottomHalf();
}

function failed(device: DasdDevice, request: DasdRequest, irb: Irb): void {
  if (request.program.transport === true && isTransportRefused(irb.scsw)) transportRefused(device, irb);
  device.shared.sim.disarm(device.timer);
  if (request.has(FLAG.USE_ERP) || request.retries <= 0) {
    request.status = STATUS.ERROR;
    device.scheduleBottomHalf();
    return;
  }
  if (!request.has(FLAG.VERIFY_PATH)) request.lpm = device.paths.opm;
  request.status = STATUS.QUEUED;
  if (device.queue === request && device.stopped === 0) startHead(device);
  else device.scheduleBottomHalf();
}

/** `dasd_eckd_check_for_device_change`: state changes, and reservations that another system took. */
function deviceChanged(device: DasdDevice, irb: Irb): void {
  const { dstat } = irb.scsw;
  if ((dstat & STATE_CHANGE) === STATE_CHANGE) {
    device.clearStopped(STOPPED.PENDING);
    device.scheduleBottomHalf();
    return;
  }
  if (irb.concurrentSense === 0 || (dstat & DSTAT.UNIT_CHECK) === 0) return;
  const { sense } = irb;
  const lost = (sense[SENSE.FORMAT] & SENSE.FORMAT_24) !== 0 && sense[7] === RESERVATION_LOST;
  if (!lost || !device.isReserved) return;
  if (device.shared.tunables.reservationPolicy === 'fail') device.lockStolen = true;
  device.isReserved = false;
  device.reservationState = 'lost';
  device.message(MESSAGE.RESERVATION_LOST);
}

/** Sense byte 7: format 3, message F, allegiance terminated. */
const RESERVATION_LOST = 0x3f;
