import { DASD_MODELS } from '../dasd/geometry.ts';
import { RECORDED_QEMU } from '../qemu/options.ts';
import type { Issues, Path } from './errors.ts';
import { suggest } from './nearest.ts';
import type { VerbName } from './program-verbs.ts';
import { resolveMachine } from './resolve-machine.ts';
import { resolveSystems } from './resolve-systems.ts';
import type { ResolvedMachine, ResolvedSystem } from './resolved.ts';
import type { ParsedScenario } from './schema.ts';
import { machineSchema, type ParsedMachine } from './schema-machine.ts';
import type { ParsedProgram, ScriptMachine } from './schema-program.ts';
import { type ParsedOwnSystems, type ParsedSystems, systemsSchema } from './schema-systems.ts';
import { choicesOf, placeOfSystems } from './system-choices.ts';
import { VIRTUAL_DEVICES } from './virtual-devices.ts';

const PLACE: Path = ['program'];
const FIRST_DEVICE = 0x0120;
const DEVICE_FAMILY = '3390';
const DASD: readonly string[] = [DEVICE_FAMILY, ...DASD_MODELS.map(({ name }) => name)];
/** A kind of which there is none, now or later. */
export const NO_DEVICE = 'none';
/** So much that the guest is above 2 GiB, where no CCW of the host could reach it. */
const HOST_STORAGE = '8GiB';
/** What the kernel of a host needs below the storage of its guest. */
const LEAST_HOST_STORAGE = RECORDED_QEMU.storageBytes + 0x0800_0000;

interface Kinds {
  /** Kind of the devices when the script does not say. */
  readonly device: string;
  readonly devices: readonly string[];
  /** What the machine cannot do. */
  readonly impossible: Readonly<Partial<Record<VerbName, string>>>;
}

const OF_THE_MACHINE = 'devices of the machine present no status on their own';
const FROM_THE_START = 'a script in a guest has its devices from the start';

/** What a script finds on each machine. */
export const KINDS: Readonly<Record<ScriptMachine, Kinds>> = {
  channel: {
    device: DEVICE_FAMILY,
    devices: [...DASD, NO_DEVICE],
    impossible: { unsolicited: OF_THE_MACHINE },
  },
  qemu: {
    device: 'virtio-rng',
    devices: [...Object.keys(VIRTUAL_DEVICES), NO_DEVICE],
    impossible: {
      configureOff: 'virtual channel paths are not configured',
      configureOn: 'virtual channel paths are not configured',
    },
  },
  kvm: {
    device: DEVICE_FAMILY,
    devices: [...DASD, NO_DEVICE],
    impossible: { plug: FROM_THE_START, unplug: FROM_THE_START, unsolicited: OF_THE_MACHINE },
  },
};

/** What a script runs on. */
export interface ScriptTarget {
  readonly kind: ScriptMachine;
  readonly machine: ResolvedMachine;
  /** Of a script in a guest: the variant that chose the systems, of which the guest is the last. */
  readonly variant: string;
  readonly systems: readonly ResolvedSystem[];
}

type Described = Pick<Partial<ParsedScenario>, 'machine' | 'systems' | 'variants'>;

/** The targets of a script: for each name of a machine one, in guests for each choice of systems; or what the scenario describes. */
export function scriptTargets(scenario: Described, program: ParsedProgram, issues: Issues): ScriptTarget[] {
  const { machine } = scenario;
  if (machine === undefined) return [];
  if (typeof machine === 'string' || Array.isArray(machine)) {
    return [...new Set([machine].flat())].flatMap((kind) => {
      const device = deviceKind(program, kind, issues);
      const resolved = resolveMachine(hardware(kind, device, program.devices), issues);
      return targetsOf(scenario, kind, resolved, issues);
    });
  }
  if (program.device !== undefined) {
    issues.key(
      [...PLACE, 'device'],
      'contradicts the machine',
      'leave it out: the machine lists its devices',
    );
  }
  return targetsOf(
    scenario,
    isOfGuests(scenario.systems) ? 'kvm' : 'channel',
    resolveMachine(machine, issues),
    issues,
  );
}

function targetsOf(
  scenario: Described,
  kind: ScriptMachine,
  machine: ResolvedMachine,
  issues: Issues,
): ScriptTarget[] {
  if (kind !== 'kvm') return [{ kind, machine, variant: '', systems: [] }];
  if (machine.options.storageBytes < LEAST_HOST_STORAGE) {
    issues.value(['machine', 'storage'], 'is too little for a host and its guest', 'take 256MiB or more');
  }
  return choicesOf(choicesFor(scenario, machine), issues).map(({ variant, systems: parsed }) => {
    const place = placeOfSystems(variant);
    const resolved = resolveSystems(parsed, place, { machine, actions: [], issues });
    const last = resolved.at(-1);
    if (last?.kind !== 'guest' || last.hosting === undefined) {
      issues.value(
        place,
        'the last system, in which a script runs, is no guest on a kvm-host',
        'put a guest there',
      );
    }
    return { kind, machine, variant, systems: resolved };
  });
}

/** Where neither systems nor variants are described, it is one host that passes everything on. */
function choicesFor(
  { systems, variants = {} }: Described,
  machine: ResolvedMachine,
): Pick<Described, 'systems' | 'variants'> {
  if (systems !== undefined && isOfGuests(systems)) return { systems, variants };
  return Object.keys(variants).length > 0 ? { variants } : { systems: usualSystems(machine) };
}

/** A guest is among them, or those of the variants are to be looked at. */
const isOfGuests = (systems: ParsedOwnSystems | undefined): boolean =>
  systems === 'none' || Object.values(systems ?? {}).some(({ kind }) => kind === 'guest');

/** A host that passes all devices on to one guest. */
const usualSystems = ({ dasd }: ResolvedMachine): ParsedSystems =>
  systemsSchema.parse({
    host: { kind: 'kvm-host' },
    guest: { kind: 'guest', on: 'host', ...(dasd.length > 0 && { passthrough: rangeFrom(dasd[0]) }) },
  });

/** One channel path 01 to a control unit with the devices from 0120 on; a virtual machine has no hardware of its own. */
function hardware(kind: ScriptMachine, device: string, devices: number): ParsedMachine {
  if (kind === 'qemu') return machineSchema.parse({ chpids: {}, controlUnits: {}, dasd: {} });
  const model = device === DEVICE_FAMILY ? DASD_MODELS[0].name : device;
  const none = device === NO_DEVICE || devices === 0;
  const range = rangeFrom({ first: FIRST_DEVICE, last: FIRST_DEVICE + devices - 1 });
  return machineSchema.parse({
    chpids: { '0.01': {} },
    controlUnits: { cu0: {} },
    dasd: none ? {} : { [range]: { model } },
    ...(kind === 'kvm' && { storage: HOST_STORAGE }),
  });
}

const rangeFrom = ({ first, last }: { readonly first: number; readonly last: number }): string =>
  `0.0.${fourDigits(first)}-0.0.${fourDigits(last)}`;
const fourDigits = (device: number): string => device.toString(16).padStart(4, '0');

function deviceKind({ device }: ParsedProgram, kind: ScriptMachine, issues: Issues): string {
  const { devices, device: usual } = KINDS[kind];
  if (device === undefined || devices.includes(device)) return device ?? usual;
  issues.value([...PLACE, 'device'], `there is no device "${device}" on ${kind}`, suggest(device, devices));
  return usual;
}

/** Sections for operating systems and what happens to them. */
const SYSTEM_SECTIONS = ['systems', 'variants', 'workload', 'faults', 'actions'] as const;
/** Those that describe the host and the guest that a script runs in. */
const SECTIONS_OF_GUESTS: readonly string[] = ['systems', 'variants'];

/** An instruction script takes the place of everything that operating systems need; in a guest, it has a host all the same. */
export function checkSections(data: unknown, issues: Issues): void {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, 'program')) return;
  const { machine } = data as { machine?: unknown };
  const inGuest = [machine].flat().some((it) => it === 'kvm' || typeof it === 'object');
  for (const section of SYSTEM_SECTIONS) {
    if (!Object.hasOwn(data, section)) continue;
    if (inGuest && SECTIONS_OF_GUESTS.includes(section)) continue;
    issues.key([section], 'contradicts program, which takes the place of systems', 'keep one of them');
  }
  if (inGuest) checkGuest((data as { systems?: unknown }).systems, issues);
}

/** Systems of which none is a guest would be passed over in silence. */
function checkGuest(systems: unknown, issues: Issues): void {
  if (typeof systems !== 'object' || systems === null) return;
  const isGuest = (it: unknown): boolean => (it as { kind?: unknown } | null)?.kind === 'guest';
  if (Object.values(systems).some(isGuest)) return;
  issues.key(['systems'], 'has no guest that a script could run in', 'define a kvm-host and a guest on it');
}
