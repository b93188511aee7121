import type { Issues, Path } from './errors.ts';
import { parseName } from './fields.ts';
import { suggest } from './nearest.ts';
import type { SystemSurroundings } from './resolve-systems.ts';
import type { ResolvedMachine, ResolvedSystem } from './resolved.ts';
import type { ResolvedMachinePci, ResolvedSystemPci } from './resolved-pci.ts';
import type { ParsedMachine } from './schema-machine.ts';
import type { ParsedSystemPci } from './schema-pci.ts';
import type { ParsedActions } from './schema-story.ts';
import type { ParsedSystems } from './schema-systems.ts';

/** Absent where the machine has no PCI functions. */
export function resolveMachinePci(
  { pci }: ParsedMachine,
  issues: Issues,
): { readonly pci?: ResolvedMachinePci } {
  const functions = Object.entries(pci.functions).map(([name, { type, state }]) => {
    const valid = parseName(name);
    const here = ['machine', 'pci', 'functions', name];
    if (!valid.ok) issues.key(here, valid.message, valid.hint);
    else if (name === 'all' || name === 'none')
      issues.key(here, `"${name}" is no name for a PCI function`, 'systems say so of all, or none, of them');
    return { name, type, state };
  });
  if (functions.length === 0) return {};
  const { load, store, block, bandwidth, clp, sclp } = pci.costs;
  const costs = {
    loadNs: load,
    storeNs: store,
    blockNs: block,
    bandwidth,
    clpNs: clp,
    sclpNs: sclp,
  };
  return {
    pci: { mio: pci.mio, longestStore: pci.longestStore, detectNs: pci.detect, costs, functions },
  };
}

/** What a system may have, and who has it: a function is in one partition, and there in one guest at most. */
interface Available {
  readonly ids: readonly number[];
  readonly where: string;
}

/** The systems with their PCI functions, where they have any. */
export function withPci(
  parsed: ParsedSystems,
  systems: readonly ResolvedSystem[],
  place: Path,
  { machine, actions, issues }: SystemSurroundings,
): ResolvedSystem[] {
  const names = machine.pci?.functions.map(({ name }) => name) ?? [];
  const taken = new Map<number, string>();
  const chosen = systems.map((system) => {
    const { pci } = parsed[system.name];
    const here = [...place, system.name, 'pci'];
    if (pci === undefined) return null;
    if (!mayHave(system, systems, parsed, here, issues)) return null;
    const available = availableTo(system, systems, parsed, names);
    const ids = selected(pci, available, names, here, issues);
    // What is plugged later on must be the host's too; that the action names something else is told there.
    const plugged = pluggedInto(system, systems[0].name, actions, names).filter(
      (id) => available.ids.includes(id) && !ids.includes(id),
    );
    return { pci, here, ids: [...ids, ...plugged].sort((left, right) => left - right), plugged };
  });
  return systems.map((system, position) => {
    const choice = chosen[position];
    if (choice === null || choice === undefined) return system;
    const { pci, here, ids, plugged } = choice;
    const passedThrough = systems.flatMap((other, at) =>
      other.kind === 'guest' && other.hosting?.host === position ? (chosen[at]?.ids ?? []) : [],
    );
    refuseTaken(system, ids, names, taken, [...here, 'functions'], issues);
    refuseGuestPath(system, pci, here, issues);
    const resolved: ResolvedSystemPci = {
      functions: ids,
      plugged,
      passedThrough,
      mio: pci.mio,
      path: pci.path ?? 'interpreted',
      moves: resolveMoves(pci, ids, machine, here, issues),
    };
    return { ...system, pci: resolved };
  });
}

/** Functions that actions plug into a guest. */
const pluggedInto = (
  system: ResolvedSystem,
  first: string,
  actions: ParsedActions,
  names: readonly string[],
): number[] =>
  actions.flatMap((action) =>
    action.do === 'pci-plug' && (action.system ?? first) === system.name
      ? action.function.map((name) => names.indexOf(name) + 1)
      : [],
  );

function mayHave(
  system: ResolvedSystem,
  systems: readonly ResolvedSystem[],
  parsed: ParsedSystems,
  here: Path,
  issues: Issues,
): boolean {
  if (system.kind === 'zvm-host' || (system.kind === 'guest' && system.hosting === undefined)) {
    issues.key(here, 'has no meaning here', 'partitions, kvm-hosts and guests on one have PCI functions');
    return false;
  }
  if (system.kind !== 'guest' || system.hosting === undefined) return true;
  const { name } = systems[system.hosting.host];
  if (parsed[name].pci !== undefined) return true;
  issues.key(here, `system ${name} has no PCI functions`, `write "pci: {}" there`);
  return false;
}

function availableTo(
  system: ResolvedSystem,
  systems: readonly ResolvedSystem[],
  parsed: ParsedSystems,
  names: readonly string[],
): Available {
  const all = names.map((_, at) => at + 1);
  if (system.kind !== 'guest' || system.hosting === undefined) return { ids: all, where: 'in the machine' };
  const host = systems[system.hosting.host];
  const wanted = parsed[host.name].pci?.functions ?? [];
  const ids = wanted.includes('all') ? all : all.filter((id) => wanted.includes(names[id - 1]));
  return { ids, where: `in system ${host.name}` };
}

function selected(
  { functions }: NonNullable<ParsedSystemPci>,
  { ids, where }: Available,
  names: readonly string[],
  here: Path,
  issues: Issues,
): number[] {
  const chosen = functions.flatMap((name, index) => {
    if (name === 'all') return ids;
    if (name === 'none') return [];
    const id = names.indexOf(name) + 1;
    if (ids.includes(id)) return [id];
    const known = ids.map((other) => names[other - 1]);
    const at = functions.length > 1 ? [...here, 'functions', index] : [...here, 'functions'];
    issues.value(at, `PCI function "${name}" is not ${where}`, suggest(name, known));
    return [];
  });
  return [...new Set(chosen)].sort((left, right) => left - right);
}

function refuseTaken(
  system: ResolvedSystem,
  ids: readonly number[],
  names: readonly string[],
  taken: Map<number, string>,
  place: Path,
  issues: Issues,
): void {
  // Guests have what their host has; what two guests of it want is told for the second.
  const key = (id: number): number => (system.kind === 'guest' ? -id : id);
  for (const id of ids) {
    const owner = taken.get(key(id));
    if (owner !== undefined)
      issues.value(place, `PCI function "${names[id - 1]}" is in system ${owner}`, 'give it to one of them');
    taken.set(key(id), system.name);
  }
}

function refuseGuestPath(
  system: ResolvedSystem,
  { path, mio }: NonNullable<ParsedSystemPci>,
  here: Path,
  issues: Issues,
): void {
  if (system.kind !== 'guest' && path !== undefined)
    issues.key([...here, 'path'], 'has no meaning in a partition', 'it belongs to a guest');
  if (system.kind === 'guest' && !mio)
    issues.key([...here, 'mio'], 'has no meaning in a guest, which is offered none', 'say it of its host');
}

function resolveMoves(
  { moves }: NonNullable<ParsedSystemPci>,
  ids: readonly number[],
  machine: ResolvedMachine,
  here: Path,
  issues: Issues,
): ResolvedSystemPci['moves'] {
  const functions = machine.pci?.functions ?? [];
  const shared = ids.filter((id) => functions[id - 1].type === 'ism');
  return moves.map((move, index) => {
    const known = shared.map((id) => functions[id - 1].name);
    const at = known.indexOf(move.function ?? known[0]);
    const place = [...here, 'moves', index];
    if (at < 0 && move.function !== undefined)
      issues.value(
        [...place, 'function'],
        `"${move.function}" is no ISM function here`,
        suggest(move.function, known),
      );
    else if (at < 0) issues.value(place, 'there is no ISM function', 'give the system one');
    return {
      function: shared[Math.max(0, at)] ?? 0,
      bytes: move.bytes,
      offsets: move.offset,
      operands: move.operand,
      signal: move.signal,
      everyNs: move.every,
      fromNs: move.from,
      count: move.count,
      force: move.force,
    };
  });
}
