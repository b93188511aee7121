import {
  type InterruptController,
  type InterruptibleProgram,
  type Outcome,
  WAIT,
} from '../channel/channel-subsystem.ts';
import type { Steps } from '../kernel/process.ts';
import type { EventKind } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import { EVENT } from '../observe/event-table.ts';
import { copyScsw } from '../zarch/block-copy.ts';
import { NONE } from '../zarch/ids.ts';
import { Irb } from '../zarch/irb.ts';
import { IO_SCH_ISC } from './cio.ts';
import { endsSample } from './cmf.ts';
import type { CioDevice } from './device.ts';
import { DEV_EVENT, type DevEvent } from './device-state.ts';
import { onlineVerify } from './device-verify.ts';
import type { ConditionCode, Executor } from './ioasm.ts';
import { LEVEL } from './levels.ts';
import type { LinuxSystem } from './linux-system.ts';
import type { Subchannel } from './subchannel.ts';

/** A CPU in an interruption handler: what its instructions answer later comes back to it. It has an IRB of its own. */
class HandlerContext implements Executor {
  readonly kind: EventKind;
  readonly target: number;
  readonly priority: number;
  readonly irb = new Irb();
  /** What goes on when the answer comes; null while the context is spare. */
  steps: Steps<number> | null = null;
  private readonly linux: LinuxSystem;

  constructor(linux: LinuxSystem, kind: EventKind, target: number) {
    this.linux = linux;
    this.kind = kind;
    this.target = target;
    this.priority = linux.priority;
  }

  charge(costNs: SimTime): void {
    this.linux.cpus.charge(costNs);
  }
}

/**
 * I/O interruptions and machine checks of one system (cio.c:do_cio_interrupt, nmi.c).
 *
 *   pending ─► a CPU is free ─► TSCH ─┬─► plain end of an I/O ─► driver            (no allocation, no state machine)
 *                                     └─► device state machine ─► request or driver
 */
export class Interruptions implements InterruptibleProgram {
  private readonly linux: LinuxSystem;
  private readonly controller: InterruptController;
  private readonly ioKind: EventKind;
  private readonly checkKind: EventKind;
  private readonly answerKind: EventKind;
  private readonly contexts: HandlerContext[] = [];
  private readonly free: HandlerContext[] = [];

  constructor(linux: LinuxSystem, controller: InterruptController) {
    this.linux = linux;
    this.controller = controller;
    const { sim, name } = linux;
    this.ioKind = sim.defineEvent(`${name}.interruption`, () => this.takeInterruption());
    this.checkKind = sim.defineEvent(`${name}.machine-check`, () => this.takeMachineCheck());
    this.answerKind = sim.defineEvent(`${name}.answer`, (target, cc) => this.resume(target, cc));
    controller.program = this;
  }

  ioInterruptionPending(): void {
    this.linux.cpus.submit(this.linux.costs.interruptNs, LEVEL.INTERRUPT, this.ioKind, 0, 0);
  }

  machineCheckPending(): void {
    this.linux.cpus.submit(this.linux.costs.mcckToHandlerNs, LEVEL.INTERRUPT, this.checkKind, 0, 0);
  }

  /** The context that `begin` will use next: who is to be told when an instruction answers later. */
  get spare(): Executor {
    return this.spareContext();
  }

  /** Runs steps until they end, and returns their result, or until they have to wait: WAIT. */
  begin(body: (self: Executor) => Steps<number>): number {
    const context = this.spareContext();
    this.free.pop();
    const steps = body(context);
    const { done, value } = steps.next(0);
    if (done === true) {
      this.free.push(context);
      return value;
    }
    context.steps = steps;
    return WAIT;
  }

  /** An event of the device state machine from a timer. */
  deviceEvent(device: CioDevice, event: DevEvent): void {
    const { sim } = this.linux;
    this.begin(function* (self) {
      const { lock } = device.sch;
      yield* lock.acquire(self);
      yield* device.event(self, event);
      lock.release(sim);
      return 0;
    });
  }

  private takeInterruption(): void {
    const { linux } = this;
    const schid = this.controller.takeIo();
    // Below NONE stand interruptions of adapters, for which this system has no handler.
    if (schid <= NONE) return;
    linux.emit(EVENT.interrupt, schid, NONE, IO_SCH_ISC, 0, 0);
    const sch = linux.css.lookup(schid);
    if (sch === undefined || sch.lock.holds > 0) {
      this.takeSlowly(schid, sch);
      return;
    }
    const context = this.spareContext();
    const outcome = linux.io.tschNow(context, schid, context.irb);
    if (outcome === WAIT) this.answeredLater(sch);
    else this.deliver(sch, context.irb, outcome);
  }

  /** The status of one interruption is here. The usual case never leaves this function. */
  private deliver(sch: Subchannel, irb: Irb, cc: ConditionCode): void {
    if (cc !== 0) return;
    copyScsw(irb.scsw, sch.schib.scsw);
    const { device } = sch;
    if (device === null) {
      sch.driver?.interruption(sch, irb);
      return;
    }
    if (device.cmb !== null && endsSample(irb)) device.cmb.ended(irb);
    if (!device.plainInterruption(irb)) {
      sch.lock.holds++;
      this.begin((self) => this.stateMachine(self, sch, device, irb));
    } else if (device.doverify) {
      sch.lock.holds++;
      this.begin((self) => this.owedVerification(self, sch, device));
    }
  }

  /** The device state machine with the lock held; gives it back. */
  private *stateMachine(self: Executor, sch: Subchannel, device: CioDevice, irb: Irb): Steps<number> {
    device.interruptIrb = irb;
    yield* device.event(self, DEV_EVENT.INTERRUPT);
    sch.lock.release(this.linux.sim);
    return 0;
  }

  private *owedVerification(self: Executor, sch: Subchannel, device: CioDevice): Steps<number> {
    yield* onlineVerify(self, device);
    sch.lock.release(this.linux.sim);
    return 0;
  }

  private answeredLater(sch: Subchannel): void {
    const interruptions = this;
    sch.lock.holds++;
    this.begin(function* (self) {
      const { irb } = self as HandlerContext;
      const cc: Outcome = (yield) as Outcome;
      interruptions.linux.io.tschDone(sch.schid, irb, cc);
      return yield* interruptions.deliverLocked(self, sch, irb, cc);
    });
  }

  /** The subchannel is unknown, or somebody holds its lock. */
  private takeSlowly(schid: number, sch: Subchannel | undefined): void {
    const interruptions = this;
    this.begin(function* (self) {
      const { irb } = self as HandlerContext;
      if (sch === undefined) {
        // Nobody knows the subchannel: the status is taken so that it does not interrupt again.
        yield* interruptions.linux.io.tsch(self, schid, irb);
        return 0;
      }
      yield* sch.lock.acquire(self);
      const cc = yield* interruptions.linux.io.tsch(self, schid, irb);
      return yield* interruptions.deliverLocked(self, sch, irb, cc);
    });
  }

  private *deliverLocked(self: Executor, sch: Subchannel, irb: Irb, cc: ConditionCode): Steps<number> {
    const { device } = sch;
    if (cc === 0) copyScsw(irb.scsw, sch.schib.scsw);
    if (cc !== 0 || device === null) {
      if (cc === 0) sch.driver?.interruption(sch, irb);
      sch.lock.release(this.linux.sim);
      return 0;
    }
    if (device.cmb !== null && endsSample(irb)) device.cmb.ended(irb);
    if (!device.plainInterruption(irb)) return yield* this.stateMachine(self, sch, device, irb);
    if (device.doverify) return yield* this.owedVerification(self, sch, device);
    sch.lock.release(this.linux.sim);
    return 0;
  }

  /** The handler only notes that channel reports are pending; the collector thread fetches them. */
  private takeMachineCheck(): void {
    const { linux } = this;
    if (!this.controller.takeMachineCheck()) return;
    linux.emit(EVENT['machine-check'], NONE, NONE, 0, 0, 0);
    linux.reports.request(linux.costs.handlerToThreadNs);
  }

  private resume(target: number, answer: number): void {
    const context = this.contexts[target];
    if (context.steps!.next(answer).done === true) {
      context.steps = null;
      this.free.push(context);
    }
  }

  private spareContext(): HandlerContext {
    if (this.free.length === 0) {
      const context = new HandlerContext(this.linux, this.answerKind, this.contexts.length);
      this.contexts.push(context);
      this.free.push(context);
    }
    return this.free[this.free.length - 1];
  }
}
