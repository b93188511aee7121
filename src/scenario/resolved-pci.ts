import type { SimTime } from '../kernel/time.ts';
import type { FunctionKindName } from '../zpci/function-kinds.ts';
import type { IsmMovesOptions } from '../zpci/ism-moves.ts';
import type { PciCosts } from '../zpci/machine-pci.ts';
import type { PciPathName } from '../zpci/pci-paths.ts';

export interface ResolvedPciFunction {
  readonly name: string;
  readonly type: FunctionKindName;
  readonly state: 'configured' | 'standby' | 'reserved';
}

/** PCI of a machine: its functions in the order of the scenario; ids are their positions from 1 on. */
export interface ResolvedMachinePci {
  readonly mio: boolean;
  readonly longestStore: number;
  readonly detectNs: SimTime;
  readonly costs: PciCosts;
  readonly functions: readonly ResolvedPciFunction[];
}

/** PCI of a system. */
export interface ResolvedSystemPci {
  /** Ids of the functions that it has, or, as a host, gives to guests. */
  readonly functions: readonly number[];
  /** Those of them that QEMU gives to a guest later on. */
  readonly plugged: readonly number[];
  /** Those of them that its guests have. */
  readonly passedThrough: readonly number[];
  readonly mio: boolean;
  readonly path: PciPathName;
  readonly moves: readonly IsmMovesOptions[];
}
