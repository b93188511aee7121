import { kernelFeatures } from '../linux/kernel-features.ts';
import { normaliseRanges, subtractRanges } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import type { DeviceSelection } from './fields.ts';
import { parseName } from './fields.ts';
import { formatDevices } from './identifiers.ts';
import { suggest } from './nearest.ts';
import { pluggedDevices, refuseGuestKeys, resolveCosts, resolveGuest } from './resolve-guest.ts';
import type { DeviceRange, ResolvedMachine, ResolvedPartition, ResolvedSystem } from './resolved.ts';
import type { ParsedActions } from './schema-story.ts';
import type { ParsedSystem, ParsedSystems } from './schema-systems.ts';

/** Everything that systems are resolved with. */
export interface SystemSurroundings {
  readonly machine: ResolvedMachine;
  /** What operators do: a guest's devices may come later. */
  readonly actions: ParsedActions;
  readonly issues: Issues;
}

/** The systems at `place`; their order numbers them. */
export function resolveSystems(
  systems: ParsedSystems,
  place: Path,
  around: SystemSurroundings,
): ResolvedSystem[] {
  const all = Object.entries(systems);
  return all.map(([name, system], position): ResolvedSystem => {
    const here = [...place, name];
    const { issues } = around;
    const valid = parseName(name);
    if (!valid.ok) issues.key(here, valid.message, valid.hint);
    checkFeatures(system, here, issues);
    if (system.kind === 'partition') return resolvePartition(name, system, here, around);
    if (all.slice(position).some(([, { kind }]) => kind === 'partition')) {
      issues.key(here, 'is a guest that stands before a partition', 'list the partitions first');
    }
    const plugged = pluggedDevices(around.actions, name, position);
    return resolveGuest(name, system, plugged, here, issues);
  });
}

function resolvePartition(
  name: string,
  system: ParsedSystem,
  here: Path,
  { machine, issues }: SystemSurroundings,
): ResolvedPartition {
  refuseGuestKeys(system, here, issues);
  const all = normaliseRanges(machine.dasd);
  const dasd = selectDevices(system.dasd, all, 'in the machine', [...here, 'dasd'], issues);
  const { dasdOptions } = system;
  return {
    kind: 'partition',
    name,
    kernel: system.kernel,
    features: system.features,
    cpus: system.cpus,
    dasd,
    online: selectDevices(system.online, dasd, `in system ${name}`, [...here, 'online'], issues),
    cmfFormat: system.cmfFormat,
    costs: resolveCosts(system),
    dasdOptions: {
      expiresNs: dasdOptions.expires,
      retries: dasdOptions.retries,
      pathThreshold: dasdOptions.pathThreshold,
      pathIntervalNs: dasdOptions.pathInterval,
      pathAutodisable: dasdOptions.autodisable,
      failfast: dasdOptions.failfast,
      reservationPolicy: dasdOptions.reservationPolicy,
    },
  };
}

function checkFeatures(system: ParsedSystem, here: Path, issues: Issues): void {
  const features = Object.keys(kernelFeatures(system.kernel));
  for (const feature of Object.keys(system.features)) {
    if (features.includes(feature)) continue;
    issues.key(
      [...here, 'features', feature],
      `unknown kernel feature "${feature}"`,
      suggest(feature, features),
    );
  }
}

/** Devices of a system that actions may name. */
export const devicesOfSystem = (system: ResolvedSystem): readonly DeviceRange[] =>
  system.kind === 'guest' ? system.everPlugged : system.dasd;

/** The selected devices as a normal list; each of them must be among `available`. */
export function selectDevices(
  selection: DeviceSelection,
  available: readonly DeviceRange[],
  where: string,
  place: Path,
  issues: Issues,
): DeviceRange[] {
  const selected: DeviceRange[] = [];
  for (const { value, at } of selection) {
    if (value === 'all') {
      selected.push(...available);
      continue;
    }
    const missing = subtractRanges([value], available);
    if (missing.length === 0) selected.push(value);
    else {
      const have =
        available.length === 0 ? 'there are none' : `there are ${available.map(formatDevices).join(', ')}`;
      issues.value([...place, ...at], `device ${formatDevices(missing[0])} is not ${where}`, have);
    }
  }
  return normaliseRanges(selected);
}

/** Position of a system by name; the first when none is named. */
export function systemPosition(
  name: string | undefined,
  systems: readonly ResolvedSystem[],
  place: Path,
  issues: Issues,
): number {
  if (name === undefined) return 0;
  const names = systems.map((system) => system.name);
  const position = names.indexOf(name);
  if (position < 0) issues.value(place, `unknown system "${name}"`, suggest(name, names));
  return Math.max(0, position);
}
