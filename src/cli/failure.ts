import { RunDefect } from '../experiment/run-defect.ts';
import { OutputError } from '../output/output-error.ts';
import { ScenarioError } from '../scenario/errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Says what went wrong in the words for its kind, and gives the exit code of the kind. */
export function reportFailure(terminal: Terminal, error: unknown, repeat: string): ExitCode {
  if (error instanceof UsageError) {
    terminal.err(`error: ${error.message}\n`);
    return EXIT.USAGE;
  }
  if (error instanceof OutputError) {
    terminal.err(`error: ${error.message}\n`);
    return EXIT.FILES;
  }
  if (error instanceof ScenarioError) {
    terminal.err(`error: ${error.message}\n`);
    return error.kind === 'unreadable' ? EXIT.FILES : EXIT.USAGE;
  }
  terminal.err(`defect of the simulator: ${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof RunDefect) {
    terminal.err(`  at event ${error.eventCount}, ${error.nowNs} ns, seed ${error.seed}\n`);
  }
  if (repeat !== '') terminal.err(`  repeat with: ${repeat}\n`);
  const origin = error instanceof RunDefect ? error.cause : error;
  if (origin instanceof Error && origin.stack !== undefined) {
    terminal.err(`${origin.stack.replaceAll(/^/gm, '  ')}\n`);
  }
  return EXIT.DEFECT;
}
