import { buildIn } from '../experiment/built-run.ts';
import { auditTies, dependsOnTies, type TieAudit } from '../experiment/tie-audit.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import { auditTiesText } from './audit-ties-text.ts';
import { EXIT, type ExitCode, worst } from './exit-codes.ts';
import { reportFailure } from './failure.ts';
import { Interrupt } from './interrupt.ts';
import { Progress, type ProgressMode } from './progress.ts';
import { repeatLine } from './repeat-line.ts';
import { loadWith, repeatArguments, type ScenarioOptions } from './scenario-runs.ts';
import type { Terminal } from './terminal.ts';

export interface AuditTiesOptions extends ScenarioOptions {
  /** Orders drawn at random, besides the reversed one. */
  readonly shuffles: number;
  readonly progress: ProgressMode;
}

/** `chpsim audit-ties`: whether a result of any run of a scenario depends on the order of events of equal time and priority. */
export async function auditTiesCommand(
  terminal: Terminal,
  file: string,
  options: AuditTiesOptions,
): Promise<ExitCode> {
  const loaded = loadWith(terminal, file, options);
  if (!loaded.ok) return loaded.code;
  const codes: ExitCode[] = [];
  const interrupt = new Interrupt(terminal);
  try {
    for (const run of loaded.scenario.runs) {
      if (interrupt.code !== null) break;
      const repeat = repeatArguments(file, options, run);
      try {
        const audit = await auditRun(terminal, run, loaded.scenario.folder, options, interrupt);
        // Part of an audit says nothing.
        if (interrupt.code !== null) break;
        terminal.out(auditTiesText(run, audit, repeat));
        if (dependsOnTies(audit)) codes.push(EXIT.DIFFERENT);
      } catch (error) {
        codes.push(reportFailure(terminal, error, repeatLine(repeat)));
      }
    }
  } finally {
    interrupt.end();
  }
  if (interrupt.code !== null) codes.push(interrupt.code);
  return worst(codes);
}

async function auditRun(
  terminal: Terminal,
  run: ResolvedScenario,
  folder: string,
  { shuffles, progress: mode }: AuditTiesOptions,
  interrupt: Interrupt,
): Promise<TieAudit> {
  const progress = new Progress(terminal, mode, `${run.name} ${run.run}`, run.durationNs);
  const orders = ['lifo', ...Array.from({ length: shuffles }, (_, at) => `shuffle:${at + 1}`)];
  // Nothing is written, so nothing need be traced.
  const untraced: ResolvedScenario = { ...run, trace: { ...run.trace, level: 'none' } };
  try {
    return await auditTies(untraced, buildIn(terminal.build, folder), {
      orders,
      shouldStop: interrupt.came,
      onProgress: (_order, nowNs, events) => progress.show(nowNs, events),
    });
  } finally {
    progress.end();
  }
}
