import { assert, assertNever } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { Process, Steps } from '../kernel/process.ts';
import type { Simulation } from '../kernel/simulation.ts';
import type { DasdDriver } from '../linux/dasd/dasd-driver.ts';
import type { CioDevice } from '../linux/device.ts';
import { E, type Errno } from '../linux/errno.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { type Chpid, NONE, type SubchannelId } from '../zarch/ids.ts';
import { NO_PATHS } from '../zarch/path-mask.ts';
import { PGID_RECORD_BYTES } from '../zarch/pgid.ts';
import { plugOrUnplug } from './build-guest-actions.ts';
import { migrate } from './build-migrate.ts';
import { pciAction } from './build-pci-story.ts';
import { setUp } from './build-set-up.ts';
import type { BuiltLinux, BuiltSystem } from './build-systems.ts';
import { openGate } from './build-volumes.ts';
import { expandRanges } from './devices.ts';
import type { DeviceActionKind, ResolvedAction } from './resolved.ts';

/**
 * What operators do at given times: each action is a thread of its system, and emits `action` with its return code
 * (for an instruction its condition code) when it has ended. An action on several devices does them one after the other, as a command line does.
 */
export function scheduleActions(
  actions: readonly ResolvedAction[],
  sim: Simulation,
  observer: Observer,
  systems: readonly BuiltSystem[],
): void {
  const start = sim.defineEvent('action', (index) => {
    const action = actions[index];
    const system = systems[action.system];
    assert(system.kind !== 'zvm-host', 'operators have no orders for CP');
    system.linux.spawn(`action-${index}`, (self) => carryOut(self, action, index, system, observer));
  });
  actions.forEach(({ atNs }, index) => {
    sim.at(atNs, PRIORITY.HOST, start, index, 0);
  });
}

function* carryOut(
  self: Process,
  action: ResolvedAction,
  index: number,
  system: BuiltLinux,
  observer: Observer,
): Steps {
  const done = (rc: Errno, subchannel: SubchannelId = NONE, chpid: Chpid = NONE): void => {
    observer.emit(EVENT.action, action.system, subchannel, chpid, NONE, NONE, index, rc, 0);
  };
  if (action.kind !== 'start' && system.kind === 'guest' && system.css.isOff) return done(E.NODEV);
  switch (action.kind) {
    case 'rescan':
      done(yield* system.linux.rescan(self));
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
    case 'unbind':
      assert(system.kind === 'partition' && system.host !== null, 'guests get their devices from a KVM host');
      for (const device of expandRanges(action.devices)) done(yield* system.host.unbind(self, device));
      break;
    case 'plug':
    case 'unplug':
      assert(system.kind === 'guest', 'virtual devices belong to a guest');
      yield* plugOrUnplug(self, system, action, done);
      break;
    case 'migrate':
      assert(system.kind === 'guest', 'guests of QEMU are migrated');
      done(yield* migrate(self, system, action, observer));
      break;
    case 'unbind-device':
    case 'unbind-subchannel':
    case 'bind-subchannel':
    case 'create-mdev':
    case 'remove-mdev':
      assert(system.kind === 'partition' && system.host !== null, 'a KVM host has devices for guests');
      for (const device of expandRanges(action.devices)) {
        const { rc, subchannel } = yield* setUp(self, system.host, action, device);
        done(rc, subchannel);
      }
      break;
    case 'start': {
      assert(system.kind === 'guest' && system.machine !== null, 'a guest on a KVM host has a QEMU');
      const { start } = system.machine.power;
      assert(start !== null, 'the guest is set up by hand');
      done(yield* start(self));
      break;
    }
    case 'pci-on':
    case 'pci-off':
    case 'pci-recover':
    case 'pci-plug':
    case 'pci-unplug':
      for (const id of action.functions) done(yield* pciAction(self, action.kind, system, id));
      break;
    case 'inject-report':
      for (const word of action.words) done(injectReport(system, word, action.into));
      break;
    default:
      for (const device of expandRanges(action.devices)) {
        const rc = yield* deviceAction(self, action, system, device);
        done(rc, system.linux.device(device.deviceNumber, device.ssid)?.subchannel);
      }
  }
}

/** The kernel has room for one report of its own, the queue of the channel subsystem for many. */
function injectReport(system: BuiltLinux, word: number, into: 'linux' | 'css'): Errno {
  if (into === 'linux') return system.linux.injectReport(word);
  system.css.injectReport(word);
  return E.OK;
}

type DeviceAction = Extract<ResolvedAction, { kind: DeviceActionKind | 'cmb-enable' }>;

function* deviceAction(
  self: Process,
  action: DeviceAction,
  system: BuiltLinux,
  device: { readonly ssid: number; readonly deviceNumber: number },
): Steps<Errno> {
  const { deviceNumber, ssid } = device;
  const { linux } = system;
  switch (action.kind) {
    case 'set-online': {
      const rc = yield* linux.setOnline(self, deviceNumber, ssid);
      if (rc === E.OK && system.volumes !== null) openGate(system.volumes, device);
      return rc;
    }
    case 'set-offline':
      return yield* linux.setOffline(self, deviceNumber, ssid);
    case 'cmb-enable':
      return yield* switchMeasurement(self, system, linux.device(deviceNumber, ssid), action.on);
    case 'cmb-read':
      return yield* readMeasurement(self, system, linux.device(deviceNumber, ssid));
    default:
      if (system.volumes === null) return E.NODEV;
      return yield* dasdAction(self, action.kind, system.volumes.dasd, device);
  }
}

/** The `cmb_enable` attribute. */
function* switchMeasurement(
  self: Process,
  { measurement }: BuiltLinux,
  device: CioDevice | undefined,
  on: boolean,
): Steps<Errno> {
  if (device === undefined) return E.NODEV;
  return yield* on ? measurement.enable(self, device) : measurement.disable(self, device);
}

/** All of directory `cmf` from one copy (ioctl BIODASDREADALLCMB). */
function* readMeasurement(
  self: Process,
  { measurement }: BuiltLinux,
  device: CioDevice | undefined,
): Steps<Errno> {
  if (device === undefined) return E.NODEV;
  return (yield* measurement.readAttributes(self, device)) === null ? E.NODEV : E.OK;
}

function* dasdAction(
  self: Process,
  kind: Exclude<DeviceActionKind, 'set-online' | 'set-offline' | 'cmb-read'>,
  dasd: DasdDriver,
  { ssid, deviceNumber }: { readonly ssid: number; readonly deviceNumber: number },
): Steps<Errno> {
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
    case 'path-reset':
      dasd.resetPaths(volume, NO_PATHS);
      return E.OK;
    default:
      return assertNever(kind);
  }
}
