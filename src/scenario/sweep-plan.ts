import { type AxisConstraint, parseConstraint } from './axis-constraint.ts';
import { ScenarioDocument } from './document.ts';
import { formatPath, Issues, type Path, type Place, ScenarioError } from './errors.ts';
import { addSchemaIssues } from './schema-issues.ts';
import { type ParsedSweep, sweepSchema } from './schema-sweep.ts';

/** What a sweep varies, read and checked as far as it can be without the scenarios that come of it. */
export interface SweepPlan {
  /** Each is varied on its own; the first one most slowly. */
  readonly dimensions: readonly SweepDimension[];
  readonly constraints: readonly AxisConstraint[];
  readonly repetitions: number;
}

/** One axis, or several that go together and have as many values each. */
export type SweepDimension = readonly SweepAxis[];

export interface SweepAxis {
  /** Place in the scenario, as `--set` writes it. */
  readonly path: string;
  readonly values: readonly AxisValue[];
}

export interface AxisValue {
  /** The value in one line. */
  readonly text: string;
  /** What `--set` is given. */
  readonly assignment: string;
  /** Where the value is written. */
  readonly place: Place;
}

export type SweepPlanResult =
  | { readonly ok: true; readonly plan: SweepPlan }
  | { readonly ok: false; readonly errors: readonly ScenarioError[] };

/** Reads the block `sweep` of a scenario. */
export const planOfScenario = (file: string, text: string): SweepPlanResult => read(file, text, ['sweep']);

/** Reads a file that holds such a block and nothing else, with or without the key `sweep` around it. */
export function planOfFile(file: string, text: string): SweepPlanResult {
  const document = ScenarioDocument.parse(file, text);
  const isWrapped = document instanceof ScenarioDocument && document.get(['sweep']) !== undefined;
  return read(file, text, isWrapped ? ['sweep'] : []);
}

function read(file: string, text: string, base: Path): SweepPlanResult {
  const document = ScenarioDocument.parse(file, text);
  if (!(document instanceof ScenarioDocument)) return { ok: false, errors: document };
  const data = base.length === 0 ? document.data() : document.get(base);
  if (data instanceof ScenarioError) return { ok: false, errors: [data] };
  const issues = new Issues();
  const plan = data === undefined ? missing(issues) : planOf(data, document, base, issues);
  const errors = issues.causes().map(({ path, key, message, hint }) => {
    const whole = [...base, ...path];
    return new ScenarioError('invalid', document.place(whole, key), formatPath(whole), message, hint);
  });
  return plan === null || errors.length > 0 ? { ok: false, errors } : { ok: true, plan };
}

function missing(issues: Issues): null {
  issues.value(
    [],
    'nothing says what to vary',
    'write sweep: { axes: { PATH: [VALUE, VALUE] } }, or give --axes FILE',
  );
  return null;
}

function planOf(data: unknown, document: ScenarioDocument, base: Path, issues: Issues): SweepPlan | null {
  const result = sweepSchema.safeParse(data);
  if (!result.success) {
    addSchemaIssues(issues, sweepSchema, data, result.error.issues);
    return null;
  }
  const { axes, zip, where, repetitions } = result.data;
  const axisAt = (values: readonly unknown[], path: Path): SweepAxis => {
    const target = String(path.at(-1));
    return { path: target, values: values.map((value, at) => valueAt(target, value, [...path, at])) };
  };
  const valueAt = (target: string, value: unknown, path: Path): AxisValue => ({
    text: typeof value === 'string' ? value : JSON.stringify(value),
    assignment: `${target}=${written(value)}`,
    place: document.place([...base, ...path], false),
  });
  const dimensions = [
    ...Object.entries(axes).map(([path, values]) => [axisAt(values, ['axes', path])]),
    ...zip.map((group, at) =>
      Object.entries(group).map(([path, values]) => axisAt(values, ['zip', at, path])),
    ),
  ];
  checkAxes(result.data, issues);
  const texts = new Map(dimensions.flat().map(({ path, values }) => [path, values.map(({ text }) => text)]));
  const constraints = where.flatMap((text, at) => {
    const constraint = parseConstraint(text, texts);
    if (constraint.ok) return [constraint.value];
    issues.value(['where', at], constraint.message, constraint.hint);
    return [];
  });
  return { dimensions, constraints, repetitions };
}

/** Plain words stand as they are; everything else as JSON, which YAML understands. */
const written = (value: unknown): string =>
  typeof value === 'string' && /^[\w][\w.:/%+-]*$/.test(value) ? value : JSON.stringify(value);

function checkAxes({ axes, zip }: ParsedSweep, issues: Issues): void {
  const seen = new Map<string, Path>();
  const check = (target: string, path: Path): void => {
    const other = seen.get(target);
    if (other !== undefined)
      issues.keyAgain(path, other, `axis "${target}" stands twice`, 'keep one of them');
    if (target === 'seed') issues.key(path, 'the seed is no axis', 'write repetitions: 10 for ten seeds');
    seen.set(target, path);
  };
  for (const target of Object.keys(axes)) check(target, ['axes', target]);
  for (const [at, group] of zip.entries()) {
    for (const target of Object.keys(group)) check(target, ['zip', at, target]);
    const lengths = Object.values(group).map(({ length }) => length);
    if (lengths.length === 0)
      issues.value(['zip', at], 'holds no axis', 'write { PATH: [VALUE], PATH: [VALUE] }');
    if (new Set(lengths).size <= 1) continue;
    issues.value(
      ['zip', at],
      `holds axes of ${lengths.join(', ')} values`,
      'axes that go together have equally many',
    );
  }
}
