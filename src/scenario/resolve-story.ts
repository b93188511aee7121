import { ALL_CONTROL_UNITS } from '../faults/fault.ts';
import type { SimTime } from '../kernel/time.ts';
import { type Chpid, formatChpid } from '../zarch/ids.ts';
import { expandRanges } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import type { ChpidList, DeviceSelection } from './fields.ts';
import { parseName } from './fields.ts';
import { suggest } from './nearest.ts';
import { listed } from './resolve-control-units.ts';
import { devicesOfSystem, systemPosition } from './resolve-systems.ts';
import { refuseHypervisor } from './resolve-zvm.ts';
import type {
  DeviceRange,
  ResolvedAction,
  ResolvedFault,
  ResolvedMachine,
  ResolvedPhase,
  ResolvedSystem,
} from './resolved.ts';
import { PASSED_THROUGH } from './schema-guest.ts';
import type { ParsedAction, ParsedActions, ParsedFault, ParsedFaults, ParsedPhases } from './schema-story.ts';
import { selectDevices } from './select-devices.ts';

/** What happens in a run: faults and actions in order of time, and the phases that their names begin. */
export interface Surroundings {
  readonly machine: ResolvedMachine;
  readonly systems: readonly ResolvedSystem[];
  readonly durationNs: SimTime;
  readonly issues: Issues;
}

export function resolveFaults(faults: ParsedFaults, around: Surroundings): ResolvedFault[] {
  const resolved = faults.map((fault, index) => {
    const place = ['faults', index];
    checkTime(fault.at, place, around);
    return resolveFault(fault, place, around);
  });
  return resolved.sort((left, right) => left.atNs - right.atNs);
}

function resolveFault(fault: ParsedFault, place: Path, around: Surroundings): ResolvedFault {
  const timed = { atNs: fault.at, name: fault.name ?? '' };
  switch (fault.do) {
    case 'configure-off':
    case 'configure-on':
      return {
        ...timed,
        kind: 'configure',
        chpids: chpidsOf(fault.chpid, place, around),
        on: fault.do === 'configure-on',
        ...unreportedOf(fault.unreported),
      };
    case 'vary-off':
    case 'vary-on':
      return {
        ...timed,
        kind: 'vary',
        chpids: chpidsOf(fault.chpid, place, around),
        on: fault.do === 'vary-on',
        system: linuxPosition(fault.system, place, around),
      };
    case 'link-down':
    case 'link-up':
      return {
        ...timed,
        kind: 'link',
        chpids: chpidsOf(fault.chpid, place, around),
        on: fault.do === 'link-up',
        controlUnit: controlUnitOf(fault.controlUnit, place, around),
      };
    case 'error-rate':
      return {
        ...timed,
        kind: 'error-rate',
        chpids: chpidsOf(fault.chpid, place, around),
        probability: fault.probability,
        untilNs: untilOf(fault.until, fault.at, place, around),
      };
    case 'reset':
      return { ...timed, kind: 'reset', controlUnit: controlUnitOf(fault.controlUnit, place, around) };
    case 'flap':
      return {
        ...timed,
        kind: 'flap',
        chpids: chpidsOf(fault.chpid, place, around),
        what: fault.what,
        controlUnit: controlUnitOf(fault.controlUnit, place, around),
        downNs: fault.down,
        upNs: fault.up,
        untilNs: untilOf(fault.until, fault.at, place, around),
        ...(fault.count === undefined ? {} : { count: fault.count }),
        spacing: fault.spacing,
        ...unreportedOf(fault.unreported),
      };
    case 'lose-reports': {
      const system = systemPosition(fault.system, around.systems, [...place, 'system'], around.issues);
      const owner = around.systems[system];
      if (!keepsReports(owner)) {
        const message = `system ${owner.name} keeps no reports for others`;
        around.issues.value([...place, 'system'], message, 'name a kvm-host or a guest');
      }
      const untilNs = untilOf(fault.until, fault.at, place, around);
      const { probability, limit = 0 } = fault;
      return { ...timed, kind: 'lose-reports', system, probability, limit, untilNs };
    }
    case 'detach':
    case 'attach': {
      const { dasd } = around.machine;
      const at = [...place, 'device'];
      const ranges = selectDevices(fault.device, dasd, 'in the machine', at, around.issues);
      const attached = fault.do === 'attach';
      return { ...timed, kind: 'device', devices: expandRanges(ranges), attached };
    }
    case 'kill': {
      const system = systemPosition(fault.system, around.systems, [...place, 'system'], around.issues);
      const owner = around.systems[system];
      if (owner.kind !== 'guest' || owner.hosting === undefined) {
        const message = `system ${owner.name} is no guest on a host`;
        around.issues.value([...place, 'system'], message, 'say with "on" which kvm-host it is');
      }
      return { ...timed, kind: 'kill', system };
    }
  }
}

export function resolveActions(actions: ParsedActions, around: Surroundings): ResolvedAction[] {
  const resolved = actions.map((action, index) => {
    const place = ['actions', index];
    checkTime(action.at, place, around);
    return resolveAction(action, place, around);
  });
  return resolved.sort((left, right) => left.atNs - right.atNs);
}

function resolveAction(action: ParsedAction, place: Path, around: Surroundings): ResolvedAction {
  const { systems, issues } = around;
  const system = linuxPosition(action.system, place, around);
  const timed = { atNs: action.at, name: action.name ?? '', system };
  const here = { ...around, owner: systems[system] };
  switch (action.do) {
    case 'rescan':
      return { ...timed, kind: 'rescan' };
    case 'reset-path':
      return { ...timed, kind: 'reset-path', chpids: pathsOf(action.chpid, place, here) };
    case 'vary-path':
      return { ...timed, kind: 'vary-path', chpids: pathsOf(action.chpid, place, here), on: action.to };
    case 'plug':
    case 'unplug': {
      if (here.owner.kind !== 'guest' || here.owner.dedication !== undefined) refuseNonGuest(place, here);
      else if (action.do === 'plug' && action.type === PASSED_THROUGH)
        checkOnHost(action.device, place, here);
      else devicesIn(action.device, place, here);
      // One after the other as written: the first that is plugged gets the first subchannel.
      const devices = action.device.map(({ value }) => value);
      const virtual = { ...timed, devices, everyNs: action.every };
      return action.do === 'plug'
        ? { ...virtual, kind: 'plug', type: action.type }
        : { ...virtual, kind: 'unplug' };
    }
    case 'unbind':
      if (here.owner.kind !== 'kvm-host') {
        issues.value([...place, 'do'], `system ${here.owner.name} is not a kvm-host`, 'name the host');
      }
      return { ...timed, kind: 'unbind', devices: devicesIn(action.device, place, here) };
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

/** A host's kernel for QEMU, and QEMU for its guest. */
const keepsReports = (system: ResolvedSystem): boolean =>
  system.kind === 'kvm-host' || (system.kind === 'guest' && system.dedication === undefined);

/** Position of a system with a Linux and an administrator. */
function linuxPosition(name: string | undefined, place: Path, { systems, issues }: Surroundings): number {
  const system = systemPosition(name, systems, [...place, 'system'], issues);
  refuseHypervisor(systems[system].kind, systems[system].name, place, issues);
  return system;
}

const unreportedOf = (unreported: number): { readonly unreported?: number } =>
  unreported === 0 ? {} : { unreported };

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

function chpidsOf(list: ChpidList, place: Path, { machine, issues }: Surroundings): readonly Chpid[] {
  const known = machine.channelPaths.map(({ chpid }) => chpid);
  const chpids: Chpid[] = [];
  for (const { value, at } of list) {
    if (known.includes(value)) chpids.push(value);
    else {
      const message = `chpid ${formatChpid(value)} is not in the machine`;
      issues.value([...place, 'chpid', ...at], message, `machine.chpids has ${listed(known)}`);
    }
  }
  return chpids;
}

function controlUnitOf(name: string | undefined, place: Path, { machine, issues }: Surroundings): number {
  if (name === undefined) return ALL_CONTROL_UNITS;
  const names = machine.controlUnits.map((unit) => unit.name);
  const position = names.indexOf(name);
  if (position < 0)
    issues.value([...place, 'controlUnit'], `unknown control unit "${name}"`, suggest(name, names));
  return position;
}

function untilOf(until: SimTime | undefined, from: SimTime, place: Path, around: Surroundings): SimTime {
  if (until !== undefined && until <= from)
    around.issues.value([...place, 'until'], 'is not after "at"', 'make it later');
  return until ?? around.durationNs;
}

function checkTime(at: SimTime, place: Path, { durationNs, issues }: Surroundings): void {
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
