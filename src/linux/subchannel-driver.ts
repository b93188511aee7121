import type { Process, Steps } from '../kernel/process.ts';
import type { Irb } from '../zarch/irb.ts';
import type { Errno } from './errno.ts';
import type { LinuxSystem } from './linux-system.ts';
import type { PathLink, Subchannel } from './subchannel.ts';

/** Channel-path events as subchannel drivers get them (chp.h). */
export const CHP_EVENT = { ONLINE: 0, OFFLINE: 1, VARY_ON: 2, VARY_OFF: 3, FCES: 4 } as const;
export type ChpEvent = (typeof CHP_EVENT)[keyof typeof CHP_EVENT];

/** Who drives a subchannel, as opposed to the device behind it (`struct css_driver` in css.h). */
export interface SubchannelDriver {
  readonly name: string;
  /** Binds to a subchannel; 0 or an error, with which it has not bound. */
  probe(linux: LinuxSystem, self: Process, sch: Subchannel): Steps<Errno>;
  /** Lets go of a subchannel that is unbound or unregistered (`remove`). */
  remove(linux: LinuxSystem, self: Process, sch: Subchannel): Steps;
  /**
   * The status of an interruption, in the interruption handler; the IRB is only lent. Interruptions of ccw devices never
   * come here: they are handled where they are taken.
   */
  interruption(sch: Subchannel, irb: Irb): void;
  /**
   * Something happened to the subchannel; STSCH tells what. −EAGAIN asks for another call in process context (`process`),
   * where devices can come and go (`sch_event`).
   */
  subchannelEvent(linux: LinuxSystem, self: Process, sch: Subchannel, process: boolean): Steps<Errno>;
  /** A channel path came or went, or the administrator said so (`chp_event`). Another result than 0 has it evaluated. */
  channelPathEvent(
    linux: LinuxSystem,
    self: Process,
    sch: Subchannel,
    link: PathLink,
    event: ChpEvent,
  ): Steps<Errno>;
}
