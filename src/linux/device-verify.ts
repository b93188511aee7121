import type { Steps } from '../kernel/process.ts';
import { EVENT } from '../observe/event-table.ts';
import { clearIrb } from '../zarch/block-copy.ts';
import { NONE } from '../zarch/ids.ts';
import { type PathMask, pathBit } from '../zarch/path-mask.ts';
import { CIO, PE } from './ccw-driver.ts';
import { disableSubchannel, enableSubchannel, updateSchib } from './cio.ts';
import type { CioDevice } from './device.ts';
import { Verification } from './device-pgid.ts';
import { DEV_EVENT, DEV_STATE, type DevState } from './device-state.ts';
import { fakeIrb, isPending } from './device-status.ts';
import { E, type Errno } from './errno.ts';
import type { Executor } from './ioasm.ts';

/** From "use this device" or "look at its paths" to a state that holds (device_fsm.c). */

/** ccw_device_online: enables the subchannel and starts the first verification. */
export function* goOnline(self: Executor, device: CioDevice): Steps<Errno> {
  if (device.state !== DEV_STATE.OFFLINE && device.state !== DEV_STATE.BOXED) return E.INVAL;
  const rc = yield* enableSubchannel(device.linux, self, device.sch);
  if (rc !== E.OK) {
    if (rc === E.NODEV) yield* device.event(self, DEV_EVENT.NOTOPER);
    return rc;
  }
  yield* startVerification(self, device);
  return E.OK;
}

/** ccw_device_offline: leaves the path group and disables the subchannel; −EBUSY while an operation runs. */
export function* goOffline(self: Executor, device: CioDevice): Steps<Errno> {
  switch (device.state) {
    case DEV_STATE.DISCONNECTED:
    case DEV_STATE.NOT_OPER:
      device.donotify = false;
      yield* done(self, device, DEV_STATE.NOT_OPER);
      return E.OK;
    case DEV_STATE.BOXED:
      yield* done(self, device, DEV_STATE.BOXED);
      return E.OK;
  }
  if (device.orphan) {
    yield* done(self, device, DEV_STATE.OFFLINE);
    return E.OK;
  }
  if ((yield* updateSchib(device.linux, self, device.sch)) !== E.OK) return E.NODEV;
  if (device.sch.schib.scsw.actl !== 0) return E.BUSY;
  if (device.state !== DEV_STATE.ONLINE) return E.INVAL;
  if (!device.pathGroup) {
    yield* done(self, device, DEV_STATE.OFFLINE);
    return E.OK;
  }
  device.transition(DEV_STATE.DISBAND_PGID);
  yield* verificationOf(device).disband(self);
  return E.OK;
}

/** ccw_device_online_verify: verifies at once when the device is idle, else after its status has been delivered. */
export function* onlineVerify(self: Executor, device: CioDevice): Steps {
  if (device.state === DEV_STATE.W4SENSE || device.startUnanswered) {
    device.doverify = true;
    return;
  }
  const { sch, linux } = device;
  const { verifications } = linux;
  if (verifications !== null && !verifications.begin(device)) {
    // Whoever only waits for a turn may start I/O meanwhile, also when what was running had to be killed before.
    device.doverify = false;
    if (device.state === DEV_STATE.TIMEOUT_KILL) device.transition(DEV_STATE.ONLINE);
    return;
  }
  if ((yield* updateSchib(linux, self, sch)) !== E.OK) return yield* verifyDone(self, device, E.NODEV);
  const { scsw } = sch.schib;
  if (scsw.actl !== 0 || isPending(scsw) || isPending(device.irb.scsw)) {
    device.doverify = true;
    verifications?.end(device);
    return;
  }
  yield* startVerification(self, device);
}

/** ccw_device_boxed_verify. */
export function* boxedVerify(self: Executor, device: CioDevice): Steps {
  if (!device.online) return device.linux.css.scheduleEvaluation(device.sch.schid);
  if ((yield* enableSubchannel(device.linux, self, device.sch)) !== E.OK) {
    yield* done(self, device, DEV_STATE.NOT_OPER);
  } else yield* onlineVerify(self, device);
}

/** ccw_device_generic_notoper: the driver decides whether the device is kept. */
export function genericNotOperational(_self: Executor, device: CioDevice): undefined {
  if (device.notify(CIO.GONE)) device.setDisconnected();
  else device.scheduleTodo('unregister');
}

function* startVerification(self: Executor, device: CioDevice): Steps {
  const { verifications } = device.linux;
  const isTurn = verifications === null || verifications.begin(device);
  device.transition(DEV_STATE.VERIFY);
  if (isTurn) yield* verificationOf(device).start(self);
}

/** It is the turn of a device that waits for its verification in that state. */
export function* continueVerification(self: Executor, device: CioDevice): Steps<number> {
  const { lock } = device.sch;
  yield* lock.acquire(self);
  if (device.state === DEV_STATE.VERIFY) yield* verificationOf(device).start(self);
  lock.release(device.linux.sim);
  return 0;
}

function verificationOf(device: CioDevice): Verification {
  device.verification ??= new Verification(device);
  return device.verification;
}

/** ccw_device_verify_done: what a verification means for the device. */
export function* verifyDone(self: Executor, device: CioDevice, rc: Errno): Steps {
  const { sch, linux } = device;
  let result = rc;
  // The POM may have changed meanwhile.
  if ((yield* updateSchib(linux, self, sch)) !== E.OK) result = E.NODEV;
  else {
    sch.lpm = sch.vpm;
    sch.reportMasks(linux.observer, linux.system);
    if (device.doverify) return yield* verificationOf(device).start(self);
  }
  switch (result) {
    case E.OK:
      yield* done(self, device, DEV_STATE.ONLINE);
      deliverFakeIrb(device);
      reportPathEvents(device);
      lookForBrokenPaths(device);
      break;
    case E.TIME:
    case E.USERS:
      device.donotify = false;
      yield* done(self, device, DEV_STATE.BOXED);
      break;
    case E.ACCES:
      device.donotify = false;
      yield* done(self, device, DEV_STATE.DISCONNECTED);
      break;
    default:
      device.donotify = false;
      yield* done(self, device, DEV_STATE.NOT_OPER);
  }
  device.pathGone = 0;
  device.pathNew = 0;
  device.pgidReset = 0;
}

/** ccw_device_disband_done. */
export function* disbandDone(self: Executor, device: CioDevice, rc: Errno): Steps {
  yield* done(
    self,
    device,
    rc === E.OK ? DEV_STATE.OFFLINE : rc === E.TIME ? DEV_STATE.BOXED : DEV_STATE.NOT_OPER,
  );
}

/** ccw_device_done: enters a state that holds, and asks the driver whether it keeps a device that failed. */
function* done(self: Executor, device: CioDevice, state: DevState): Steps {
  const { sch, linux } = device;
  device.stopTimer();
  if (state !== DEV_STATE.ONLINE) yield* disableSubchannel(linux, self, sch);
  clearIrb(device.irb);
  device.transition(state);
  switch (state) {
    case DEV_STATE.BOXED:
      linux.emit(EVENT['device.boxed'], sch.schid, NONE, 0, 0, 0);
      if (device.online && !device.notify(CIO.BOXED)) device.scheduleTodo('unregister');
      device.donotify = false;
      break;
    case DEV_STATE.NOT_OPER:
      linux.emit(EVENT['device.gone'], sch.schid, NONE, 0, 0, 0);
      if (device.notify(CIO.GONE)) device.setDisconnected();
      else device.scheduleTodo('unregister');
      device.donotify = false;
      break;
    case DEV_STATE.DISCONNECTED:
      if (device.notify(CIO.NO_PATH)) device.setDisconnected();
      else {
        device.transition(DEV_STATE.NOT_OPER);
        device.scheduleTodo('unregister');
      }
      device.donotify = false;
      break;
  }
  if (device.donotify) {
    device.donotify = false;
    yield* operational(self, device);
  }
  device.wake();
}

/** ccw_device_oper_notify: a device that was disconnected works again; all its paths are news to the driver. */
function* operational(self: Executor, device: CioDevice): Steps {
  if (device.notify(CIO.OPER)) {
    if (device.cmb !== null) device.scheduleTodo('enable-measurement');
    device.pathNew = device.sch.vpm;
    return;
  }
  yield* setNotOperational(self, device);
  device.scheduleTodo('rebind');
}

/** ccw_device_set_notoper. */
export function* setNotOperational(self: Executor, device: CioDevice): Steps {
  device.stopTimer();
  yield* disableSubchannel(device.linux, self, device.sch);
  device.transition(DEV_STATE.NOT_OPER);
}

/** Answers a start that was accepted while the device could not be started. It outlives a failed verification. */
function deliverFakeIrb(device: CioDevice): void {
  if (!device.fakeIrbOwed) return;
  device.fakeIrbOwed = false;
  fakeIrb(device.irb);
  device.handle(device.intparm, device.irb, E.OK);
  clearIrb(device.irb);
}

/** ccw_device_report_path_events. */
function reportPathEvents(device: CioDevice): void {
  const { linux, sch } = device;
  const gone = device.pathGone & ~sch.vpm;
  const available = device.pathNew & sch.vpm;
  const established = device.pgidReset & sch.vpm;
  const events = linux.pathEvents;
  for (let index = 0; index < 8; index++) {
    const path = pathBit(index);
    events[index] =
      ((gone & path) !== 0 ? PE.PATH_GONE : 0) |
      ((available & path) !== 0 ? PE.PATH_AVAILABLE : 0) |
      ((established & path) !== 0 ? PE.PATHGROUP_ESTABLISHED : 0);
    if (!device.online || events[index] === 0) continue;
    emitPathEvent(device, EVENT['path.gone'], gone, index);
    emitPathEvent(device, EVENT['path.available'], available, index);
    emitPathEvent(device, EVENT['path.group-established'], established, index);
  }
  if (device.online) device.pathEvent(events);
}

function emitPathEvent({ linux, sch }: CioDevice, event: number, paths: PathMask, index: number): void {
  const path = pathBit(index);
  if ((paths & path) === 0) return;
  const chpid = sch.schib.pmcw.chpids[index];
  linux.observer.emit(event, linux.system, sch.schid, chpid, path, NONE, 0, 0, 0);
}

/** ccw_device_handle_broken_paths: paths that should work and do not are looked at again later. */
function lookForBrokenPaths(device: CioDevice): void {
  const { sch } = device;
  const broken = (sch.schib.pmcw.pam & sch.opm) ^ sch.vpm;
  if (broken !== 0 && broken !== device.pathBroken) device.linux.recovery.schedule();
  device.pathBroken = broken;
}
