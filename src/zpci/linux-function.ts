import type { FunctionKind } from './function-kinds.ts';
import type { IsmDriver } from './ism-driver.ts';

/** A PCI function as a Linux knows it (struct zpci_dev and its pci_dev). */
export class LinuxFunction {
  readonly id: number;
  readonly kind: FunctionKind;
  handle: number;
  state: 'reserved' | 'standby' | 'configured';
  /** pci_channel_state_t of the pci_dev. */
  channel: 'normal' | 'frozen' | 'permanent-failure' = 'normal';
  /** A driver has it; its own, or vfio-pci. */
  bound = false;
  passedThrough = false;
  ism: IsmDriver | null = null;

  constructor(id: number, kind: FunctionKind, handle: number, state: LinuxFunction['state']) {
    this.id = id;
    this.kind = kind;
    this.handle = handle;
    this.state = state;
  }
}

/** What became of an error event; the numbers of event `pci.error`. */
export const ERROR_OUTCOME = {
  IGNORED: 0,
  LOGGED: 1,
  RECOVERED: 2,
  NO_DRIVER: 3,
  NO_SUPPORT: 4,
  PASSED_THROUGH: 5,
  LOST: 6,
  LEFT: 7,
  FAILED: 8,
} as const;
export type ErrorOutcome = (typeof ERROR_OUTCOME)[keyof typeof ERROR_OUTCOME];
