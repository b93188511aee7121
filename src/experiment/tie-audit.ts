import type { ResolvedScenario } from '../scenario/resolved.ts';
import { tieOptions, tieOrder } from '../scenario/tie-order.ts';
import type { BuildSimulation, BuiltRun } from './built-run.ts';
import { type ChangedValue, changedValues } from './changed-values.ts';
import { RunDefect } from './run-defect.ts';
import { decideWarmup, simulate } from './simulate.ts';
import { type RunSummary, summarize } from './summary.ts';
import { TieCensus, type TieCounts } from './tie-census.ts';

/** What became of a run in one order. */
export interface TieTrial {
  /** `lifo`, `shuffle:1` … */
  readonly order: string;
  /** Why the simulator stopped; empty: it did not. */
  readonly defect: string;
  /** Differs in nearly every order: the fingerprint depends on the order itself. */
  readonly fingerprint: string;
  /** Counts, then all other figures, and thresholds and expectations that came out another way. */
  readonly counts: readonly ChangedValue[];
  readonly statistics: readonly ChangedValue[];
  readonly verdicts: readonly ChangedValue[];
}

export interface TieAudit {
  /** Of the run in the order in which events were scheduled. */
  readonly fingerprint: string;
  readonly ties: TieCounts;
  readonly trials: readonly TieTrial[];
}

export interface TieAuditOptions {
  readonly orders: readonly string[];
  readonly shouldStop: () => boolean;
  readonly onProgress: (order: string, nowNs: number, events: number) => void;
}

/** Runs a scenario once as always, and once in each other order of the events of equal time and priority. */
export async function auditTies(
  scenario: ResolvedScenario,
  build: BuildSimulation,
  options: TieAuditOptions,
): Promise<TieAudit> {
  // One warm-up for all orders: what is counted as measured must not differ.
  const decided = await decideWarmup(scenario, build, { shouldStop: options.shouldStop });
  // An abort would compare runs of different length.
  const thresholds = scenario.thresholds.map((threshold) => ({ ...threshold, abort: false }));
  const audited: ResolvedScenario = { ...decided, thresholds };
  const census = new TieCensus();
  let natural: BuiltRun | null = null;
  const reference = await inOrder(audited, 'fifo', options, (parts, order) => {
    const [run, observer, others] = parts;
    const ties = tieOptions(order, census.witness);
    natural = build(run, census.watching(observer), { ...others, ...ties });
    return natural;
  });
  const ties = census.counts((natural as BuiltRun | null)!.sim);
  const trials: TieTrial[] = [];
  for (const name of ties.ties === 0 ? [] : options.orders) {
    if (options.shouldStop()) break;
    trials.push(await trial(audited, build, name, reference, options));
  }
  return { fingerprint: reference.meta.fingerprint, ties, trials };
}

type BuildInOrder = (
  parts: Parameters<BuildSimulation>,
  order: NonNullable<ReturnType<typeof tieOrder>>,
) => BuiltRun;

async function inOrder(
  scenario: ResolvedScenario,
  name: string,
  { shouldStop, onProgress }: TieAuditOptions,
  build: BuildInOrder,
): Promise<RunSummary> {
  const order = tieOrder(name)!;
  const result = await simulate(scenario, (...parts) => build(parts, order), {
    shouldStop,
    onProgress: (nowNs, events) => onProgress(name, nowNs, events),
  });
  return summarize(result);
}

async function trial(
  scenario: ResolvedScenario,
  build: BuildSimulation,
  order: string,
  reference: RunSummary,
  options: TieAuditOptions,
): Promise<TieTrial> {
  try {
    const summary = await inOrder(scenario, order, options, ([run, observer, others], ties) =>
      build(run, observer, { ...others, ...tieOptions(ties) }),
    );
    return { order, defect: '', fingerprint: summary.meta.fingerprint, ...changes(reference, summary) };
  } catch (error) {
    // An order that breaks the simulator is a result that depends on it.
    if (!(error instanceof RunDefect)) throw error;
    return { order, defect: error.message, fingerprint: '', counts: [], statistics: [], verdicts: [] };
  }
}

function changes(one: RunSummary, other: RunSummary): Pick<TieTrial, 'counts' | 'statistics' | 'verdicts'> {
  const figures = changedValues(
    { total: one.total, phases: one.phases, replays: one.replays },
    { total: other.total, phases: other.phases, replays: other.replays },
  );
  const isCount = ({ path }: ChangedValue): boolean => path.includes('.counts.');
  return {
    counts: figures.filter(isCount),
    statistics: figures.filter((change) => !isCount(change)),
    verdicts: changedValues(failures(one), failures(other)),
  };
}

const failures = ({ thresholds, expectations }: RunSummary): object =>
  Object.fromEntries(
    [...thresholds, ...expectations].map((verdict, at) => [`${at} ${verdict.text}`, verdict.fails]),
  );

/** Whether any result of a scenario depends on the order of its ties. */
export const dependsOnTies = ({ trials }: TieAudit): boolean => trials.some(trialDiffers);

export const trialDiffers = ({ defect, counts, statistics, verdicts }: TieTrial): boolean =>
  defect !== '' || counts.length + statistics.length + verdicts.length > 0;
