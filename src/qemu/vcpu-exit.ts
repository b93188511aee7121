import type { IoInstruction, Operands } from '../channel/channel-subsystem.ts';
import type { Process, Steps, Waiter } from '../kernel/process.ts';
import type { SimTime } from '../kernel/time.ts';
import type { SubchannelId } from '../zarch/ids.ts';
import type { LoopJob } from './main-loop.ts';

/** Who executes an instruction that a guest's CPU has left the guest for; null: it is done. */
export type ExitHandler = (exit: VcpuExit, self: Process) => Steps | null;

/** A CPU of the guest outside of it: it asks for the lock, and goes back with a condition code. */
export class VcpuExit implements LoopJob {
  /** Its position among the exits of the virtual machine. */
  readonly at: number;
  readonly costNs: SimTime;
  name: IoInstruction = 'sal';
  id: SubchannelId = 0;
  operand: Operands[IoInstruction] = null;
  waiter: Waiter | null = null;
  /** The condition code, once the instruction has been executed. */
  cc = 0;
  private readonly handler: ExitHandler;
  private readonly returned: (exit: VcpuExit) => void;

  constructor(at: number, costNs: SimTime, handler: ExitHandler, returned: (exit: VcpuExit) => void) {
    this.at = at;
    this.costNs = costNs;
    this.handler = handler;
    this.returned = returned;
  }

  begin(self: Process): Steps | null {
    return this.handler(this, self);
  }

  ended(): void {
    this.returned(this);
  }
}
