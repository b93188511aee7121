/** Kinds of PCI functions, by what matters to those who execute instructions for them. */
export interface FunctionKind {
  /** PCI function type as CLP tells it (QEMU reference 8.3); 0: of no type that anybody asks for here. */
  readonly pft: number;
  /** Loads and stores may name it by a mapped address (linux 9.2). */
  readonly mioCapable: boolean;
  /** It interrupts by MSI-X, which QEMU wants of whatever it intercepts. */
  readonly msix: boolean;
  /** Block stores need neither be aligned nor a multiple of eight bytes long (ism.h:__ism_move makes any). */
  readonly relaxedAlignment: boolean;
  /**
   * What its Linux driver answers when it is told of an error: it has no handler, asks for a reset of the function, or goes on
   * once loads and stores are let through again (Documentation/PCI/pci-error-recovery.rst).
   */
  readonly recovery: 'none' | 'reset' | 'unblock';
  readonly driver: string;
  /** Sizes of its BARs as powers of two; 0: it has no such BAR. */
  readonly barBits: readonly number[];
}

/** Internal shared memory. */
export const PFT_ISM = 5;

/** BAR 0 of ISM has 256 TiB and is never mapped (drivers/vfio/pci/ism/main.c). */
const ISM_BARS = [48, 0, 12, 0, 0, 0] as const;
const ORDINARY_BARS = [20, 0, 0, 0, 0, 0] as const;

export const FUNCTION_KINDS = {
  ism: {
    pft: PFT_ISM,
    mioCapable: false,
    msix: false,
    relaxedAlignment: true,
    recovery: 'none',
    driver: 'ism',
    barBits: ISM_BARS,
  },
  nvme: {
    pft: 0,
    mioCapable: true,
    msix: true,
    relaxedAlignment: false,
    recovery: 'reset',
    driver: 'nvme',
    barBits: ORDINARY_BARS,
  },
  network: {
    pft: 0,
    mioCapable: true,
    msix: true,
    relaxedAlignment: false,
    recovery: 'reset',
    driver: 'mlx5_core',
    barBits: ORDINARY_BARS,
  },
  /** Any other, with a driver that needs no reset. */
  plain: {
    pft: 0,
    mioCapable: true,
    msix: true,
    relaxedAlignment: false,
    recovery: 'unblock',
    driver: 'plain',
    barBits: ORDINARY_BARS,
  },
} as const satisfies Record<string, FunctionKind>;
export type FunctionKindName = keyof typeof FUNCTION_KINDS;
