import { type BusId, VIRTUAL_CSSID } from '../qemu/device-configuration.ts';
import type { QemuRelease } from '../qemu/qemu-features.ts';
import { checkImage } from './channel-subsystem-image.ts';
import { expandRanges, normaliseRanges, subtractRanges } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import { parseBusIds } from './fields.ts';
import { formatDevices } from './identifiers.ts';
import {
  type DeviceRequest,
  defaultImage,
  numberDevices,
  ownBusId,
  readCommandLine,
} from './resolve-command-line.ts';
import { resolveCosts } from './resolve-costs.ts';
import { type GuestSurroundings, hostOf, ownedDevices, resolveHosting } from './resolve-hosting.ts';
import { resolveDedication } from './resolve-zvm.ts';
import type { DeviceRange, ResolvedGuest, ResolvedGuestDevice, ResolvedHostDevice } from './resolved.ts';
import { GUEST_DEFAULTS, guestKeys, HOSTED_DEFAULTS, PASSED_THROUGH } from './schema-guest.ts';
import type { ParsedActions } from './schema-story.ts';
import type { ParsedSystem } from './schema-systems.ts';

export function resolveGuest(
  name: string,
  system: ParsedSystem,
  plugged: readonly DeviceRange[],
  around: GuestSurroundings,
): ResolvedGuest {
  const { systems, before, here, issues } = around;
  if (system.dasd.some(({ value }) => value !== 'all')) {
    issues.key([...here, 'dasd'], 'is a guest without devices of the machine', 'leave it out');
  }
  if (system.chpids !== undefined) {
    issues.key([...here, 'chpids'], 'is a guest without channel paths of its own', 'give them to its host');
  }
  const choice = hostOf(system, before, here, issues);
  const position = choice?.position ?? 0;
  const host = choice?.host ?? null;
  const dedication =
    host?.kind === 'zvm-host' ? resolveDedication(system, { position, hypervisor: host }, around) : null;
  const defaults =
    host === null
      ? GUEST_DEFAULTS
      : ({ qemu: systems[host.name].qemu ?? HOSTED_DEFAULTS.qemu, accelerator: 'kvm' } as const);
  const qemu = system.qemu ?? defaults.qemu;
  const { squashMcss = null } = system;
  const options = { release: qemu, squashMcss };
  const virtual = [...virtioDevices(system, here, issues), ...terminalOf(system, here, issues)];
  const onHost = { position, system, host: host?.kind === 'kvm-host' ? host : null };
  const owned = ownedDevices(onHost, virtual.flatMap(rangeOf), around);
  const devices = numberDevices(requestsOf(system, virtual, owned.passthrough, qemu, around), options);
  const image = defaultImage(options);
  const visible = devices.filter((device) => device.cssid === image && !isOfHost(device));
  const everPlugged = normaliseRanges([...visible.map(ownRange), ...plugged]);
  const hosting = resolveHosting(name, onHost, owned, devices.filter(isOfHost), image, around);
  const online = system.online.flatMap(({ value }) => (value === 'all' ? everPlugged : [value]));
  return {
    kind: 'guest',
    name,
    kernel: system.kernel,
    features: system.features,
    cpus: system.cpus,
    dasd: [],
    offline: subtractRanges(everPlugged, normaliseRanges(online)),
    cmfFormat: system.cmfFormat,
    costs: resolveCosts(system),
    qemu,
    accelerator: system.accelerator ?? defaults.accelerator,
    exitNs: system.costs.exit,
    squashMcss,
    devices,
    everPlugged,
    drivers: system.drivers ?? GUEST_DEFAULTS.drivers,
    subchannelSets: system.subchannelSets ?? GUEST_DEFAULTS.subchannelSets,
    ...(hosting === null ? {} : { hosting }),
    ...(dedication === null ? {} : { dedication }),
  };
}

export function refuseGuestKeys(system: ParsedSystem, here: Path, issues: Issues): void {
  if (system.cp !== undefined && system.kind !== 'zvm-host') {
    issues.key([...here, 'cp'], 'has no meaning without CP', 'it belongs to a zvm-host');
  }
  for (const key of Object.keys(guestKeys) as (keyof typeof guestKeys)[]) {
    if (system[key] === undefined || (key === 'qemu' && system.kind === 'kvm-host')) continue;
    issues.key([...here, key], 'has no meaning in a partition', 'it belongs to a guest');
  }
}

/** Virtual devices that actions plug into a system: the first one where none is named. */
export function pluggedDevices(actions: ParsedActions, name: string, position: number): DeviceRange[] {
  return actions.flatMap((action) => {
    const concerned = action.system === undefined ? position === 0 : action.system === name;
    const plugs = action.do === 'plug' && action.type !== PASSED_THROUGH;
    if (!plugs || !concerned) return [];
    const { device = [], devno = [] } = action;
    const numbered = devno.flatMap(({ value }) => (value === null ? [] : [ownRange(value)]));
    return [...device.map(({ value }) => value), ...numbered];
  });
}

/**
 * The devices of the command line, in its order; one that is not written out has virtual devices first, and then those of
 * the host under their own numbers.
 */
function requestsOf(
  { commandLine }: ParsedSystem,
  virtual: readonly DeviceRequest[],
  passthrough: readonly DeviceRange[],
  release: QemuRelease,
  { here, issues }: GuestSurroundings,
): DeviceRequest[] {
  if (commandLine !== undefined) return readCommandLine(commandLine, [...here, 'commandLine'], issues);
  const ofHost = expandRanges(passthrough).map((of): DeviceRequest => {
    return { type: PASSED_THROUGH, of, wanted: ownBusId(release, true, of) };
  });
  return [...virtual, ...ofHost];
}

const isOfHost = (device: ResolvedGuestDevice): device is ResolvedHostDevice =>
  device.type === PASSED_THROUGH;

/** The device as the guest knows it. */
const ownRange = ({ ssid, deviceNumber }: Omit<BusId, 'cssid'>): DeviceRange => ({
  cssid: 0,
  ssid,
  first: deviceNumber,
  last: deviceNumber,
});

/** The number that a device asks for. */
const rangeOf = ({ wanted }: DeviceRequest): DeviceRange[] => (wanted === null ? [] : [ownRange(wanted)]);

/** In the order of the scenario, ranges from their first device: the order in which QEMU numbers subchannels. */
function virtioDevices(system: ParsedSystem, here: Path, issues: Issues): DeviceRequest[] {
  const virtio = system.virtio ?? GUEST_DEFAULTS.virtio;
  if (typeof virtio === 'number')
    return Array.from({ length: virtio }, () => ({ type: 'rng', wanted: null }));
  const taken: DeviceRange[] = [];
  return Object.entries(virtio).flatMap(([key, { type }]) => {
    const place = [...here, 'virtio', key];
    const ranges = parseBusIds(key);
    if (!ranges.ok) {
      issues.key(place, ranges.message, ranges.hint);
      return [];
    }
    checkImage(
      ranges.value.map(({ cssid }) => cssid),
      place,
      issues,
    );
    const again = ranges.value.find((range) => taken.some((other) => overlap(range, other)));
    if (again !== undefined) {
      issues.key(place, `device ${formatDevices(again)} is defined twice`, 'make the ranges disjoint');
    }
    taken.push(...ranges.value);
    return expandRanges(ranges.value).map((device) => ({ type, wanted: virtualBusId(device) }));
  });
}

/** QEMU has one 3270 at most (qemu 2.6). */
function terminalOf({ terminal = [] }: ParsedSystem, here: Path, issues: Issues): DeviceRequest[] {
  const terminals = expandRanges(terminal.map(({ value }) => value));
  if (terminals.length > 1) {
    issues.value([...here, 'terminal'], 'names more than one device', 'a guest has one terminal at most');
  }
  return terminals.map((device) => ({ type: '3270', wanted: virtualBusId(device) }));
}

const virtualBusId = (device: Omit<BusId, 'cssid'>): BusId => ({ ...device, cssid: VIRTUAL_CSSID });

const overlap = (left: DeviceRange, right: DeviceRange): boolean =>
  left.ssid === right.ssid && left.first <= right.last && right.first <= left.last;
