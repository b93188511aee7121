/**
 * The words of PCI functions on this architecture: handles, address spaces, condition codes with their status, event codes
 * (Linux arch/s390/include/asm/pci_insn.h, pci_clp.h; QEMU include/hw/s390x/s390-pci-inst.h; QEMU reference 8.1, 8.2). The
 * instructions are not in the Principles of Operation.
 */

/**
 * Parts of a function handle. The instance changes whenever the function is enabled anew, so that old handles are known as
 * such; SHARED is zero in handles of the machine, and tells a guest's QEMU its own ones apart.
 */
export const HANDLE = {
  ENABLED: 0x8000_0000,
  INSTANCE: 0x7f00_0000,
  SHARED: 0x00ff_0000,
  /** QEMU: passed through, and all its instructions intercepted. */
  VFIO: 0x0001_0000,
  EMULATED: 0x0002_0000,
  INDEX: 0x0000_ffff,
} as const;

export const isEnabledHandle = (handle: number): boolean => handle >= HANDLE.ENABLED;
/** `handle` with or without its enabled bit; as an unsigned number. */
export const withEnabled = (handle: number, on: boolean): number =>
  (handle % HANDLE.ENABLED) + (on ? HANDLE.ENABLED : 0);

/** Address spaces: BARs 0 to 5, and configuration space. */
export const LAST_BAR = 5;
export const CONFIGURATION_SPACE = 15;

/** Bytes that one store must not cross a multiple of. */
export const BLOCK_BOUNDARY = 4096;

export type PciInstruction =
  | 'pcilg'
  | 'pcistg'
  | 'pcistb'
  | 'pcilgi'
  | 'pcistgi'
  | 'pcistbi'
  | 'pciwb'
  | 'mpcifc';

/** What an instruction does, and whether it names its function by a mapped address (MIO) in place of a handle. */
export const PCI_INSTRUCTIONS = {
  pcilg: { opcode: 0xb9d2, does: 'load', mio: false },
  pcistg: { opcode: 0xb9d0, does: 'store', mio: false },
  pcistb: { opcode: 0xebd0, does: 'block', mio: false },
  pcilgi: { opcode: 0xb9d6, does: 'load', mio: true },
  pcistgi: { opcode: 0xb9d4, does: 'store', mio: true },
  pcistbi: { opcode: 0xebd4, does: 'block', mio: true },
  pciwb: { opcode: 0xb9d5, does: 'barrier', mio: true },
  mpcifc: { opcode: 0xe3d0, does: 'control', mio: false },
} as const satisfies Record<
  PciInstruction,
  {
    readonly opcode: number;
    readonly does: 'load' | 'store' | 'block' | 'barrier' | 'control';
    readonly mio: boolean;
  }
>;

/** Condition codes of loads and stores. */
export const PCI_CC = { OK: 0, ERROR: 1, BUSY: 2, INVALID_HANDLE: 3 } as const;

/** Status that condition code 1 goes with (pci_insn.h:ZPCI_PCI_ST_*). */
export const PCI_STATUS = {
  FUNCTION_NOT_ENABLED: 4,
  FUNCTION_IN_ERROR: 8,
  BLOCKED: 12,
  INSUFFICIENT_RESOURCES: 16,
  INVALID_SPACE: 20,
  FUNCTION_NOT_AVAILABLE: 40,
} as const;

/** Status of MODIFY PCI FUNCTION CONTROLS: the function is in no state for it (ZPCI_MOD_ST_SEQUENCE). */
export const SEQUENCE_ERROR = 24;

/**
 * How an instruction ended, in one number: condition code, status, and the program interruption in place of both. Numbers,
 * because stores are made by the thousand.
 */
export type PciOutcome = number;
export const PCI_OK: PciOutcome = 0;
export const pciError = (status: number): PciOutcome => PCI_CC.ERROR | (status << 8);
export const INVALID_HANDLE: PciOutcome = PCI_CC.INVALID_HANDLE;
export const programInterruption = (code: number): PciOutcome => code << 16;
export const conditionOf = (outcome: PciOutcome): number => outcome & 0xff;
export const statusOf = (outcome: PciOutcome): number => (outcome >> 8) & 0xff;
export const interruptionOf = (outcome: PciOutcome): number => outcome >> 16;

/** Event codes of functions that come and go (pci_event.c:zpci_event_availability). */
export const AVAILABILITY = {
  /** Reserved or standby → configured. */
  CONFIGURED: 0x0301,
  /** Reserved → standby. */
  STANDBY: 0x0302,
  DECONFIGURATION_REQUESTED: 0x0303,
  /** Configured → standby or reserved, without being asked. */
  DECONFIGURED: 0x0304,
  SEVERAL_CHANGED: 0x0306,
  /** Standby → reserved. */
  RESERVED: 0x0308,
} as const;

/** Event codes of errors. Those of the measurement block leave the function as it is. */
export const ERROR_EVENT = {
  INVALID_ADDRESS_SPACE: 0x0001,
  OUT_OF_RANGE: 0x0002,
  MEASUREMENT: [0x002a, 0x002b, 0x002c],
  PERMANENT: [0x003b, 0x0040],
} as const;

/** Control functions of MODIFY PCI FUNCTION CONTROLS that error recovery uses (linux 9.1). */
export const FUNCTION_CONTROL = { RESET_ERROR: 7, RESET_BLOCK: 9 } as const;
