import { WAIT } from '../../channel/channel-subsystem.ts';
import type { Process, Steps } from '../../kernel/process.ts';
import { EVENT } from '../../observe/event-table.ts';
import { IO_REQUEST_INFO } from '../../observe/vfio-events.ts';
import { NONE } from '../../zarch/ids.ts';
import { ACTL, FCTL, STCTL } from '../../zarch/scsw.ts';
import {
  cancelSubchannel,
  clearSubchannel,
  haltSubchannel,
  resumeSubchannel,
  startAnswered,
  updateSchib,
} from '../cio.ts';
import { E, type Errno } from '../errno.ts';
import { interruptionParameter } from '../subchannel.ts';
import type { VfioDevice } from './device.ts';
import { VFIO_STATE } from './fsm.ts';
import { pathsToTry } from './host-vary.ts';
import { ASYNC_COMMAND } from './uapi.ts';

/** Where a request failed, as the tracepoint names it. */
type Info = (typeof IO_REQUEST_INFO)[number];

/** fsm_io_request: only a start is taken in the I/O region. Where it fails stands in the record. */
export function* ioRequest(self: Process, device: VfioDevice): Steps {
  const { io } = device;
  const { fctl } = io.scsw;
  device.state = VFIO_STATE.CP_PROCESSING;
  if ((fctl & FCTL.START) === 0) {
    if ((fctl & (FCTL.HALT | FCTL.CLEAR)) !== 0) io.retCode = E.OPNOTSUPP;
    return refuse(device, fctl, 'request');
  }
  if (io.orb.transportMode === 1 && !device.driver.transportMode) {
    io.retCode = E.OPNOTSUPP;
    return refuse(device, fctl, 'transport mode');
  }
  const failed = translate(self, device);
  if (failed !== null) return refuse(device, fctl, failed);
  // What else happens to the device meanwhile finds it in this state.
  yield* self.settle();
  io.retCode = yield* start(self, device);
  if (io.retCode === E.OK) return;
  device.program.free();
  refuse(device, fctl, 'cp fsm_io_helper');
}

/** Copies the program and pins its data; null, or where that failed. */
function translate(self: Process, device: VfioDevice): Info | null {
  const { io, program } = device;
  const { translateNs, translatePerCcwNs, pinPerPageNs } = device.driver.costs;
  io.retCode = program.init(io.orb, device.memory!);
  self.charge(translateNs + translatePerCcwNs * program.ccws);
  if (io.retCode !== E.OK) return 'cp init';
  io.retCode = program.prefetch();
  self.charge(pinPerPageNs * program.pages);
  if (io.retCode === E.OK) return null;
  program.free();
  return 'cp prefetch';
}

/** fsm_io_helper: START SUBCHANNEL. The guest's path mask counts, whatever Linux thinks of the paths. */
function* start(self: Process, device: VfioDevice): Steps<Errno> {
  const { sch, linux, program } = device;
  yield* sch.lock.acquire(self);
  const isComplete = program.complete(interruptionParameter(sch.schid), sch.lpm);
  const rc = isComplete ? yield* answerOrIssue(self, device) : E.IO;
  sch.lock.release(linux.sim);
  return rc;
}

/** Commands about the path group get no further where the group is the host's. */
function* answerOrIssue(self: Process, device: VfioDevice): Steps<Errno> {
  const { group, program, irb } = device;
  if (group?.answers(program.orb.program, program.orb.lpm, irb) !== true)
    return yield* issueStart(self, device);
  device.answered();
  return E.OK;
}

function* issueStart(self: Process, device: VfioDevice): Steps<Errno> {
  const { sch, linux } = device;
  const { orb } = device.program;
  orb.lpm = pathsToTry(device.driver.hostVary, orb.lpm, sch.opm);
  if (orb.lpm === 0) return E.ACCES;
  let cc: number = linux.io.sschNow(self, sch.schid, orb);
  if (cc === WAIT) {
    cc = yield;
    linux.io.sschDone(sch.schid, orb, cc);
  }
  if (cc !== 0) return yield* startAnswered(linux, self, sch, orb.lpm, cc);
  sch.schib.scsw.actl |= ACTL.START_PENDING;
  device.starts++;
  device.state = VFIO_STATE.CP_PENDING;
  return E.OK;
}

function refuse(device: VfioDevice, fctl: number, info: Info): void {
  if (device.isDisconnected) device.io.retCode = E.NODEV;
  else device.state = VFIO_STATE.IDLE;
  requestFailed(device, fctl, info);
}

function requestFailed(device: VfioDevice, fctl: number, info: Info): void {
  const at = IO_REQUEST_INFO.indexOf(info);
  device.linux.emit(EVENT['vfio_ccw.fsm_io_request'], device.subchannel, NONE, fctl, device.io.retCode, at);
}

/** Layout `one`: the function that the SCSW names, in the order in which the kernel looks for them. */
export function* functionRequest(self: Process, device: VfioDevice): Steps {
  if (stopNamed(device.io.scsw.fctl) === null) yield* ioRequest(self, device);
  else yield* stopRequest(self, device);
}

/**
 * Layout `one`: HALT or CLEAR SUBCHANNEL, which leave the state as it is. A start beside the one in progress finds the
 * device busy, but what it was written over is gone all the same.
 */
export function* stopRequest(self: Process, device: VfioDevice): Steps {
  const { io } = device;
  const { fctl } = io.scsw;
  const stop = stopNamed(fctl);
  io.retCode = stop === null ? E.BUSY : yield* carryOut(self, device, stop);
  if (stop !== null && io.retCode !== E.OK) requestFailed(device, fctl, 'request');
}

/** A start is looked for first: a faithful copy of an SCSW whose start function is being halted would be another start. */
function stopNamed(fctl: number): number | null {
  if ((fctl & FCTL.START) !== 0) return null;
  if ((fctl & FCTL.HALT) !== 0) return ASYNC_COMMAND.HSCH;
  return (fctl & FCTL.CLEAR) !== 0 ? ASYNC_COMMAND.CSCH : null;
}

/** fsm_async_request: HALT and CLEAR SUBCHANNEL, which leave the state as it is; so does what policies add. */
export function* asyncRequest(self: Process, device: VfioDevice): Steps {
  const { command } = device;
  command.retCode = yield* carryOut(self, device, command.command);
  device.linux.emit(
    EVENT['vfio_ccw.fsm_async_request'],
    device.subchannel,
    NONE,
    command.command,
    command.retCode,
    0,
  );
}

const CARRIED_OUT: Readonly<Record<number, typeof haltSubchannel>> = {
  [ASYNC_COMMAND.HSCH]: haltSubchannel,
  [ASYNC_COMMAND.CSCH]: clearSubchannel,
  [ASYNC_COMMAND.XSCH]: cancelSubchannel,
};

function* carryOut(self: Process, device: VfioDevice, command: number): Steps<Errno> {
  const { sch, linux } = device;
  const resumes = command === ASYNC_COMMAND.RSCH && device.driver.resumes;
  const carriedOut = resumes ? resumeSubchannel : CARRIED_OUT[command];
  if (carriedOut === undefined) return E.INVAL;
  yield* sch.lock.acquire(self);
  const renewed = resumes ? yield* renewProgram(self, device) : E.OK;
  const rc = renewed === E.OK ? yield* carriedOut(linux, self, sch) : renewed;
  sch.lock.release(linux.sim);
  if (command === ASYNC_COMMAND.XSCH && rc === E.OK) programCancelled(device);
  return rc;
}

/**
 * Has the program go on as it stands in guest storage now. Where the channel subsystem would refuse the resumption, or keeps
 * one already, the copy is left alone; its condition code says why.
 */
function* renewProgram(self: Process, device: VfioDevice): Steps<Errno> {
  const { sch, linux, program } = device;
  if ((yield* updateSchib(linux, self, sch)) !== E.OK) return E.NODEV;
  const { fctl, actl, stctl } = sch.schib.scsw;
  if (fctl !== FCTL.START || (actl & ACTL.RESUME_PENDING) !== 0 || (stctl & STCTL.PENDING) !== 0) return E.OK;
  const { translateNs, translatePerCcwNs, pinPerPageNs } = device.driver.costs;
  const { pins } = device.memory!;
  const rc = program.renew();
  const pinned = device.memory!.pins - pins;
  self.charge(translateNs + translatePerCcwNs * program.ccws + pinPerPageNs * pinned);
  yield* self.settle();
  return rc;
}

/** No interruption will end the program. */
function programCancelled(device: VfioDevice): void {
  device.program.free();
  device.state = VFIO_STATE.IDLE;
}
