import type { InterruptibleProgram } from '../channel/channel-subsystem.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { EventKind, Simulation } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';

/**
 * The way of an interruption from the kernel's list of pending ones into the guest: a processor of the guest that waits
 * has to be woken and enter it. All of them are taken to wait, which costs a busy guest a little more than it should.
 */
export class VcpuWake implements InterruptibleProgram {
  private readonly sim: Simulation;
  private readonly delayNs: SimTime;
  private readonly io: EventKind;
  private readonly machineCheck: EventKind;

  constructor(sim: Simulation, name: string, delayNs: SimTime, program: InterruptibleProgram) {
    this.sim = sim;
    this.delayNs = delayNs;
    this.io = sim.defineEvent(`${name}.wake`, () => program.ioInterruptionPending());
    this.machineCheck = sim.defineEvent(`${name}.wake-for-machine-check`, () =>
      program.machineCheckPending(),
    );
  }

  ioInterruptionPending(): void {
    this.sim.post(this.delayNs, PRIORITY.GUEST, this.io, 0, 0);
  }

  machineCheckPending(): void {
    this.sim.post(this.delayNs, PRIORITY.GUEST, this.machineCheck, 0, 0);
  }
}
