import { normaliseRanges, subtractRanges } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import { formatDevices } from './identifiers.ts';
import { suggest } from './nearest.ts';
import { resolveDasdOptions } from './resolve-costs.ts';
import type {
  DeviceRange,
  ResolvedHost,
  ResolvedHosting,
  ResolvedHypervisor,
  ResolvedSystem,
} from './resolved.ts';
import { HOSTED_DEFAULTS, PASSED_THROUGH } from './schema-guest.ts';
import type { ParsedActions } from './schema-story.ts';
import type { ParsedSystem, ParsedSystems } from './schema-systems.ts';
import { selectDevices } from './select-devices.ts';

/** Devices that guests of a host get at some time, as they name them. */
export const passedOn = (systems: ParsedSystems, actions: ParsedActions, host: string): DeviceRange[] =>
  normaliseRanges(
    Object.entries(systems)
      .filter(([, { kind, on }]) => kind === 'guest' && on === host)
      .flatMap(([name, { passthrough = [] }]) => [
        ...passthrough.map(({ value }) => value),
        ...pluggedOfHost(actions, name),
      ]),
  );

const pluggedOfHost = (actions: ParsedActions, guest: string): DeviceRange[] =>
  actions.flatMap((action) =>
    action.do === 'plug' && action.type === PASSED_THROUGH && action.system === guest
      ? action.device.map(({ value }) => value)
      : [],
  );

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
  const { on, passthrough, forcePrefetch } = system;
  if (on === undefined) {
    for (const [key, value] of Object.entries({ passthrough, forcePrefetch })) {
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

/** What a guest has of its host; `virtual` are the numbers of its other devices, which it cannot have twice. */
export function resolveHosting(
  name: string,
  system: ParsedSystem,
  { position, host }: { readonly position: number; readonly host: ResolvedHost },
  virtual: readonly DeviceRange[],
  { before, actions, pathless, here, issues }: GuestSurroundings,
): ResolvedHosting {
  const place = [...here, 'passthrough'];
  const wanted = system.passthrough ?? [];
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
  const twice = commonDevices(passthrough, normaliseRanges(virtual));
  if (twice.length > 0) {
    issues.key(
      place,
      `device ${formatDevices(twice[0])} is defined twice`,
      'number virtual devices differently',
    );
  }
  if (system.accelerator === 'tcg') {
    issues.value([...here, 'accelerator'], 'does not use a host', 'leave it out');
  }
  const { costs } = system;
  return {
    host: position,
    passthrough,
    unfit: normaliseRanges(wanted.map(({ value }) => value).filter(isPathless)),
    online: onlineOf(system, passthrough),
    plugged: normaliseRanges(pluggedOfHost(actions, name)),
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
