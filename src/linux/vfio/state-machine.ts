import { assertNever, SimulationDefect } from '../../kernel/assert.ts';
import type { Process, Steps } from '../../kernel/process.ts';
import { EVENT } from '../../observe/event-table.ts';
import { NONE } from '../../zarch/ids.ts';
import { E } from '../errno.ts';
import type { VfioDevice } from './device.ts';
import { VFIO_EVENT, type VfioAction, type VfioEvent } from './fsm.ts';
import { becomeNotOperational, close, disconnect, open, reconnect } from './lifecycle.ts';
import { asyncRequest, functionRequest, ioRequest, stopRequest } from './requests.ts';

/** Records an event, and tells what the state machine does about it. */
export function actionFor(device: VfioDevice, event: VfioEvent): VfioAction {
  device.linux.emit(EVENT['vfio_ccw.fsm_event'], device.subchannel, NONE, device.state, event, 0);
  return device.table[device.state][event];
}

/** vfio_ccw_fsm_event, for all events but interruptions, which have no process (`VfioDevice.interruption`). */
export function* fsmEvent(self: Process, device: VfioDevice, event: VfioEvent): Steps {
  const action = actionFor(device, event);
  switch (action) {
    case 'nop':
      return;
    case 'notoper':
      return becomeNotOperational(device);
    case 'io-error':
      device.io.retCode = E.IO;
      return;
    case 'io-retry':
      device.io.retCode = E.AGAIN;
      return;
    case 'io-busy':
      device.io.retCode = E.BUSY;
      return;
    case 'io-request':
      return yield* ioRequest(self, device);
    case 'io-function':
      return yield* functionRequest(self, device);
    case 'io-stop':
      return yield* stopRequest(self, device);
    case 'async-error':
      device.command.retCode = E.IO;
      return;
    case 'async-retry':
      device.command.retCode = E.AGAIN;
      return;
    case 'async-request':
      return yield* asyncRequest(self, device);
    case 'open':
      if (!(yield* open(self, device))) yield* fsmEvent(self, device, VFIO_EVENT.NOT_OPER);
      return;
    case 'close':
      if (!(yield* close(self, device))) yield* fsmEvent(self, device, VFIO_EVENT.NOT_OPER);
      return;
    case 'disconnect':
      return disconnect(device);
    case 'reconnect':
      return yield* reconnect(self, device);
    case 'io-gone':
      device.io.retCode = E.NODEV;
      return;
    case 'async-gone':
      device.command.retCode = E.NODEV;
      return;
    case 'irq':
    case 'disabled-irq':
    case 'impossible':
      throw new SimulationDefect(`vfio-ccw: event ${event} in state ${device.state} comes another way`);
    default:
      assertNever(action);
  }
}
