import type { KernelFeatures } from '../linux/kernel-features.ts';
import type { QemuFeatures } from '../qemu/qemu-features.ts';
import { type FunctionKind, PFT_ISM } from './function-kinds.ts';
import type { PciPath, Refusal } from './pci-paths.ts';

/** What QEMU decides about a function of the host when it is plugged in (s390-pci-bus.c:s390_pcihost_plug). */
export interface PlugDecision {
  readonly interpreted: boolean;
  /** Empty: it becomes one of the guest's. */
  readonly refusal: Refusal;
}

/**
 * Interpretation is asked for, and silently given up where QEMU, or the host's kernel, does not have it. What is intercepted
 * then must have MSI-X, which ISM has not: "MSI-X support is mandatory in the S390 architecture", and later on "zPCI
 * interpretation is required for ISM device passthrough".
 */
export function plugDecision(
  kind: FunctionKind,
  path: PciPath,
  qemu: Pick<QemuFeatures, 'pciInterpretation' | 'ismNeedsInterpretation'>,
  host: Pick<KernelFeatures, 'zpciInterpretation'>,
): PlugDecision {
  const interpreted = path.executor === 'firmware' && qemu.pciInterpretation && host.zpciInterpretation;
  if (interpreted || !path.refuses) return { interpreted, refusal: '' };
  if (kind.pft === PFT_ISM && qemu.ismNeedsInterpretation) return { interpreted, refusal: 'interpretation' };
  return { interpreted, refusal: kind.msix ? '' : 'msix' };
}
