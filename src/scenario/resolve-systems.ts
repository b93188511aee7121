import { kernelFeatures } from '../linux/kernel-features.ts';
import type { Chpid } from '../zarch/ids.ts';
import { normaliseRanges, subtractRanges } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import { type ChpidList, parseName } from './fields.ts';
import { suggest } from './nearest.ts';
import { resolveCosts, resolveDasdOptions, resolveVfioCosts } from './resolve-costs.ts';
import { pluggedDevices, refuseGuestKeys, resolveGuest } from './resolve-guest.ts';
import { passedOn } from './resolve-hosting.ts';
import { knownChpids } from './resolve-links.ts';
import { withPci } from './resolve-pci.ts';
import { resolveControlProgram } from './resolve-zvm.ts';
import type { DeviceRange, ResolvedImage, ResolvedMachine, ResolvedSystem } from './resolved.ts';
import type { ParsedActions } from './schema-story.ts';
import type { ParsedSystem, ParsedSystems } from './schema-systems.ts';
import { selectDevices } from './select-devices.ts';

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
  const resolved: ResolvedSystem[] = [];
  for (const [position, [name, system]] of all.entries()) {
    const here = [...place, name];
    const { issues } = around;
    const valid = parseName(name);
    if (!valid.ok) issues.key(here, valid.message, valid.hint);
    checkFeatures(system, here, issues);
    if (system.kind === 'guest') {
      if (all.slice(position).some(([, { kind }]) => kind !== 'guest')) {
        issues.key(here, 'is a guest that stands before a partition', 'list the partitions first');
      }
      const plugged = pluggedDevices(around.actions, name, position);
      const { actions, machine } = around;
      const pathless = normaliseRanges(machine.subchannels);
      const surroundings = { systems, before: resolved, actions, pathless, here, issues };
      resolved.push(resolveGuest(name, system, plugged, surroundings));
    } else {
      const passedThrough = passedOn(systems, around.actions, name);
      const image = resolveImage(name, system, passedThrough, here, around);
      if (system.kind === 'kvm-host') {
        resolved.push({ kind: 'kvm-host', ...image, passedThrough, vfioCosts: resolveVfioCosts(system) });
      } else if (system.kind === 'partition') resolved.push({ kind: 'partition', ...image });
      else resolved.push({ kind: 'zvm-host', ...image, controlProgram: resolveControlProgram(system) });
    }
  }
  return withPci(systems, resolved, place, around);
}

/** A system with an image of the machine; devices of guests are not online here. */
function resolveImage(
  name: string,
  system: ParsedSystem,
  passedThrough: readonly DeviceRange[],
  here: Path,
  { machine, issues }: SystemSurroundings,
): ResolvedImage {
  refuseGuestKeys(system, here, issues);
  const all = normaliseRanges(machine.dasd);
  const dasd = selectDevices(system.dasd, all, 'in the machine', [...here, 'dasd'], issues);
  const own = subtractRanges(dasd, passedThrough);
  const where = passedThrough.length === 0 ? `in system ${name}` : `left to system ${name} by its guests`;
  return {
    name,
    kernel: system.kernel,
    features: system.features,
    cpus: system.cpus,
    dasd,
    ...(system.chpids && { chpids: accessList(system.chpids, machine, [...here, 'chpids'], issues) }),
    online: selectDevices(system.online, own, where, [...here, 'online'], issues),
    cmfFormat: system.cmfFormat,
    costs: resolveCosts(system),
    dasdOptions: resolveDasdOptions(system),
  };
}

/** A path for each device must be among them. */
function accessList(
  list: ChpidList,
  { channelPaths, controlUnits }: ResolvedMachine,
  place: Path,
  issues: Issues,
): readonly Chpid[] {
  const known = channelPaths.map(({ chpid }) => chpid);
  const chpids = knownChpids(list, known, place, issues);
  const unreached = controlUnits.find(({ paths }) => !paths.some((chpid) => chpids.includes(chpid)));
  if (unreached !== undefined) {
    issues.value(place, `no channel path leads to ${unreached.name}`, 'add one, or leave it out for all');
  }
  return chpids;
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
export function devicesOfSystem(system: ResolvedSystem): readonly DeviceRange[] {
  if (system.kind !== 'guest') return system.dasd;
  const { known = [] } = system.hosting ?? {};
  const dedicated = system.dedication?.passthrough ?? [];
  return normaliseRanges([...system.everPlugged, ...known, ...dedicated]);
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
