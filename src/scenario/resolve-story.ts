import type { SimTime } from '../kernel/time.ts';
import type { Chpid } from '../zarch/ids.ts';
import { normaliseRanges } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import type { ChpidList, DeviceSelection } from './fields.ts';
import { parseName } from './fields.ts';
import { pciActionFunctions } from './pci-function-names.ts';
import { knownChpids } from './resolve-links.ts';
import { resolveMigration } from './resolve-migrate.ts';
import { devicesOfSystem, systemPosition } from './resolve-systems.ts';
import { refuseHypervisor } from './resolve-zvm.ts';
import type {
  DeviceRange,
  ResolvedAction,
  ResolvedMachine,
  ResolvedPhase,
  ResolvedSystem,
} from './resolved.ts';
import { PASSED_THROUGH } from './schema-guest.ts';
import type { ParsedAction, ParsedActions, ParsedPhases } from './schema-story.ts';
import type { ParsedSystems } from './schema-systems.ts';
import { selectDevices } from './select-devices.ts';

/** What operators do in a run, in order of time, and the phases that the names of faults and actions begin. */
export interface Surroundings {
  readonly machine: ResolvedMachine;
  readonly systems: readonly ResolvedSystem[];
  /** The same as the scenario has them, and what operators do to them. */
  readonly parsed: ParsedSystems;
  readonly actions: ParsedActions;
  readonly durationNs: SimTime;
  readonly issues: Issues;
}

export function resolveActions(actions: ParsedActions, around: Surroundings): ResolvedAction[] {
  const resolved = actions.flatMap((action, index) => {
    const place = ['actions', index];
    checkTime(action.at, place, around);
    return resolveAction(action, place, around) ?? [];
  });
  return resolved.sort((left, right) => left.atNs - right.atNs);
}

/** Null where the action is refused as a whole. */
function resolveAction(action: ParsedAction, place: Path, around: Surroundings): ResolvedAction | null {
  const { systems, issues } = around;
  const system = linuxPosition(action.system, place, around);
  const timed = { atNs: action.at, name: action.name ?? '', system };
  const here = { ...around, owner: systems[system] };
  switch (action.do) {
    case 'rescan':
      return { ...timed, kind: 'rescan' };
    case 'pci-on':
    case 'pci-off':
    case 'pci-recover':
    case 'pci-plug':
    case 'pci-unplug':
      return { ...timed, kind: action.do, functions: pciActionFunctions(action, here.owner, place, around) };
    case 'reset-path':
      return { ...timed, kind: 'reset-path', chpids: pathsOf(action.chpid, place, here) };
    case 'vary-path':
      return { ...timed, kind: 'vary-path', chpids: pathsOf(action.chpid, place, here), on: action.to };
    case 'plug':
    case 'unplug': {
      if (here.owner.kind !== 'guest' || here.owner.dedication !== undefined) refuseNonGuest(place, here);
      else if (isOfHost(action)) checkOnHost(action.device ?? [], place, here);
      else devicesIn(action.device ?? [], place, here);
      return { ...timed, ...pluggedOf(action, place, issues), everyNs: action.every };
    }
    case 'migrate':
      return migration(timed, resolveMigration(action, place, here));
    case 'unbind':
      refuseOtherThanHost(place, here);
      return { ...timed, kind: 'unbind', devices: devicesIn(action.device, place, here) };
    case 'unbind-device':
    case 'unbind-subchannel':
    case 'remove-mdev':
      return { ...timed, kind: action.do, devices: devicesOfHost(action.device, place, here) };
    case 'bind-subchannel': {
      const { driver } = action;
      return { ...timed, kind: action.do, driver, devices: devicesOfHost(action.device, place, here) };
    }
    case 'create-mdev': {
      const { uuid = null } = action;
      return { ...timed, kind: action.do, uuid, devices: devicesOfHost(action.device, place, here) };
    }
    case 'start':
      if (here.owner.kind !== 'guest' || here.owner.hosting?.isManual !== true) {
        issues.value(
          [...place, 'system'],
          `system ${here.owner.name} is not started by hand`,
          'name a guest on a kvm-host with setUp: manual',
        );
      }
      return { ...timed, kind: 'start' };
    case 'inject-report':
      return {
        ...timed,
        kind: 'inject-report',
        words: action.crw.map(({ value }) => value),
        into: action.into,
      };
    case 'cmb-enable':
      return {
        ...timed,
        kind: 'cmb-enable',
        devices: devicesIn(action.device, place, here),
        on: action.to,
      };
    default:
      return { ...timed, kind: action.do, devices: devicesIn(action.device, place, here) };
  }
}

const migration = (timed: Timed, resolved: ReturnType<typeof resolveMigration>): ResolvedAction | null =>
  resolved === null ? null : { ...timed, ...resolved };

type Timed = Pick<ResolvedAction, 'atNs' | 'name' | 'system'>;

/** Position of a system with a Linux and an administrator. */
export function linuxPosition(
  name: string | undefined,
  place: Path,
  { systems, issues }: Surroundings,
): number {
  const system = systemPosition(name, systems, [...place, 'system'], issues);
  refuseHypervisor(systems[system].kind, systems[system].name, place, issues);
  return system;
}

/** Where an action takes place. */
interface ActionSurroundings extends Surroundings {
  readonly owner: ResolvedSystem;
}

function devicesIn(
  selection: DeviceSelection,
  place: Path,
  { owner, issues }: ActionSurroundings,
): DeviceRange[] {
  const available = devicesOfSystem(owner);
  return selectDevices(selection, available, `in system ${owner.name}`, [...place, 'device'], issues);
}

/** Whether its devices are those of the host, by their numbers there. */
const isOfHost = (action: PlugAction): boolean =>
  action.do === 'plug' ? action.type === PASSED_THROUGH : action.numbers === 'host';
/** Devices of a kvm-host, subchannels without I/O among them. */
function devicesOfHost(selection: DeviceSelection, place: Path, around: ActionSurroundings): DeviceRange[] {
  const { owner, machine, issues } = around;
  refuseOtherThanHost(place, around);
  const available = normaliseRanges([...devicesOfSystem(owner), ...machine.subchannels]);
  return selectDevices(selection, available, `in system ${owner.name}`, [...place, 'device'], issues);
}

function refuseOtherThanHost(place: Path, { owner, issues }: ActionSurroundings): void {
  if (owner.kind === 'kvm-host') return;
  issues.value([...place, 'do'], `system ${owner.name} is not a kvm-host`, 'name the host');
}

type PlugAction = Extract<ParsedAction, { do: 'plug' | 'unplug' }>;

/** One after the other as written: the first that is plugged gets the first subchannel. */
function pluggedOf(action: PlugAction, place: Path, issues: Issues): Plugged {
  const devices = (action.device ?? []).map(({ value }) => value);
  const count = devices.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const busIds = action.devno?.map(({ value }) => value);
  const ofHost = isOfHost(action);
  if (ofHost ? count === 0 : (count === 0) === (busIds === undefined)) {
    const hint = ofHost ? 'add device, such as 0.0.1000' : 'give either device or devno';
    issues.key(place, 'does not say which device', hint);
  }
  if (ofHost && busIds !== undefined && busIds.length !== count) {
    issues.value([...place, 'devno'], `has ${busIds.length} bus ids for ${count} devices`, 'write as many');
  }
  if (action.do === 'plug') return { kind: 'plug', type: action.type, devices, ...(busIds && { busIds }) };
  const known = busIds?.filter((busId) => busId !== null);
  if (known?.length !== busIds?.length) {
    issues.value([...place, 'devno'], 'names no device', 'auto is for devices that are plugged');
  }
  return { kind: 'unplug', devices, ofHost, ...(known && { busIds: known }) };
}

type WithoutPlace<T> = T extends ResolvedAction ? Omit<T, 'atNs' | 'name' | 'system' | 'everyNs'> : never;
type Plugged = WithoutPlace<Extract<ResolvedAction, { kind: 'plug' | 'unplug' }>>;

/** Devices that a guest is to get from its host. */
function checkOnHost(
  selection: DeviceSelection,
  place: Path,
  { owner, systems, issues }: ActionSurroundings,
): void {
  const host = owner.kind === 'guest' && owner.hosting !== undefined ? systems[owner.hosting.host] : null;
  if (host === null) {
    issues.value(
      [...place, 'type'],
      `system ${owner.name} is on no host`,
      'say with "on" which kvm-host it is',
    );
    return;
  }
  selectDevices(selection, host.dasd, `in system ${host.name}`, [...place, 'device'], issues);
}

/** A guest has no channel paths of the machine, and may be told to vary one that it does not know. */
const pathsOf = (list: ChpidList, place: Path, around: ActionSurroundings): readonly Chpid[] =>
  around.owner.kind === 'guest' ? list.map(({ value }) => value) : chpidsOf(list, place, around);

function refuseNonGuest(place: Path, { owner, issues }: ActionSurroundings): void {
  const what = owner.kind === 'guest' ? 'is on z/VM' : 'is a partition';
  issues.value([...place, 'do'], `system ${owner.name} ${what}`, 'virtual devices belong to a guest');
}

export const chpidsOf = (
  list: ChpidList,
  place: Path,
  { machine, issues }: Surroundings,
): readonly Chpid[] => {
  const known = machine.channelPaths.map(({ chpid }) => chpid);
  return knownChpids(list, known, [...place, 'chpid'], issues);
};

export function checkTime(at: SimTime, place: Path, { durationNs, issues }: Surroundings): void {
  if (at >= durationNs)
    issues.value([...place, 'at'], 'is not before the end of the run', 'lengthen the duration');
}

/** The scenario's own spans, and one from each named fault or action to the next named one or the end. */
export function resolvePhases(
  phases: ParsedPhases,
  moments: readonly Moment[],
  durationNs: SimTime,
  issues: Issues,
): ResolvedPhase[] {
  const resolved = Object.entries(phases).map(([name, [fromNs, toNs]]): ResolvedPhase => {
    const place = ['phases', name];
    const valid = parseName(name);
    if (!valid.ok) issues.key(place, valid.message, valid.hint);
    if (toNs <= fromNs) issues.value(place, 'ends before it begins', 'write [from, to]');
    else if (toNs > durationNs) issues.value(place, 'ends after the run', 'lengthen the duration');
    return { name, fromNs, toNs };
  });
  const named = moments
    .filter(({ name }) => name !== undefined)
    .toSorted((left, right) => left.at - right.at);
  for (const { at, name } of named) {
    if (resolved.some((phase) => phase.name === name)) continue;
    const next = named.find((other) => other.at > at);
    resolved.push({ name: name!, fromNs: at, toNs: next?.at ?? durationNs });
  }
  return resolved.sort((left, right) => left.fromNs - right.fromNs);
}

interface Moment {
  readonly at: SimTime;
  readonly name?: string | undefined;
}
