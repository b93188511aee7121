import fs from 'node:fs';
import path from 'node:path';
import { type ComparedRun, pathPoliciesOf } from '../experiment/compared-run.ts';
import type { RunSummary } from '../experiment/summary.ts';
import type { Manifest } from '../output/manifest.ts';
import { OutputError } from '../output/output-error.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import { type RunEvents, readEvents } from './run-events.ts';
import { type RunPaths, readIntervals } from './run-intervals.ts';
import { type RunRequests, readRequests } from './run-requests.ts';

/** A run as its folder tells it; nothing is simulated for a report. */
export interface ReportRun extends ComparedRun {
  readonly name: string;
  readonly seed: string;
  readonly manifest: Manifest;
  readonly scenario: ResolvedScenario;
  readonly summary: RunSummary;
  /** Null where the run was not traced. */
  readonly events: RunEvents | null;
  /** Null where no application asked for anything, or the run was not traced. */
  readonly requests: RunRequests | null;
  readonly paths: RunPaths | null;
}

export function readRun(folder: string, manifest: Manifest): ReportRun {
  const scenario = manifest.scenario.resolved as ResolvedScenario;
  const file = path.join(folder, 'summary.json');
  const summary = readSummary(file);
  const optional = (name: string): string | null => {
    const found = path.join(folder, name);
    return fs.existsSync(found) ? found : null;
  };
  const events = optional('events.csv');
  const requests = optional('io.csv');
  const intervals = optional('intervals.csv');
  return {
    name: manifest.run,
    seed: manifest.seed,
    manifest,
    scenario,
    summary,
    pathPolicies: pathPoliciesOf(scenario.strategy),
    hasGuest: scenario.systems.some(({ kind }) => kind === 'guest'),
    events: events === null ? null : readEvents(events, scenario, manifest.endNs),
    requests: requests === null ? null : readRequests(requests, manifest.endNs),
    paths: intervals === null ? null : readIntervals(intervals),
  };
}

function readSummary(file: string): RunSummary {
  const text = OutputError.guard(`cannot read ${file}`, () => fs.readFileSync(file, 'utf8'));
  try {
    const summary = JSON.parse(text) as RunSummary;
    const { counts, paths } = summary.total ?? {};
    if (typeof counts === 'object' && typeof paths === 'object') return summary;
  } catch (cause) {
    throw new OutputError(`${file} is no JSON`, { cause });
  }
  throw new OutputError(`${file} is no summary of a run, or one of an older program`);
}

/** Systems whose applications do I/O, and which must therefore learn of paths: guests, else the partitions. */
export function concernedSystems({ scenario, hasGuest }: ReportRun): string[] {
  return scenario.systems.filter(({ kind }) => (hasGuest ? kind === 'guest' : true)).map(({ name }) => name);
}

/** One run of each name, the first: repetitions differ in their seed alone, and one of them is enough to be looked at. */
export function firstOfEach(runs: readonly ReportRun[]): ReportRun[] {
  const seen = new Set<string>();
  return runs.filter(({ name }) => !seen.has(name) && seen.add(name));
}
