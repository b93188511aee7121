import { jsonSchema } from '../scenario/json-schema.ts';
import { EXIT, type ExitCode, worst } from './exit-codes.ts';
import { loadWith, type ScenarioOptions } from './scenario-runs.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface ValidateOptions extends ScenarioOptions {
  readonly printResolved: boolean;
  readonly printSchema: boolean;
}

/** `chpsim validate`: every error of every file, nothing simulated. */
export function validateCommand(
  terminal: Terminal,
  files: readonly string[],
  options: ValidateOptions,
): ExitCode {
  if (options.printSchema) terminal.out(schemaText());
  else if (files.length === 0) throw new UsageError('validate needs a scenario');
  const codes = files.map((file) => {
    const loaded = loadWith(terminal, file, options);
    if (!loaded.ok) return loaded.code;
    if (options.printResolved) terminal.out(`${JSON.stringify(loaded.scenario.runs, null, 2)}\n`);
    else terminal.err(`${file}: valid, ${describeRuns(loaded.scenario.runs.length)}\n`);
    return EXIT.OK;
  });
  return worst(codes);
}

export const schemaText = (): string => `${JSON.stringify(jsonSchema(), null, 2)}\n`;

const describeRuns = (count: number): string => (count === 1 ? 'one run' : `${count} runs`);
