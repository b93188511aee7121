import { includesDevice, normaliseRanges, subtractRanges } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import { formatDevices } from './identifiers.ts';
import { suggest } from './nearest.ts';
import { hostDevices } from './resolve-command-line.ts';
import { resolveDasdOptions } from './resolve-costs.ts';
import type {
  DeviceRange,
  ResolvedHost,
  ResolvedHostDevice,
  ResolvedHosting,
  ResolvedHypervisor,
  ResolvedSystem,
} from './resolved.ts';
import { HOSTED_DEFAULTS, PASSED_THROUGH } from './schema-guest.ts';
import type { ParsedActions } from './schema-story.ts';
import type { ParsedSystem, ParsedSystems } from './schema-systems.ts';
import { selectDevices } from './select-devices.ts';

/** Devices that a host binds to vfio-ccw for its guests at some time, as they name them. */
export const passedOn = (systems: ParsedSystems, actions: ParsedActions, host: string): DeviceRange[] =>
  normaliseRanges(
    Object.entries(systems)
      .filter(([, { kind, setUp }]) => kind === 'guest' && setUp !== 'manual')
      .filter(([name, { on }]) => on === host || comesTo(actions, name, host))
      .flatMap(([name, { passthrough = [], commandLine = [] }]) => [
        ...passthrough.map(({ value }) => value),
        ...hostDevices(commandLine).flatMap(({ value }) => (value === 'all' ? [] : [value])),
        ...pluggedOfHost(actions, name),
      ]),
  );

const comesTo = (actions: ParsedActions, guest: string, host: string): boolean =>
  actions.some((action) => action.do === 'migrate' && action.system === guest && action.on === host);

const pluggedOfHost = (actions: ParsedActions, guest: string): DeviceRange[] =>
  actions.flatMap((action) =>
    action.do === 'plug' && action.type === PASSED_THROUGH && action.system === guest
      ? (action.device ?? []).map(({ value }) => value)
      : [],
  );

/** The same devices under the numbers that the guest gets them by; not those that QEMU is to choose. */
const pluggedNumbers = (actions: ParsedActions, guest: string): DeviceRange[] =>
  actions.flatMap((action) => {
    if (action.do !== 'plug' || action.type !== PASSED_THROUGH || action.system !== guest) return [];
    const { device = [], devno } = action;
    if (devno === undefined) return device.map(({ value }) => value);
    return devno.flatMap(({ value }) => (value === null ? [] : [rangeOf(value)]));
  });

/** Where a guest stands, and among which systems. */
export interface GuestSurroundings {
  readonly systems: ParsedSystems;
  /** Those before it, of which one may be its host. */
  readonly before: readonly ResolvedSystem[];
  readonly actions: ParsedActions;
  /** Subchannels without I/O, which every host has; a normal list. */
  readonly pathless: readonly DeviceRange[];
  readonly here: Path;
  readonly issues: Issues;
}

/** The host that a guest is on, among the systems before it. */
export interface HostChoice {
  readonly position: number;
  readonly host: ResolvedHost | ResolvedHypervisor;
}

/** Null where a guest is on no host, or on something that is none: then `issues` says so. */
export function hostOf(
  system: ParsedSystem,
  before: readonly ResolvedSystem[],
  here: Path,
  issues: Issues,
): HostChoice | null {
  const { on, passthrough, forcePrefetch, setUp } = system;
  if (on === undefined) {
    for (const [key, value] of Object.entries({ passthrough, forcePrefetch, setUp })) {
      if (value === undefined) continue;
      issues.key([...here, key], 'has no meaning without a host', 'say with "on" which kvm-host it is');
    }
    return null;
  }
  const position = before.findIndex(({ name }) => name === on);
  const host = before[position];
  if (host?.kind === 'kvm-host' || host?.kind === 'zvm-host') return { position, host };
  const hosts = before
    .filter(({ kind }) => kind === 'kvm-host' || kind === 'zvm-host')
    .map(({ name }) => name);
  const problem = host === undefined ? `unknown system "${on}"` : `system ${on} is not a kvm-host`;
  issues.value(
    [...here, 'on'],
    problem,
    hosts.length === 0 ? 'define one with kind: kvm-host' : suggest(on, hosts),
  );
  return null;
}

/** A guest, and the host that it is on; null: none that passes devices on. */
export interface GuestOnHost {
  readonly system: ParsedSystem;
  readonly position: number;
  readonly host: ResolvedHost | null;
}

/** What a guest names in its host; `virtual`: numbers of its other devices, which it cannot have twice. */
export function ownedDevices(
  { system, position, host }: GuestOnHost,
  virtual: readonly DeviceRange[],
  { before, pathless, here, issues }: GuestSurroundings,
): Pick<ResolvedHosting, 'passthrough' | 'unfit'> {
  const { commandLine } = system;
  const place = [...here, commandLine === undefined ? 'passthrough' : 'commandLine'];
  const wanted = commandLine === undefined ? (system.passthrough ?? []) : hostDevices(commandLine);
  if (host === null) {
    if (commandLine !== undefined && wanted.length > 0) {
      issues.key(place, 'names a device of a host', 'say with "on" which kvm-host it is');
    }
    return { passthrough: [], unfit: [] };
  }
  const isPathless = (value: DeviceRange | 'all'): value is DeviceRange =>
    value !== 'all' && subtractRanges([value], pathless).length === 0;
  const passthrough = selectDevices(
    wanted.filter(({ value }) => !isPathless(value)),
    host.dasd,
    `in system ${host.name}`,
    place,
    issues,
  );
  refuseTaken(passthrough, position, before, place, issues);
  const twice = commandLine === undefined ? commonDevices(passthrough, normaliseRanges(virtual)) : [];
  if (twice.length > 0) {
    issues.key(
      place,
      `device ${formatDevices(twice[0])} is defined twice`,
      'number virtual devices differently',
    );
  }
  return { passthrough, unfit: normaliseRanges(wanted.map(({ value }) => value).filter(isPathless)) };
}

/**
 * What a guest has of its host. `devices`: those of its command line; `image`: the one that it sees.
 */
export function resolveHosting(
  name: string,
  { system, position, host }: GuestOnHost,
  owned: Pick<ResolvedHosting, 'passthrough' | 'unfit'>,
  devices: readonly ResolvedHostDevice[],
  image: number,
  { actions, here, issues }: GuestSurroundings,
): ResolvedHosting | null {
  if (host === null) return null;
  if (system.accelerator === 'tcg') {
    issues.value([...here, 'accelerator'], 'does not use a host', 'leave it out');
  }
  const { costs } = system;
  const visible = devices.filter(({ cssid }) => cssid === image);
  const online = onlineOf(system, normaliseRanges(visible.map(rangeOf)));
  return {
    host: position,
    isManual: system.setUp === 'manual',
    ...owned,
    online: normaliseRanges(
      visible
        .filter((device) => includesDevice(online, { ...device, cssid: 0 }))
        .map(({ of }) => rangeOf(of)),
    ),
    plugged: normaliseRanges(pluggedOfHost(actions, name)),
    known: normaliseRanges([...devices.map(rangeOf), ...pluggedNumbers(actions, name)]),
    forcePrefetch: system.forcePrefetch ?? HOSTED_DEFAULTS.forcePrefetch,
    costs: {
      exitNs: costs.vmExit,
      interceptNs: costs.intercept,
      syscallNs: costs.syscall,
      eventFdNs: costs.eventFd,
      vcpuWakeNs: costs.vcpuWake,
    },
    dasdOptions: resolveDasdOptions(system),
  };
}

const rangeOf = ({ ssid, deviceNumber }: ResolvedHostDevice['of']): DeviceRange => ({
  cssid: 0,
  ssid,
  first: deviceNumber,
  last: deviceNumber,
});

/** Devices of a guest that are set online at boot. */
export const onlineOf = (system: ParsedSystem, devices: readonly DeviceRange[]): DeviceRange[] =>
  commonDevices(
    devices,
    normaliseRanges(system.online.flatMap(({ value }) => (value === 'all' ? devices : [value]))),
  );

/** A subchannel has one user at most. */
export function refuseTaken(
  passthrough: readonly DeviceRange[],
  host: number,
  before: readonly ResolvedSystem[],
  place: Path,
  issues: Issues,
): void {
  for (const other of before) {
    if (other.kind !== 'guest') continue;
    const own = other.hosting ?? other.dedication;
    if (own?.host !== host) continue;
    const [taken] = commonDevices(passthrough, own.passthrough);
    if (taken === undefined) continue;
    issues.key(
      place,
      `device ${formatDevices(taken)} is passed through to ${other.name}`,
      'give it to one guest',
    );
  }
}

const commonDevices = (left: readonly DeviceRange[], right: readonly DeviceRange[]): DeviceRange[] =>
  subtractRanges(left, subtractRanges(left, right));
