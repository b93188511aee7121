import path from 'node:path';
import { machineScenario } from '../import/machine-scenario.ts';
import { ImportError, type InputText } from '../import/printed-lines.ts';
import { traceScenario } from '../import/trace-scenario.ts';
import { writeWholeFile } from '../output/whole-file.ts';
import { readStandardInput } from '../scenario/scenario-file.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { readText } from './manifest-file.ts';
import { repeatLine } from './repeat-line.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Tools whose output can be imported. */
export const MACHINE_TOOLS = ['lscss', 'lschp', 'lsdasd'] as const;
export type MachineTool = (typeof MACHINE_TOOLS)[number];

export interface ImportOptions extends Readonly<Record<MachineTool, readonly string[]>> {
  /** Where the scenario goes; undefined: to standard output. */
  readonly output?: string;
  /** Overwrites what is there. */
  readonly force: boolean;
}

/** `chpsim import lscss|lschp|lsdasd`: a scenario of a real machine. `files` are output of the tool `what`. */
export function importMachineCommand(
  terminal: Terminal,
  what: MachineTool,
  files: readonly string[],
  options: ImportOptions,
): ExitCode {
  checkOutput(terminal, options);
  const named = { ...options, [what]: [...files, ...options[what]] };
  const texts = readInputs(terminal, named);
  return reported(terminal, () => {
    give(terminal, options, machineScenario(nameOf(options.output ?? files[0]), texts));
    return EXIT.OK;
  });
}

/** `chpsim import ftrace`: workload, faults and machine of a trace. The requests go into a file beside the scenario. */
export function importTraceCommand(
  terminal: Terminal,
  files: readonly string[],
  options: ImportOptions,
): ExitCode {
  if (files.length > 1) throw new UsageError('import ftrace: one trace at a time');
  const [file] = files;
  const { output } = options;
  const requestsFile = requestsBeside(output ?? '');
  checkOutput(terminal, options);
  if (output !== undefined) checkOutput(terminal, { ...options, output: requestsFile });
  const tools = readInputs(terminal, options, file);
  const trace = readInput(terminal, file);
  return reported(terminal, () => {
    const name = nameOf(output ?? file);
    const { scenario, requests } = traceScenario(name, path.basename(requestsFile), trace, tools);
    if (requests !== null && output === undefined) {
      throw new UsageError(
        'import ftrace: --output is needed, as the requests of the trace go into a file beside it',
      );
    }
    if (requests !== null) writeWholeFile(terminal.files, requestsFile, requests);
    give(terminal, options, scenario);
    return EXIT.OK;
  });
}

/** `runs/loss.yaml` → `runs/loss.requests`. */
const requestsBeside = (output: string): string =>
  path.join(path.dirname(output), `${path.basename(output, path.extname(output))}.requests`);

/** Runs an import, and prints everything that was not understood. */
function reported(terminal: Terminal, run: () => ExitCode): ExitCode {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    for (const line of error.lines()) terminal.err(`error: ${line}\n`);
    return EXIT.USAGE;
  }
}

function checkOutput(terminal: Terminal, { output, force }: ImportOptions): void {
  if (output === undefined || force || !terminal.files.existsSync(output)) return;
  throw new UsageError(`${output} is there already; --force overwrites it`);
}

/** Standard input can be read once. */
function readInputs(
  terminal: Terminal,
  named: Readonly<Record<MachineTool, readonly string[]>>,
  ...others: readonly string[]
): Record<MachineTool, InputText[]> {
  const all = [...others, ...MACHINE_TOOLS.flatMap((tool) => named[tool])];
  if (all.filter((file) => file === '-').length > 1) throw new UsageError('only one of the files can be -');
  const read = (file: string): InputText => readInput(terminal, file);
  return {
    lscss: named.lscss.map(read),
    lschp: named.lschp.map(read),
    lsdasd: named.lsdasd.map(read),
  };
}

const readInput = (terminal: Terminal, file: string): InputText => ({
  file,
  text: file === '-' ? new TextDecoder().decode(readStandardInput()) : readText(terminal, file),
});

function give(terminal: Terminal, { output }: ImportOptions, scenario: string): void {
  if (output === undefined) {
    terminal.out(scenario);
    return;
  }
  writeWholeFile(terminal.files, output, scenario);
  terminal.err(`wrote ${output}; next: ${repeatLine(['run', output])}\n`);
}

/** Name of the scenario: that of its file, or of the first file it is made of. */
function nameOf(file: string): string {
  const stem = path.basename(file, path.extname(file)).replaceAll(/[^A-Za-z0-9._-]+/g, '-');
  const name = stem.replace(/^[^A-Za-z0-9]+/, '').slice(0, 64);
  return name === '' ? 'imported' : name;
}
