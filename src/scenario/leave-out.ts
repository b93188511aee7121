import { Issues, type Path, startsWith } from './errors.ts';
import { type ParsedScenario, scenarioSchema } from './schema.ts';
import { addSchemaIssues } from './schema-issues.ts';

/**
 * What remains of a scenario when everything that the schema refuses is left out, so that the rest can be checked in
 * the same go. A refused value is taken out and its default stands in; where it has none, what contains it goes too.
 */
export interface Remainder {
  /** Sections missing here would lead to errors that are only consequences. */
  readonly scenario: Partial<ParsedScenario>;
  /** Turns a place in the remainder into the place in the scenario. */
  restore(path: Path): Path;
}

/** A removal can uncover another mistake, since what contains the value may need it. Passes after which to give up. */
const MAX_PASSES = 10;

/** Reads the data, telling everything that the schema refuses. */
export function readScenario(data: unknown, issues: Issues): Remainder {
  const whole = scenarioSchema.safeParse(data);
  if (whole.success) return { scenario: whole.data, restore: (path) => path };
  addSchemaIssues(issues, scenarioSchema, data, whole.error.issues);

  const rest = structuredClone(data) as Container;
  const removed: Path[] = [];
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const result = scenarioSchema.safeParse(rest);
    if (result.success) {
      return {
        scenario: withoutConsequences(result.data, removed),
        restore: (path) => restored(path, removed),
      };
    }
    const found = new Issues();
    addSchemaIssues(found, scenarioSchema, rest, result.error.issues);
    removed.push(...removeAll(rest, found));
  }
  return { scenario: {}, restore: (path) => path };
}

type Container = Record<string | number, unknown>;

/** Takes out every refused value: the last of a list first, so that the places of the others stay true. */
function removeAll(data: Container, { list }: Issues): Path[] {
  const removed: Path[] = [];
  for (const { path } of list.toSorted((left, right) => backwards(left.path, right.path))) {
    const last = removed.at(-1);
    if (last !== undefined && startsWith(path, last)) continue;
    const gone = remove(data, path);
    if (gone !== null) removed.push(gone);
  }
  return removed;
}

/** Descending by position, names in any fixed order, what is inside before what contains it. */
function backwards(left: Path, right: Path): number {
  const depth = left.findIndex((step, at) => step !== right[at]);
  if (depth < 0 || depth >= right.length) return right.length - left.length;
  return left[depth] > right[depth] ? -1 : 1;
}

/** Takes out the value at `path`, or the nearest thing around it that is there; returns what was taken out. */
function remove(data: Container, path: Path): Path | null {
  const containers: Container[] = [data];
  for (const step of path.slice(0, -1)) {
    const inner = containers.at(-1)![step];
    if (typeof inner !== 'object' || inner === null) break;
    containers.push(inner as Container);
  }
  for (let depth = Math.min(containers.length, path.length) - 1; depth >= 0; depth--) {
    const container = containers[depth];
    const step = path[depth];
    if (!Object.hasOwn(container, step)) continue;
    if (Array.isArray(container)) container.splice(Number(step), 1);
    else delete container[step];
    return path.slice(0, depth + 1);
  }
  return null;
}

/** Entries that were taken out of a list moved those behind them one position ahead. */
function restored(path: Path, removed: readonly Path[]): Path {
  const original = [...path];
  for (const gone of removed.toReversed()) {
    const last = gone.length - 1;
    const position = original[last];
    const taken = gone[last];
    if (typeof position !== 'number' || typeof taken !== 'number' || position < taken) continue;
    if (startsWith(original, gone.slice(0, last))) original[last] = position + 1;
  }
  return original;
}

/** Drops the sections whose remainder would mislead: names that others refer to, and the end of the run. */
function withoutConsequences(scenario: ParsedScenario, removed: readonly Path[]): Partial<ParsedScenario> {
  const rest: Partial<ParsedScenario> = { ...scenario };
  for (const path of removed) {
    const [section, part] = path;
    if (section === 'duration') delete rest.duration;
    if (section === 'faults' || section === 'actions' || section === 'phases') delete rest.phases;
    if (section === 'systems' && path.length <= 2) delete rest.systems;
    // Steps refer to each other, and what a script runs on means something else without one.
    if (section === 'program') {
      delete rest.program;
      delete rest.machine;
    }
    const names = part === undefined || part === 'chpids' || part === 'controlUnits' || part === 'dasd';
    if (section === 'machine' && path.length <= 3 && names) delete rest.machine;
  }
  return rest;
}
