import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type RecordedRun, recordRun } from '../experiment/recorded-run.ts';
import type { Manifest } from '../output/manifest.ts';
import { OutputError } from '../output/output-error.ts';
import { canonicalJson, sha256 } from '../scenario/canonical.ts';
import { ScenarioError } from '../scenario/errors.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import { describeExecution, isAlive } from './execution.ts';
import { EXIT, type ExitCode, worst } from './exit-codes.ts';
import { reportFailure } from './failure.ts';
import { Interrupt } from './interrupt.ts';
import { buildAgain, manifestPath, readManifest } from './manifest-file.ts';
import { Progress, type ProgressMode } from './progress.ts';
import { repeatLine } from './repeat-line.ts';
import { compareWithRecord } from './replay-comparison.ts';
import { checkUntilEvent, compareUpTo, type ReplayOptions, replayEvents } from './replay-events.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** `chpsim replay`: every run that is named, whatever became of the one before it. */
export async function replayAll(
  terminal: Terminal,
  program: Manifest['program'],
  argv: readonly string[],
  targets: readonly string[],
  options: ReplayOptions,
): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  if (options.events && targets.length > 1) {
    throw new UsageError(`--events prints one table and needs a single manifest, not ${targets.length}`);
  }
  for (const target of targets) {
    if (targets.length > 1) terminal.out(`${target}\n`);
    try {
      codes.push(await replayRun(terminal, program, argv, target, options));
    } catch (error) {
      codes.push(reportFailure(terminal, error, repeatOf(target, options)));
    }
    if (codes.includes(EXIT.INTERRUPTED) || codes.includes(EXIT.TERMINATED)) break;
  }
  return worst(codes);
}

/** Runs what a manifest describes once more and compares. */
async function replayRun(
  terminal: Terminal,
  program: Manifest['program'],
  argv: readonly string[],
  target: string,
  options: ReplayOptions,
): Promise<ExitCode> {
  const manifest = readManifest(terminal, target);
  checkUntilEvent(options.untilEvent, manifest);
  if (canonicalJson(manifest.program) !== canonicalJson(program)) {
    terminal.err(`warning: recorded by ${versionOf(manifest.program)}, this is ${versionOf(program)}\n`);
  }
  const isEdited = sha256(canonicalJson(manifest.scenario.resolved)) !== manifest.scenario.resolvedSha256;
  if (isEdited) terminal.err('warning: the scenario in the manifest is not the one that was run\n');
  const say = (text: string): void => (options.events ? terminal.err(text) : terminal.out(text));
  const interrupt = new Interrupt(terminal);
  try {
    const { untilEvent, events } = options;
    if (events || untilEvent !== null) {
      const result = await replayEvents(terminal, manifest, options, interrupt);
      if (interrupt.code !== null) return interrupt.code;
      if (events && (await hasReaderLeft(terminal))) return EXIT.OK;
      if (untilEvent !== null) return compareUpTo(say, untilEvent, manifest, result);
    }
    const recordedFolder = path.dirname(manifestPath(terminal, target));
    return await compareWhole(terminal, manifest, recordedFolder, argv, interrupt, options.progress, say);
  } catch (error) {
    if (error instanceof ScenarioError && error.kind === 'invalid') {
      say(`different: ${error.message}\n`);
      return EXIT.DIFFERENT;
    }
    // Whatever an edited scenario does to the simulator is no defect of it.
    if (!isEdited || error instanceof OutputError || error instanceof ScenarioError) throw error;
    say(`different: the scenario in the manifest cannot be run: ${String(error)}\n`);
    return EXIT.DIFFERENT;
  } finally {
    interrupt.end();
  }
}

/** Runs again with the files that the recorded run wrote, and compares fingerprints and files. */
async function compareWhole(
  terminal: Terminal,
  manifest: Manifest,
  recordedFolder: string,
  argv: readonly string[],
  interrupt: Interrupt,
  progressMode: ProgressMode,
  say: (text: string) => void,
): Promise<ExitCode> {
  const scratch = OutputError.guard('cannot create a temporary folder', () =>
    fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-replay-')),
  );
  try {
    const replayed = await runAgain(terminal, manifest, argv, scratch, interrupt, progressMode);
    if (interrupt.code !== null) return interrupt.code;
    return compareWithRecord(terminal, manifest, recordedFolder, replayed, say);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

/** A stream tells of its reader only when the program lets it. */
async function hasReaderLeft(terminal: Terminal): Promise<boolean> {
  await new Promise((resolve) => setImmediate(resolve));
  return terminal.readerLeft();
}

function repeatOf(target: string, { untilEvent, events }: ReplayOptions): string {
  const until = untilEvent === null ? [] : ['--until-event', String(untilEvent)];
  return repeatLine(['replay', target, ...until, ...(events ? ['--events'] : [])]);
}

async function runAgain(
  terminal: Terminal,
  manifest: Manifest,
  argv: readonly string[],
  scratch: string,
  interrupt: Interrupt,
  progressMode: ProgressMode,
): Promise<RecordedRun> {
  const scenario = manifest.scenario.resolved as ResolvedScenario;
  const progress = new Progress(terminal, progressMode, `replay ${scenario.name}`, manifest.endNs);
  const startedMs = terminal.now();
  // An interrupted run ended between two steps of the loop; the same steps lead there again.
  let eventsSoFar = 0;
  const reachedInterrupt = (): boolean =>
    manifest.termination === 'interrupted' && eventsSoFar >= manifest.eventCount;
  const request = {
    scenario,
    textSha256: manifest.scenario.sha256,
    overrides: manifest.overrides,
    untilNs: manifest.untilNs,
    program: manifest.program,
  };
  try {
    return await recordRun(request, {
      files: terminal.files,
      outRoot: scratch,
      build: buildAgain(terminal, manifest),
      isAlive,
      onProgress: (nowNs, events) => {
        eventsSoFar = events;
        progress.show(nowNs, events);
      },
      shouldStop: () => interrupt.came() || reachedInterrupt(),
      execution: ({ eventCount }) =>
        describeExecution(terminal, argv, startedMs, eventCount, manifest.execution.folder ?? ''),
    });
  } finally {
    progress.end();
  }
}

const versionOf = ({ name, version, commit }: Manifest['program']): string =>
  `${name} ${version}${commit === null ? '' : ` (${commit.slice(0, 8)})`}`;
