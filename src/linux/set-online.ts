import type { Process, Steps } from '../kernel/process.ts';
import { EVENT } from '../observe/event-table.ts';
import { NONE } from '../zarch/ids.ts';
import { disableSubchannel } from './cio.ts';
import type { CioDevice } from './device.ts';
import { stealLock } from './device-lock.ts';
import { beginQuiesce } from './device-online.ts';
import { recognize } from './device-recognition.ts';
import { DEV_EVENT, DEV_STATE } from './device-state.ts';
import { goOffline, goOnline } from './device-verify.ts';
import { E, type Errno } from './errno.ts';

/** What the administrator does with a device: the `online` attribute in sysfs (device.c:online_store). */

/**
 * Writes 1 to the attribute: recognizes a boxed device again, verifies paths, and lets the driver take it. With `force`
 * (the attribute's text `force`) a device that somebody else has reserved is taken away from them.
 */
export function* setOnline(self: Process, device: CioDevice, force = false): Steps<Errno> {
  if (!mayChange(device)) return E.AGAIN;
  device.onOff = true;
  let rc = yield* recognizeAndGoOnline(self, device);
  if (force && device.state === DEV_STATE.BOXED) {
    rc = yield* stealLock(self, device);
    if (rc === E.OK) rc = yield* recognizeAndGoOnline(self, device);
  }
  device.onOff = false;
  return rc;
}

/** Writes 0 to the attribute. */
export function* setOffline(self: Process, device: CioDevice): Steps<Errno> {
  if (!mayChange(device)) return E.AGAIN;
  device.onOff = true;
  const rc = yield* takeOffline(self, device);
  device.onOff = false;
  return rc;
}

/** No other request, no I/O of the common I/O layer's own, no pending work. */
const mayChange = (device: CioDevice): boolean =>
  !device.onOff && device.settledOrDisconnected && !device.todoWork.pending;

function* recognizeAndGoOnline(self: Process, device: CioDevice): Steps<Errno> {
  const { sch, linux } = device;
  if (device.state === DEV_STATE.BOXED) {
    yield* sch.lock.acquire(self);
    yield* recognize(self, device);
    sch.lock.release(linux.sim);
    yield* device.waitUntil(self, () => device.recognitionOver);
    // Read through the method: recognition has changed the state behind the compiler's back.
    if (!inState(device, DEV_STATE.OFFLINE)) return E.AGAIN;
  }
  const { driver } = device;
  if (device.online || driver === null) return E.INVAL;
  yield* sch.lock.acquire(self);
  const rc = yield* goOnline(self, device);
  sch.lock.release(linux.sim);
  if (rc !== E.OK) return rc;
  yield* self.settle();
  yield* device.waitUntil(self, () => device.settled);
  if (!inState(device, DEV_STATE.ONLINE) && !inState(device, DEV_STATE.W4SENSE)) return E.NODEV;
  const refused = yield* driver.setOnline(self, device);
  if (refused !== E.OK) {
    yield* rollBack(self, device);
    return refused;
  }
  device.online = true;
  linux.emit(EVENT['device.online'], sch.schid, NONE, 0, 0, 0);
  return E.OK;
}

/** The driver does not want it after all. */
function* rollBack(self: Process, device: CioDevice): Steps {
  yield* device.waitUntil(self, () => device.settledOrDisconnected);
  yield* device.sch.lock.acquire(self);
  const rc = yield* goOffline(self, device);
  device.sch.lock.release(device.linux.sim);
  if (rc !== E.OK) device.transition(DEV_STATE.OFFLINE);
  else yield* device.waitUntil(self, () => device.settledOrDisconnected);
}

function* takeOffline(self: Process, device: CioDevice): Steps<Errno> {
  const { driver, linux } = device;
  if (device.state === DEV_STATE.DISCONNECTED) {
    device.scheduleTodo('unregister-evaluate');
    return E.OK;
  }
  if (!device.online || driver === null) return E.INVAL;
  const refused = yield* driver.setOffline(self, device);
  if (refused !== E.OK) return refused;
  device.online = false;
  yield* device.waitUntil(self, () => device.settledOrDisconnected);
  for (;;) {
    yield* device.sch.lock.acquire(self);
    const rc = yield* goOffline(self, device);
    device.sch.lock.release(linux.sim);
    yield* self.settle();
    if (rc === E.OK) break;
    if (rc !== E.BUSY) {
      device.transition(DEV_STATE.OFFLINE);
      yield* device.event(self, DEV_EVENT.NOTOPER);
      return E.NODEV;
    }
    const { state } = device;
    yield* quiesce(self, device);
    device.transition(state);
  }
  yield* device.waitUntil(self, () => device.settledOrDisconnected);
  linux.emit(EVENT['device.offline'], device.sch.schid, NONE, 0, 0, 0);
  return E.OK;
}

/** io_subchannel_quiesce: stops whatever the device does and disables it. */
export function* quiesce(self: Process, device: CioDevice): Steps {
  const { sch, linux } = device;
  yield* sch.lock.acquire(self);
  if (sch.schib.pmcw.enabled === 1) {
    let rc = yield* disableSubchannel(linux, self, sch);
    if (rc === E.BUSY) device.handle(device.intparm, device.irb, E.IO);
    while (rc === E.BUSY) {
      const wait = yield* beginQuiesce(self, device);
      sch.lock.release(linux.sim);
      if (wait) yield* device.waitUntil(self, () => device.state !== DEV_STATE.QUIESCE);
      yield* sch.lock.acquire(self);
      rc = yield* disableSubchannel(linux, self, sch);
    }
  }
  sch.lock.release(linux.sim);
}

const inState = (device: CioDevice, state: number): boolean => device.state === state;
