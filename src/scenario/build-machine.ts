import type { ChannelPath } from '../channel/channel-path.ts';
import type { MachineChannelSubsystem } from '../channel/image.ts';
import { Machine } from '../channel/machine.ts';
import type { PathAccess } from '../dasd/configuration-data.ts';
import { StorageControlUnit } from '../dasd/control-unit.ts';
import type { DeviceOptions } from '../dasd/control-unit-options.ts';
import { drawServiceTime } from '../dasd/service-time.ts';
import { Processes } from '../kernel/process.ts';
import type { RandomStreams } from '../kernel/random.ts';
import type { Simulation } from '../kernel/simulation.ts';
import type { Observer } from '../observe/observer.ts';
import { createSelection } from '../pathing/index.ts';
import type { Chpid, SubchannelId } from '../zarch/ids.ts';
import { NO_PATHS, type PathMask, pathBit } from '../zarch/path-mask.ts';
import type { PciMachine } from '../zpci/pci-machine.ts';
import { buildPciMachine } from './build-pci.ts';
import { devicesOf, includesDevice, pathlessSubchannelsOf } from './devices.ts';
import type { ResolvedControlUnit, ResolvedDevice, ResolvedImage, ResolvedScenario } from './resolved.ts';
import type { ResolvedSubchannel } from './resolved-subchannels.ts';
import { numberedSubchannels } from './subchannel-numbers.ts';

/** The machine of a scenario with one image per partition, and what is on it. */
export interface BuiltMachine {
  readonly machine: Machine;
  /** The processes of all systems. */
  readonly processes: Processes;
  readonly images: readonly MachineChannelSubsystem[];
  readonly controlUnits: readonly StorageControlUnit[];
  readonly devices: readonly ResolvedDevice[];
  /** PCI functions; null where there are none. */
  readonly pci: PciMachine | null;
  /** Subchannels without I/O of each image. */
  readonly pathless: readonly (readonly PathlessSubchannel[])[];
  path(chpid: Chpid): ChannelPath;
}

/** A subchannel without I/O, and its number in an image. */
export interface PathlessSubchannel {
  readonly of: ResolvedSubchannel;
  readonly subchannel: SubchannelId;
}

/** Puts the machine together: channel paths, control units at their ends, an image with its subchannels per system. */
export function buildMachine(
  scenario: ResolvedScenario,
  sim: Simulation,
  streams: RandomStreams,
  observer: Observer,
): BuiltMachine {
  const { options, channelPaths } = scenario.machine;
  const machine = new Machine({
    sim,
    observer,
    streams,
    options,
    policy: createSelection(scenario.strategy.selection),
  });
  const paths = new Map<Chpid, ChannelPath>();
  for (const { chpid, generation, propagationNs, occupancy } of channelPaths) {
    const drawn = occupancy === null ? null : (draw: number): number => drawServiceTime(occupancy, draw);
    paths.set(chpid, machine.addChannelPath(chpid, generation, propagationNs, drawn));
  }
  const devices = devicesOf(scenario.machine);
  const controlUnits = buildControlUnits(scenario, sim, observer, devices);
  controlUnits.forEach((unit, at) => {
    const spec = scenario.machine.controlUnits[at];
    machine.addControlUnit(
      unit,
      spec.paths.map((chpid) => paths.get(chpid)!),
      maskOf(spec.paths.map((chpid) => spec.nonPreferred.includes(chpid))),
      spec.pim,
    );
  });
  const pathless: PathlessSubchannel[][] = [];
  const images = configurationsOf(scenario).map(({ dasd: configuration, chpids }) => {
    const image = machine.addImage(
      0,
      chpids === undefined ? undefined : chpids.map((chpid) => paths.get(chpid)!),
    );
    const nextNumber = [0, 0, 0, 0];
    const own = devices.filter((device) => includesDevice(configuration, device));
    addSubchannels(machine, image, controlUnits, own, nextNumber);
    pathless.push(
      pathlessSubchannelsOf(scenario.machine).map((of) => ({
        of,
        subchannel: machine.addPathlessSubchannel(image, of.kind, of, nextNumber),
      })),
    );
    return image;
  });
  for (const { chpid, standBy } of channelPaths) {
    if (standBy === true) machine.configuration.standBy(paths.get(chpid)!);
  }
  return {
    machine,
    processes: new Processes(sim),
    images,
    controlUnits,
    devices,
    pci: buildPciMachine(scenario, sim, images, observer),
    pathless,
    path: (chpid) => paths.get(chpid)!,
  };
}

/** What each image has: a partition its devices and channel paths; an instruction script all there is. */
function configurationsOf({
  machine,
  systems,
  program,
}: ResolvedScenario): Pick<ResolvedImage, 'dasd' | 'chpids'>[] {
  if (program?.machine === 'channel') return [machine];
  return systems.filter((system) => system.kind !== 'guest');
}

/** Across control units, in the order of their numbers. */
function addSubchannels(
  machine: Machine,
  image: MachineChannelSubsystem,
  controlUnits: readonly StorageControlUnit[],
  devices: readonly ResolvedDevice[],
  nextNumber: number[],
): void {
  for (const { ssid, device } of numberedSubchannels(devices)) {
    if (device === null) machine.addVacantSubchannel(image, ssid, nextNumber);
    else {
      const { pam, pom, controlUnit } = device.range;
      const masks = { ...(pam !== undefined && { pam }), ...(pom !== undefined && { pom }) };
      machine.addSubchannels(image, controlUnits[controlUnit], [{ ...device, ...masks }], nextNumber);
    }
  }
}

function buildControlUnits(
  scenario: ResolvedScenario,
  sim: Simulation,
  observer: Observer,
  devices: readonly ResolvedDevice[],
): StorageControlUnit[] {
  const onUnit: ResolvedDevice[][] = scenario.machine.controlUnits.map(() => []);
  for (const device of devices) onUnit[device.range.controlUnit].push(device);
  return scenario.machine.controlUnits.map(
    (unit, at) =>
      new StorageControlUnit({
        sim,
        observer,
        name: unit.name,
        facilities: unit.facilities,
        facilityOverrides: unit.facilityOverrides,
        ...(unit.modelByte !== undefined && { modelByte: unit.modelByte }),
        ports: unit.paths.length,
        hosts: Math.max(1, scenario.systems.length),
        maxConcurrentPerPort: unit.maxConcurrentPerPort,
        cache: unit.cache,
        backend: unit.backend,
        times: unit.times,
        mechanics: unit.mechanics,
        subsystemId: at,
        logicalSubsystem: at & 0xff,
        pathAccess: pathAccess(unit),
        devices: onUnit[at].map((device) => deviceOptions(device, at)),
      }),
  );
}

/** Where some paths are not preferred, the others are. */
const pathAccess = ({ paths, nonPreferred }: ResolvedControlUnit): PathAccess[] =>
  nonPreferred.length === 0
    ? []
    : paths.map((chpid) => (nonPreferred.includes(chpid) ? 'non-preferred' : 'preferred'));

/** Mask of the paths, leftmost first, of which something is true. */
const maskOf = (paths: readonly boolean[]): PathMask =>
  paths.reduce((mask, isIn, path) => (isIn ? mask | pathBit(path) : mask), NO_PATHS);

/** A box has one serial number, its devices differ by unit address; volumes are labelled with their device number. */
function deviceOptions(
  { deviceNumber, unitAddress, range }: ResolvedDevice,
  controlUnit: number,
): DeviceOptions {
  return {
    unitAddress,
    model: range.model,
    ...(range.cylinders !== undefined && { cylinders: range.cylinders }),
    ...(range.modelByte !== undefined && { modelByte: range.modelByte }),
    format: range.format,
    serial: hex(controlUnit, 12),
    volumeSerial: `0X${hex(deviceNumber, 4)}`,
    missingInterruptNs: range.missingInterruptNs,
    ...(range.aliasOf !== undefined && { aliasOf: range.aliasOf }),
  };
}

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');
