import {
  type ChannelSubsystem,
  type InterruptController,
  type InterruptibleProgram,
  type IoInstruction,
  type Operands,
  type Outcome,
  WAIT,
} from '../../channel/channel-subsystem.ts';
import type { Cpu, Waiter } from '../../kernel/process.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { SubchannelId } from '../../zarch/ids.ts';
import type { IoInterruptionCode } from '../../zarch/interruption-code.ts';

/** An instruction that a guest came to while it stood still. */
interface HeldInstruction {
  readonly cpu: Cpu;
  readonly name: IoInstruction;
  readonly subchannel: SubchannelId;
  readonly operand: Operands[IoInstruction];
  readonly waiter: Waiter;
}

/**
 * Stands between the Linux of a guest and the QEMU by which it is executed, which may be another one later.
 *
 *   Linux ─► MovableChannelSubsystem ─┬─ runs ─► QEMU of the source, later that of the destination
 *                                     └─ stands still ─► kept until it runs again
 *
 * While the guest stands still no instruction is executed and no interruption presented. That its processors do not work
 * is seen from nothing else: the time of day goes on, and timers that expire meanwhile find their instructions kept.
 */
export class MovableChannelSubsystem implements ChannelSubsystem {
  readonly interrupts: MovableInterrupts;
  private readonly sim: Simulation;
  private current: ChannelSubsystem;
  private isStopped = false;
  private held: HeldInstruction[] = [];

  constructor(sim: Simulation, first: ChannelSubsystem) {
    this.sim = sim;
    this.current = first;
    this.interrupts = new MovableInterrupts(first.interrupts);
  }

  issue<I extends IoInstruction>(
    cpu: Cpu,
    name: I,
    subchannel: SubchannelId,
    operand: Operands[I],
    waiter: Waiter,
  ): Outcome {
    if (!this.isStopped) return this.current.issue(cpu, name, subchannel, operand, waiter);
    this.held.push({ cpu, name, subchannel, operand, waiter });
    return WAIT;
  }

  /** vm_stop. What has left the guest before is still answered. */
  stop(): void {
    this.isStopped = true;
    this.interrupts.stop();
  }

  /** Runs on, here or elsewhere: what is pending is presented, and instructions are executed in the order in which they came. */
  resume(on: ChannelSubsystem): void {
    this.current = on;
    this.isStopped = false;
    this.interrupts.resume(on.interrupts);
    const held = this.held;
    this.held = [];
    for (const instruction of held) this.execute(instruction);
  }

  private execute({ cpu, name, subchannel, operand, waiter }: HeldInstruction): void {
    const outcome = this.current.issue(cpu, name, subchannel, operand, waiter);
    if (outcome !== WAIT) this.sim.post(0, waiter.priority, waiter.kind, waiter.target, outcome);
  }
}

/** The interruptions of that guest: whichever controller they wait in, its program is told, and by its masks. */
class MovableInterrupts implements InterruptController {
  private current: InterruptController;
  private iscMask = 0;
  private channelReports = false;
  private isStopped = false;

  constructor(first: InterruptController) {
    this.current = first;
  }

  get program(): InterruptibleProgram {
    return this.current.program;
  }
  set program(program: InterruptibleProgram) {
    this.current.program = program;
  }

  enable(iscMask: number, channelReports: boolean): void {
    this.iscMask = iscMask;
    this.channelReports = channelReports;
    if (!this.isStopped) this.current.enable(iscMask, channelReports);
  }

  stop(): void {
    this.isStopped = true;
    this.current.enable(0, false);
  }

  /** All that is pending is announced once more: who was on the way to take it when the guest stopped has found nothing. */
  resume(on: InterruptController): void {
    on.program = this.current.program;
    this.current = on;
    this.isStopped = false;
    on.enable(this.iscMask, this.channelReports);
  }

  post(subchannel: SubchannelId, isc: number): void {
    this.current.post(subchannel, isc);
  }
  withdraw(subchannel: SubchannelId): void {
    this.current.withdraw(subchannel);
  }
  postMachineCheck(): void {
    this.current.postMachineCheck();
  }
  takeIo(): SubchannelId {
    return this.current.takeIo();
  }
  take(iscMask: number, code: IoInterruptionCode): boolean {
    return this.current.take(iscMask, code);
  }
  takeMachineCheck(cpu?: number): boolean {
    return this.current.takeMachineCheck(cpu);
  }
}
