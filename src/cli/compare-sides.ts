import path from 'node:path';
import { askedWarmup, type ComparedSide } from '../experiment/comparability.ts';
import { runMetrics } from '../experiment/run-metrics.ts';
import type { RunSummary } from '../experiment/summary.ts';
import { type Manifest, parseManifest } from '../output/manifest.ts';
import { sha256 } from '../scenario/canonical.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import { readManifest, readText } from './manifest-file.ts';
import { entriesOf, manifestsUnder } from './manifests-under.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const SUMMARY = 'summary.json';

/** Whether an argument of `compare` is a manifest, a run folder, or a folder with such folders; otherwise it is a scenario. */
export function isRecorded(terminal: Terminal, target: string): boolean {
  if (target === '-') return false;
  const entries = entriesOf(terminal, target);
  if (entries !== null) return entries.length > 0;
  return terminal.files.existsSync(target) && parseManifest(readText(terminal, target)) !== null;
}

/**
 * The sides of a comparison of runs that were made before. Each argument is a side; of a single one, a folder of run
 * folders, each run of the scenario is. `wanted`: names of runs, all when there are none.
 */
export function recordedSides(
  terminal: Terminal,
  targets: readonly string[],
  wanted: readonly string[],
): ComparedSide[] {
  const groups = targets.map((target) => groupByRun(terminal, target, wanted));
  if (groups.length === 1) {
    const [byRun] = groups;
    const names = wanted.length > 0 ? wanted : [...byRun.keys()];
    return names.map((name) => side(name, byRun.get(name) ?? missingRun(targets[0], name)));
  }
  const runs = groups.map((byRun, at) => onlyRun(targets[at], byRun));
  const isNamedByRun = new Set(runs).size === runs.length;
  return groups.map((byRun, at) => side(isNamedByRun ? runs[at] : targets[at], byRun.get(runs[at])!));
}

/** Manifests below an argument by the name of their run, in the order of the folders' names. */
function groupByRun(terminal: Terminal, target: string, wanted: readonly string[]): Map<string, Recorded[]> {
  const byRun = new Map<string, Recorded[]>();
  for (const file of manifestsUnder(terminal, target)) {
    const manifest = readManifest(terminal, file);
    if (wanted.length > 0 && !wanted.includes(manifest.run)) continue;
    const recorded = { manifest, summary: readSummary(terminal, file, manifest) };
    byRun.set(manifest.run, [...(byRun.get(manifest.run) ?? []), recorded]);
  }
  if (byRun.size === 0) throw new UsageError(`${target} holds no run of that name`);
  return byRun;
}

interface Recorded {
  readonly manifest: Manifest;
  readonly summary: RunSummary;
}

function readSummary(terminal: Terminal, file: string, manifest: Manifest): RunSummary {
  const summary = path.join(path.dirname(file), SUMMARY);
  const text = readText(terminal, summary);
  const entry = manifest.files.find(({ name }) => name === SUMMARY);
  if (entry?.sha256 !== sha256(text)) throw new UsageError(`${summary} is not the one that the run wrote`);
  return JSON.parse(text) as RunSummary;
}

function onlyRun(target: string, byRun: ReadonlyMap<string, unknown>): string {
  const [run, ...others] = byRun.keys();
  if (others.length === 0) return run;
  throw new UsageError(`${target} holds the runs ${[run, ...others].join(', ')}: choose one with --run`);
}

const missingRun = (target: string, name: string): never => {
  throw new UsageError(`--run ${name}: ${target} holds no such run`);
};

/** The order in which repetitions are made, `42`, `42/2`, …, `42/10`: sums of the same numbers have the same digits. */
const bySeed = ({ manifest: { seed: one } }: Recorded, { manifest: { seed: two } }: Recorded): number =>
  one.length - two.length || (one < two ? -1 : 1);

const side = (name: string, recorded: readonly Recorded[]): ComparedSide => ({
  name,
  repetitions: [...recorded].sort(bySeed).map(({ manifest, summary }) => {
    const resolved = manifest.scenario.resolved as ResolvedScenario;
    return {
      seed: manifest.seed,
      scenario: manifest.scenario.name,
      scenarioSha256: manifest.scenario.sha256,
      durationNs: manifest.untilNs ?? resolved.durationNs,
      warmup: askedWarmup(resolved),
      termination: manifest.termination,
      fingerprint: manifest.fingerprint.events,
      metrics: runMetrics(summary),
    };
  }),
});
