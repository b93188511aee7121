import type { Machine } from '../../src/channel/machine.ts';
import { PRIORITY } from '../../src/kernel/priority.ts';
import { Processes } from '../../src/kernel/process.ts';
import { BLIND } from '../../src/observe/observer.ts';
import type { Finding, StepResult } from '../../src/program/check.ts';
import { InstructionEvents } from '../../src/program/instruction-events.ts';
import { Interpreter, type Surroundings } from '../../src/program/interpreter.ts';
import { Processor } from '../../src/program/processor.ts';
import type { Program, Step } from '../../src/program/step.ts';
import { decodeCrw } from '../../src/zarch/crw.ts';
import { TestMachine } from '../channel/test-machine.ts';

/** Subsystem-identification word of the first subchannel, and places in storage. */
export const TD = 0x00010000;
export const SCHIB_AT = 0x1000;
export const IRB_AT = 0x1100;
export const CODE_AT = 0x1200;
export const CRW_AT = 0x1300;

export interface Executed {
  readonly step: Step;
  readonly result: StepResult;
  readonly findings: readonly Finding[];
}

/** A script on the test machine, and everything that it did. */
export class ProgramRig extends TestMachine {
  readonly processor = new Processor(this.image, new InstructionEvents(BLIND, 0));
  readonly executed: Executed[] = [];
  readonly interpreter: Interpreter;

  constructor(shape: ConstructorParameters<typeof TestMachine>[0] = {}) {
    super(shape);
    this.interpreter = new Interpreter({
      sim: this.sim,
      processes: new Processes(this.sim),
      priority: PRIORITY.HOST,
      processor: this.processor,
      surroundings: surroundingsOf(this.machine),
      listener: {
        executed: (step, result, findings) => void this.executed.push({ step, result, findings }),
      },
    });
  }

  /** Executes steps to their end; returns what the top-level ones came to. */
  run(steps: readonly Step[], procedures: Program['procedures'] = {}): StepResult[] {
    const before = this.executed.length;
    this.interpreter.start({ steps, procedures });
    this.sim.run(this.sim.now + 10_000_000_000);
    const done = this.executed.slice(before);
    return steps.map((step) => done.findLast((entry) => entry.step === step)!.result);
  }

  /** Results as people write them: `cc 0`, `pgm 15`, `came`, `nothing`. */
  outcomes(steps: readonly Step[], procedures: Program['procedures'] = {}): string[] {
    return this.run(steps, procedures).map(outcome);
  }

  /** Checks that were not met: `cc: expected 0, found 3`. */
  get failures(): string[] {
    return this.executed.flatMap(({ findings }) =>
      findings.filter(({ met }) => !met).map(({ expected, found }) => `expected ${expected}, found ${found}`),
    );
  }
}

export function outcome({ cc, pgm, came }: StepResult): string {
  if (pgm !== 0) return `pgm ${pgm.toString(16)}`;
  if (cc >= 0) return `cc ${cc}`;
  if (came < 0) return '-';
  return came === 1 ? 'came' : 'did not come';
}

const surroundingsOf = (machine: Machine): Surroundings => ({
  configureChpid: (chpid, on) =>
    machine.configuration.configureChpid(machine.channelPaths.find((path) => path.chpid === chpid)!, on),
  inject: (crw) => void machine.images[0].report(decodeCrw(crw), -1, -1),
  plug() {},
  unplug() {},
  unsolicited() {},
});
