import { ACTL, CSTAT, DSTAT, FCTL, STCTL } from '../zarch/scsw.ts';
import { interpretCcw } from './ccw-interpreter.ts';
import type { DataStream } from './data-stream.ts';
import type { ProgramMemory } from './program-memory.ts';
import { PROGRAM, type ProgramResult } from './program-result.ts';
import type { VirtualSubchannel } from './subchannel.ts';
import { VirtualCcw } from './virtual-ccw.ts';

/** The only path of a virtual device. */
const PATH = 0x80;
/** Sense byte 0. */
const COMMAND_REJECT = 0x80;
const DEFERRED_CC3 = 3;
const ACTIVE = ACTL.SUBCHANNEL_ACTIVE | ACTL.DEVICE_ACTIVE;
const ENDED = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.PENDING;

/**
 * The start, halt and clear functions of virtual subchannels. They are carried out whole inside the instruction, so that
 * a program never sees a subchannel active.
 */
export class SubchannelFunctions {
  private readonly data: DataStream;
  private readonly ccwLimit: number;
  private readonly ccw = new VirtualCcw();

  constructor(data: DataStream, ccwLimit: number) {
    this.data = data;
    this.ccwLimit = ccwLimit;
  }

  /** Whatever function is due (css.c:do_subchannel_work). */
  perform(sch: VirtualSubchannel, memory: ProgramMemory): void {
    const { fctl } = sch.schib.scsw;
    if ((fctl & FCTL.CLEAR) !== 0) performClear(sch);
    else if ((fctl & FCTL.HALT) !== 0) performHalt(sch);
    else this.startOrResume(sch, memory);
  }

  /** css.c:sch_handle_start_func_virtual. Format and deferred cc stay in the SCSW until the subchannel is reset. */
  private startOrResume(sch: VirtualSubchannel, memory: ProgramMemory): void {
    const { scsw, pmcw } = sch.schib;
    let maySuspend = true;
    if ((scsw.actl & ACTL.SUSPENDED) === 0) {
      scsw.cstat = 0;
      scsw.dstat = 0;
      pmcw.intparm = sch.orb.intparm;
      if ((sch.orb.lpm & PATH) === 0) {
        scsw.cc = DEFERRED_CC3;
        scsw.stctl = STCTL.ALERT | STCTL.PENDING;
        return;
      }
      sch.format1 = sch.orb.format1 === 1;
      if (sch.format1) scsw.format = 1;
      sch.withoutAddress = 0;
      maySuspend = sch.orb.suspendControl === 1;
    } else {
      scsw.actl &= ~(ACTL.SUSPENDED | ACTL.RESUME_PENDING);
    }
    end(sch, this.run(sch, memory, maySuspend));
  }

  private run(sch: VirtualSubchannel, memory: ProgramMemory, maySuspend: boolean): ProgramResult {
    sch.afterTransfer = false;
    for (let executed = 0; executed < this.ccwLimit; executed++) {
      const result = interpretCcw(sch, this.ccw, memory, this.data, maySuspend);
      if (result !== PROGRAM.CHAIN) return result;
    }
    return PROGRAM.CHECK;
  }
}

/** Status of a program that has ended or is suspended. */
function end(sch: VirtualSubchannel, result: ProgramResult): void {
  const { scsw } = sch.schib;
  scsw.actl &= ~ACTL.START_PENDING;
  if (result === PROGRAM.STATUS_SET) return;
  switch (result) {
    case PROGRAM.SUSPENDED:
      scsw.actl |= ACTL.SUSPENDED;
      return;
    case PROGRAM.OK:
      scsw.stctl = ENDED;
      scsw.dstat = DSTAT.CHANNEL_END | DSTAT.DEVICE_END;
      break;
    case PROGRAM.REJECT:
      scsw.stctl = ENDED | STCTL.ALERT;
      scsw.dstat = DSTAT.UNIT_CHECK;
      sch.sense[0] = COMMAND_REJECT;
      break;
    default:
      scsw.stctl = ENDED | STCTL.ALERT;
      scsw.cstat = CSTAT.PROGRAM_CHECK;
  }
  scsw.ccwAddress = afterCcw(sch);
}

/** Address after the CCW in use; addresses wrap around at 32 bits. */
const afterCcw = (sch: VirtualSubchannel): number => (sch.ccwAddress + 8) >>> 0;

/** css.c:sch_handle_clear_func. Status that was pending is kept beside the new one. */
export function performClear(sch: VirtualSubchannel): void {
  const { scsw, pmcw } = sch.schib;
  pmcw.pom = 0xff;
  scsw.pathNotOperational = 0;
  sch.ccwAddress = 0;
  sch.afterTransfer = false;
  scsw.actl &= ~ACTL.CLEAR_PENDING;
  scsw.stctl |= STCTL.PENDING;
  scsw.dstat = 0;
  scsw.cstat = 0;
  pmcw.lpum = PATH;
}

/** css.c:sch_handle_halt_func. */
export function performHalt(sch: VirtualSubchannel): void {
  const { scsw, pmcw } = sch.schib;
  const isActive = (scsw.actl & ACTIVE) !== 0;
  const isSuspended = (scsw.actl & ACTL.SUSPENDED) !== 0;
  const isStarting = (scsw.actl & ACTL.START_PENDING) !== 0;
  if (isActive || isSuspended) scsw.ccwAddress = afterCcw(sch);
  if (isActive || (!isStarting && !isSuspended)) scsw.dstat = DSTAT.DEVICE_END;
  sch.ccwAddress = 0;
  sch.afterTransfer = false;
  scsw.actl &= ~ACTL.HALT_PENDING;
  scsw.stctl |= STCTL.PENDING;
  scsw.cstat = 0;
  pmcw.lpum = PATH;
}
