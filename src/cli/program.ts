import type { Manifest } from '../output/manifest.ts';
import { Command, CommanderError, Help, type Option } from './commander.ts';
import type { CommandContext } from './commands/context.ts';
import { addExamples } from './commands/examples.ts';
import { COMMANDS } from './commands/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { reportFailure } from './failure.ts';
import type { Terminal } from './terminal.ts';

const EXIT_CODES = `
Exit codes:
  0         done; all thresholds and expectations were met
  1         a defect of the simulator
  2         a mistake in the command line or the scenario; nothing was simulated
  3         a threshold or an expectation of the scenario failed
  4         a comparison came out unequal (replay, diff, diff-trace, audit-ties,
            run --fingerprint) or worse than allowed (compare, baseline check);
            explore found an order that fails
  5         cannot read or write
  130, 143  interrupted, terminated; what there was by then is written
"chpsim explain 3" tells more.
`;

/** Runs one command line; the code is the program's exit code. */
export async function runProgram(
  terminal: Terminal,
  info: Manifest['program'],
  argv: readonly string[],
): Promise<ExitCode> {
  let code: ExitCode = EXIT.OK;
  const end = (ended: ExitCode): void => {
    code = ended;
  };
  const program = buildProgram({ terminal, info, argv, end });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    // Commander has printed what is wrong with the command line already; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
    return reportFailure(terminal, error, '');
  }
  return code;
}

/** The tree of commands: it reads command lines, prints help, and is what completion is made from. */
export function buildProgram(context: CommandContext): Command {
  const { terminal, info } = context;
  const program = new Command('chpsim')
    .description('Simulates s390 channel paths and machine checks, the same every time.')
    .version(info.version)
    .addHelpText('after', EXIT_CODES)
    .configureHelp({ optionDescription })
    .showHelpAfterError('(--help lists commands and options)')
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      outputError: (text, write) => write(text),
    })
    .exitOverride();
  for (const add of COMMANDS) add(program, context);
  addExamples(program);
  return program;
}

/** A default that is off, or an empty list, goes without saying. */
function optionDescription(option: Option): string {
  const isOff = option.defaultValue === false || Array.isArray(option.defaultValue);
  const { description, argChoices } = option;
  if (!isOff) return new Help().optionDescription(option);
  return argChoices === undefined ? description : `${description} (choices: ${argChoices.join(', ')})`;
}
