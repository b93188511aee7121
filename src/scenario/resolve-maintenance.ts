import type { SimTime } from '../kernel/time.ts';
import type { DcmOptions } from '../pathing/dcm-manager.ts';
import { type Chpid, formatChpid } from '../zarch/ids.ts';
import type { Issues, Path } from './errors.ts';
import { suggest } from './nearest.ts';
import { checkTime, chpidsOf, type Surroundings } from './resolve-story.ts';
import type { ResolvedControlUnit } from './resolved.ts';
import type { ParsedFault, ParsedFaults } from './schema-faults.ts';
import type { ParsedMachine } from './schema-machine.ts';
import type { ParsedMoveChannel, ParsedService } from './schema-maintenance.ts';

/** What is done to the machine on purpose. Control units are named by their position in the scenario. */
export type ResolvedMaintenance =
  | {
      readonly kind: 'service';
      readonly atNs: SimTime;
      readonly controlUnit: number;
      readonly ports: readonly number[];
      readonly lengthNs: SimTime;
      /** Hosts are asked before and told afterwards. */
      readonly cuir: boolean;
      readonly answerNs: SimTime;
      readonly settleNs: SimTime;
    }
  | {
      readonly kind: 'move-channel';
      readonly atNs: SimTime;
      readonly chpids: readonly Chpid[];
      readonly controlUnit: number;
    };

/** Channel paths that move between control units, and what moves them. */
export interface ResolvedDcm extends DcmOptions {
  readonly channels: readonly Chpid[];
  readonly gapNs: SimTime;
}

export type ParsedMaintenance = ParsedService | ParsedMoveChannel;

/** Stands among the faults of a scenario, although nothing goes wrong. */
export const isMaintenance = (fault: ParsedFault): fault is ParsedMaintenance =>
  fault.do === 'service' || fault.do === 'move-channel';

/** In order of time; absent where there is none. */
export function resolveMaintenance(
  faults: ParsedFaults,
  around: Surroundings,
): { readonly maintenance?: readonly ResolvedMaintenance[] } {
  const resolved = faults.flatMap((fault, index) => {
    if (!isMaintenance(fault)) return [];
    const place = ['faults', index];
    checkTime(fault.at, place, around);
    return [fault.do === 'service' ? service(fault, place, around) : move(fault, place, around)];
  });
  if (resolved.length === 0) return {};
  return { maintenance: resolved.sort((left, right) => left.atNs - right.atNs) };
}

function service(fault: ParsedService, place: Path, around: Surroundings): ResolvedMaintenance {
  const controlUnit = unitNamed(fault.controlUnit, [...place, 'controlUnit'], around);
  const paths = around.machine.controlUnits[controlUnit]?.paths.length ?? 8;
  const ports = [...new Set([fault.port].flat())];
  const missing = ports.find((port) => port >= paths);
  if (missing !== undefined) {
    const message = `control unit ${fault.controlUnit} has no port ${missing}`;
    around.issues.value([...place, 'port'], message, `its ports are 0 to ${paths - 1}`);
  }
  return {
    kind: 'service',
    atNs: fault.at,
    controlUnit,
    ports,
    lengthNs: fault.for,
    cuir: fault.cuir,
    answerNs: fault.answer,
    settleNs: fault.settle,
  };
}

function move(fault: ParsedMoveChannel, place: Path, around: Surroundings): ResolvedMaintenance {
  const controlUnit = unitNamed(fault.to, [...place, 'to'], around);
  const { dcm, controlUnits } = around.machine;
  const chpids = chpidsOf(fault.chpid, place, around);
  for (const chpid of chpids) {
    if (dcm?.channels.includes(chpid) !== true) {
      const message = `chpid ${formatChpid(chpid)} is not managed`;
      around.issues.value([...place, 'chpid'], message, 'write managed: true in machine.chpids');
    } else if (controlUnits[controlUnit]?.paths.includes(chpid) === false) {
      const message = `chpid ${formatChpid(chpid)} is none of the paths of ${fault.to}`;
      around.issues.value([...place, 'to'], message, 'define it for both control units');
    }
  }
  return { kind: 'move-channel', atNs: fault.at, chpids, controlUnit };
}

function unitNamed(name: string, place: Path, { machine, issues }: Surroundings): number {
  const names = machine.controlUnits.map((unit) => unit.name);
  const position = names.indexOf(name);
  if (position < 0) issues.value(place, `unknown control unit "${name}"`, suggest(name, names));
  return position;
}

/** The managed ones of the channel paths, by the keys of the scenario; absent where there are none. */
export function resolveDcm(
  { dcm }: ParsedMachine,
  managed: readonly { readonly chpid: Chpid; readonly place: Path }[],
  controlUnits: readonly ResolvedControlUnit[],
  issues: Issues,
): { readonly dcm?: ResolvedDcm } {
  for (const { chpid, place } of managed) {
    const ends = controlUnits.filter(({ paths }) => paths.includes(chpid)).length;
    if (ends > 1) continue;
    const message = `chpid ${formatChpid(chpid)} has nowhere to move to`;
    issues.value([...place, 'managed'], message, 'name it among the paths of several control units');
  }
  if (managed.length === 0) {
    if (dcm.mode !== 'off')
      issues.value(
        ['machine', 'dcm', 'mode'],
        'has nothing to move',
        'write managed: true in machine.chpids',
      );
    return {};
  }
  const { mode, threshold, maxMoves, minPaths } = dcm;
  const channels = managed.map(({ chpid }) => chpid).sort((left, right) => left - right);
  return {
    dcm: {
      channels,
      mode,
      threshold,
      goalNs: dcm.goal,
      minPaths,
      intervalNs: dcm.interval,
      maxMoves,
      gapNs: dcm.gap,
    },
  };
}
