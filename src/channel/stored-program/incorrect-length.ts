import { CCW_FLAG } from '../../zarch/ccw.ts';

/** How a command used the CCW that was in use when it ended. */
export interface CommandLength {
  readonly flags: number;
  /** Bytes of the count that were not used. */
  readonly residual: number;
  /** The device had or wanted more bytes than the program gave it room for. */
  readonly longer: boolean;
  /** It moved no data and ended at once. */
  readonly immediate: boolean;
}

/**
 * Whether incorrect length is indicated, which also ends command chaining (Principles of Operation, "Incorrect Length").
 * While data chaining goes on the suppression flag has no say.
 */
export function isIncorrectLength(command: CommandLength, suppressImmediate: boolean): boolean {
  if (command.immediate && suppressImmediate) return false;
  if ((command.flags & CCW_FLAG.CHAIN_DATA) !== 0) return true;
  if ((command.flags & CCW_FLAG.SUPPRESS_LENGTH) !== 0) return false;
  return command.residual !== 0 || command.longer;
}
