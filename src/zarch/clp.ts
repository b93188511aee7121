/** CALL LOGICAL PROCESSOR for PCI (Linux asm/pci_clp.h; QEMU s390-pci-inst.h; QEMU reference 8.1). */
export const CLP = { LIST: 2, QUERY_FUNCTION: 3, QUERY_GROUP: 4, SET_FUNCTION: 5 } as const;

export const CLP_RESPONSE = {
  OK: 0x0010,
  UNKNOWN_COMMAND: 0x0020,
  LENGTH: 0x0050,
  /** SET PCI FN, QUERY PCI FN: no such handle. */
  INVALID_HANDLE: 0x0101,
  /** The function is in no state for the operation. */
  HANDLE_NOT_VALID: 0x0102,
  NO_DMA_SPACE: 0x0103,
  INSUFFICIENT_RESOURCES: 0x0104,
  PERMANENT_ERROR: 0x0106,
  UNKNOWN_GROUP: 0x010b,
} as const;

/** Bytes that every request has, its header included. */
export const CLP_REQUEST_BYTES = 32;

/** Operation codes of SET PCI FN. */
export const CLP_OPERATION = { ENABLE: 0, DISABLE: 1, ENABLE_MIO: 2, DISABLE_MIO: 3 } as const;

/** Response codes of the service processor for adapters (QEMU include/hw/s390x/sclp.h). */
export const SCLP_RESPONSE = {
  DONE: 0x0020,
  NO_ACTION: 0x0120,
  RESERVED: 0x05f0,
  UNKNOWN_ADAPTER: 0x09f0,
} as const;
