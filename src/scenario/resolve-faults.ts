import type { FlapFault, MortalPart } from '../faults/fault.ts';
import type { Lifetime } from '../faults/lifetime.ts';
import type { Rhythm } from '../faults/rhythm.ts';
import type { SimTime } from '../kernel/time.ts';
import { expandRanges } from './devices.ts';
import type { Path } from './errors.ts';
import { suggest } from './nearest.ts';
import { linksOf, partsOf } from './resolve-links.ts';
import { isMaintenance, type ParsedMaintenance } from './resolve-maintenance.ts';
import { isPciFault, type ParsedPciFault } from './resolve-pci-story.ts';
import { checkTime, chpidsOf, linuxPosition, type Surroundings } from './resolve-story.ts';
import { systemPosition } from './resolve-systems.ts';
import type { ResolvedFault, ResolvedSystem } from './resolved.ts';
import type { ParsedBreakdown, ParsedFault, ParsedFaults, ParsedFlap, ParsedGray } from './schema-faults.ts';
import { selectDevices } from './select-devices.ts';

/** What goes wrong in a run, in order of time. */
export function resolveFaults(faults: ParsedFaults, around: Surroundings): ResolvedFault[] {
  const resolved = faults.flatMap((fault, index) => {
    if (isMaintenance(fault) || isPciFault(fault)) return [];
    const place = ['faults', index];
    checkTime(fault.at, place, around);
    return [resolveFault(fault, place, around)];
  });
  return resolved.sort((left, right) => left.atNs - right.atNs);
}

function resolveFault(
  fault: Exclude<ParsedFault, ParsedMaintenance | ParsedPciFault>,
  place: Path,
  around: Surroundings,
): ResolvedFault {
  const { machine, systems, issues } = around;
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
    case 'link-up': {
      const { spread } = fault;
      return {
        ...timed,
        kind: 'link',
        ...linksOf(fault, machine, place, issues),
        on: fault.do === 'link-up',
        ...(spread === undefined ? {} : { spreadNs: spread }),
      };
    }
    case 'error-rate': {
      const { probability, initial } = fault;
      return { ...timed, kind: 'error-rate', probability, initial, ...grayOf(fault, place, around) };
    }
    case 'slow': {
      const { delay, bandwidth } = fault;
      if (delay === undefined && bandwidth === undefined)
        issues.value(place, 'does not say how slow', 'give a delay or a bandwidth');
      return {
        ...timed,
        kind: 'slow',
        ...(delay === undefined ? {} : { delay }),
        ...(bandwidth === undefined ? {} : { bandwidth }),
        ...grayOf(fault, place, around),
      };
    }
    case 'reset':
      return { ...timed, kind: 'reset', controlUnit: controlUnitOf(fault.controlUnit, place, around) };
    case 'flap':
      return { ...timed, ...flapOf(fault, place, around) };
    case 'breakdown':
      return {
        ...timed,
        kind: 'breakdown',
        parts: mortalParts(fault.of, place, around),
        life: lifeOf(fault, place, around),
        repairNs: fault.mttr,
        untilNs: untilOf(fault.until, fault.at, place, around),
      };
    case 'lose-reports': {
      const system = systemPosition(fault.system, systems, [...place, 'system'], issues);
      const owner = systems[system];
      if (!keepsReports(owner)) {
        const message = `system ${owner.name} keeps no reports for others`;
        issues.value([...place, 'system'], message, 'name a kvm-host or a guest');
      }
      const untilNs = untilOf(fault.until, fault.at, place, around);
      const { probability, limit = 0 } = fault;
      return { ...timed, kind: 'lose-reports', system, probability, limit, untilNs };
    }
    case 'detach':
    case 'attach': {
      const at = [...place, 'device'];
      const ranges = selectDevices(fault.device, machine.dasd, 'in the machine', at, issues);
      const attached = fault.do === 'attach';
      return { ...timed, kind: 'device', devices: expandRanges(ranges), attached };
    }
    case 'kill': {
      const system = systemPosition(fault.system, systems, [...place, 'system'], issues);
      const owner = systems[system];
      if (owner.kind !== 'guest' || owner.hosting === undefined) {
        const message = `system ${owner.name} is no guest on a host`;
        issues.value([...place, 'system'], message, 'say with "on" which kvm-host it is');
      }
      return { ...timed, kind: 'kill', system };
    }
  }
}

/** What is gray about a fault: its links, how it gets worse, and when it is in force. */
function grayOf(fault: ParsedGray, place: Path, around: Surroundings) {
  const { rhythm } = fault;
  return {
    links: linksOf(fault, around.machine, place, around.issues).links,
    rampNs: fault.ramp,
    steps: fault.steps ?? 0,
    untilNs: untilOf(fault.until, fault.at, place, around),
    ...(rhythm && {
      rhythm: rhythmOf(
        { ...rhythm, down: rhythm.on, up: rhythm.off },
        [...place, 'rhythm'],
        around,
        'on and off',
      ),
    }),
  };
}

type Flap = FlapFault extends infer F ? (F extends F ? Omit<F, 'atNs' | 'name'> : never) : never;

function flapOf(fault: ParsedFlap, place: Path, around: Surroundings): Flap {
  const flapping = {
    kind: 'flap',
    rhythm: rhythmOf(fault, place, around, 'down and up'),
    untilNs: untilOf(fault.until, fault.at, place, around),
  } as const;
  if (fault.what === 'link')
    return { ...flapping, what: 'link', ...linksOf(fault, around.machine, place, around.issues) };
  if (fault.chpid === undefined)
    around.issues.value([...place, 'chpid'], 'is missing', 'name it, or write what: link');
  for (const key of ['controlUnit', 'port', 'director', 'cable'] as const) {
    if (fault[key] === undefined) continue;
    around.issues.key([...place, key], 'concerns links', 'write what: link');
  }
  const chpids = chpidsOf(fault.chpid ?? [], place, around);
  return { ...flapping, what: 'configure', chpids, ...unreportedOf(fault.unreported) };
}

/** A rhythm as it is written: two times or a pattern of them. */
type ParsedRhythm = Pick<ParsedFlap, 'down' | 'up' | 'pattern' | 'spacing' | 'jitter' | 'burst' | 'count'>;

function rhythmOf(rhythm: ParsedRhythm, place: Path, { issues }: Surroundings, times: string): Rhythm {
  const { down, up, pattern, spacing, jitter, burst, count } = rhythm;
  if (pattern === undefined && (down === undefined || up === undefined))
    issues.value(place, `does not say for how long`, `give ${times}, or a pattern`);
  if (pattern !== undefined && (down !== undefined || up !== undefined))
    issues.value([...place, 'pattern'], `takes the place of ${times}`, 'keep one of them');
  if (pattern !== undefined && pattern.length % 2 !== 0)
    issues.value(
      [...place, 'pattern'],
      'ends with half a pair',
      'give each loss its time and the time after it',
    );
  return {
    downNs: down ?? 0,
    upNs: up ?? 0,
    spacing,
    ...(pattern && { pattern }),
    ...(jitter !== undefined && jitter > 0 && { jitter }),
    ...(burst && { burst: { losses: burst.losses, quietNs: burst.quiet } }),
    ...(count !== undefined && { count }),
  };
}

/** Limits within which a quantile of Weibull's distribution is a time. */
const DEFAULT_SHAPE = 2;
const LEAST_SHAPE = 0.1;
const GREATEST_SHAPE = 20;

function mortalParts(
  kind: ParsedBreakdown['of'],
  place: Path,
  { machine, issues }: Surroundings,
): readonly MortalPart[] {
  const parts = partsOf(kind, machine);
  const described = kind === 'directors' || kind === 'cables' ? kind : 'controlUnits';
  if (parts.length === 0)
    issues.value([...place, 'of'], `there are no ${kind}`, `describe them in machine.${described}`);
  return parts;
}

function lifeOf(
  { mttf, distribution, shape }: ParsedBreakdown,
  place: Path,
  { issues }: Surroundings,
): Lifetime {
  if (distribution === 'exponential') {
    if (shape !== undefined)
      issues.key([...place, 'shape'], 'has no meaning with exponential', 'write distribution: weibull');
    return { kind: 'exponential', meanNs: mttf };
  }
  const wear = shape ?? DEFAULT_SHAPE;
  if (wear < LEAST_SHAPE || wear > GREATEST_SHAPE)
    issues.value([...place, 'shape'], 'is out of range', `take ${LEAST_SHAPE} to ${GREATEST_SHAPE}`);
  return { kind: 'weibull', meanNs: mttf, shape: wear };
}

/** A host's kernel for QEMU, and QEMU for its guest. */
const keepsReports = (system: ResolvedSystem): boolean =>
  system.kind === 'kvm-host' || (system.kind === 'guest' && system.dedication === undefined);

const unreportedOf = (unreported: number): { readonly unreported?: number } =>
  unreported === 0 ? {} : { unreported };

function controlUnitOf(name: string, place: Path, { machine, issues }: Surroundings): number {
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
