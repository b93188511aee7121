import { MESSAGE, SENSE_BYTES, SENSE0, storeSense } from '../../dasd/sense.ts';
import { clearIrb } from '../../zarch/block-copy.ts';
import type { ChannelProgram } from '../../zarch/ccw.ts';
import { COMMAND } from '../../zarch/commands.ts';
import type { Irb } from '../../zarch/irb.ts';
import { firstPath, NO_PATHS, type PathMask, pathBit } from '../../zarch/path-mask.ts';
import {
  equalPgids,
  GROUP_FUNCTION,
  GROUP_FUNCTION_MASK,
  GROUP_MULTIPATH,
  PATH_MULTIPATH,
  PATH_STATE,
  PGID_RECORD_BYTES,
} from '../../zarch/pgid.ts';
import { DSTAT, FCTL, STCTL } from '../../zarch/scsw.ts';

/** The group as the host has it: id, mode, and the paths that are in it. */
export interface GroupState {
  readonly pgid: Uint8Array;
  readonly multipath: boolean;
  readonly grouped: PathMask;
}

/**
 * How a guest's path-group command ends that never gets to the device: as on a path that has been in the host's group all
 * the time; refused, where it would make another group or change the mode; or on a path that does not work.
 */
export type GroupAnswer = 'done' | 'refused' | 'no-path';

/** The commands that the host answers; programs with others beside them are the device's. */
export const isPathGroupCommand = ({ ccws, length }: ChannelProgram): boolean =>
  length === 1 &&
  ccws[0].data !== null &&
  ccws[0].data.length >= PGID_RECORD_BYTES &&
  (ccws[0].command === COMMAND.snid || ccws[0].command === COMMAND.spid);

/**
 * Answers such a program, and stores what SENSE PATH GROUP ID returns. Whether the device is reserved the host does not
 * know without asking it: the state says that it is not. A guest that leaves the group only believes to have left it.
 */
export function answerPathGroup({ ccws }: ChannelProgram, lpm: PathMask, group: GroupState): GroupAnswer {
  if ((lpm & group.grouped) === NO_PATHS) return 'no-path';
  const { command } = ccws[0];
  const data = ccws[0].data!;
  if (command === COMMAND.snid) {
    data[0] = PATH_STATE.GROUPED | (group.multipath ? PATH_MULTIPATH : 0);
    data.set(group.pgid, 1);
    return 'done';
  }
  if ((data[0] & GROUP_FUNCTION_MASK) !== GROUP_FUNCTION.ESTABLISH) return 'done';
  const inMode = ((data[0] & GROUP_MULTIPATH) !== 0) === group.multipath;
  return inMode && equalPgids(data, group.pgid, 1) ? 'done' : 'refused';
}

const ENDED = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.PENDING;

/** Stores the status with which the answer is given, as an interruption would have brought it. */
export function storeAnswer(answer: GroupAnswer, lpm: PathMask, { grouped }: GroupState, irb: Irb): void {
  clearIrb(irb);
  const { scsw } = irb;
  scsw.fctl = FCTL.START;
  scsw.stctl = answer === 'done' ? ENDED : ENDED | STCTL.ALERT;
  if (answer === 'no-path') {
    scsw.cc = 3;
    return;
  }
  irb.lpum = pathBit(firstPath(lpm & grouped));
  scsw.dstat = DSTAT.CHANNEL_END | DSTAT.DEVICE_END;
  if (answer === 'done') return;
  scsw.dstat |= DSTAT.UNIT_CHECK;
  scsw.extendedControl = 1;
  irb.concurrentSense = 1;
  irb.senseCount = SENSE_BYTES;
  storeSense(irb.sense, SENSE0.COMMAND_REJECT, 0, MESSAGE.INVALID_PARAMETER, 0);
}
