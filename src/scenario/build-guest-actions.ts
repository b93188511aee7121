import type { Process, Steps } from '../kernel/process.ts';
import { E, type Errno } from '../linux/errno.ts';
import { DEFAULT_CSSID } from '../qemu/device-configuration.ts';
import { busId } from '../qemu/hot-plug.ts';
import type { VirtualSubchannel } from '../qemu/subchannel.ts';
import { PassthroughDevice } from '../qemu/vfio-ccw.ts';
import { assignSubchannel, realize } from '../qemu/vfio-realize.ts';
import { type SubchannelId, subchannelId } from '../zarch/ids.ts';
import { type BuiltGuest, type BuiltVirtualMachine, plug } from './build-guest.ts';
import { expandRanges } from './devices.ts';
import type { ResolvedAction } from './resolved.ts';
import { PASSED_THROUGH } from './schema-guest.ts';

/** What the operator of a QEMU does at its monitor while the guest runs. */
type PlugAction = Extract<ResolvedAction, { kind: 'plug' | 'unplug' }>;

/** Result of plugging or unplugging one device, and the guest's subchannel. */
type Done = (rc: Errno, subchannel?: SubchannelId) => void;

interface Numbered {
  readonly ssid: number;
  readonly deviceNumber: number;
}

/**
 * Device after device; with no time between them the guest's processors are as good as stopped, and it finds all reports
 * queued before it sees the first.
 */
export function* plugOrUnplug(self: Process, guest: BuiltGuest, action: PlugAction, done: Done): Steps {
  const devices = expandRanges(action.devices);
  if (action.everyNs === 0) return yield* atMonitor(self, guest, action, devices, done);
  for (const [at, device] of devices.entries()) {
    if (at > 0) yield* self.sleep(action.everyNs);
    yield* atMonitor(self, guest, action, [device], done);
  }
}

/** QEMU obeys its monitor under its lock. */
function* atMonitor(
  self: Process,
  guest: BuiltGuest,
  action: PlugAction,
  devices: readonly Numbered[],
  done: Done,
): Steps {
  const { machine } = guest;
  const tell = (result: VirtualSubchannel | Errno): void =>
    typeof result === 'number' ? done(result) : done(E.OK, guestId(result));
  if (machine === null) {
    for (const device of devices) tell(obey(guest, action, device));
    return;
  }
  if (machine.vm.loop.isOver) {
    for (const _ of devices) done(E.NODEV);
    return;
  }
  yield* machine.vm.loop.perform(self, function* (qemu) {
    for (const device of devices) tell(yield* obeyOnHost(qemu, guest, machine, action, device));
  });
}

/** The subchannel that was plugged or unplugged, or an error. */
function obey(guest: BuiltGuest, action: PlugAction, device: Numbered): VirtualSubchannel | Errno {
  if (action.kind === 'plug') {
    if (action.type === PASSED_THROUGH) return E.INVAL;
    const plugged = plug(guest.css, { type: action.type, ...device, automatic: false }, true);
    return typeof plugged === 'string' ? E.INVAL : plugged;
  }
  const sch = find(guest, device);
  if (sch === undefined) return E.NODEV;
  guest.css.unplug(sch);
  return sch;
}

function* obeyOnHost(
  qemu: Process,
  guest: BuiltGuest,
  machine: BuiltVirtualMachine,
  action: PlugAction,
  at: Numbered,
): Steps<VirtualSubchannel | Errno> {
  if (action.kind === 'plug' && action.type === PASSED_THROUGH)
    return yield* plugHostDevice(qemu, machine, at);
  const device = action.kind === 'unplug' ? find(guest, at)?.device : undefined;
  if (!(device instanceof PassthroughDevice)) return obey(guest, action, at);
  yield* machine.vm.unplug(qemu, device);
  return device.sch;
}

/** The host binds the device to vfio-ccw, and QEMU realizes it; the guest is told before that has worked. */
function* plugHostDevice(
  qemu: Process,
  { vm, bind, pathTypes, forcePrefetch }: BuiltVirtualMachine,
  at: Numbered,
): Steps<VirtualSubchannel | Errno> {
  const host = yield* bind(qemu, at);
  if (host === null) return E.NODEV;
  const device = vm.addDevice({ forcePrefetch });
  const sch = assignSubchannel(vm, device, busId(at.ssid, at.deviceNumber));
  if (typeof sch === 'string') return E.INVAL;
  const problem = yield* realize(vm, qemu, device, host, { pathTypes, hotplugged: true });
  return problem === null ? sch : E.INVAL;
}

const find = ({ css }: BuiltGuest, { ssid, deviceNumber }: Numbered): VirtualSubchannel | undefined =>
  css.devices
    .subchannels()
    .find((sch) => sch.cssid === DEFAULT_CSSID && sch.ssid === ssid && sch.deviceNumber === deviceNumber);

/** The guest knows QEMU's image of virtual devices as image 0. */
const guestId = ({ ssid, number }: VirtualSubchannel): SubchannelId => subchannelId(0, ssid, number);
