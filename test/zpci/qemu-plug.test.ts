import { describe, expect, test } from 'vitest';
import { KERNELS } from '../../src/linux/kernel-features.ts';
import { QEMU_RELEASES } from '../../src/qemu/qemu-features.ts';
import { FUNCTION_KINDS } from '../../src/zpci/function-kinds.ts';
import { PCI_PATHS } from '../../src/zpci/pci-paths.ts';
import { plugDecision } from '../../src/zpci/qemu-plug.ts';

type Path = keyof typeof PCI_PATHS;
const decide = (
  kind: keyof typeof FUNCTION_KINDS,
  path: Path,
  qemu: keyof typeof QEMU_RELEASES,
  kernel: keyof typeof KERNELS = '6.16',
) => plugDecision(FUNCTION_KINDS[kind], PCI_PATHS[path], QEMU_RELEASES[qemu], KERNELS[kernel]);

describe('what QEMU does with a function of its host', () => {
  test.each([
    // Interpretation came with 7.2; the words of the refusal are those of each release.
    ['5.1', 'interpreted', false, 'msix'],
    ['7.2', 'interpreted', true, ''],
    ['10.2', 'interpreted', true, ''],
    ['5.1', 'intercepted', false, 'msix'],
    ['7.2', 'intercepted', false, 'msix'],
    ['9.1', 'intercepted', false, 'msix'],
    ['10.2', 'intercepted', false, 'interpretation'],
  ] as const)('ISM, QEMU %s, %s', (qemu, path, interpreted, refusal) => {
    expect(decide('ism', path, qemu)).toEqual({ interpreted, refusal });
  });

  test('without the kernel for it interpretation is silently given up, and ISM with it', () => {
    expect(decide('ism', 'interpreted', '10.2', '5.10')).toEqual({
      interpreted: false,
      refusal: 'interpretation',
    });
    expect(decide('nvme', 'interpreted', '10.2', '5.10')).toEqual({ interpreted: false, refusal: '' });
  });

  test('functions with MSI-X may be intercepted, and a changed QEMU refuses none', () => {
    expect(decide('network', 'intercepted', '10.2').refusal).toBe('');
    const changed = ['unchecked', 'split', 'bar-rw', 'region', 'variant-driver'] as const;
    expect(changed.map((path) => decide('ism', path, '5.1').refusal)).toEqual(['', '', '', '', '']);
  });
});
