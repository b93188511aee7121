import path from 'node:path';
import { buildIn } from '../experiment/built-run.ts';
import { type Exploration, explore } from '../experiment/explore.ts';
import type { Manifest } from '../output/manifest.ts';
import { OutputError } from '../output/output-error.ts';
import { writeWholeFile } from '../output/whole-file.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import { scenarioWithOrder } from '../scenario/with-order.ts';
import { EXIT, type ExitCode, worst } from './exit-codes.ts';
import { explorationObject, explorationText } from './explore-text.ts';
import { reportFailure } from './failure.ts';
import { Interrupt } from './interrupt.ts';
import { ProgressLine, type ProgressMode } from './progress.ts';
import { repeatLine } from './repeat-line.ts';
import { loadWith, type ScenarioOptions } from './scenario-runs.ts';
import { type Paint, paintFor, type Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface ExploreCommandOptions extends ScenarioOptions {
  readonly out: string;
  /** One JSON object in place of text for people. */
  readonly json: boolean;
  /** Lists the events of the window. */
  readonly events: boolean;
  readonly progress: ProgressMode;
  readonly color: boolean;
}

/** An exploration, and where the order that fails was written; empty when none does. */
export interface ReportedExploration {
  readonly exploration: Exploration;
  readonly file: string;
  /** Command line that runs the order again. */
  readonly repeat: string;
}

/** `chpsim explore`: every order of the events in the window, for each run of the scenario. */
export async function exploreCommand(
  terminal: Terminal,
  program: Manifest['program'],
  file: string,
  options: ExploreCommandOptions,
): Promise<ExitCode> {
  const loaded = loadWith(terminal, file, options);
  if (!loaded.ok) return loaded.code;
  const { scenario } = loaded;
  if (scenario.runs.some(({ explore: window }) => window === undefined)) {
    throw new UsageError(`${file} has no window to explore: write explore: { window: [from, to] }`);
  }
  const paint = paintFor(terminal.outIsTerminal, terminal.env, options.color);
  const reported: ReportedExploration[] = [];
  const codes: ExitCode[] = [];
  const interrupt = new Interrupt(terminal);
  try {
    for (const run of scenario.runs) {
      if (interrupt.code !== null) break;
      const report = await exploreRun(terminal, scenario, run, options, interrupt);
      reported.push(report);
      if (report.exploration.failed > 0) codes.push(EXIT.DIFFERENT);
    }
  } catch (error) {
    codes.push(reportFailure(terminal, error, ''));
  } finally {
    interrupt.end();
  }
  if (interrupt.code !== null) codes.push(interrupt.code);
  print(terminal, program, reported, options, paint);
  return worst(codes);
}

async function exploreRun(
  terminal: Terminal,
  scenario: LoadedScenario,
  run: ResolvedScenario,
  options: ExploreCommandOptions,
  interrupt: Interrupt,
): Promise<ReportedExploration> {
  const line = new ProgressLine(terminal, options.progress);
  try {
    const exploration = await explore(run, buildIn(terminal.build, scenario.folder), {
      shouldStop: interrupt.came,
      onProgress: (orders, limit, failed) =>
        line.show((seconds) => {
          const rate = seconds > 0 ? Math.round(orders / seconds) : 0;
          return `${run.name} ${run.run}  ${orders} orders of at most ${limit}  ${rate} orders/s  ${failed} failed`;
        }),
    });
    const file = exploration.failure === null ? '' : writeOrder(terminal, scenario, exploration, options);
    return { exploration, file, repeat: file === '' ? '' : repeatLine(['run', file]) };
  } finally {
    line.end();
  }
}

/** Writes the shortest failing order as a scenario of its own; returns the name of the file. */
function writeOrder(
  terminal: Terminal,
  source: LoadedScenario,
  { scenario, failure }: Exploration,
  { out }: ExploreCommandOptions,
): string {
  const folder = path.join(out, scenario.name);
  const seed = scenario.seed.replace(/[^A-Za-z0-9._+-]/g, '-').slice(0, 40);
  const file = path.join(folder, `${scenario.run}-s${seed}-order.yaml`);
  OutputError.guard(`cannot create ${folder}`, () => terminal.files.mkdirSync(folder, { recursive: true }));
  writeWholeFile(terminal.files, file, scenarioWithOrder(source, scenario, failure?.moves ?? []));
  return file;
}

function print(
  terminal: Terminal,
  program: Manifest['program'],
  reported: readonly ReportedExploration[],
  { json, events }: ExploreCommandOptions,
  paint: Paint,
): void {
  if (reported.length === 0) return;
  if (json) {
    const meta = { schemaVersion: 1, ...program };
    terminal.out(`${JSON.stringify({ meta, explorations: reported.map(explorationObject) })}\n`);
  } else {
    terminal.out(reported.map((report) => explorationText(report, paint, events)).join('\n'));
  }
}
