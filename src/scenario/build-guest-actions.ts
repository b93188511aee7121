import { assert } from '../kernel/assert.ts';
import type { Process, Steps } from '../kernel/process.ts';
import { E, type Errno } from '../linux/errno.ts';
import type { BusId } from '../qemu/device-configuration.ts';
import type { Refusal } from '../qemu/refusals.ts';
import type { VirtualSubchannel } from '../qemu/subchannel.ts';
import { Terminal3270 } from '../qemu/terminal-3270.ts';
import { PassthroughDevice } from '../qemu/vfio-ccw.ts';
import { assignSubchannel, realize } from '../qemu/vfio-realize.ts';
import type { VirtualChannelSubsystem } from '../qemu/virtual-css.ts';
import { NONE, type SubchannelId, ssidOf, subchannelId } from '../zarch/ids.ts';
import { type BuiltGuest, type BuiltVirtualMachine, virtualDevice } from './build-guest.ts';
import type { Numbered } from './build-volumes.ts';
import { expandRanges } from './devices.ts';
import { ownBusId } from './resolve-command-line.ts';
import type { ResolvedAction } from './resolved.ts';
import { PASSED_THROUGH } from './schema-guest.ts';

/** What the operator of a QEMU does at its monitor while the guest runs. */
type PlugAction = Extract<ResolvedAction, { kind: 'plug' | 'unplug' }>;

/** Result of plugging or unplugging one device, and the guest's subchannel. */
type Done = (rc: Errno, subchannel?: SubchannelId) => void;

/** One device: that of the host, or the number of a virtual one, and the bus id that it has, or is to have, in QEMU. */
interface Target {
  readonly own: Numbered | null;
  readonly busId: BusId | null;
}

/**
 * Device after device; with no time between them the guest's processors are as good as stopped, and it finds all reports
 * queued before it sees the first.
 */
export function* plugOrUnplug(self: Process, guest: BuiltGuest, action: PlugAction, done: Done): Steps {
  const targets = targetsOf(guest, action);
  if (action.everyNs === 0) return yield* atMonitor(self, guest, action, targets, done);
  for (const [at, target] of targets.entries()) {
    if (at > 0) yield* self.sleep(action.everyNs);
    yield* atMonitor(self, guest, action, [target], done);
  }
}

function targetsOf({ css, machine }: BuiltGuest, action: PlugAction): Target[] {
  const { busIds } = action;
  const own = expandRanges(action.devices);
  if (action.kind === 'unplug' && action.ofHost) {
    return own.map((device) => ({ own: device, busId: machine === null ? null : busIdIn(machine, device) }));
  }
  if (own.length === 0) return (busIds ?? []).map((busId) => ({ own: null, busId }));
  const passedThrough = action.kind === 'plug' && action.type === PASSED_THROUGH;
  const { defaultCssid } = css.devices;
  return own.map((device, at) => {
    if (busIds !== undefined) return { own: device, busId: busIds[at] };
    if (action.kind === 'unplug') return { own: device, busId: { ...device, cssid: defaultCssid } };
    return { own: device, busId: ownBusId(css.options.release, passedThrough, device) };
  });
}

/** The bus id that a device of the host has in QEMU; null: the guest does not have it. */
function busIdIn({ vm }: BuiltVirtualMachine, { ssid, deviceNumber }: Numbered): BusId | null {
  const found = vm.devices.find(
    ({ host }) => host.deviceNumber === deviceNumber && ssidOf(host.subchannel) === ssid,
  );
  return found?.sch ?? null;
}

/** QEMU obeys its monitor under its lock. */
function* atMonitor(
  self: Process,
  guest: BuiltGuest,
  action: PlugAction,
  targets: readonly Target[],
  done: Done,
): Steps {
  const { machine } = guest;
  const tell = (result: VirtualSubchannel | Errno): void =>
    typeof result === 'number' ? done(result) : done(E.OK, guestId(guest, result));
  if (machine === null) {
    for (const target of targets) tell(obey(guest, action, target));
    return;
  }
  if (machine.vm.loop.isOver) {
    for (const _ of targets) done(E.NODEV);
    return;
  }
  yield* machine.vm.loop.perform(self, function* (qemu) {
    for (const target of targets) tell(yield* obeyOnHost(qemu, guest, machine, action, target));
  });
}

/** The subchannel that was plugged or unplugged, or an error. */
function obey(guest: BuiltGuest, action: PlugAction, { busId }: Target): VirtualSubchannel | Errno {
  const { css } = guest;
  if (action.kind === 'plug') {
    if (action.type === PASSED_THROUGH) return E.INVAL;
    const plugged = css.plug({ ...virtualDevice({ type: action.type }, busId), hotplugged: true });
    return typeof plugged === 'string' ? refuse(css, plugged, busId) : plugged;
  }
  const sch = find(guest, busId);
  if (sch === undefined) return E.NODEV;
  // "Device 'x-terminal3270' does not support hotplugging" (3270-ccw.c: it is not hotpluggable).
  if (sch.device instanceof Terminal3270) return E.OPNOTSUPP;
  css.unplug(sch);
  return sch;
}

function* obeyOnHost(
  qemu: Process,
  guest: BuiltGuest,
  machine: BuiltVirtualMachine,
  action: PlugAction,
  target: Target,
): Steps<VirtualSubchannel | Errno> {
  if (action.kind === 'plug' && action.type === PASSED_THROUGH) {
    return yield* plugHostDevice(qemu, guest, machine, target);
  }
  const device = action.kind === 'unplug' ? find(guest, target.busId)?.device : undefined;
  if (!(device instanceof PassthroughDevice)) return obey(guest, action, target);
  yield* machine.vm.unplug(qemu, device);
  return device.sch;
}

/** The host binds the device to vfio-ccw, and QEMU realizes it; the guest is told before that has worked. */
function* plugHostDevice(
  qemu: Process,
  { volumes }: BuiltGuest,
  { vm, bind, paths, forcePrefetch }: BuiltVirtualMachine,
  { own, busId }: Target,
): Steps<VirtualSubchannel | Errno> {
  assert(own !== null, 'a device of the host has a number there');
  const host = yield* bind(qemu, own);
  if (host === null) {
    vm.css.trace.refused('Host device not found', busId);
    return E.NODEV;
  }
  const device = vm.addDevice({ forcePrefetch });
  const sch = assignSubchannel(vm, device, busId);
  if (typeof sch === 'string') return refuse(vm.css, sch, busId);
  volumes?.numbers.give(own, { ssid: sch.ssid, deviceNumber: sch.deviceNumber });
  const problem = yield* realize(vm, qemu, device, host, { paths, hotplugged: true });
  return problem === null ? sch : refuse(vm.css, problem, busId);
}

/** The monitor prints the message, and the guest goes on. */
function refuse({ trace }: VirtualChannelSubsystem, refusal: Refusal, wanted: BusId | null): Errno {
  trace.refused(refusal, wanted);
  return E.INVAL;
}

const find = ({ css }: BuiltGuest, busId: BusId | null): VirtualSubchannel | undefined =>
  css.devices
    .subchannels()
    .find(
      ({ cssid, ssid, deviceNumber }) =>
        cssid === busId?.cssid && ssid === busId.ssid && deviceNumber === busId.deviceNumber,
    );

/** The guest knows QEMU's default image as image 0, and none but that one. */
const guestId = ({ css }: BuiltGuest, { cssid, ssid, number }: VirtualSubchannel): SubchannelId =>
  cssid === css.devices.defaultCssid ? subchannelId(0, ssid, number) : NONE;
