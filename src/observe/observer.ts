import type { Ccw } from '../zarch/ccw.ts';
import type { SubchannelId } from '../zarch/ids.ts';
import type { BlockRequest } from './block-request.ts';

/** Who sees everything that happens. Emitting counts always; a record is kept only when the run is traced at that level. */
export interface Observer {
  /**
   * One event of the table. `system` is the number of the system concerned (−1: the machine); `subchannel`, `chpid`
   * and `lpm` are −1 where there is none, `cc` where there is no condition code; `a`, `b`, `c` as the table names them.
   */
  emit(
    event: number,
    system: number,
    subchannel: number,
    chpid: number,
    lpm: number,
    cc: number,
    a: number,
    b: number,
    c: number,
  ): void;
  /** A CCW of a channel program that a system started (SSCH cc 0): counted by command name, `commandSet` as in COMMAND_SET. */
  command(system: number, subchannel: number, lpm: number, ccw: Ccw, commandSet: number): void;
  /**
   * An application request has ended, with its stamps and outcome set: called by the driver just before it gives the
   * request back to its owner, besides `io.completed` or `io.failed`. The request is only lent.
   */
  requestEnded(system: number, subchannel: SubchannelId, request: BlockRequest): void;
}

/** For tests and set-ups in which nobody looks. */
export const BLIND: Observer = { emit() {}, command() {}, requestEnded() {} };
