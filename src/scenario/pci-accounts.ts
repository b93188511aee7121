import type { PciPathName } from '../zpci/pci-paths.ts';
import { verdictOf, type WayVerdict } from '../zpci/verdict.ts';
import type { BuiltPci } from './build-pci.ts';
import type { BuiltSystem } from './build-systems.ts';

/** What became of one ISM function in one system: the verdict on the way to it, and what its moves cost each layer. */
export interface PciAccount {
  readonly system: number;
  readonly function: string;
  /** `native` in a partition. */
  readonly path: PciPathName | 'native';
  readonly verdict: WayVerdict;
  readonly moves: number;
  readonly failed: number;
  readonly lost: number;
  /** Stores of data: by the Linux that moves, exits, writes of QEMU, stores on the machine, and those taken. */
  readonly instructions: number;
  readonly exits: number;
  readonly writes: number;
  readonly stores: number;
  readonly taken: number;
}

export function pciAccounts(systems: readonly BuiltSystem[]): PciAccount[] {
  return systems.flatMap((built, system) => {
    if (built.kind !== 'partition' && built.kind !== 'guest') return [];
    return built.pci === null ? [] : accountsOf(built.pci, system);
  });
}

function accountsOf(pci: BuiltPci, system: number): PciAccount[] {
  const { of, guest, machine, instructions } = pci;
  return of.functions
    .filter((id) => !of.passedThrough.includes(id) && machine.function(id).fn.kind.driver === 'ism')
    .map((id) => {
      const { fn, answers, stores, taken } = machine.function(id);
      const own = pci.moves.filter(({ functionId }) => functionId === id).map(({ counts }) => counts);
      const sum = (name: keyof (typeof own)[number]): number =>
        own.reduce((total, counts) => total + counts[name], 0);
      const counts = {
        moves: sum('moves'),
        failed: sum('failed'),
        lost: sum('lost'),
        instructions: instructions.stores.of(id),
        exits: guest?.qemu.exited.of(id) ?? 0,
        writes: guest?.qemu.writes.of(id) ?? 0,
        stores: stores.of(id),
        taken: taken.of(id),
      };
      const refusal = guest?.refusals.get(id) ?? '';
      const record = { ...counts, refusal, specifications: instructions.specificationsOf(id), answers };
      const path = guest === null ? ('native' as const) : of.path;
      return { system, function: fn.name, path, verdict: verdictOf(record), ...counts };
    });
}
