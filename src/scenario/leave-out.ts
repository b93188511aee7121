import { Issues, type Path } from './errors.ts';
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

/** Mistakes beyond this number are not worked around: each costs one pass of the schema. */
const LIMIT = 100;

/** Reads the data, telling everything that the schema refuses. */
export function readScenario(data: unknown, issues: Issues): Remainder {
  const whole = scenarioSchema.safeParse(data);
  if (whole.success) return { scenario: whole.data, restore: (path) => path };
  addSchemaIssues(issues, scenarioSchema, data, whole.error.issues);

  const rest = structuredClone(data) as Container;
  const removed: Path[] = [];
  while (removed.length < LIMIT) {
    const result = scenarioSchema.safeParse(rest);
    if (result.success) {
      return {
        scenario: withoutConsequences(result.data, removed),
        restore: (path) => restored(path, removed),
      };
    }
    const found = new Issues();
    addSchemaIssues(found, scenarioSchema, rest, result.error.issues);
    const path = remove(rest, found.list[0].path);
    if (path === null) break;
    removed.push(path);
  }
  return { scenario: {}, restore: (path) => path };
}

type Container = Record<string | number, unknown>;

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
    if (gone.slice(0, last).every((step, depth) => step === original[depth])) original[last] = position + 1;
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
    const names = part === undefined || part === 'chpids' || part === 'controlUnits' || part === 'dasd';
    if (section === 'machine' && path.length <= 3 && names) delete rest.machine;
  }
  return rest;
}
