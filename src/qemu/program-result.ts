/** How a CCW, and with it a channel program, ends (QEMU: 0 and negative error numbers of `css_interpret_ccw`). */
export const PROGRAM = {
  /** The command was executed. */
  OK: 0,
  /** The command was executed and another CCW follows (EAGAIN). */
  CHAIN: 1,
  /** The device does not know the command (ENOSYS): unit check, command reject. */
  REJECT: 2,
  /** The device has set its status itself (EIO). */
  STATUS_SET: 3,
  /** The program is suspended (EINPROGRESS). */
  SUSPENDED: 4,
  /** All other errors: program check. */
  CHECK: 5,
} as const;
export type ProgramResult = (typeof PROGRAM)[keyof typeof PROGRAM];
