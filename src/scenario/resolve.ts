import type { SimTime } from '../kernel/time.ts';
import type { Issues, Path } from './errors.ts';
import {
  checkRunNames,
  checksOfRun,
  type RunChecks,
  resolveExpectations,
  resolveThresholds,
} from './resolve-checks.ts';
import { resolveExplore } from './resolve-explore.ts';
import { resolveFaults } from './resolve-faults.ts';
import { resolveMachine } from './resolve-machine.ts';
import { resolveMaintenance } from './resolve-maintenance.ts';
import { resolvePciFaults } from './resolve-pci-story.ts';
import { resolveProgram } from './resolve-program.ts';
import { resolveActions, resolvePhases } from './resolve-story.ts';
import { resolveStrategies } from './resolve-strategies.ts';
import { resolveSystems } from './resolve-systems.ts';
import { resolveWorkload } from './resolve-workload.ts';
import type {
  ResolvedExpectation,
  ResolvedExplore,
  ResolvedMachine,
  ResolvedPhase,
  ResolvedScenario,
  ResolvedThreshold,
} from './resolved.ts';
import type { ParsedScenario } from './schema.ts';
import { machineSchema, type ParsedMachine } from './schema-machine.ts';
import { SCRIPT_MACHINES } from './schema-program.ts';
import type { ParsedSystems } from './schema-systems.ts';
import { scriptTargets } from './script-targets.ts';
import { choicesOf, placeOfSystems } from './system-choices.ts';
import type { TraceScans } from './trace-scans.ts';

/**
 * From what the schema read to runs: names become positions, ranges become lists, and every combination of variant and
 * strategy becomes a run of its own. `lineOf` tells where in the text a place is. Sections that the schema refused are missing; what depends on them is left
 * unchecked, so that one mistake is not reported as many.
 */
export function resolveRuns(
  scenario: Partial<ParsedScenario>,
  defaultName: string,
  lineOf: (place: Path) => number,
  traces: TraceScans,
  issues: Issues,
): ResolvedScenario[] {
  const checks = resolveChecks(scenario, issues);
  if (scenario.program !== undefined) return scriptRuns(scenario, defaultName, checks, lineOf, issues);
  const hardware = checkedMachine(scenario, issues);
  if (hardware === null) return [];
  const runs: ResolvedScenario[] = [];
  for (const { variant, systems } of choicesOf(scenario, issues)) {
    const parts = resolveParts(scenario, variant, systems, hardware, traces, issues);
    if (parts === null) continue;
    const machine = parts.systems.some(({ kind }) => kind !== 'guest') ? hardware : unused(hardware);
    const strategies = resolveStrategies(scenario.strategies, parts.systems, issues);
    // Where variants are all there is, one that is one run gives it its name.
    const isAlone = scenario.systems === 'none' && strategies.length === 1;
    for (const strategy of strategies) {
      const names = [variant, isAlone ? '' : strategy.name];
      const run = names.filter((name) => name !== '').join('.');
      runs.push(
        runOf(scenario, checks, {
          name: defaultName,
          run,
          variant,
          strategy,
          machine,
          ...parts,
        }),
      );
    }
  }
  checkRuns(checks, runs, issues);
  return runs;
}

/** An instruction script is read for each of its runs: on each machine, in a guest for each choice of systems and strategies. */
function scriptRuns(
  scenario: Partial<ParsedScenario>,
  name: string,
  checks: Checks,
  lineOf: (place: Path) => number,
  issues: Issues,
): ResolvedScenario[] {
  const { program, strategies } = scenario;
  if (program === undefined) return [];
  const targets = scriptTargets(scenario, program, issues);
  const planned = targets.flatMap((target) => {
    const chosen = resolveStrategies(strategies, target.systems, issues);
    return chosen.map((strategy) => {
      const { kind, variant } = target;
      const parts = [kind, variant, chosen.length > 1 ? strategy.name : ''];
      const run = parts.filter((part) => part !== '').join('.');
      return { target, strategy, run, names: [kind, variant, ...strategy.name.split('.')] };
    });
  });
  const known = [...new Set([...SCRIPT_MACHINES, ...planned.flatMap(({ names }) => names)])];
  const nobody = { workloads: [], faults: [], actions: [] };
  const runs = planned.map(({ target, strategy, run, names }) => {
    const { machine, systems, kind } = target;
    const script = resolveProgram(program, { target, names }, known, lineOf, issues);
    const variant = target.variant === '' && targets.length > 1 ? kind : target.variant;
    const parts = { machine, systems, program: script, ...nobody };
    return runOf(scenario, checks, { name, run, variant, strategy, ...parts });
  });
  checkRuns(checks, runs, issues);
  return runs;
}

interface Checks {
  readonly phases: readonly ResolvedPhase[] | null;
  readonly expectations: readonly RunChecks<ResolvedExpectation>[];
  readonly thresholds: readonly RunChecks<ResolvedThreshold>[];
  readonly explore?: ResolvedExplore;
}

function checkRuns(
  { expectations, thresholds }: Checks,
  runs: readonly ResolvedScenario[],
  issues: Issues,
): void {
  // After another mistake there are runs that nobody knows the names of.
  if (issues.list.length > 0) return;
  const names = runs.map(({ run }) => run);
  checkRunNames([...expectations, ...thresholds], names, issues);
}

/** Without a valid duration nothing is too late. */
const durationOf = ({ duration }: Partial<ParsedScenario>): SimTime => duration ?? Number.MAX_SAFE_INTEGER;

function resolveChecks(scenario: Partial<ParsedScenario>, issues: Issues): Checks {
  const { faults, actions, warmup } = scenario;
  const durationNs = durationOf(scenario);
  if (warmup !== undefined && warmup !== 'auto' && warmup >= durationNs) {
    issues.value(['warmup'], 'is not before the end of the run', 'lengthen the duration');
  }
  const { level, formats } = scenario.trace ?? {};
  const text = formats?.find((format) => format === 'ftrace' || format === 'qemu');
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
    ...(scenario.explore && { explore: resolveExplore(scenario.explore, durationNs, issues) }),
  };
}

/** The machine, null when the name of a part is wrong: whatever refers to that part would look wrong as well. */
function checkedMachine({ machine }: Partial<ParsedScenario>, issues: Issues): ResolvedMachine | null {
  if (machine === undefined) return null;
  const before = issues.list.length;
  const resolved = resolveMachine(hardwareOf(machine, issues), issues);
  const misnamed = issues.list.slice(before).some(({ key, path }) => key && path.length === PART_DEPTH);
  return misnamed ? null : resolved;
}

/** Only scripts run on machines that have nothing but a name. */
function hardwareOf(machine: NonNullable<ParsedScenario['machine']>, issues: Issues): ParsedMachine {
  if (typeof machine !== 'string' && !Array.isArray(machine)) return machine;
  if (machine !== 'channel') {
    issues.value(
      ['machine'],
      'is a machine for an instruction script',
      'write program, or describe the machine',
    );
  }
  return machineSchema.parse({});
}

/** Length of the path to a named part: machine, kind of part, name. */
const PART_DEPTH = 3;

type Parts = Pick<
  ResolvedScenario,
  'systems' | 'workloads' | 'faults' | 'maintenance' | 'pciFaults' | 'actions'
>;

function resolveParts(
  scenario: Partial<ParsedScenario>,
  variant: string,
  parsed: ParsedSystems,
  machine: ResolvedMachine,
  traces: TraceScans,
  issues: Issues,
): Parts | null {
  const place = placeOfSystems(variant);
  const actions = scenario.actions ?? [];
  const systems = resolveSystems(parsed, place, { machine, actions, issues });
  if (systems.length === 0) {
    issues.value(place, 'there is no system', 'leave it out for one partition, or define one');
    return null;
  }
  const durationNs = durationOf(scenario);
  const around = { machine, systems, parsed, actions, durationNs, issues };
  return {
    systems,
    workloads: resolveWorkload(scenario.workload ?? 'none', { machine, systems }, durationNs, traces, issues),
    faults: resolveFaults(scenario.faults ?? [], around),
    ...resolveMaintenance(scenario.faults ?? [], around),
    ...resolvePciFaults(scenario.faults ?? [], around),
    actions: resolveActions(actions, around),
  };
}

/** A machine that no system runs on has nothing in it. */
const unused = (machine: ResolvedMachine): ResolvedMachine => ({
  ...machine,
  channelPaths: [],
  controlUnits: [],
  directors: [],
  cables: [],
  dasd: [],
});

type Decided = Parts &
  Pick<ResolvedScenario, 'name' | 'run' | 'variant' | 'strategy' | 'machine' | 'program'>;

const warmupOf = ({ warmup = 0 }: Partial<ParsedScenario>): Pick<ResolvedScenario, 'warmupNs' | 'warmup'> =>
  warmup === 'auto' ? { warmupNs: 0, warmup } : { warmupNs: warmup };

/** Puts a run together; sections that are missing here have been reported. */
function runOf(scenario: Partial<ParsedScenario>, checks: Checks, decided: Decided): ResolvedScenario {
  const { phases, expectations, thresholds, ...others } = checks;
  const durationNs = durationOf(scenario);
  return {
    schemaVersion: 1,
    ...others,
    ...decided,
    expectations: checksOfRun(expectations, decided.run),
    thresholds: checksOfRun(thresholds, decided.run),
    name: scenario.name ?? decided.name,
    about: scenario.about ?? '',
    seed: scenario.seed ?? '',
    durationNs,
    ...warmupOf(scenario),
    phases: phases ?? [],
    report: {
      intervalNs: scenario.report?.interval ?? durationNs,
      ...(scenario.report?.batches !== undefined && { batches: scenario.report.batches }),
      responseLog: scenario.report?.responseLog ?? false,
    },
    trace: {
      level: scenario.trace?.level ?? 'none',
      filter: (scenario.trace?.filter ?? []) as ResolvedScenario['trace']['filter'],
      formats: scenario.trace?.formats ?? [],
    },
  };
}
