import { type LossStep, type MachineOptions, REPORT_PROFILES } from '../channel/machine-model.ts';
import { PATH_GENERATIONS, transportOf } from '../channel/path-generations.ts';
import { type Chpid, formatChpid } from '../zarch/ids.ts';
import { checkImage } from './channel-subsystem-image.ts';
import type { Issues, Path } from './errors.ts';
import { parseChpids } from './identifiers.ts';
import { resolveControlUnits } from './resolve-control-units.ts';
import { resolveDasd } from './resolve-dasd.ts';
import { resolveOnTheWay } from './resolve-links.ts';
import { resolveDcm } from './resolve-maintenance.ts';
import { resolveMachinePci } from './resolve-pci.ts';
import { resolveSubchannels } from './resolve-subchannels.ts';
import type { ResolvedChannelPath, ResolvedControlUnit, ResolvedMachine } from './resolved.ts';
import type { ParsedMachine } from './schema-machine.ts';

/** Light in glass: 5 µs per kilometre (architecture reference E.4). */
const NS_PER_METRE = 5;
/** What storage keys are for: storage consists of whole blocks. */
const STORAGE_BLOCK = 4_096;
const LOSS_STEPS: readonly LossStep[] = ['mask', 'io', 'report'];

export function resolveMachine(machine: ParsedMachine, issues: Issues): ResolvedMachine {
  const channelPaths = resolveChannelPaths(machine, issues);
  const chpids = channelPaths.map((path) => path.chpid);
  const controlUnits = resolveControlUnits(machine.controlUnits, chpids, issues);
  const ends = { chpids, controlUnits };
  const dasd = resolveDasd(machine, controlUnits, issues);
  return {
    model: machine.model,
    options: { ...machineOptions(machine, issues), ...transportMode(controlUnits) },
    channelPaths,
    controlUnits,
    directors: resolveOnTheWay(machine, 'directors', ends, issues),
    cables: resolveOnTheWay(machine, 'cables', ends, issues),
    dasd,
    subchannels: resolveSubchannels(machine, dasd, issues),
    ...resolveMachinePci(machine, issues),
    ...resolveDcm(machine, managedPaths(machine), controlUnits, issues),
  };
}

/** A channel subsystem knows transport mode where something behind it does. */
const transportMode = (units: readonly ResolvedControlUnit[]): Pick<MachineOptions, 'transportMode'> =>
  units.some(({ facilityOverrides }) => facilityOverrides.transportMode === true)
    ? { transportMode: true }
    : {};

function machineOptions(machine: ParsedMachine, issues: Issues): MachineOptions {
  const { arrive, gone, eventInformation, configurationAsEvent } = machine.reports;
  const profile = REPORT_PROFILES[machine.model];
  return {
    reports: {
      arriveReport: arrive ?? profile.arriveReport,
      goneReport: gone ?? profile.goneReport,
      eventInformation: eventInformation ?? profile.eventInformation,
      configurationAsEvent: configurationAsEvent ?? profile.configurationAsEvent,
    },
    lossOrder: lossOrder(machine.order, issues),
    lostOperation: machine.lostIo,
    noPath: machine.noPath,
    pathGroupReturn: machine.pathGroupReturn,
    crwQueueDepth: machine.crwQueueDepth,
    eventQueueDepth: machine.eventQueueDepth,
    subchannelSets: machine.subchannelSets,
    storageBytes: storageBytes(machine, issues),
    configureDelayNs: machine.detect.configure,
    linkDetectNs: machine.detect.link,
    responseTimeoutNs: machine.detect.response,
    noPathNs: machine.detect.noPath,
    signalNs: machine.functions.signal,
    pathResetNs: machine.functions.pathReset,
    programs: {
      fetchAhead: machine.functions.fetchAhead,
      ccwLimit: machine.functions.ccwLimit,
      fetchNs: machine.functions.fetch,
    },
    pathDescriptionFormats: machine.pathDescriptionFormats,
    instructionCostNs: machine.costs,
  };
}

function storageBytes({ storage }: ParsedMachine, issues: Issues): number {
  if (storage % STORAGE_BLOCK !== 0)
    issues.value(['machine', 'storage'], 'is no whole number of 4 KiB blocks', 'write it like 512MiB');
  return storage;
}

function lossOrder(order: readonly string[], issues: Issues): readonly LossStep[] {
  const steps = LOSS_STEPS.toSorted((left, right) => order.indexOf(left) - order.indexOf(right));
  const complete = LOSS_STEPS.every((step) => order.includes(step));
  if (!complete)
    issues.value(['machine', 'order'], 'is no order of mask, io and report', 'name each of the three once');
  return steps;
}

function resolveChannelPaths(machine: ParsedMachine, issues: Issues): ResolvedChannelPath[] {
  const paths: ResolvedChannelPath[] = [];
  const definedBy = new Map<Chpid, string>();
  for (const [key, spec] of Object.entries(machine.chpids)) {
    const place: Path = ['machine', 'chpids', key];
    const chpids = parseChpids(key);
    if (!chpids.ok) {
      issues.key(place, chpids.message, chpids.hint);
      continue;
    }
    checkImage(
      chpids.value.map((chpid) => chpid >>> 8),
      place,
      issues,
    );
    const again = chpids.value.find((chpid) => definedBy.has(chpid));
    if (again !== undefined) {
      const other = ['machine', 'chpids', definedBy.get(again)!];
      issues.keyAgain(
        place,
        other,
        `chpid ${formatChpid(again)} is defined twice`,
        'make the ranges disjoint',
      );
      continue;
    }
    for (const chpid of chpids.value) {
      definedBy.set(chpid, key);
      paths.push(channelPath(chpid, spec));
    }
  }
  return paths.sort((left, right) => left.chpid - right.chpid);
}

/** Channel paths that are managed; a key that is no CHPID has been reported. */
function managedPaths({ chpids }: ParsedMachine): { chpid: Chpid; place: Path }[] {
  return Object.entries(chpids).flatMap(([key, { managed }]) => {
    const parsed = parseChpids(key);
    if (!managed || !parsed.ok) return [];
    return parsed.value.map((chpid) => ({ chpid, place: ['machine', 'chpids', key] }));
  });
}

function channelPath(chpid: Chpid, spec: ParsedMachine['chpids'][string]): ResolvedChannelPath {
  const generation = PATH_GENERATIONS[spec.type];
  const transport = transportOf(generation, spec.transport ?? generation.transportNs);
  return {
    chpid,
    type: spec.type,
    generation: {
      typeCode: generation.typeCode,
      maxOpen: spec.maxOpen ?? generation.maxOpen,
      transportMaxOpen: spec.transportMaxOpen ?? transport.transportMaxOpen,
      transportNs: transport.transportNs,
      maximumDataCount: transport.maximumDataCount,
      baseNs: spec.base ?? generation.baseNs,
      perCcwNs: spec.perCcw ?? generation.perCcwNs,
      megabytesPerSecond: spec.bandwidth === undefined ? generation.megabytesPerSecond : spec.bandwidth / 1e6,
      halfDuplex: spec.halfDuplex ?? generation.halfDuplex,
    },
    occupancy: spec.occupancy ?? null,
    propagationNs: spec.distance * NS_PER_METRE + spec.switch,
    ...(!spec.configured && { standBy: true }),
  };
}
