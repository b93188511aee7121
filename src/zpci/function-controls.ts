import { FUNCTION_CONTROL, PCI_OK, type PciOutcome, pciError, SEQUENCE_ERROR } from '../zarch/pci.ts';
import type { PciFunction } from './pci-function.ts';

/**
 * MODIFY PCI FUNCTION CONTROLS, as far as error recovery needs it (s390-pci-inst.c:mpcifc_service_call): after an error loads
 * and stores are let through again first, data later. Interruptions and translation are not modelled, and always work.
 */
export function modifyFunctionControls(fn: PciFunction, control: number): PciOutcome {
  switch (control) {
    case FUNCTION_CONTROL.RESET_BLOCK:
      return fn.take('reset-block') ? PCI_OK : pciError(SEQUENCE_ERROR);
    case FUNCTION_CONTROL.RESET_ERROR:
      return fn.take('reset-error') ? PCI_OK : pciError(SEQUENCE_ERROR);
    default:
      return PCI_OK;
  }
}
