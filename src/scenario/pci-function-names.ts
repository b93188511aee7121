import type { Issues, Path } from './errors.ts';
import { suggest } from './nearest.ts';
import type { ResolvedMachine, ResolvedSystem } from './resolved.ts';
import type { ParsedPciAction } from './schema-pci.ts';

/** Ids of the functions that a fault or action names. */
export function functionIds(
  names: readonly string[],
  { pci }: ResolvedMachine,
  place: Path,
  issues: Issues,
): number[] {
  const known = pci?.functions.map(({ name }) => name) ?? [];
  return names.map((name) => {
    const at = known.indexOf(name);
    if (at < 0) issues.value([...place, 'function'], `unknown PCI function "${name}"`, suggest(name, known));
    return at + 1;
  });
}

/** What an operator acts on; only guests have a QEMU, which plugs what its host has. */
export function pciActionFunctions(
  action: ParsedPciAction,
  owner: ResolvedSystem,
  place: Path,
  around: {
    readonly machine: ResolvedMachine;
    readonly systems: readonly ResolvedSystem[];
    readonly issues: Issues;
  },
): readonly number[] {
  const { machine, systems, issues } = around;
  const ids = functionIds(action.function, machine, place, issues);
  if (owner.kind === 'zvm-host' || owner.pci === undefined) {
    issues.value([...place, 'do'], `system ${owner.name} has no PCI functions`, 'give it some with "pci"');
    return ids;
  }
  const inQemu = action.do === 'pci-plug' || action.do === 'pci-unplug';
  if (inQemu && owner.kind !== 'guest')
    issues.value([...place, 'do'], `system ${owner.name} is a partition`, 'name a guest');
  const host = owner.kind === 'guest' ? owner.hosting?.host : undefined;
  const where = action.do === 'pci-plug' && host !== undefined ? systems[host] : owner;
  const own = where.pci?.functions ?? [];
  const foreign = action.function.find((_, at) => ids[at] > 0 && !own.includes(ids[at]));
  if (foreign !== undefined) {
    const known = own.map((id) => machine.pci!.functions[id - 1].name);
    const message = `PCI function "${foreign}" is not in system ${where.name}`;
    issues.value([...place, 'function'], message, suggest(foreign, known));
  }
  return ids;
}
