import type { IoInstruction } from '../channel/channel-subsystem.ts';
import { NONE } from '../zarch/ids.ts';
import { channelPathOf, identify } from './operand-rules.ts';
import type { QemuTrace } from './trace.ts';

/** Traced before their operands are checked; all others after that. */
const TRACED_FIRST: ReadonlySet<IoInstruction> = new Set(['chsc', 'schm', 'rchp', 'tsch']);
const SILENT: ReadonlySet<IoInstruction> = new Set(['stcrw', 'tpi', 'sal', 'stcps']);

/** The one event that each instruction gives, at the place in its handling where QEMU has it. */
export class InstructionTrace {
  private readonly trace: QemuTrace;
  /** Traced already, because its operands were to be checked outside. */
  private intercepted: IoInstruction | null = null;

  constructor(trace: QemuTrace) {
    this.trace = trace;
  }

  /** The operands of an instruction are about to be checked. */
  intercept(name: IoInstruction, register1: number): void {
    this.intercepted = null;
    const id: number = name === 'tsch' ? identify(register1) : channelPathOf(register1);
    if (!TRACED_FIRST.has(name) || id === NONE) return;
    this.intercepted = name;
    this.emit(name, id);
  }

  /** An instruction is executed; `id` is the subchannel, or the channel path for RCHP. */
  execute(name: IoInstruction, id: number): void {
    if (name !== this.intercepted) this.emit(name, id);
    this.intercepted = null;
  }

  private emit(name: IoInstruction, id: number): void {
    if (SILENT.has(name)) return;
    if (name === 'chsc' || name === 'schm') this.trace.instruction(name);
    else if (name === 'rchp') this.trace.pathInstruction(name, id);
    else this.trace.subchannelInstruction(name, id);
  }
}
