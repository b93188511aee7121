import type { InterruptController, InterruptibleProgram } from '../channel/channel-subsystem.ts';
import type { Process, Steps } from '../kernel/process.ts';
import { type EventHandle, NO_EVENT, type Simulation } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import type { IoInterruptionCode } from '../zarch/interruption-code.ts';

/** Argument of the event that ends a wait because its time is over. */
const TIME_OVER = 1;

interface Waiting {
  readonly self: Process;
  readonly iscMask: number;
  readonly channelReports: boolean;
  deadline: EventHandle;
}

/**
 * The CPUs of a script take interruptions in enabled waits only, as a program does that loads a wait PSW: between waits
 * conditions stay pending. This is the program that the interruption controller tells about them.
 */
export class InterruptionWindow implements InterruptibleProgram {
  private readonly sim: Simulation;
  private readonly controller: InterruptController;
  private readonly waiting: Waiting[] = [];

  constructor(sim: Simulation, controller: InterruptController) {
    this.sim = sim;
    this.controller = controller;
    controller.program = this;
    controller.enable(0, false);
  }

  /** Waits for an I/O interruption of these subclasses; false: none came in time. */
  takeIo(self: Process, iscMask: number, limitNs: SimTime, code: IoInterruptionCode): Steps<boolean> {
    return this.take(self, iscMask, false, limitNs, () => this.controller.take(iscMask, code));
  }

  /** Waits for the machine check of a channel report; false: none came in time. */
  takeMachineCheck(self: Process, enabled: boolean, limitNs: SimTime): Steps<boolean> {
    return this.take(self, 0, enabled, limitNs, () => this.controller.takeMachineCheck());
  }

  ioInterruptionPending(): void {
    this.wakeAll();
  }

  machineCheckPending(): void {
    this.wakeAll();
  }

  private *take(
    self: Process,
    iscMask: number,
    channelReports: boolean,
    limitNs: SimTime,
    presented: () => boolean,
  ): Steps<boolean> {
    const endNs = this.sim.now + limitNs;
    for (;;) {
      this.open(iscMask, channelReports);
      const taken = presented();
      if (taken || this.sim.now >= endNs) {
        this.open(0, false);
        return taken;
      }
      const entry: Waiting = { self, iscMask, channelReports, deadline: NO_EVENT };
      entry.deadline = this.sim.at(endNs, self.priority, self.kind, self.target, TIME_OVER);
      this.waiting.push(entry);
      const cause = yield;
      if (cause === TIME_OVER) this.waiting.splice(this.waiting.indexOf(entry), 1);
    }
  }

  /** Every CPU that waits is enabled for what it waits for, besides the one that asks. */
  private open(iscMask: number, channelReports: boolean): void {
    const masks = this.waiting.reduce((mask, entry) => mask | entry.iscMask, iscMask);
    this.controller.enable(masks, channelReports || this.waiting.some((entry) => entry.channelReports));
  }

  private wakeAll(): void {
    for (const { self, deadline } of this.waiting.splice(0)) {
      this.sim.cancel(deadline);
      this.sim.post(0, self.priority, self.kind, self.target, 0);
    }
  }
}
