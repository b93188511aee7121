import { DASD_MODELS } from '../dasd/geometry.ts';
import type { Step } from '../program/step.ts';
import { RECORDED_QEMU } from '../qemu/options.ts';
import { subchannelId } from '../zarch/ids.ts';
import { encodeSubsystemId } from '../zarch/subsystem-identification.ts';
import { devicesOf } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import { suggest } from './nearest.ts';
import type { Reading, StepReading } from './program-reading.ts';
import { readSteps } from './program-steps.ts';
import { ADDRESS, checkAreaName, deviceName, Symbols } from './program-symbols.ts';
import type { VerbName } from './program-verbs.ts';
import { resolveMachine } from './resolve-machine.ts';
import type { ResolvedMachine, ResolvedProgram } from './resolved.ts';
import type { ParsedScenario } from './schema.ts';
import { machineSchema, type ParsedMachine } from './schema-machine.ts';
import type { ParsedProgram, ParsedStep, ScriptMachine } from './schema-program.ts';
import { VIRTUAL_DEVICES } from './virtual-devices.ts';

/** Devices of a script's machine have the first subchannels of subchannel set 0; a script may plug in as many. */
const MAX_DEVICES = 16;
const PLACE: Path = ['program'];
const FIRST_DEVICE = 0x0120;
const DEVICE_FAMILY = '3390';
/** A kind of which there is none, now or later. */
const NO_DEVICE = 'none';

interface Kinds {
  /** Kind of the devices when the script does not say. */
  readonly device: string;
  readonly devices: readonly string[];
  /** What the machine cannot do. */
  readonly impossible: Readonly<Partial<Record<VerbName, string>>>;
}

/** What a script finds on each machine. */
const MACHINES: Readonly<Record<ScriptMachine, Kinds>> = {
  channel: {
    device: DEVICE_FAMILY,
    devices: [DEVICE_FAMILY, ...DASD_MODELS.map(({ name }) => name), NO_DEVICE],
    impossible: { unsolicited: 'devices of the machine present no status on their own' },
  },
  qemu: {
    device: 'virtio-rng',
    devices: [...Object.keys(VIRTUAL_DEVICES), NO_DEVICE],
    impossible: {
      configureOff: 'virtual channel paths are not configured',
      configureOn: 'virtual channel paths are not configured',
    },
  },
};

/** Reads a script for one of the machines that it can run on. `lineOf`: line of a place in the scenario. */
export function resolveProgram(
  program: ParsedProgram,
  { kind, machine }: ScriptTarget,
  lineOf: (place: Path) => number,
  issues: Issues,
): ResolvedProgram {
  const device = program.device ?? MACHINES[kind].device;
  // The machine's devices can only come back to where they were.
  const plugged = kind === 'channel' ? devicesOf(machine).length : device === NO_DEVICE ? 0 : MAX_DEVICES;
  const reading: StepReading = {
    machine: kind,
    symbols: symbolsOf(program, issues),
    issues,
    results: namesOf(program),
    procedures: Object.keys(program.procedures),
    chpids: machine.channelPaths.map(({ chpid }) => chpid),
    storageBytes: (kind === 'qemu' ? RECORDED_QEMU : machine.options).storageBytes,
    devices: Array.from({ length: plugged }, (_, position) => deviceName(position)),
    impossible: MACHINES[kind].impossible,
    lineOf,
  };
  checkCalls(program, issues);
  const procedures: Record<string, readonly Step[]> = {};
  for (const [name, steps] of Object.entries(program.procedures)) {
    procedures[name] = readSteps(reading, steps, [...PLACE, 'procedures', name], `${name}.`);
  }
  return {
    machine: kind,
    device,
    devices: device === NO_DEVICE ? 0 : program.devices,
    steps: readSteps(reading, program.steps, [...PLACE, 'steps'], ''),
    procedures,
  };
}

/** A machine that a script runs on. */
export interface ScriptTarget {
  readonly kind: ScriptMachine;
  readonly machine: ResolvedMachine;
}

/** The machines of a script: one for each name, or the one that the scenario describes. */
export function scriptTargets(
  machine: NonNullable<ParsedScenario['machine']>,
  program: ParsedProgram,
  issues: Issues,
): ScriptTarget[] {
  if (typeof machine === 'string' || Array.isArray(machine)) {
    return [...new Set([machine].flat())].map((kind) => ({
      kind,
      machine: resolveMachine(hardware(kind, deviceKind(program, kind, issues), program.devices), issues),
    }));
  }
  if (program.device !== undefined) {
    issues.key(
      [...PLACE, 'device'],
      'contradicts the machine',
      'leave it out: the machine lists its devices',
    );
  }
  return [{ kind: 'channel', machine: resolveMachine(machine, issues) }];
}

/** One channel path 01 to a control unit with the devices from 0120 on; a virtual machine has no hardware of its own. */
function hardware(kind: ScriptMachine, device: string, devices: number): ParsedMachine {
  if (kind === 'qemu') return machineSchema.parse({ chpids: {}, controlUnits: {}, dasd: {} });
  const last = (FIRST_DEVICE + devices - 1).toString(16).padStart(4, '0');
  const model = device === DEVICE_FAMILY ? DASD_MODELS[0].name : device;
  const none = device === NO_DEVICE || devices === 0;
  return machineSchema.parse({
    chpids: { '0.01': {} },
    controlUnits: { cu0: {} },
    dasd: none ? {} : { [`0.0.0120-0.0.${last}`]: { model } },
  });
}

function deviceKind({ device }: ParsedProgram, kind: ScriptMachine, issues: Issues): string {
  const { devices, device: usual } = MACHINES[kind];
  if (device === undefined || devices.includes(device)) return device ?? usual;
  issues.value([...PLACE, 'device'], `there is no device "${device}" on ${kind}`, suggest(device, devices));
  return usual;
}

/** An area may be given by the names of others that stand before it. */
function symbolsOf({ areas }: ParsedProgram, issues: Issues): Symbols {
  const sids = Array.from({ length: MAX_DEVICES }, (_, number) =>
    encodeSubsystemId(subchannelId(0, 0, number)),
  );
  const known: Record<string, number> = {};
  for (const [name, text] of Object.entries(areas)) {
    const place = [...PLACE, 'areas', name];
    const valid = checkAreaName(name);
    if (!valid.ok) issues.key(place, valid.message, valid.hint);
    const address = Symbols.of(known, sids).value(text, ADDRESS);
    if (address.ok) known[name] = address.value;
    else issues.value(place, address.message, address.hint);
  }
  return Symbols.of(known, sids);
}

/** Every list of steps in a script with its place, those inside steps included. */
function* listsOf(program: ParsedProgram): Generator<readonly ParsedStep[]> {
  for (const steps of Object.values(program.procedures)) yield* listsIn(steps);
  yield* listsIn(program.steps);
}

function* listsIn(steps: readonly ParsedStep[]): Generator<readonly ParsedStep[]> {
  yield steps;
  for (const { steps: inner, else: others, parallel } of steps) {
    for (const list of [inner ?? [], others ?? [], ...(parallel ?? [])])
      if (list.length > 0) yield* listsIn(list);
  }
}

const namesOf = (program: ParsedProgram): Reading['results'] =>
  [...listsOf(program)].flatMap((steps) => steps.flatMap(({ as }) => (as === undefined ? [] : [as])));

/** A procedure that called itself, directly or by others, would never end. */
function checkCalls({ procedures }: ParsedProgram, issues: Issues): void {
  const callsOf = (name: string): string[] =>
    [...listsIn(procedures[name] ?? [])].flatMap((steps) => steps.flatMap(({ call }) => call ?? []));
  for (const name of Object.keys(procedures)) {
    const reached = new Set<string>();
    const todo = callsOf(name);
    for (let called = todo.pop(); called !== undefined; called = todo.pop()) {
      if (reached.has(called)) continue;
      reached.add(called);
      todo.push(...callsOf(called));
    }
    if (reached.has(name)) issues.key([...PLACE, 'procedures', name], `"${name}" calls itself`, 'use repeat');
  }
}

/** Sections that describe operating systems and what happens to them. */
const SYSTEM_SECTIONS = ['systems', 'variants', 'workload', 'faults', 'actions'] as const;

/** An instruction script takes the place of everything that operating systems need. */
export function checkSections(data: unknown, issues: Issues): void {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, 'program')) return;
  for (const section of SYSTEM_SECTIONS) {
    if (!Object.hasOwn(data, section)) continue;
    issues.key([section], 'contradicts program, which takes the place of systems', 'keep one of them');
  }
}
