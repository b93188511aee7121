import { CCW_FLAG } from '../zarch/ccw.ts';
import { COMMAND } from '../zarch/commands.ts';
import { CSTAT } from '../zarch/scsw.ts';
import type { Subchannel } from './subchannel.ts';

/**
 * What a halt function leaves of the command that a device was executing: none of its bytes count as moved, which is
 * incorrect length unless that is suppressed (Principles of Operation, "Halt Function", "Incorrect Length"). Without it
 * channel end and device end would tell the program of success.
 */
export function haltCommand(sch: Subchannel): void {
  const { program, stored } = sch;
  if (program !== null) {
    const { count, flags } = program.ccws[program.length - 1];
    leave(sch, count, (flags & CCW_FLAG.SUPPRESS_LENGTH) === 0);
  } else if (stored !== null) {
    const { current } = stored;
    const wantsData = current.command !== COMMAND.nop;
    leave(sch, current.count, wantsData && !current.has(CCW_FLAG.SUPPRESS_LENGTH));
  }
}

function leave(sch: Subchannel, residual: number, indicated: boolean): void {
  sch.residual = residual;
  sch.cstat = indicated && residual > 0 ? CSTAT.INCORRECT_LENGTH : 0;
}
