import type { HostDriver } from './vfio-pci.ts';

/**
 * The ways in which stores of a guest reach a function of its host (document 4 of December 2020, and what became of it).
 * `interpreted` is what there is since 2022, `intercepted` what there was before; the others were proposed, or are a part
 * of a proposal.
 */
export interface PciPath {
  /** Who executes the guest's instructions. */
  readonly executor: 'firmware' | 'qemu';
  /** What QEMU makes of a block store that it is given: a write of eight bytes for each doubleword, or one. */
  readonly blocks: 'split' | 'whole';
  readonly driver: HostDriver;
  /** QEMU refuses functions without MSI-X, as it does; the proposals needed one that does not. */
  readonly refuses: boolean;
  /** QEMU has been told of the function's relaxed alignment and longest block store; as it is, it knows of neither. */
  readonly relaxed: boolean;
}

const PROPOSED = { executor: 'qemu', refuses: false, relaxed: true } as const;

export const PCI_PATHS = {
  interpreted: { executor: 'firmware', blocks: 'split', driver: 'vfio-pci', refuses: true, relaxed: false },
  intercepted: { executor: 'qemu', blocks: 'split', driver: 'vfio-pci', refuses: true, relaxed: false },
  unchecked: { executor: 'qemu', blocks: 'split', driver: 'vfio-pci', refuses: false, relaxed: false },
  split: { ...PROPOSED, blocks: 'split', driver: 'vfio-pci' },
  'bar-rw': { ...PROPOSED, blocks: 'whole', driver: 'vfio-pci' },
  region: { ...PROPOSED, blocks: 'whole', driver: 'store-region' },
  'variant-driver': { ...PROPOSED, blocks: 'whole', driver: 'ism-vfio-pci' },
  'variant-driver-split': { ...PROPOSED, blocks: 'split', driver: 'ism-vfio-pci' },
} as const satisfies Record<string, PciPath>;
export type PciPathName = keyof typeof PCI_PATHS;

/** Why a function does not become one of a guest; numbers are those of event `vmm.pci-realized`. */
export const REFUSALS = ['', 'msix', 'interpretation', 'driver', 'unavailable'] as const;
export type Refusal = (typeof REFUSALS)[number];
