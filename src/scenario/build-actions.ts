import { assertNever } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { Process, Steps } from '../kernel/process.ts';
import type { Simulation } from '../kernel/simulation.ts';
import { E, type Errno } from '../linux/errno.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { type Chpid, NONE } from '../zarch/ids.ts';
import { PGID_RECORD_BYTES } from '../zarch/pgid.ts';
import { type BuiltSystem, deviceKey } from './build-systems.ts';
import { includesDevice } from './devices.ts';
import type { DeviceActionKind, ResolvedAction, ResolvedDevice } from './resolved.ts';

/**
 * What operators do at given times: each action is a thread of its system, and emits `action` with its return code
 * (for an instruction its condition code) when it has ended. An action on several devices does them one after the other, as a command line does.
 */
export function scheduleActions(
  actions: readonly ResolvedAction[],
  sim: Simulation,
  observer: Observer,
  systems: readonly BuiltSystem[],
  devices: readonly ResolvedDevice[],
): void {
  const start = sim.defineEvent('action', (index) => {
    const action = actions[index];
    const system = systems[action.system];
    system.linux.spawn(`action-${index}`, (self) => carryOut(self, action, index, system, devices, observer));
  });
  actions.forEach(({ atNs }, index) => {
    sim.at(atNs, PRIORITY.HOST, start, index, 0);
  });
}

function* carryOut(
  self: Process,
  action: ResolvedAction,
  index: number,
  system: BuiltSystem,
  devices: readonly ResolvedDevice[],
  observer: Observer,
): Steps {
  const done = (rc: Errno, subchannel: number, chpid: Chpid): void => {
    observer.emit(EVENT.action, action.system, subchannel, chpid, NONE, NONE, index, rc, 0);
  };
  switch (action.kind) {
    case 'rescan':
      done(yield* system.linux.rescan(self), NONE, NONE);
      break;
    case 'vary-path':
      for (const chpid of action.chpids) {
        done(yield* system.linux.varyChpid(self, chpid, action.on), NONE, chpid);
      }
      break;
    case 'reset-path':
      // No Linux does this for an administrator, only before it hands the machine to another one (css_reset).
      for (const chpid of action.chpids) done(yield* system.linux.io.rchp(self, chpid), NONE, chpid);
      break;
    default:
      for (const device of devices.filter((candidate) => includesDevice(action.devices, candidate))) {
        const rc = yield* deviceAction(self, action.kind, system, device);
        done(rc, system.linux.device(device.deviceNumber, device.ssid)?.subchannel ?? NONE, NONE);
      }
  }
}

function* deviceAction(
  self: Process,
  kind: DeviceActionKind,
  { linux, dasd, gates }: BuiltSystem,
  device: ResolvedDevice,
): Steps<Errno> {
  const { deviceNumber, ssid } = device;
  if (kind === 'set-online') {
    const rc = yield* linux.setOnline(self, deviceNumber, ssid);
    if (rc === E.OK) gates.get(deviceKey(device))?.open(dasd, deviceNumber, ssid);
    return rc;
  }
  if (kind === 'set-offline') return yield* linux.setOffline(self, deviceNumber, ssid);
  const volume = dasd.dasd(deviceNumber, ssid);
  if (volume === undefined) return E.NODEV;
  switch (kind) {
    case 'reserve':
      return yield* dasd.reserve(self, volume);
    case 'release':
      return yield* dasd.release(self, volume);
    case 'steal':
      return yield* dasd.stealLock(self, volume);
    case 'unconditional-reserve':
      return yield* dasd.unconditionalReserve(self, volume);
    case 'snid':
      return yield* dasd.snid(self, volume, 0, new Uint8Array(PGID_RECORD_BYTES));
    default:
      return assertNever(kind);
  }
}
