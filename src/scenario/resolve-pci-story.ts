import type { SimTime } from '../kernel/time.ts';
import type { Configuring } from '../zpci/pci-machine.ts';
import type { Path } from './errors.ts';
import { functionIds } from './pci-function-names.ts';
import { checkTime, type Surroundings } from './resolve-story.ts';
import type { ParsedFault, ParsedFaults } from './schema-faults.ts';
import type { ParsedPciConfigure, ParsedPciError } from './schema-pci.ts';

/** What happens to PCI functions from outside; functions by their ids. */
export type ResolvedPciFault = { readonly atNs: SimTime; readonly functions: readonly number[] } & (
  | { readonly kind: 'configure'; readonly state: Configuring; readonly asked: boolean }
  | { readonly kind: 'error'; readonly code: number }
);

export type ParsedPciFault = ParsedPciConfigure | ParsedPciError;
export const isPciFault = (fault: ParsedFault): fault is ParsedPciFault =>
  fault.do === 'pci-configure' || fault.do === 'pci-error';

/** In order of time; absent where there is nothing. */
export function resolvePciFaults(
  faults: ParsedFaults,
  around: Surroundings,
): { readonly pciFaults?: readonly ResolvedPciFault[] } {
  const resolved = faults.flatMap((fault, index) => {
    if (!isPciFault(fault)) return [];
    const place = ['faults', index];
    checkTime(fault.at, place, around);
    return [resolveFault(fault, place, around)];
  });
  return resolved.length === 0 ? {} : { pciFaults: resolved.sort((left, right) => left.atNs - right.atNs) };
}

const NOT_RESERVED = 'a function that a system gives back is on standby';

function resolveFault(
  fault: ParsedPciFault,
  place: Path,
  { machine, issues }: Surroundings,
): ResolvedPciFault {
  const common = { atNs: fault.at, functions: functionIds(fault.function, machine, place, issues) };
  if (fault.do === 'pci-error') return { ...common, kind: 'error', code: fault.pec };
  if (fault.asked && fault.state !== 'standby') {
    const message = fault.state === 'configured' ? 'nobody is asked to take a function' : NOT_RESERVED;
    issues.value([...place, 'asked'], message, 'write state: standby');
  }
  return { ...common, kind: 'configure', state: fault.state, asked: fault.asked };
}
