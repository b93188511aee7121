import type { Finding, StepResult } from './check.ts';
import type { StepListener } from './interpreter.ts';
import type { Check, Program, Step } from './step.ts';

/** A check of a script, and what became of it over all executions of its step. */
export interface ScriptCheck {
  readonly step: Step;
  readonly check: Check;
  /** How often the step was executed, and how often the check was met. */
  readonly looks: number;
  readonly met: number;
  /** The first look that failed. */
  readonly failure: Finding | null;
  /** The look taken last. */
  readonly last: Finding | null;
}

/** Keeps what a script found. Checks stand in the order of the script, those of procedures by name behind its own. */
export class ScriptRecord implements StepListener {
  /** Step that was executed last. */
  last: Step | null = null;
  /** How each step ended the last time, null while it was not executed: in the order of the script. */
  readonly results = new Map<Step, StepResult | null>();
  private readonly entries = new Map<Check, { -readonly [Key in keyof ScriptCheck]: ScriptCheck[Key] }>();

  constructor({ steps, procedures }: Program) {
    const names = Object.keys(procedures).sort();
    for (const list of [steps, ...names.map((name) => procedures[name])]) {
      for (const step of stepsIn(list)) this.add(step);
    }
  }

  get checks(): readonly ScriptCheck[] {
    return [...this.entries.values()];
  }

  executed(step: Step, result: StepResult, findings: readonly Finding[]): void {
    this.last = step;
    this.results.set(step, result);
    for (const finding of findings) {
      const entry = this.entries.get(finding.check)!;
      entry.looks++;
      entry.last = finding;
      if (finding.met) entry.met++;
      else entry.failure ??= finding;
    }
  }

  private add(step: Step): void {
    this.results.set(step, null);
    for (const check of step.expect ?? []) {
      this.entries.set(check, { step, check, looks: 0, met: 0, failure: null, last: null });
    }
  }
}

/** Steps of a list with those inside them. */
function* stepsIn(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    if (step.do === 'repeat') yield* stepsIn(step.steps);
    if (step.do === 'if') yield* stepsIn([...step.steps, ...step.otherwise]);
    if (step.do === 'parallel') yield* stepsIn(step.cpus.flat());
  }
}
