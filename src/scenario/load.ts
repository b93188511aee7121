import { basename, dirname, extname } from 'node:path';
import { sha256 } from './canonical.ts';
import { ScenarioDocument } from './document.ts';
import { formatPath, type Issue, Issues, type Path, ScenarioError } from './errors.ts';
import { parseName } from './fields.ts';
import { idlePolicies } from './idle-policies.ts';
import { readScenario } from './leave-out.ts';
import { resolveRuns } from './resolve.ts';
import { checkReplays } from './resolve-replay.ts';
import type { ResolvedScenario } from './resolved.ts';
import { decodeScenario, readScenarioFile } from './scenario-file.ts';
import { checkSections } from './script-targets.ts';
import { TraceScans } from './trace-scans.ts';
import { applyProfiles } from './workload-profiles.ts';

/** A scenario file, read and checked: one or more runs. */
export interface LoadedScenario {
  readonly name: string;
  /** Folder of the file, from which it names traces; that of standard input is the working directory. */
  readonly folder: string;
  readonly text: string;
  /** SHA-256 of the text. */
  readonly sha256: string;
  /** Overrides in the order in which they were applied. */
  readonly overrides: readonly string[];
  readonly runs: readonly ResolvedScenario[];
  /** What is valid and yet hardly meant, one line each, with its place. */
  readonly warnings: readonly string[];
}

export type LoadResult =
  | { readonly ok: true; readonly scenario: LoadedScenario }
  /** Everything that is wrong, in the order of the text. */
  | { readonly ok: false; readonly errors: readonly ScenarioError[] };

export interface LoadOptions {
  /** Assignments that win over the text, such as `machine.costs.stsch=500ns`. */
  readonly overrides?: readonly string[];
}

/** Reads a scenario file; `-` is standard input. Writes nothing. */
export function loadScenario(file: string, options: LoadOptions = {}): LoadResult {
  const bytes = readScenarioFile(file);
  return bytes instanceof ScenarioError
    ? { ok: false, errors: [bytes] }
    : loadScenarioBytes(file, bytes, options);
}

/** Checks a scenario that has been read already; `file` names it in errors. */
export function loadScenarioBytes(file: string, bytes: Uint8Array, options: LoadOptions = {}): LoadResult {
  const text = decodeScenario(file, bytes);
  return text instanceof ScenarioError
    ? { ok: false, errors: [text] }
    : loadScenarioText(file, text, options);
}

export function loadScenarioText(file: string, text: string, options: LoadOptions = {}): LoadResult {
  const document = ScenarioDocument.parse(file, text);
  if (!(document instanceof ScenarioDocument)) return { ok: false, errors: document };
  const overrides = options.overrides ?? [];
  const refused = overrides.map((override) => document.override(override)).filter((error) => error !== null);
  if (refused.length > 0) return { ok: false, errors: refused };
  const data = document.data();
  if (data instanceof ScenarioError) return { ok: false, errors: [data] };

  const issues = new Issues();
  checkSections(data, issues);
  checkReplays(data, issues);
  const { scenario, restore } = readScenario(applyProfiles(data, issues), issues);
  const found = new Issues();
  const lineOf = (path: Path): number => document.place(restore(path), false).line;
  const folder = dirname(file);
  const runs = resolveRuns(scenario, nameOf(file), lineOf, new TraceScans(folder), found);
  issues.addAll(found, restore);
  const errors = [...locate(issues.causes(), document), ...issues.elsewhere];
  if (errors.length > 0) return { ok: false, errors };
  const warnings = idlePolicies(data, runs).map((path) => warningOf(path, document));
  const name = runs[0].name;
  return { ok: true, scenario: { name, folder, text, sha256: sha256(text), overrides, runs, warnings } };
}

function warningOf(path: Path, document: ScenarioDocument): string {
  const problem = 'makes no difference, for no run has a guest with devices of a KVM host';
  return new ScenarioError('invalid', document.place(path, true), formatPath(path), problem, '').message;
}

/** Issues as errors with places, each once, in the order of the text; those of overrides last. */
function locate(issues: readonly Issue[], document: ScenarioDocument): ScenarioError[] {
  const errors = new Map<string, ScenarioError>();
  for (const issue of issues) {
    const error = new ScenarioError(
      'invalid',
      document.place(issue.path, issue.key),
      formatPath(issue.path),
      issue.message + otherPlace(issue, document),
      issue.hint,
    );
    errors.set(error.message, error);
  }
  const rank = ({ line }: ScenarioError): number => (line === 0 ? Number.MAX_SAFE_INTEGER : line);
  return [...errors.values()].sort((left, right) => rank(left) - rank(right) || left.col - right.col);
}

function otherPlace({ other }: Issue, document: ScenarioDocument): string {
  if (other === undefined) return '';
  const { line, col } = document.place(other.path, other.key);
  return `, first as ${describe(other.path)}${line === 0 ? '' : ` at ${line}:${col}`}`;
}

const describe = (path: Path): string => `"${String(path.at(-1))}"`;

/** Name of a scenario that has none: the file's, without ending and without characters that a name cannot have. */
function nameOf(file: string): string {
  const stem = file === '-' ? 'stdin' : basename(file, extname(file)).replace(/[^A-Za-z0-9._+-]/g, '-');
  return parseName(stem).ok ? stem : 'scenario';
}
