import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type RecordedRun, recordRun } from '../experiment/recorded-run.ts';
import { firstDifference } from '../output/first-difference.ts';
import { type Manifest, parseManifest } from '../output/manifest.ts';
import { OutputError } from '../output/output-error.ts';
import { MANIFEST } from '../output/run-folder.ts';
import { canonicalJson, sha256 } from '../scenario/canonical.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import { describeExecution, isAlive } from './execution.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { Interrupt } from './interrupt.ts';
import { Progress, type ProgressMode } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** `chpsim replay`: runs what a manifest describes once more and compares fingerprints and files. */
export async function replayCommand(
  terminal: Terminal,
  program: Manifest['program'],
  argv: readonly string[],
  target: string,
  progressMode: ProgressMode,
): Promise<ExitCode> {
  const manifest = readManifest(terminal, target);
  const recordedFolder = path.dirname(manifestPath(terminal, target));
  if (canonicalJson(manifest.program) !== canonicalJson(program)) {
    terminal.err(`warning: recorded by ${versionOf(manifest.program)}, this is ${versionOf(program)}\n`);
  }
  const scratch = OutputError.guard('cannot create a temporary folder', () =>
    fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-replay-')),
  );
  const interrupt = new Interrupt(terminal);
  try {
    const replayed = await runAgain(terminal, manifest, argv, scratch, interrupt, progressMode);
    if (interrupt.code !== null) return interrupt.code;
    return compare(terminal, manifest, recordedFolder, replayed);
  } finally {
    interrupt.end();
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

/** The manifest itself, or the run folder that holds it. */
const manifestPath = (terminal: Terminal, target: string): string =>
  terminal.files.existsSync(path.join(target, MANIFEST)) ? path.join(target, MANIFEST) : target;

function readManifest(terminal: Terminal, target: string): Manifest {
  const file = manifestPath(terminal, target);
  const text = OutputError.guard(`cannot read ${file}`, () => terminal.files.readFileSync(file, 'utf8'));
  const manifest = parseManifest(text);
  if (manifest === null) throw new UsageError(`${file} is no manifest of a run`);
  const { resolved, resolvedSha256 } = manifest.scenario;
  if (sha256(canonicalJson(resolved)) !== resolvedSha256) {
    throw new UsageError(`${file}: the scenario in it is not the one that was run; its digest differs`);
  }
  return manifest;
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
      build: terminal.build,
      isAlive,
      onProgress: (nowNs, events) => {
        eventsSoFar = events;
        progress.show(nowNs, events);
      },
      shouldStop: () => interrupt.came() || reachedInterrupt(),
      execution: ({ eventCount }) => describeExecution(terminal, argv, startedMs, eventCount),
    });
  } finally {
    progress.end();
  }
}

function compare(
  terminal: Terminal,
  recorded: Manifest,
  recordedFolder: string,
  { manifest: replayed, folder }: RecordedRun,
): ExitCode {
  const differing = recorded.files
    .filter(
      ({ name, sha256: digest }) => replayed.files.find((file) => file.name === name)?.sha256 !== digest,
    )
    .map(({ name }) => name)
    // Written when asked for and not part of what a run is.
    .filter((name) => replayed.files.some((file) => file.name === name));
  const sameEvents = recorded.fingerprint.events === replayed.fingerprint.events;
  if (sameEvents && differing.length === 0) {
    terminal.out(`same: ${replayed.eventCount} events, fingerprint ${replayed.fingerprint.events}\n`);
    return EXIT.OK;
  }
  terminal.out(
    sameEvents
      ? `same events, fingerprint ${replayed.fingerprint.events}\n`
      : `different: fingerprint ${replayed.fingerprint.events}, recorded ${recorded.fingerprint.events}\n${differingEvents(recorded, replayed)}`,
  );
  if (differing.length > 0) terminal.out(`files that differ: ${differing.join(', ')}\n`);
  const shown = ['events.csv', ...differing].find(
    (name) => differing.includes(name) && terminal.files.existsSync(path.join(recordedFolder, name)),
  );
  if (shown !== undefined) showDifference(terminal, recordedFolder, folder, shown);
  return EXIT.DIFFERENT;
}

/** In which ten thousand events the two runs part. */
function differingEvents(recorded: Manifest, replayed: Manifest): string {
  const { every, checkpoints } = recorded.fingerprint;
  const others = replayed.fingerprint.checkpoints;
  const at = checkpoints.findIndex((checkpoint, index) => checkpoint !== others[index]);
  const same = at < 0 ? Math.min(checkpoints.length, others.length) : at;
  return `the first ${same * every} events are the same; the first difference is among the next ${every}\n`;
}

function showDifference(terminal: Terminal, recordedFolder: string, folder: string, name: string): void {
  const difference = firstDifference(path.join(recordedFolder, name), path.join(folder, name));
  if (difference === null) {
    terminal.out(`${name} in the recorded folder was changed after the run\n`);
    return;
  }
  const { line, before, left, right } = difference;
  terminal.out(`first difference in ${name}, line ${line}:\n`);
  for (const equal of before) terminal.out(`  ${equal}\n`);
  terminal.out(`- ${left ?? '(end of file)'}\n+ ${right ?? '(end of file)'}\n`);
}

const versionOf = ({ name, version, commit }: Manifest['program']): string =>
  `${name} ${version}${commit === null ? '' : ` (${commit.slice(0, 8)})`}`;
