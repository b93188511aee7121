import type { Steps } from '../kernel/process.ts';
import { EVENT } from '../observe/event-table.ts';
import { NONE } from '../zarch/ids.ts';
import { pathBit } from '../zarch/path-mask.ts';
import { commitConfig, disableSubchannel, enableSubchannel, updateSchib } from './cio.ts';
import type { CioDevice } from './device.ts';
import { equalSenseIds, startSenseId } from './device-id.ts';
import { DEV_STATE, type DevState, isDisconnected } from './device-state.ts';
import { goOnline } from './device-verify.ts';
import { E, type Errno } from './errno.ts';
import type { Executor } from './ioasm.ts';
import { resetConfig } from './subchannel.ts';

/** Finding out what a device is, for the first time or after it was away (device_fsm.c). */

/** ccw_device_recognition: of a new device, or again of a boxed one. */
export function* recognize(self: Executor, device: CioDevice): Steps {
  if ((yield* enableSubchannel(device.linux, self, device.sch)) !== E.OK) {
    return yield* recognitionDone(self, device, DEV_STATE.NOT_OPER);
  }
  device.recognitionOver = false;
  device.transition(DEV_STATE.SENSE_ID);
  yield* startSenseId(self, device);
}

/** ccw_device_start_id: a disconnected device may be back. */
export function* startId(self: Executor, device: CioDevice): Steps {
  if ((yield* enableSubchannel(device.linux, self, device.sch)) !== E.OK) return;
  device.transition(DEV_STATE.DISCONNECTED_SENSE_ID);
  yield* startSenseId(self, device);
}

/** ccw_device_trigger_reprobe: the subchannel of a disconnected device shows something again. */
export function* triggerReprobe(self: Executor, device: CioDevice): Steps {
  if (device.state !== DEV_STATE.DISCONNECTED) return;
  const { sch, linux } = device;
  if ((yield* updateSchib(linux, self, sch)) !== E.OK) return;
  sch.lpm = sch.schib.pmcw.pam & sch.opm;
  // What was set for the old paths need not be right for those that are there now.
  resetConfig(sch.config);
  if ((yield* commitConfig(linux, self, sch)) !== E.OK) return;
  if (sch.schib.pmcw.deviceNumber !== device.deviceNumber) linux.css.scheduleEvaluation(sch.schid);
  else yield* startId(self, device);
}

/** ccw_device_sense_id_done. */
export function* senseIdDone(self: Executor, device: CioDevice, rc: Errno): Steps {
  const state = rc === E.OK ? DEV_STATE.OFFLINE : rc === E.TIME ? DEV_STATE.BOXED : DEV_STATE.NOT_OPER;
  yield* recognitionDone(self, device, state);
}

/** ccw_device_recog_done. */
function* recognitionDone(self: Executor, device: CioDevice, wanted: DevState): Steps {
  const { sch, linux } = device;
  let state = wanted;
  if ((yield* disableSubchannel(linux, self, sch)) !== E.OK) state = DEV_STATE.NOT_OPER;
  // SENSE ID has tried the paths, so the masks are up to date now.
  const before = sch.lpm;
  if ((yield* updateSchib(linux, self, sch)) !== E.OK) state = DEV_STATE.NOT_OPER;
  else sch.lpm = sch.schib.pmcw.pam & sch.opm;
  sch.reportMasks(linux.observer, linux.system);
  lookForLostChpids(device, device.state === DEV_STATE.DISCONNECTED_SENSE_ID ? 0 : before);

  if (isDisconnected(device.state) && state !== DEV_STATE.OFFLINE) {
    device.recognitionOver = true;
    device.transition(DEV_STATE.DISCONNECTED);
    return device.wake();
  }
  if (state === DEV_STATE.OFFLINE && device.online) return yield* backAgain(self, device);
  if (state === DEV_STATE.OFFLINE) {
    device.id = device.sensed;
    linux.emit(EVENT['device.recognized'], sch.schid, NONE, device.devType, device.cuType, 0);
  }
  if (state === DEV_STATE.BOXED && device.cuType !== 0) {
    // It was recognized once; that it does not answer now is no reason to forget it.
    device.recognitionOver = true;
    device.transition(state);
    return device.wake();
  }
  device.transition(state);
  device.recognitionFinished();
  device.wake();
}

/** The device that its driver kept is there again, or another one in its place (ccw_device_handle_oper). */
function* backAgain(self: Executor, device: CioDevice): Steps {
  device.transition(DEV_STATE.OFFLINE);
  device.recognitionOver = true;
  if (equalSenseIds(device.id, device.sensed)) {
    device.donotify = true;
    yield* goOnline(self, device);
  } else {
    device.id = device.sensed;
    device.scheduleTodo('rebind');
  }
  device.wake();
}

/** A path that works although nobody knows its CHPID: something was not reported (__recover_lost_chpids). */
function lookForLostChpids({ sch, linux }: CioDevice, before: number): void {
  const gained = sch.lpm & ~before;
  for (let index = 0; index < 8; index++) {
    if ((gained & pathBit(index)) === 0 || linux.chps.isRegistered(sch.schib.pmcw.chpids[index])) continue;
    linux.css.scheduleEvaluationOfAll();
    return;
  }
}
