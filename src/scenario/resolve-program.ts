import type { Step } from '../program/step.ts';
import { RECORDED_QEMU } from '../qemu/options.ts';
import { subchannelId } from '../zarch/ids.ts';
import { encodeSubsystemId } from '../zarch/subsystem-identification.ts';
import { devicesOf } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import type { Reading, StepReading } from './program-reading.ts';
import { readSteps } from './program-steps.ts';
import { ADDRESS, checkAreaName, deviceName, Symbols } from './program-symbols.ts';
import type { ResolvedProgram } from './resolved.ts';
import type { ParsedProgram, ParsedStep } from './schema-program.ts';
import { KINDS, NO_DEVICE, type ScriptTarget } from './script-targets.ts';

/** Devices of a script's machine have the first subchannels of subchannel set 0; a script may plug in as many. */
const MAX_DEVICES = 16;
const PLACE: Path = ['program'];

/** What a run of a script is called by: its machine, its variant, the parts of its strategy's name. */
export interface ScriptRun {
  readonly target: ScriptTarget;
  readonly names: readonly string[];
}

/** Reads a script for one of its runs. `known`: names of all runs; `lineOf`: line of a place in the scenario. */
export function resolveProgram(
  program: ParsedProgram,
  { target: { kind, machine }, names }: ScriptRun,
  known: readonly string[],
  lineOf: (place: Path) => number,
  issues: Issues,
): ResolvedProgram {
  const device = program.device ?? KINDS[kind].device;
  // The machine's devices can only come back to where they were.
  const isVirtual = kind === 'qemu';
  const plugged = isVirtual ? (device === NO_DEVICE ? 0 : MAX_DEVICES) : devicesOf(machine).length;
  const reading: StepReading = {
    machine: kind,
    runNames: names,
    knownNames: known,
    symbols: symbolsOf(program, issues),
    issues,
    results: namesOf(program),
    procedures: Object.keys(program.procedures),
    chpids: machine.channelPaths.map(({ chpid }) => chpid),
    storageBytes: (kind === 'channel' ? machine.options : RECORDED_QEMU).storageBytes,
    devices: Array.from({ length: plugged }, (_, position) => deviceName(position)),
    impossible: KINDS[kind].impossible,
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
