import { type Process, type Processes, type Steps, WaitQueue } from '../kernel/process.ts';
import type { Simulation } from '../kernel/simulation.ts';
import { IoInterruptionCode } from '../zarch/interruption-code.ts';
import { STCTL } from '../zarch/scsw.ts';
import { BLOCKS, storeFields } from './block-fields.ts';
import { evaluate, type Finding, holds, NOTHING_DONE, type StepResult } from './check.ts';
import { bytesOf } from './hex.ts';
import { InterruptionWindow } from './interruption-window.ts';
import { LOW_CORE, type Processor } from './processor.ts';
import type { Condition, InstructionStep, Program, Step } from './step.ts';

/** What a script can do to its machine besides executing instructions. */
export interface Surroundings {
  configureChpid(chpid: number, on: boolean): void;
  /** Queues a channel report as it is. */
  inject(crw: number): void;
  /** `device`: position among the devices of the script's machine. */
  plug(device: number): void;
  unplug(device: number): void;
  /** The device presents status on its own. */
  unsolicited(device: number): void;
}

/** Who is told about every step that has been executed. */
export interface StepListener {
  executed(step: Step, result: StepResult, findings: readonly Finding[]): void;
}

export interface InterpreterParts {
  readonly sim: Simulation;
  readonly processes: Processes;
  /** Priority of the script's events: that of the system it takes the place of. */
  readonly priority: number;
  readonly processor: Processor;
  readonly surroundings: Surroundings;
  readonly listener: StepListener;
}

/** A script that has executed so many steps goes round in circles. */
const STEP_LIMIT = 1_000_000;
const SCHIB_STCTL_BYTE = 31;

/** Condition code with which an instruction stores nothing at its operand. */
const NOT_STORED: Partial<Record<InstructionStep['do'], number>> = { stsch: 3, tsch: 3, tpi: 0 };

/** Address 0 stands for low core with TPI. */
const storedAt = (step: Extract<InstructionStep, { at: number }>): number =>
  step.do === 'tpi' && step.at === 0 ? LOW_CORE.IO_INTERRUPTION : step.at;

/** One CPU on its way through steps. */
interface Flow {
  readonly self: Process;
  readonly cpu: Processor;
  /** Result of its last instruction or wait. */
  last: StepResult;
}

/** Executes the steps of a script, one after the other, as the program of one system. */
export class Interpreter {
  /** True when all steps have been executed. */
  ended = false;
  /** Steps executed, those of procedures and loops each time. */
  executed = 0;
  private readonly parts: InterpreterParts;
  private readonly window: InterruptionWindow;
  private readonly named = new Map<string, StepResult>();
  private procedures: Program['procedures'] = {};

  constructor(parts: InterpreterParts) {
    this.parts = parts;
    this.window = new InterruptionWindow(parts.sim, parts.processor.css.interrupts);
  }

  get isOverLimit(): boolean {
    return this.executed >= STEP_LIMIT;
  }

  /** Begins at the current time; `ended` tells when it is over. May be called again afterwards, storage stays. */
  start(program: Program): void {
    this.ended = false;
    this.procedures = program.procedures;
    this.spawn('program', this.parts.processor, program.steps, () => {
      this.ended = !this.isOverLimit;
    });
  }

  private spawn(name: string, cpu: Processor, steps: readonly Step[], after: () => void): void {
    const { processes, priority } = this.parts;
    const all = this.all.bind(this);
    processes.spawn(name, priority, null, 0, function* (self): Steps {
      yield* all({ self, cpu, last: NOTHING_DONE }, steps);
      after();
    });
  }

  private *all(flow: Flow, steps: readonly Step[]): Steps {
    for (const step of steps) {
      if (this.isOverLimit) return;
      this.executed++;
      const result = yield* this.one(flow, step);
      if (result !== NOTHING_DONE) flow.last = result;
      if (step.as !== undefined) this.named.set(step.as, result);
      const findings = (step.expect ?? []).map((check) => evaluate(check, result, flow.cpu.css.storage));
      this.parts.listener.executed(step, result, findings);
    }
  }

  private *one(flow: Flow, step: Step): Steps<StepResult> {
    const { self, cpu } = flow;
    const { surroundings } = this.parts;
    const { storage } = cpu.css;
    switch (step.do) {
      case 'look':
        return NOTHING_DONE;
      case 'store': {
        const bytes = bytesOf(step.bytes);
        for (let turn = 0; turn < step.times; turn++) storage.store(step.at + turn * bytes.length, bytes);
        return NOTHING_DONE;
      }
      case 'set':
        this.changeFields(cpu, step);
        return NOTHING_DONE;
      case 'set-storage-key':
        storage.setKey(step.at, step.key);
        return NOTHING_DONE;
      case 'set-psw':
        if (step.problemState !== undefined) cpu.problemState = step.problemState;
        if (step.key !== undefined) cpu.key = step.key;
        return NOTHING_DONE;
      case 'set-masks':
        if (step.isc !== undefined) cpu.iscMask = step.isc;
        if (step.channelReports !== undefined) cpu.channelReports = step.channelReports;
        return NOTHING_DONE;
      case 'delay':
        yield* self.sleep(step.ns);
        return NOTHING_DONE;
      case 'wait-status':
        return yield* this.waitForStatus(self, cpu, step);
      case 'wait-io':
        return yield* this.waitForInterruption(self, cpu, step.limitNs);
      case 'wait-machine-check':
        return yield* this.waitForMachineCheck(self, cpu, step.limitNs);
      case 'configure-chpid':
        surroundings.configureChpid(step.chpid, step.on);
        return NOTHING_DONE;
      case 'inject':
        surroundings.inject(step.crw);
        return NOTHING_DONE;
      case 'plug':
      case 'unplug':
      case 'unsolicited':
        surroundings[step.do](step.device);
        return NOTHING_DONE;
      case 'repeat':
        for (let turn = 0; turn < step.max && !this.isOverLimit; turn++) {
          yield* this.all(flow, step.steps);
          if (step.until !== null && this.holds(step.until, flow)) break;
        }
        return NOTHING_DONE;
      case 'if':
        yield* this.all(flow, this.holds(step.condition, flow) ? step.steps : step.otherwise);
        return NOTHING_DONE;
      case 'call':
        yield* this.all(flow, this.procedures[step.procedure]);
        return NOTHING_DONE;
      case 'parallel':
        yield* this.inParallel(flow, step.cpus);
        return NOTHING_DONE;
      default:
        return yield* this.instruction(self, cpu, step);
    }
  }

  private *instruction(self: Process, cpu: Processor, step: InstructionStep): Steps<StepResult> {
    const { cc, pgm } = yield* cpu.execute(self, step);
    const nothingStored = pgm !== 0 || NOT_STORED[step.do] === cc;
    return { cc, pgm, came: -1, at: nothingStored || !('at' in step) ? -1 : storedAt(step) };
  }

  private changeFields(cpu: Processor, { at, block, fields }: Extract<Step, { do: 'set' }>): void {
    const { storage } = cpu.css;
    const bytes = new Uint8Array(BLOCKS[block].bytes);
    storage.fetch(at, bytes);
    storeFields(bytes, block, fields);
    storage.store(at, bytes);
  }

  /** At least one STSCH; the SCHIB is private to the wait. */
  private *waitForStatus(
    self: Process,
    cpu: Processor,
    { sid, limitNs, everyNs }: Extract<Step, { do: 'wait-status' }>,
  ): Steps<StepResult> {
    const endNs = this.parts.sim.now + limitNs;
    for (;;) {
      const schib = yield* cpu.lookAt(self, sid);
      const pending = schib !== null && (schib[SCHIB_STCTL_BYTE] & STCTL.PENDING) !== 0;
      const { now } = this.parts.sim;
      if (pending || now >= endNs) return { cc: -1, pgm: 0, came: pending ? 1 : 0, at: -1 };
      yield* self.sleep(Math.min(everyNs, endNs - now));
    }
  }

  private *waitForInterruption(self: Process, cpu: Processor, limitNs: number): Steps<StepResult> {
    const code = new IoInterruptionCode();
    const came = yield* this.window.takeIo(self, cpu.iscMask, limitNs, code);
    if (!came) return { cc: -1, pgm: 0, came: 0, at: -1 };
    cpu.ioInterruption(code);
    return { cc: -1, pgm: 0, came: 1, at: LOW_CORE.IO_INTERRUPTION };
  }

  private *waitForMachineCheck(self: Process, cpu: Processor, limitNs: number): Steps<StepResult> {
    const came = yield* this.window.takeMachineCheck(self, cpu.channelReports, limitNs);
    if (!came) return { cc: -1, pgm: 0, came: 0, at: -1 };
    cpu.machineCheck();
    return { cc: -1, pgm: 0, came: 1, at: LOW_CORE.MACHINE_CHECK };
  }

  private *inParallel({ self, cpu }: Flow, lists: readonly (readonly Step[])[]): Steps {
    const joined = new WaitQueue(this.parts.sim);
    let running = lists.length;
    lists.forEach((steps, at) => {
      this.spawn(`cpu ${at}`, cpu.sibling(), steps, () => {
        running--;
        joined.wake();
      });
    });
    yield* joined.until(self, () => running === 0);
  }

  private holds(condition: Condition, { cpu, last }: Flow): boolean {
    const result = condition.step === undefined ? last : (this.named.get(condition.step) ?? NOTHING_DONE);
    return holds(condition, result, cpu.css.storage);
  }
}
