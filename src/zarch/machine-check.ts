/**
 * Machine-check interruption code (Principles of Operation, "Machine-Check Interruption Code"): which bit says what. Bits
 * are numbered from the left, 0 … 63. Validity bits tell what of the interrupted state was stored correctly.
 */
export const MCIC_BIT = {
  SYSTEM_DAMAGE: 0,
  PROCESSING_DAMAGE: 1,
  SYSTEM_RECOVERY: 2,
  TIMING_FACILITY_DAMAGE: 4,
  EXTERNAL_DAMAGE: 5,
  DEGRADATION: 7,
  WARNING: 8,
  CHANNEL_REPORT_PENDING: 9,
  SERVICE_PROCESSOR_DAMAGE: 10,
  CHANNEL_SUBSYSTEM_DAMAGE: 11,
  BACKED_UP: 14,
  PSW_MWP_VALID: 20,
  PSW_MASKS_VALID: 21,
  PROGRAM_MASK_VALID: 22,
  INSTRUCTION_ADDRESS_VALID: 23,
  FAILING_STORAGE_ADDRESS_VALID: 24,
  VECTOR_REGISTERS_VALID: 25,
  EXTERNAL_DAMAGE_CODE_VALID: 26,
  FLOATING_POINT_REGISTERS_VALID: 27,
  GENERAL_REGISTERS_VALID: 28,
  CONTROL_REGISTERS_VALID: 29,
  STORAGE_LOGICAL_VALID: 31,
  INDIRECT_STORAGE_ERROR: 32,
  ACCESS_REGISTERS_VALID: 33,
  DELAYED_ACCESS_EXCEPTION: 34,
  GUARDED_STORAGE_VALID: 36,
  TOD_PROGRAMMABLE_VALID: 42,
  FLOATING_POINT_CONTROL_VALID: 43,
  ANCILLARY_REPORT: 44,
  CPU_TIMER_VALID: 46,
  CLOCK_COMPARATOR_VALID: 47,
} as const;
export type McicBit = (typeof MCIC_BIT)[keyof typeof MCIC_BIT];

/** A code with these bits. */
export const encodeMcic = (...bits: readonly McicBit[]): bigint =>
  bits.reduce((code, bit) => code | (1n << BigInt(63 - bit)), 0n);

export const hasMcicBit = (code: bigint, bit: McicBit): boolean => ((code >> BigInt(63 - bit)) & 1n) === 1n;

/** The code that is presented when nothing but channel reports are pending: everything of the CPU was stored. */
export const CHANNEL_REPORT_MCIC = encodeMcic(
  MCIC_BIT.CHANNEL_REPORT_PENDING,
  MCIC_BIT.PSW_MWP_VALID,
  MCIC_BIT.PSW_MASKS_VALID,
  MCIC_BIT.PROGRAM_MASK_VALID,
  MCIC_BIT.INSTRUCTION_ADDRESS_VALID,
  MCIC_BIT.FLOATING_POINT_REGISTERS_VALID,
  MCIC_BIT.GENERAL_REGISTERS_VALID,
  MCIC_BIT.CONTROL_REGISTERS_VALID,
  MCIC_BIT.STORAGE_LOGICAL_VALID,
  MCIC_BIT.ACCESS_REGISTERS_VALID,
  MCIC_BIT.TOD_PROGRAMMABLE_VALID,
  MCIC_BIT.FLOATING_POINT_CONTROL_VALID,
  MCIC_BIT.CPU_TIMER_VALID,
  MCIC_BIT.CLOCK_COMPARATOR_VALID,
);

/** Subclass masks of repressible machine checks in the right half of control register 14. */
export const CR14_SUBMASK = {
  CHANNEL_REPORT: 0x1000_0000,
  RECOVERY: 0x0800_0000,
  DEGRADATION: 0x0400_0000,
  EXTERNAL_DAMAGE: 0x0200_0000,
  WARNING: 0x0100_0000,
} as const;
