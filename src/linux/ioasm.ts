import {
  type ChannelSubsystem,
  type IoInstruction,
  type MeasurementControl,
  type Operands,
  type Outcome,
  WAIT,
} from '../channel/channel-subsystem.ts';
import type { Cpu, Steps, Waiter } from '../kernel/process.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { ToldChpids } from '../observe/told-chpids.ts';
import type { ChscBlock } from '../zarch/chsc.ts';
import { COMMAND_SET } from '../zarch/commands.ts';
import { type Crw, crwWord } from '../zarch/crw.ts';
import { NONE, type SubchannelId } from '../zarch/ids.ts';
import type { Irb } from '../zarch/irb.ts';
import type { Orb } from '../zarch/orb.ts';
import { packDevice, packPamPom, packPathMasks, packScswControl } from '../zarch/packed-fields.ts';
import type { Schib } from '../zarch/schib.ts';

/** What can execute instructions and go on later: a process, or an interruption handler. */
export interface Executor extends Cpu, Waiter {}

/** Condition code 0 … 3. */
export type ConditionCode = number;

/**
 * The I/O instructions as the control program executes them (ioasm.c). Each executed instruction gives exactly one
 * event, when its condition code is known and before anybody looks at it; one that shows new CHPIDs has another before
 * it. Two forms: generators for sequential code, and
 * `…Now` for the data path, whose caller deals with WAIT itself and calls `…Done` when the condition code has come.
 */
export class IoInstructions {
  private readonly css: ChannelSubsystem;
  private readonly observer: Observer;
  private readonly system: number;
  private readonly chpids: ToldChpids;
  /** A report that STCRW returns before those of the channel subsystem (cio_inject.c); null: none. */
  private injected: Crw | null = null;
  /** How many of them have been fetched. */
  injectedFetched = 0;

  constructor(css: ChannelSubsystem, observer: Observer, system: number) {
    this.css = css;
    this.observer = observer;
    this.system = system;
    this.chpids = new ToldChpids(observer, system);
  }

  *stsch(self: Executor, schid: SubchannelId, schib: Schib): Steps<ConditionCode> {
    const cc = yield* this.execute(self, 'stsch', schid, schib);
    // Nothing was stored with another condition code, and callers use empty blocks then.
    if (cc === 0) this.emitSchib(EVENT.stsch, schid, cc, schib);
    else this.emit(EVENT.stsch, schid, cc, 0, 0, 0);
    return cc;
  }

  *msch(self: Executor, schid: SubchannelId, schib: Schib): Steps<ConditionCode> {
    const cc = yield* this.execute(self, 'msch', schid, schib);
    this.emitSchib(EVENT.msch, schid, cc, schib);
    return cc;
  }

  *tsch(self: Executor, schid: SubchannelId, irb: Irb): Steps<ConditionCode> {
    const cc = yield* this.execute(self, 'tsch', schid, irb);
    this.tschDone(schid, irb, cc);
    return cc;
  }

  *ssch(self: Executor, schid: SubchannelId, orb: Orb): Steps<ConditionCode> {
    const cc = yield* this.execute(self, 'ssch', schid, orb);
    this.sschDone(schid, orb, cc);
    return cc;
  }

  *hsch(self: Executor, schid: SubchannelId): Steps<ConditionCode> {
    const cc = yield* this.execute(self, 'hsch', schid, null);
    this.emit(EVENT.hsch, schid, cc, 0, 0, 0);
    return cc;
  }

  *csch(self: Executor, schid: SubchannelId): Steps<ConditionCode> {
    const cc = yield* this.execute(self, 'csch', schid, null);
    this.emit(EVENT.csch, schid, cc, 0, 0, 0);
    return cc;
  }

  *xsch(self: Executor, schid: SubchannelId): Steps<ConditionCode> {
    const cc = yield* this.execute(self, 'xsch', schid, null);
    this.emit(EVENT.xsch, schid, cc, 0, 0, 0);
    return cc;
  }

  *rsch(self: Executor, schid: SubchannelId): Steps<ConditionCode> {
    const cc = yield* this.execute(self, 'rsch', schid, null);
    this.emit(EVENT.rsch, schid, cc, 0, 0, 0);
    return cc;
  }

  *rchp(self: Executor, chpid: number): Steps<ConditionCode> {
    const cc = yield* this.execute(self, 'rchp', chpid, null);
    this.observer.emit(EVENT.rchp, this.system, NONE, chpid, NONE, cc, 0, 0, 0);
    return cc;
  }

  *schm(self: Executor, control: MeasurementControl): Steps<ConditionCode> {
    const cc = yield* this.execute(self, 'schm', 0, control);
    const { update, deviceConnectTime, origin } = control;
    this.emit(EVENT.schm, NONE, cc, update ? 1 : 0, deviceConnectTime ? 1 : 0, origin);
    return cc;
  }

  *stcrw(self: Executor, crw: Crw): Steps<ConditionCode> {
    const cc = this.takeInjected(crw) ? 0 : yield* this.execute(self, 'stcrw', 0, crw);
    this.emit(EVENT.stcrw, NONE, cc, crwWord(crw), 0, 0);
    return cc;
  }

  *chsc(self: Executor, block: ChscBlock): Steps<ConditionCode> {
    const cc = yield* this.execute(self, 'chsc', 0, block);
    this.emit(EVENT.chsc, NONE, cc, block.command, block.response, 0);
    return cc;
  }

  /** START SUBCHANNEL on the data path; on WAIT the condition code is posted to `self`. */
  sschNow(self: Executor, schid: SubchannelId, orb: Orb): Outcome {
    const outcome = this.css.issue(self, 'ssch', schid, orb, self);
    if (outcome !== WAIT) this.sschDone(schid, orb, outcome);
    return outcome;
  }

  sschDone(schid: SubchannelId, orb: Orb, cc: ConditionCode): void {
    const { program } = orb;
    if (program === null) {
      // In storage: a guest's, of which it is not known here how many commands it consists of.
      this.observer.emit(EVENT.ssch, this.system, schid, NONE, orb.lpm, cc, 0, 0, 0);
      return;
    }
    const { ccws, commandSet = COMMAND_SET.COMMON_AND_DASD } = program;
    // A transport-command control block has one command for the whole program.
    const length = program.transport === true ? 1 : program.length;
    this.observer.emit(EVENT.ssch, this.system, schid, NONE, orb.lpm, cc, length, ccws[0].command, 0);
    if (cc !== 0) return;
    for (let at = 0; at < length; at++) {
      this.observer.command(this.system, schid, orb.lpm, ccws[at], commandSet);
    }
  }

  /** TEST SUBCHANNEL on the data path; on WAIT the condition code is posted to `self`. */
  tschNow(self: Executor, schid: SubchannelId, irb: Irb): Outcome {
    const outcome = this.css.issue(self, 'tsch', schid, irb, self);
    if (outcome !== WAIT) this.tschDone(schid, irb, outcome);
    return outcome;
  }

  tschDone(schid: SubchannelId, irb: Irb, cc: ConditionCode): void {
    const { scsw } = irb;
    this.emit(EVENT.tsch, schid, cc, packScswControl(scsw), scsw.dstat, scsw.cstat);
  }

  /** Has the next STCRW return this report; false when an earlier one has not been fetched yet. */
  inject(report: Crw): boolean {
    if (this.injected !== null) return false;
    this.injected = report;
    return true;
  }

  private takeInjected(crw: Crw): boolean {
    if (this.injected === null) return false;
    Object.assign(crw, this.injected);
    this.injected = null;
    this.injectedFetched++;
    return true;
  }

  private *execute<I extends IoInstruction>(
    self: Executor,
    instruction: I,
    subchannel: SubchannelId,
    operand: Operands[I],
  ): Steps<ConditionCode> {
    const outcome = this.css.issue(self, instruction, subchannel, operand, self);
    return outcome === WAIT ? yield : outcome;
  }

  private emitSchib(event: number, schid: SubchannelId, cc: ConditionCode, { pmcw }: Schib): void {
    this.chpids.tell(schid, pmcw);
    this.emit(event, schid, cc, packDevice(pmcw), packPathMasks(pmcw), packPamPom(pmcw));
  }

  private emit(event: number, schid: SubchannelId, cc: ConditionCode, a: number, b: number, c: number): void {
    this.observer.emit(event, this.system, schid, NONE, NONE, cc, a, b, c);
  }
}
