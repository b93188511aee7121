import { assert } from '../kernel/assert.ts';
import type { Steps } from '../kernel/process.ts';
import { disableSubchannel } from './cio.ts';
import { retryMeasurement } from './cmf.ts';
import type { CioDevice } from './device.ts';
import {
  killingIrq,
  killingTimeout,
  online,
  onlineTimeout,
  quiesceDone,
  quiesceTimeout,
  waitForSense,
} from './device-online.ts';
import { startId } from './device-recognition.ts';
import {
  DEV_EVENT,
  DEV_STATE,
  type DevEvent,
  EVENT_NAMES,
  type EventName,
  STATE_NAMES,
  type StateName,
} from './device-state.ts';
import { boxedVerify, genericNotOperational, onlineVerify } from './device-verify.ts';
import { E } from './errno.ts';
import type { Executor } from './ioasm.ts';

/** What a device does on an event (device_fsm.c). */
export type Action =
  | 'nop'
  | 'disabled-irq'
  | 'request'
  | 'generic-notoper'
  | 'offline-verify'
  | 'delay-verify'
  | 'irq'
  | 'online-timeout'
  | 'online-verify'
  | 'wait-for-sense'
  | 'boxed-verify'
  | 'killing-irq'
  | 'killing-timeout'
  | 'quiesce-done'
  | 'quiesce-timeout'
  | 'start-id'
  | 'cmf-retry';

/** The jump table of the kernel (dev_jumptable). */
export const JUMP_TABLE = {
  NOT_OPER: { NOTOPER: 'nop', INTERRUPT: 'disabled-irq', TIMEOUT: 'nop', VERIFY: 'nop' },
  SENSE_ID: { NOTOPER: 'request', INTERRUPT: 'request', TIMEOUT: 'request', VERIFY: 'nop' },
  OFFLINE: {
    NOTOPER: 'generic-notoper',
    INTERRUPT: 'disabled-irq',
    TIMEOUT: 'nop',
    VERIFY: 'offline-verify',
  },
  VERIFY: { NOTOPER: 'request', INTERRUPT: 'request', TIMEOUT: 'request', VERIFY: 'delay-verify' },
  ONLINE: {
    NOTOPER: 'generic-notoper',
    INTERRUPT: 'irq',
    TIMEOUT: 'online-timeout',
    VERIFY: 'online-verify',
  },
  W4SENSE: {
    NOTOPER: 'generic-notoper',
    INTERRUPT: 'wait-for-sense',
    TIMEOUT: 'nop',
    VERIFY: 'online-verify',
  },
  DISBAND_PGID: { NOTOPER: 'request', INTERRUPT: 'request', TIMEOUT: 'request', VERIFY: 'nop' },
  BOXED: { NOTOPER: 'generic-notoper', INTERRUPT: 'nop', TIMEOUT: 'nop', VERIFY: 'boxed-verify' },
  TIMEOUT_KILL: {
    NOTOPER: 'generic-notoper',
    INTERRUPT: 'killing-irq',
    TIMEOUT: 'killing-timeout',
    VERIFY: 'nop',
  },
  QUIESCE: { NOTOPER: 'quiesce-done', INTERRUPT: 'quiesce-done', TIMEOUT: 'quiesce-timeout', VERIFY: 'nop' },
  DISCONNECTED: { NOTOPER: 'nop', INTERRUPT: 'start-id', TIMEOUT: 'nop', VERIFY: 'start-id' },
  DISCONNECTED_SENSE_ID: { NOTOPER: 'request', INTERRUPT: 'request', TIMEOUT: 'request', VERIFY: 'nop' },
  CMFCHANGE: { NOTOPER: 'cmf-retry', INTERRUPT: 'cmf-retry', TIMEOUT: 'cmf-retry', VERIFY: 'cmf-retry' },
  CMFUPDATE: { NOTOPER: 'cmf-retry', INTERRUPT: 'cmf-retry', TIMEOUT: 'cmf-retry', VERIFY: 'cmf-retry' },
  STEAL_LOCK: { NOTOPER: 'request', INTERRUPT: 'request', TIMEOUT: 'request', VERIFY: 'nop' },
} as const satisfies Record<StateName, Record<EventName, Action>>;

/** Steps where instructions have to be executed, otherwise done when it returns. */
type ActionSteps = (self: Executor, device: CioDevice, event: DevEvent) => Steps | undefined;

const ACTIONS: Record<Action, ActionSteps> = {
  nop: () => undefined,
  // An interruption of a disabled device: disabling it did not work the first time.
  *'disabled-irq'(self, device) {
    yield* disableSubchannel(device.linux, self, device.sch);
  },
  request: requestEvent,
  'generic-notoper': genericNotOperational,
  'offline-verify': (_self, device) => {
    device.linux.css.scheduleEvaluation(device.sch.schid);
    return undefined;
  },
  'delay-verify': (_self, device) => {
    device.doverify = true;
    return undefined;
  },
  irq: online,
  'online-timeout': onlineTimeout,
  'online-verify': onlineVerify,
  'wait-for-sense': waitForSense,
  'boxed-verify': boxedVerify,
  'killing-irq': killingIrq,
  'killing-timeout': killingTimeout,
  'quiesce-done': quiesceDone,
  'quiesce-timeout': quiesceTimeout,
  'start-id': startId,
  // Measurement waited for the device to come to rest; afterwards the event is that of an online device.
  *'cmf-retry'(self, device, event) {
    yield* retryMeasurement(self, device);
    device.transition(DEV_STATE.ONLINE);
    yield* device.event(self, event);
  },
};

/** dev_fsm_event: what the device's state asks for on this event. The caller holds the subchannel's lock. */
export function* fsmEvent(self: Executor, device: CioDevice, event: DevEvent): Steps {
  const action = JUMP_TABLE[STATE_NAMES[device.state]][EVENT_NAMES[event]];
  const steps = ACTIONS[action](self, device, event);
  if (steps !== undefined) yield* steps;
}

/** The running channel program of the common I/O layer's own takes the event. */
function* requestEvent(self: Executor, device: CioDevice, event: DevEvent): Steps {
  const { request, linux } = device;
  if (linux.verifications?.isWaiting(device) === true) {
    // There is no channel program yet that an interruption could be for.
    if (event === DEV_EVENT.NOTOPER) yield* device.verified(self, E.NODEV);
    return;
  }
  assert(request !== null, `state ${STATE_NAMES[device.state]} without a request`);
  switch (event) {
    case DEV_EVENT.INTERRUPT:
      return yield* request.interrupt(self, device.interruptIrb);
    case DEV_EVENT.TIMEOUT:
      return yield* request.timeout(self);
    default:
      return yield* request.notOperational(self);
  }
}
