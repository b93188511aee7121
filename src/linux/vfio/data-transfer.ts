import { CCW_FLAG } from '../../zarch/ccw.ts';
import { COMMAND } from '../../zarch/commands.ts';

const BASIC_SENSE = 0x04;
const READ_BACKWARD = 0x0c;

/** A read, read backward or sense, whose data a skip flag keeps away from storage. */
const isInput = (command: number): boolean => {
  const low = command & 0xf;
  return (command & 0x3) === 0x2 || low === READ_BACKWARD || low === BASIC_SENSE;
};

/** Whether a CCW moves data to or from storage, so that its pages have to be pinned (ccw_does_data_transfer). */
export function movesData({
  command,
  flags,
  count,
}: {
  command: number;
  flags: number;
  count: number;
}): boolean {
  if (count === 0 || command === COMMAND.nop) return false;
  return (flags & CCW_FLAG.SKIP) === 0 || !isInput(command);
}
