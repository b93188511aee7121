/** Subchannel-status word, command mode (Principles of Operation, "Subchannel-Status Word"). */
export const FCTL = { START: 4, HALT: 2, CLEAR: 1 } as const;
export const ACTL = {
  RESUME_PENDING: 0x40,
  START_PENDING: 0x20,
  HALT_PENDING: 0x10,
  CLEAR_PENDING: 0x08,
  SUBCHANNEL_ACTIVE: 0x04,
  DEVICE_ACTIVE: 0x02,
  SUSPENDED: 0x01,
} as const;
export const STCTL = { ALERT: 0x10, INTERMEDIATE: 8, PRIMARY: 4, SECONDARY: 2, PENDING: 1 } as const;
export const DSTAT = {
  ATTENTION: 0x80,
  STATUS_MODIFIER: 0x40,
  CONTROL_UNIT_END: 0x20,
  BUSY: 0x10,
  CHANNEL_END: 0x08,
  DEVICE_END: 0x04,
  UNIT_CHECK: 0x02,
  UNIT_EXCEPTION: 0x01,
} as const;
export const CSTAT = {
  PCI: 0x80,
  INCORRECT_LENGTH: 0x40,
  PROGRAM_CHECK: 0x20,
  PROTECTION_CHECK: 0x10,
  CHANNEL_DATA_CHECK: 8,
  CHANNEL_CONTROL_CHECK: 4,
  INTERFACE_CONTROL_CHECK: 2,
  CHAINING_CHECK: 1,
} as const;

/** Field values, unpacked; `encodeScsw`/`decodeScsw` (codec below) turn them into the three words. */
export class Scsw {
  key = 0;
  suspendControl = 0;
  eswFormat = 0;
  /** Deferred condition code. */
  cc = 0;
  format = 0;
  prefetch = 0;
  initialStatus = 0;
  addressLimit = 0;
  suppressSuspended = 0;
  zeroCc = 0;
  extendedControl = 0;
  pathNotOperational = 0;
  fctl = 0;
  actl = 0;
  stctl = 0;
  ccwAddress = 0;
  dstat = 0;
  cstat = 0;
  count = 0;
}
