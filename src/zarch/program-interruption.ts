/** Program-interruption codes that an I/O instruction can end with (Principles of Operation, "Program Interruption"). */
export const PROGRAM_INTERRUPTION = {
  PRIVILEGED_OPERATION: 0x02,
  PROTECTION: 0x04,
  ADDRESSING: 0x05,
  SPECIFICATION: 0x06,
  OPERAND: 0x15,
} as const;
export type ProgramInterruption = (typeof PROGRAM_INTERRUPTION)[keyof typeof PROGRAM_INTERRUPTION];
