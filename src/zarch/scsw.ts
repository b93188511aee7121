import { fetchWord, storeWord, WordLayout } from './word-layout.ts';

/** Subchannel-status word of either mode (Principles of Operation, "Subchannel-Status Word"; architecture reference A.4). */
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

/** Field values, unpacked; `encodeScsw`/`decodeScsw` turn them into the three words. */
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
  /** Address of the CCW behind the one used last; in transport mode that of the transport-control word. */
  ccwAddress = 0;
  dstat = 0;
  cstat = 0;
  count = 0;
  /** One in transport mode (IRB-format control, X): these fields then stand in the place of those of command mode alone. */
  transport = 0;
  /** An interrogate operation has ended (Q). */
  interrogateComplete = 0;
  /** FCX status, FCXS. */
  fcxStatus = 0;
  /** Interrogate failed, or ended by itself (IFOB); and the subchannel-extended-status qualifier, SESQ. */
  interrogateFailed = 0;
  extendedStatus = 0;
}

/** FCX status: what the program finds in its transport-status block is of this operation. */
export const FCXS = { STATUS_STORED: 0x01 } as const;
/**
 * Subchannel-extended-status qualifiers that Linux knows (asm/scsw.h): device or path take no programs in transport mode. They
 * count with program, protection, data or interface-control check.
 */
export const SESQ = { NONE: 0, DEVICE_NOT_CAPABLE: 3, PATH_NOT_CAPABLE: 4 } as const;

/** Bytes of an encoded SCSW. */
export const SCSW_BYTES = 12;

const CONTROL = new WordLayout({
  key: [0, 3],
  suspendControl: [4, 4],
  eswFormat: [5, 5],
  cc: [6, 7],
  format: [8, 8],
  prefetch: [9, 9],
  initialStatus: [10, 10],
  addressLimit: [11, 11],
  suppressSuspended: [12, 12],
  zeroCc: [13, 13],
  extendedControl: [14, 14],
  pathNotOperational: [15, 15],
  fctl: [17, 19],
  actl: [20, 26],
  stctl: [27, 31],
});
const STATUS = new WordLayout({ dstat: [0, 7], cstat: [8, 15], count: [16, 31] });

/** Bits 8 to 10 are the format, which is zero for I/O. */
const TRANSPORT_CONTROL = new WordLayout({
  key: [0, 3],
  eswFormat: [5, 5],
  cc: [6, 7],
  transport: [11, 11],
  interrogateComplete: [12, 12],
  extendedControl: [14, 14],
  pathNotOperational: [15, 15],
  fctl: [17, 19],
  actl: [20, 26],
  stctl: [27, 31],
});
const TRANSPORT_STATUS = new WordLayout({
  dstat: [0, 7],
  cstat: [8, 15],
  fcxStatus: [16, 23],
  interrogateFailed: [24, 24],
  extendedStatus: [25, 31],
});

/** Stores the three words of an SCSW at `at`, in the layout of its mode. */
export function encodeScsw(scsw: Scsw, bytes = new Uint8Array(SCSW_BYTES), at = 0): Uint8Array {
  const isTransport = scsw.transport === 1;
  storeWord(bytes, at, (isTransport ? TRANSPORT_CONTROL : CONTROL).pack(scsw));
  storeWord(bytes, at + 4, scsw.ccwAddress);
  storeWord(bytes, at + 8, (isTransport ? TRANSPORT_STATUS : STATUS).pack(scsw));
  return bytes;
}

/** Fetches the three words of an SCSW of command mode at `at` into `scsw`. */
export function decodeScsw(bytes: Uint8Array, scsw = new Scsw(), at = 0): Scsw {
  CONTROL.unpack(fetchWord(bytes, at), scsw);
  scsw.ccwAddress = fetchWord(bytes, at + 4);
  STATUS.unpack(fetchWord(bytes, at + 8), scsw);
  clearTransportFields(scsw);
  return scsw;
}

/**
 * Fetches an SCSW of a program that knows transport mode: its X bit says which mode it is of. Without the facility the same
 * bit is that of address-limit checking, so whoever fetches has to know.
 */
export function decodeScswOfEitherMode(bytes: Uint8Array, scsw = new Scsw(), at = 0): Scsw {
  const control = fetchWord(bytes, at);
  if ((control & IRB_FORMAT_CONTROL) === 0) return decodeScsw(bytes, scsw, at);
  clearCommandFields(scsw);
  TRANSPORT_CONTROL.unpack(control, scsw);
  scsw.ccwAddress = fetchWord(bytes, at + 4);
  TRANSPORT_STATUS.unpack(fetchWord(bytes, at + 8), scsw);
  return scsw;
}

const IRB_FORMAT_CONTROL = 0x00100000;

/** What only an SCSW of transport mode has. */
export function clearTransportFields(scsw: Scsw): void {
  scsw.transport = 0;
  scsw.interrogateComplete = 0;
  scsw.fcxStatus = 0;
  scsw.interrogateFailed = 0;
  scsw.extendedStatus = 0;
}

/** What only an SCSW of command mode has. */
export function clearCommandFields(scsw: Scsw): void {
  scsw.suspendControl = 0;
  scsw.format = 0;
  scsw.prefetch = 0;
  scsw.initialStatus = 0;
  scsw.addressLimit = 0;
  scsw.suppressSuspended = 0;
  scsw.zeroCc = 0;
  scsw.count = 0;
}

/*
 * Which fields a consumer may trust, as Linux decides it (asm/scsw.h: scsw_cmd_is_valid_*).
 */

const isPending = (scsw: Scsw): boolean => (scsw.stctl & STCTL.PENDING) !== 0;
const isIntermediate = (scsw: Scsw): boolean => (scsw.stctl & STCTL.INTERMEDIATE) !== 0;

/** The deferred condition code. */
export const validCc = (scsw: Scsw): boolean => (scsw.fctl & FCTL.START) !== 0 && isPending(scsw);

/** Path not operational. With intermediate status it means something only when the program is suspended. */
export const validPno = (scsw: Scsw): boolean =>
  scsw.fctl !== 0 && isPending(scsw) && (!isIntermediate(scsw) || (scsw.actl & ACTL.SUSPENDED) !== 0);

/** The extended-control flag. */
export const validEctl = (scsw: Scsw): boolean =>
  isPending(scsw) && !isIntermediate(scsw) && (scsw.stctl & STCTL.ALERT) !== 0;

/** Device status: not when the path or device was not operational. */
export const validDstat = (scsw: Scsw): boolean => isPending(scsw) && scsw.cc !== 3;

/** Subchannel status: under the same condition as device status. */
export const validCstat = validDstat;

/** The CCW address. */
export const validCcwAddress = (scsw: Scsw): boolean => (scsw.fctl & FCTL.START) !== 0 && isPending(scsw);

/** Zero condition code, which only an initial-status interruption stores. */
export const validZeroCc = (scsw: Scsw): boolean => validCcwAddress(scsw) && isIntermediate(scsw);

/** Whether status answers a function; otherwise it is an alert that came by itself (scsw_cmd_is_solicited). */
export const isSolicited = ({ cc, stctl }: Scsw): boolean =>
  cc !== 0 || stctl !== (STCTL.PENDING | STCTL.ALERT);
