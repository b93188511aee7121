import path from 'node:path';
import { formatCounts } from '../output/counts-csv.ts';
import type { FileSystem } from '../output/file-system.ts';
import { type Execution, formatManifest, type Manifest, parseManifest } from '../output/manifest.ts';
import { formatMeasurements, measurementRows } from '../output/measurement-csv.ts';
import { OutputError } from '../output/output-error.ts';
import { MANIFEST, RunFolder } from '../output/run-folder.ts';
import { canonicalJson, sha256 } from '../scenario/canonical.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import type { BuildSimulation } from './built-run.ts';
import { RunRecorder } from './run-recorder.ts';
import { CHECKPOINT_EVENTS, type RunResult, type SimulateOptions, simulate } from './simulate.ts';
import { countEntries, type RunSummary, summarize } from './summary.ts';

const SUMMARY = 'summary.json';

/** A run to be made, and where it comes from. */
export interface RunRequest {
  readonly scenario: ResolvedScenario;
  /** SHA-256 of the scenario's text. */
  readonly textSha256: string;
  /** What the command line changed in the scenario, in order. */
  readonly overrides: readonly string[];
  /** End asked for besides the scenario's; null: none. */
  readonly untilNs: number | null;
  readonly program: Manifest['program'];
}

/** Folder of a run below the output folder: equal requests to equal programs have equal names. */
export function folderOf(request: RunRequest): { readonly parent: string; readonly name: string } {
  const { scenario, untilNs, program } = request;
  const identity = sha256(canonicalJson({ scenario, untilNs, program })).slice(0, 8);
  const seed = scenario.seed.replace(/[^A-Za-z0-9._+-]/g, '-').slice(0, 40);
  return { parent: scenario.name, name: `${scenario.run}-s${seed}-${identity}` };
}

export interface RecordOptions extends Omit<SimulateOptions, 'sink' | 'until'> {
  readonly files: FileSystem;
  /** Folder below which runs are written. */
  readonly outRoot: string;
  readonly build: BuildSimulation;
  /** Files that are written when asked for, by name: from the summary to text. */
  readonly extras?: Readonly<Record<string, (summary: RunSummary) => string>>;
  readonly isAlive: (pid: number) => boolean;
  /** What happened on this machine, asked for at the end. */
  readonly execution: (result: RunResult) => Execution;
}

export interface RecordedRun {
  readonly folder: string;
  readonly summary: RunSummary;
  readonly manifest: Manifest;
}

/** Runs a scenario and writes its folder; nothing is left of a run that failed. */
export async function recordRun(request: RunRequest, options: RecordOptions): Promise<RecordedRun> {
  const { scenario, untilNs } = request;
  const { parent, name } = folderOf(request);
  const folder = new RunFolder(options.files, path.join(options.outRoot, parent), name, options.isAlive);
  try {
    const sink = new RunRecorder(scenario, folder);
    const until = untilNs === null ? {} : { until: untilNs };
    const result = await simulate(scenario, options.build, { ...options, ...until, sink });
    sink.finish();
    const summary = summarize(result);
    const counts = countEntries(result.figures);
    folder.write('counts.csv', formatCounts(counts), counts.length);
    writeMeasurements(folder, result);
    folder.write(SUMMARY, `${JSON.stringify(summary, null, 2)}\n`);
    for (const [file, format] of Object.entries(options.extras ?? {})) folder.write(file, format(summary));
    const manifest = describeRun(request, result, summary, folder, options.execution(result));
    folder.complete(formatManifest(manifest, canonicalJson));
    return { folder: folder.path, summary, manifest };
  } catch (error) {
    folder.abandon();
    throw error;
  }
}

/** Only when something was measured. */
function writeMeasurements(folder: RunFolder, { figures }: RunResult): void {
  const rows = measurementRows(figures.final!.measurements);
  if (rows.length > 0) folder.write('measurement.csv', formatMeasurements(rows), rows.length);
}

/**
 * A run that was finished before, when its folder still holds it; null otherwise. Only the summary, which is printed
 * again, is compared with its digest: reading gigabytes of events would take longer than to simulate them.
 */
export function finishedRun(request: RunRequest, files: FileSystem, outRoot: string): RecordedRun | null {
  const { parent, name } = folderOf(request);
  const folder = path.join(outRoot, parent, name);
  if (!files.existsSync(path.join(folder, MANIFEST))) return null;
  const read = (file: string): string =>
    OutputError.guard(`cannot read ${path.join(folder, file)}`, () =>
      files.readFileSync(path.join(folder, file), 'utf8'),
    );
  const manifest = parseManifest(read(MANIFEST));
  if (manifest === null || manifest.termination === 'interrupted') return null;
  if (!manifest.files.every((file) => files.existsSync(path.join(folder, file.name)))) return null;
  const entry = manifest.files.find(({ name: file }) => file === SUMMARY);
  if (entry === undefined) return null;
  const summary = read(SUMMARY);
  if (entry.sha256 !== sha256(summary)) return null;
  return { folder, manifest, summary: JSON.parse(summary) as RunSummary };
}

function describeRun(
  request: RunRequest,
  result: RunResult,
  summary: RunSummary,
  folder: RunFolder,
  execution: Execution,
): Manifest {
  const { scenario } = result;
  return {
    schemaVersion: 1,
    program: request.program,
    scenario: {
      name: scenario.name,
      sha256: request.textSha256,
      resolved: scenario,
      resolvedSha256: sha256(canonicalJson(scenario)),
    },
    overrides: request.overrides,
    run: scenario.run,
    seed: scenario.seed,
    strategy: scenario.strategy,
    trace: scenario.trace,
    streams: result.streams,
    untilNs: request.untilNs,
    endNs: result.endNs,
    eventCount: result.eventCount,
    termination: result.termination,
    fingerprint: {
      events: result.fingerprint,
      every: CHECKPOINT_EVENTS,
      checkpoints: result.checkpoints,
    },
    files: folder.entries,
    thresholds: summary.thresholds,
    expectations: summary.expectations,
    execution,
  };
}
