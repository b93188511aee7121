import type { Process, Steps } from '../kernel/process.ts';
import { EVENT } from '../observe/event-table.ts';
import { NONE } from '../zarch/ids.ts';
import { CIO } from './ccw-driver.ts';
import { clearSubchannel, commitConfig, updateSchib } from './cio.ts';
import type { CioDevice } from './device.ts';
import { operationLosesPath } from './device-online.ts';
import { triggerReprobe } from './device-recognition.ts';
import { DEV_EVENT, DEV_STATE, isDisconnected } from './device-state.ts';
import { setNotOperational } from './device-verify.ts';
import { E, type Errno } from './errno.ts';
import type { Executor } from './ioasm.ts';
import type { LinuxSystem } from './linux-system.ts';
import { type PathLink, resetConfig, type Subchannel } from './subchannel.ts';
import { CHP_EVENT, type ChpEvent, type SubchannelDriver } from './subchannel-driver.ts';

/** The driver of I/O subchannels (device.c:io_subchannel_driver): events of subchannels and channel paths. */

/** What has to be done after a look at the subchannel (device.c:enum io_sch_action), with the numbers of the trace. */
export const IO_SCH = {
  UNREG: 0,
  ORPH_UNREG: 1,
  UNREG_CDEV: 2,
  ATTACH: 3,
  UNREG_ATTACH: 4,
  ORPH_ATTACH: 5,
  REPROBE: 6,
  VERIFY: 7,
  DISC: 8,
  NOP: 9,
  ORPH_CDEV: 10,
} as const;
export type IoSchAction = (typeof IO_SCH)[keyof typeof IO_SCH];

/** io_subchannel_probe: binds to a new subchannel. Its device is looked for in the slow path. */
function* probeSubchannel(linux: LinuxSystem, self: Executor, sch: Subchannel): Steps<Errno> {
  sch.opm = linux.chps.allowedPaths(sch);
  sch.lpm = sch.schib.pmcw.pam & sch.opm;
  sch.reportMasks(linux.observer, linux.system);
  resetConfig(sch.config);
  if ((yield* commitConfig(linux, self, sch)) === E.OK) linux.css.scheduleEvaluation(sch.schid);
  else linux.css.scheduleUnregister(sch);
  return E.OK;
}

/** io_subchannel_sch_event. */
function* subchannelEvent(
  linux: LinuxSystem,
  self: Process,
  sch: Subchannel,
  process: boolean,
): Steps<Errno> {
  const busy = sch.todoWork.pending || sch.device?.todoWork.pending === true;
  if (!sch.registered || busy) return E.AGAIN;
  yield* sch.lock.acquire(self);
  const { device } = sch;
  const action = yield* chooseAction(linux, self, sch);
  linux.emit(EVENT['subchannel.event'], sch.schid, NONE, process ? 1 : 0, action, 0);
  const finished = yield* actAtOnce(self, device, action);
  sch.lock.release(linux.sim);
  if (finished) return E.OK;
  if (!process) return E.AGAIN;
  return yield* linux.ccw.reorganize(self, sch, device, action);
}

/** sch_get_action. */
function* chooseAction(linux: LinuxSystem, self: Executor, sch: Subchannel): Steps<IoSchAction> {
  const rc = yield* updateSchib(linux, self, sch);
  const { device } = sch;
  if (rc === E.ACCES) {
    if (device === null) return IO_SCH.NOP;
    return device.notify(CIO.GONE) ? IO_SCH.ORPH_CDEV : IO_SCH.UNREG_CDEV;
  }
  if (rc !== E.OK) {
    if (device === null) return IO_SCH.UNREG;
    return device.notify(CIO.GONE) ? IO_SCH.ORPH_UNREG : IO_SCH.UNREG;
  }
  if (device === null) return IO_SCH.ATTACH;
  const { pmcw } = sch.schib;
  if (pmcw.deviceNumber !== device.deviceNumber) {
    return device.notify(CIO.GONE) ? IO_SCH.ORPH_ATTACH : IO_SCH.UNREG_ATTACH;
  }
  if ((pmcw.pam & sch.opm) === 0) return device.notify(CIO.NO_PATH) ? IO_SCH.DISC : IO_SCH.UNREG_CDEV;
  if (isDisconnected(device.state)) return IO_SCH.REPROBE;
  if (device.online) return IO_SCH.VERIFY;
  return device.state === DEV_STATE.NOT_OPER ? IO_SCH.UNREG_ATTACH : IO_SCH.NOP;
}

/** The part of an action that is done with the lock held; true when that is all. */
function* actAtOnce(self: Executor, device: CioDevice | null, action: IoSchAction): Steps<boolean> {
  if (device === null) return action === IO_SCH.NOP;
  switch (action) {
    case IO_SCH.NOP:
      return true;
    case IO_SCH.REPROBE:
      yield* triggerReprobe(self, device);
      return true;
    case IO_SCH.VERIFY:
      yield* device.event(self, DEV_EVENT.VERIFY);
      return true;
    case IO_SCH.DISC:
      device.setDisconnected();
      return true;
    case IO_SCH.ORPH_UNREG:
    case IO_SCH.ORPH_CDEV:
    case IO_SCH.ORPH_ATTACH:
      device.setDisconnected();
      return false;
    case IO_SCH.UNREG_CDEV:
    case IO_SCH.UNREG_ATTACH:
    case IO_SCH.UNREG:
      // A device under recognition ends that by itself, and its work for the slow path keeps later calls away.
      if (device.state === DEV_STATE.SENSE_ID) yield* device.event(self, DEV_EVENT.NOTOPER);
      else yield* setNotOperational(self, device);
      return false;
    default:
      return false;
  }
}

/** io_subchannel_chp_event. */
function* channelPathEvent(
  linux: LinuxSystem,
  self: Executor,
  sch: Subchannel,
  link: PathLink,
  event: ChpEvent,
): Steps<Errno> {
  const mask = sch.pathOf(link);
  if (mask === 0) return E.OK;
  yield* sch.lock.acquire(self);
  const rc = yield* changePath(linux, self, sch, mask, event);
  sch.reportMasks(linux.observer, linux.system);
  sch.lock.release(linux.sim);
  return rc;
}

function* changePath(
  linux: LinuxSystem,
  self: Executor,
  sch: Subchannel,
  mask: number,
  event: ChpEvent,
): Steps<Errno> {
  const { device } = sch;
  switch (event) {
    case CHP_EVENT.VARY_OFF:
      sch.opm &= ~mask;
      linux.css.masksChanged(sch);
      sch.lpm &= ~mask;
      if (device !== null) device.pathGone |= mask;
      yield* terminatePath(linux, self, sch, mask);
      return E.OK;
    case CHP_EVENT.VARY_ON:
      sch.opm |= mask;
      linux.css.masksChanged(sch);
      sch.lpm |= mask;
      if (device !== null) device.pathNew |= mask;
      yield* verify(linux, self, sch);
      return E.OK;
    case CHP_EVENT.OFFLINE:
      if ((yield* updateSchib(linux, self, sch)) !== E.OK) return E.NODEV;
      if (device !== null) device.pathGone |= mask;
      yield* terminatePath(linux, self, sch, mask);
      return E.OK;
    case CHP_EVENT.ONLINE:
      if ((yield* updateSchib(linux, self, sch)) !== E.OK) return E.NODEV;
      sch.lpm |= mask & sch.opm;
      if (device !== null) device.pathNew |= mask;
      yield* verify(linux, self, sch);
      return E.OK;
    case CHP_EVENT.FCES:
      if (device !== null) linux.ccw.endpointSecurityEvent(device, mask);
      return E.OK;
  }
}

function* verify(linux: LinuxSystem, self: Executor, sch: Subchannel): Steps {
  if (sch.device !== null) yield* sch.device.event(self, DEV_EVENT.VERIFY);
  else if (linux.features.evaluateOnPathOnline) linux.css.scheduleEvaluation(sch.schid);
}

/** io_subchannel_terminate_path: stops an operation on exactly this path; one on another path is left alone. */
function* terminatePath(linux: LinuxSystem, self: Executor, sch: Subchannel, mask: number): Steps {
  const { device } = sch;
  if (device === null) return;
  if ((yield* updateSchib(linux, self, sch)) !== E.OK) return yield* device.event(self, DEV_EVENT.NOTOPER);
  const { pmcw, scsw } = sch.schib;
  if (scsw.actl !== 0 && pmcw.lpum === mask) {
    if (device.state === DEV_STATE.ONLINE) yield* operationLosesPath(self, device);
    else if ((yield* clearSubchannel(linux, self, sch)) !== E.OK) {
      return yield* device.event(self, DEV_EVENT.NOTOPER);
    }
  }
  yield* device.event(self, DEV_EVENT.VERIFY);
}

export const IO_SUBCHANNEL_DRIVER: SubchannelDriver = {
  name: 'io_subchannel',
  probe: probeSubchannel,
  remove: (linux, self, sch) => linux.ccw.subchannelRemoved(self, sch),
  interruption() {},
  subchannelEvent,
  channelPathEvent,
};
