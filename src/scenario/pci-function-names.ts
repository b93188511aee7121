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

/** What an operator acts on; only guests have a QEMU. */
export function pciActionFunctions(
  action: ParsedPciAction,
  owner: ResolvedSystem,
  place: Path,
  { machine, issues }: { readonly machine: ResolvedMachine; readonly issues: Issues },
): readonly number[] {
  const inQemu = action.do === 'pci-plug' || action.do === 'pci-unplug';
  if (owner.kind === 'zvm-host' || owner.pci === undefined)
    issues.value([...place, 'do'], `system ${owner.name} has no PCI functions`, 'give it some with "pci"');
  else if (inQemu && owner.kind !== 'guest')
    issues.value([...place, 'do'], `system ${owner.name} is a partition`, 'name a guest');
  return functionIds(action.function, machine, place, issues);
}
