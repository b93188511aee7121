import type { Draws } from './draw.ts';
import { drawFunctions } from './pci.ts';

export type SystemKind = 'partition' | 'kvm-host' | 'zvm-host' | 'guest' | 'zvm-guest';

export interface DrawnSystem {
  readonly name: string;
  readonly kind: SystemKind;
  /** Host of a guest. */
  readonly on?: string;
  /** Devices that its applications may use; none of a host. */
  readonly devices: readonly string[];
}

/** A PCI function, the partition or host that has it, and the guest of that host which has it in turn. */
export interface DrawnFunction {
  readonly name: string;
  readonly type: string;
  readonly owner: string;
  readonly guest?: string;
  /** The guest has it only when it is plugged. */
  readonly later?: boolean;
}

/** Who and what there is, before anything is said about it: what faults and operators may name. */
export interface World {
  readonly chpids: readonly string[];
  readonly units: readonly string[];
  /** Control unit of each device. */
  readonly unitOf: Readonly<Record<string, string>>;
  readonly devices: readonly string[];
  readonly directors: readonly string[];
  readonly cables: readonly string[];
  readonly systems: readonly DrawnSystem[];
  readonly functions: readonly DrawnFunction[];
}

/** Systems that have devices and applications. */
export const users = ({ systems }: World): readonly DrawnSystem[] =>
  systems.filter(({ devices }) => devices.length > 0);

export const ofKind = ({ systems }: World, ...kinds: readonly SystemKind[]): readonly DrawnSystem[] =>
  systems.filter(({ kind }) => kinds.includes(kind));

/** Each is a partition of the machine with all that runs in it: several of them share control units and volumes. */
const LANDSCAPES: readonly (readonly SystemKind[])[] = [
  ['partition'],
  ['partition'],
  ['partition', 'partition'],
  ['partition', 'partition', 'partition'],
  ['kvm-host'],
  ['kvm-host'],
  ['kvm-host', 'kvm-host'],
  ['kvm-host', 'partition'],
  ['zvm-host'],
  ['zvm-host', 'partition'],
  ['zvm-host', 'kvm-host'],
];

const numbered = (count: number, name: (at: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => name(at));

export function drawWorld(draws: Draws): World {
  const size = draws.about('world');
  const chpids = numbered(size.whole(1, 5), (at) => `0.4${at}`);
  const units = numbered(size.whole(1, 2), (at) => `lcu${at}`);
  const devices = numbered(size.whole(1, 8), (at) => `0.0.100${at}`);
  const parts = draws.about('world.parts');
  const systems = drawSystems(draws, devices);
  return {
    chpids,
    units,
    unitOf: Object.fromEntries(devices.map((device, at) => [device, units[at % units.length]])),
    devices,
    directors: parts.chance(0.3) ? numbered(parts.whole(1, 2), (at) => `sw${at}`) : [],
    cables: parts.chance(0.3) ? ['trunk'] : [],
    systems,
    functions: drawFunctions(draws, systems),
  };
}

function drawSystems(draws: Draws, devices: readonly string[]): DrawnSystem[] {
  const kinds = draws.about('world.landscape').pick(LANDSCAPES);
  const images = kinds.map((kind, at) => ({
    name: `s${at}`,
    kind,
    devices: kind === 'partition' ? devices : [],
  }));
  const hosts = images.filter(({ kind }) => kind !== 'partition');
  return [...images, ...hosts.flatMap((host) => drawGuests(draws, host, devices))];
}

/** Guests divide the devices among them; some stay with the host until somebody plugs them. */
function drawGuests(draws: Draws, host: DrawnSystem, devices: readonly string[]): DrawnSystem[] {
  const draw = draws.about(`world.guests.${host.name}`);
  const shared: string[][] = numbered(draw.whole(1, 2), String).map(() => []);
  for (const device of devices) if (draw.chance(0.9)) draw.pick(shared).push(device);
  const kind = host.kind === 'kvm-host' ? 'guest' : 'zvm-guest';
  return shared.map((own, at) => ({ name: `${host.name}g${at}`, kind, on: host.name, devices: own }));
}
