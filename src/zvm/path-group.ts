import { CCW_FLAG, type Ccw, type ChannelProgram } from '../zarch/ccw.ts';
import { COMMAND } from '../zarch/commands.ts';
import {
  equalPgids,
  GROUP_FUNCTION,
  GROUP_FUNCTION_MASK,
  GROUP_MULTIPATH,
  PATH_MULTIPATH,
  PATH_STATE,
  PGID_RECORD_BYTES,
} from '../zarch/pgid.ts';
import type { SensedGroup } from './options.ts';

/**
 * Path groups under CP (architecture reference B.9): CP sets its own path-group id, once for every path that it starts to
 * use, and lets guests believe that the group is theirs.
 */

/** SET PATH GROUP ID, establish in multipath mode, with CP's id. */
export function establishProgram(pgid: Uint8Array): ChannelProgram {
  const data = new Uint8Array(PGID_RECORD_BYTES);
  data[0] = GROUP_FUNCTION.ESTABLISH | GROUP_MULTIPATH;
  data.set(pgid, 1);
  const ccw: Ccw = {
    command: COMMAND.spid,
    flags: CCW_FLAG.SUPPRESS_LENGTH,
    count: PGID_RECORD_BYTES,
    data,
    versions: null,
  };
  return { ccws: [ccw], length: 1 };
}

/** How CP answers a guest's program itself; null: the program is the device's. */
export type GroupAnswer = 'done' | 'foreign' | null;

/**
 * Looks at a guest's program, and stores what SENSE PATH GROUP ID is to return: a path that is grouped already, under an id
 * that Linux then takes over as the one of an earlier owner; or, where CP hides its group, a path that was reset. A guest
 * that leaves the group only believes to have left it.
 */
export function answerPathGroup(
  { ccws, length }: ChannelProgram,
  pgid: Uint8Array,
  sensed: SensedGroup,
): GroupAnswer {
  const { command, data } = ccws[0];
  if (length !== 1 || data === null) return null;
  if (command === COMMAND.snid) {
    data[0] = sensed === 'shown' ? PATH_STATE.GROUPED | PATH_MULTIPATH : PATH_STATE.RESET;
    if (sensed === 'shown') data.set(pgid, 1);
    else data.fill(0, 1, PGID_RECORD_BYTES);
    return 'done';
  }
  if (command !== COMMAND.spid) return null;
  const establish = (data[0] & GROUP_FUNCTION_MASK) === GROUP_FUNCTION.ESTABLISH;
  return establish && !equalPgids(data, pgid, 1) ? 'foreign' : 'done';
}
