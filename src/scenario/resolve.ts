import type { SimTime } from '../kernel/time.ts';
import type { Issues } from './errors.ts';
import { parseName } from './fields.ts';
import { resolveExpectations, resolveThresholds } from './resolve-checks.ts';
import { resolveMachine } from './resolve-machine.ts';
import { resolveActions, resolveFaults, resolvePhases } from './resolve-story.ts';
import { resolveSystems } from './resolve-systems.ts';
import { resolveWorkload } from './resolve-workload.ts';
import type {
  ResolvedExpectation,
  ResolvedMachine,
  ResolvedPhase,
  ResolvedScenario,
  ResolvedThreshold,
} from './resolved.ts';
import type { ParsedScenario } from './schema.ts';
import type { ParsedSystems } from './schema-systems.ts';

/**
 * From what the schema read to runs: names become positions, ranges become lists, and every combination of variant and
 * strategy becomes a run of its own. Sections that the schema refused are missing; what depends on them is left
 * unchecked, so that one mistake is not reported as many.
 */
export function resolveRuns(
  scenario: Partial<ParsedScenario>,
  defaultName: string,
  issues: Issues,
): ResolvedScenario[] {
  const checks = resolveChecks(scenario, issues);
  const machine = checkedMachine(scenario, issues);
  if (machine === null) return [];
  const runs: ResolvedScenario[] = [];
  for (const { variant, systems } of choicesOf(scenario, issues)) {
    const parts = resolveParts(scenario, variant, systems, machine, issues);
    if (parts === null) continue;
    for (const selection of [scenario.strategies?.selection ?? []].flat()) {
      const run = variant === '' ? selection : `${variant}.${selection}`;
      runs.push(
        runOf(scenario, { name: defaultName, run, variant, selection, machine, ...checks, ...parts }),
      );
    }
  }
  return runs;
}

interface Checks {
  readonly phases: readonly ResolvedPhase[] | null;
  readonly expectations: readonly ResolvedExpectation[];
  readonly thresholds: readonly ResolvedThreshold[];
}

/** Without a valid duration nothing is too late. */
const durationOf = ({ duration }: Partial<ParsedScenario>): SimTime => duration ?? Number.MAX_SAFE_INTEGER;

function resolveChecks(scenario: Partial<ParsedScenario>, issues: Issues): Checks {
  const { faults, actions, warmup } = scenario;
  const durationNs = durationOf(scenario);
  if ((warmup ?? 0) >= durationNs) {
    issues.value(['warmup'], 'is not before the end of the run', 'lengthen the duration');
  }
  const { level, formats } = scenario.trace ?? {};
  const text = formats?.find((format) => format !== 'csv');
  if (text !== undefined && level !== 'all') {
    issues.value(['trace', 'formats'], `${text} text tells every instruction`, 'write level: all');
  }
  const phases =
    scenario.phases === undefined
      ? null
      : resolvePhases(scenario.phases, [...(faults ?? []), ...(actions ?? [])], durationNs, issues);
  const around = { phases, durationNs, issues };
  return {
    phases,
    expectations: resolveExpectations(scenario.expect ?? [], around),
    thresholds: resolveThresholds(scenario.thresholds ?? [], around),
  };
}

/** The machine, null when the name of a part is wrong: whatever refers to that part would look wrong as well. */
function checkedMachine({ machine }: Partial<ParsedScenario>, issues: Issues): ResolvedMachine | null {
  if (machine === undefined) return null;
  const before = issues.list.length;
  const resolved = resolveMachine(machine, issues);
  const misnamed = issues.list.slice(before).some(({ key, path }) => key && path.length === PART_DEPTH);
  return misnamed ? null : resolved;
}

/** Length of the path to a named part: machine, kind of part, name. */
const PART_DEPTH = 3;

interface Choice {
  readonly variant: string;
  readonly systems: ParsedSystems;
}

function choicesOf({ systems, variants }: Partial<ParsedScenario>, issues: Issues): Choice[] {
  const choices: Choice[] = systems === undefined ? [] : [{ variant: '', systems }];
  for (const [variant, { systems: others }] of Object.entries(variants ?? {})) {
    const valid = parseName(variant);
    if (!valid.ok) issues.key(['variants', variant], valid.message, valid.hint);
    choices.push({ variant, systems: others });
  }
  return choices;
}

type Parts = Pick<ResolvedScenario, 'systems' | 'workloads' | 'faults' | 'actions'>;

function resolveParts(
  scenario: Partial<ParsedScenario>,
  variant: string,
  parsed: ParsedSystems,
  machine: ResolvedMachine,
  issues: Issues,
): Parts | null {
  const place = variant === '' ? ['systems'] : ['variants', variant, 'systems'];
  const systems = resolveSystems(parsed, machine, place, issues);
  if (systems.length === 0) {
    issues.value(place, 'there is no system', 'leave it out for one partition, or define one');
    return null;
  }
  const durationNs = durationOf(scenario);
  const around = { machine, systems, durationNs, issues };
  return {
    systems,
    workloads: resolveWorkload(scenario.workload ?? 'none', systems, durationNs, issues),
    faults: resolveFaults(scenario.faults ?? [], around),
    actions: resolveActions(scenario.actions ?? [], around),
  };
}

type Decided = Parts &
  Checks &
  Pick<ResolvedScenario, 'name' | 'run' | 'variant' | 'machine'> & { selection: string };

/** Puts a run together; sections that are missing here have been reported. */
function runOf(scenario: Partial<ParsedScenario>, decided: Decided): ResolvedScenario {
  const { selection, phases, ...rest } = decided;
  const durationNs = durationOf(scenario);
  return {
    schemaVersion: 1,
    ...rest,
    name: scenario.name ?? decided.name,
    about: scenario.about ?? '',
    strategy: { name: selection, selection },
    seed: scenario.seed ?? '',
    durationNs,
    warmupNs: scenario.warmup ?? 0,
    phases: phases ?? [],
    report: { intervalNs: scenario.report?.interval ?? durationNs },
    trace: {
      level: scenario.trace?.level ?? 'none',
      filter: (scenario.trace?.filter ?? []) as ResolvedScenario['trace']['filter'],
      formats: scenario.trace?.formats ?? [],
    },
  };
}
