import { nameOf, type StepResult } from '../program/check.ts';
import type { ScriptCheck } from '../program/script-record.ts';
import type { Step } from '../program/step.ts';
import type { Verdict } from './verdicts.ts';

/** What is judged of an instruction script. */
export interface ScriptResult {
  readonly record: {
    readonly checks: readonly ScriptCheck[];
    readonly last: Step | null;
    readonly results: ReadonlyMap<Step, StepResult | null>;
  };
  readonly interpreter: { readonly ended: boolean; readonly isOverLimit: boolean; readonly executed: number };
}

/** One verdict for each check of the script, and one that it came to its end. */
export function judgeScript(script: ScriptResult): Verdict[] {
  return [...script.record.checks.map(judgeCheck), judgeEnd(script)];
}

/** A check whose step was never executed is undecided, which is no failure: it stands in a branch that was not taken. */
function judgeCheck({ step, check, looks, met, failure }: ScriptCheck): Verdict {
  const outcome = looks === 0 ? 'undecided' : failure === null ? 'met' : 'failed';
  const reason = looks === 0 ? 'not executed' : failure === null ? '' : whyFailed(failure, looks, met);
  return {
    kind: 'step',
    text: `${placeOf(step)}: ${nameOf(check)}`,
    phase: '',
    outcome,
    fails: outcome === 'failed',
    value: null,
    unit: '',
    reason,
  };
}

function whyFailed(
  { expected, found }: { expected: string; found: string },
  looks: number,
  met: number,
): string {
  const times = looks > 1 ? `, ${looks - met} of ${looks} times` : '';
  return `expected ${expected}, found ${found}${times}`;
}

/** `step enable.2 (msch, line 17)` */
export function placeOf({ name = '', line = 0, do: what }: Step): string {
  return `step ${name} (${what}${line > 0 ? `, line ${line}` : ''})`;
}

function judgeEnd({ record: { last }, interpreter }: ScriptResult): Verdict {
  const { ended, isOverLimit, executed } = interpreter;
  const where = last === null ? 'before its first step' : `after ${placeOf(last)}`;
  const reason = ended ? '' : isOverLimit ? `stopped after ${executed} steps` : `the run ended ${where}`;
  return {
    kind: 'step',
    text: 'the program ends',
    phase: '',
    outcome: ended ? 'met' : 'failed',
    fails: !ended,
    value: executed,
    unit: '',
    reason,
  };
}
