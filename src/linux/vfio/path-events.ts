import type { Process, Steps } from '../../kernel/process.ts';
import { EVENT } from '../../observe/event-table.ts';
import { CLEAR_TRIES, cancelHaltClear, updateSchib } from '../cio.ts';
import { E, type Errno } from '../errno.ts';
import type { PathLink } from '../subchannel.ts';
import { CHP_EVENT, type ChpEvent } from '../subchannel-driver.ts';
import type { VfioDevice } from './device.ts';
import { VFIO_EVENT, VFIO_STATE, type VfioState } from './fsm.ts';
import { eventToTell } from './host-vary.ts';
import { fsmEvent } from './state-machine.ts';

/**
 * vfio_ccw_chp_event. Masks are those that the driver of I/O subchannels left, or none; they hold for a guest that names
 * no paths itself.
 */
export function* channelPathEvent(
  self: Process,
  device: VfioDevice,
  link: PathLink,
  event: ChpEvent,
): Steps<Errno> {
  const { linux, sch } = device;
  const mask = sch.pathOf(link);
  if (mask === 0 || device.relay === null || !linux.features.vfioPathEvents) return E.OK;
  yield* sch.lock.acquire(self);
  linux.emit(EVENT['vfio_ccw.chp_event'], sch.schid, link.chpid, mask, event, 0);
  const rc = (yield* updateSchib(linux, self, sch)) === E.OK ? E.OK : E.NODEV;
  if (rc === E.OK && event !== CHP_EVENT.FCES) {
    changeMasks(device, mask, event);
    changeGroup(device, mask, event);
    if (event === CHP_EVENT.OFFLINE || event === CHP_EVENT.VARY_OFF) yield* stopOn(self, device, mask);
    const told = eventToTell(device.driver.hostVary, event);
    device.told.update(device);
    yield* device.relay.pathEvent(self, device, { event: told, link, mask });
  }
  sch.lock.release(linux.sim);
  return rc;
}

function changeMasks({ linux, sch }: VfioDevice, mask: number, event: ChpEvent): void {
  switch (event) {
    case CHP_EVENT.VARY_OFF:
      sch.opm &= ~mask;
      sch.lpm &= ~mask;
      break;
    case CHP_EVENT.VARY_ON:
      sch.opm |= mask;
      sch.lpm |= mask;
      break;
    case CHP_EVENT.ONLINE:
      sch.lpm |= mask & sch.opm;
      break;
  }
  linux.css.masksChanged(sch);
  sch.reportMasks(linux.observer, linux.system);
}

/** The owner of the group is told first, so that a guest that hears of the path finds it grouped. */
function changeGroup({ group }: VfioDevice, mask: number, event: ChpEvent): void {
  if (event === CHP_EVENT.ONLINE || event === CHP_EVENT.VARY_ON) group?.pathCame(mask);
  else group?.pathGone(mask);
}

/** One step only, and also when nothing is in progress on the path that was used last. */
function* stopOn(self: Process, { linux, sch }: VfioDevice, mask: number): Steps {
  if ((sch.schib.pmcw.lpum & mask) === 0) return;
  yield* cancelHaltClear(linux, self, sch, { iretry: CLEAR_TRIES });
}

/**
 * vfio_ccw_sch_event: a subchannel that is gone is not operational, and its guest is told nothing here. A device that is
 * kept waits for the subchannel to come back, which it finds out here, too: the subchannel is still registered and bound.
 */
export function* subchannelEvent(self: Process, device: VfioDevice): Steps<Errno> {
  const { linux, sch } = device;
  if (!sch.registered || sch.todoWork.pending) return E.AGAIN;
  yield* sch.lock.acquire(self);
  const rc = yield* updateSchib(linux, self, sch);
  if (rc === E.OK) yield* device.told.tell(self, device);
  if (rc !== E.OK || wasAway(device)) yield* fsmEvent(self, device, VFIO_EVENT.NOT_OPER);
  if (rc === E.OK && device.isDisconnected) yield* fsmEvent(self, device, VFIO_EVENT.OPER);
  else if (rc === E.OK && !device.isOperational && !linux.features.vfioOpenClose) {
    device.state = device.relay === null ? VFIO_STATE.STANDBY : VFIO_STATE.IDLE;
  }
  device.group?.deviceChanged();
  sch.lock.release(linux.sim);
  return E.OK;
}

/** The subchannel went and came before anybody looked: somebody else than this driver has disabled it. */
const wasAway = ({ driver, state, sch }: VfioDevice): boolean =>
  driver.gone === 'disconnected' && IN_USE.includes(state) && sch.schib.pmcw.enabled === 0;

const IN_USE: readonly VfioState[] = [VFIO_STATE.IDLE, VFIO_STATE.CP_PROCESSING, VFIO_STATE.CP_PENDING];
