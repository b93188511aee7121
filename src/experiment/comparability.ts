import type { ResolvedScenario } from '../scenario/resolved.ts';
import type { RunMetrics } from './run-metrics.ts';

/** One repetition as comparisons see it. */
export interface ComparedRepetition {
  readonly seed: string;
  readonly scenario: string;
  /** Of the scenario's text. */
  readonly scenarioSha256: string;
  readonly durationNs: number;
  /** As the scenario has it: a time in ns, or `auto`, by which each run has its own. */
  readonly warmup: number | 'auto';
  readonly termination: string;
  readonly fingerprint: string;
  readonly metrics: RunMetrics;
}

/** The warm-up that a run was asked to have. */
export const askedWarmup = ({ warmupNs, warmup }: ResolvedScenario): number | 'auto' =>
  warmup === undefined ? warmupNs : 'auto';

/** Repetitions that are compared with others. */
export interface ComparedSide {
  readonly name: string;
  readonly repetitions: readonly ComparedRepetition[];
}

/** Properties that repetitions must share to be comparable, and what is said where they do not. */
const SHARED: readonly (readonly [string, (repetition: ComparedRepetition) => string | number])[] = [
  ['scenarios', ({ scenarioSha256, scenario }) => `${scenario} ${scenarioSha256.slice(0, 8)}`],
  ['durations', ({ durationNs }) => `${durationNs} ns`],
  ['warm-ups', ({ warmup }) => (warmup === 'auto' ? warmup : `${warmup} ns`)],
];

/** Why two sides cannot be compared in earnest; empty: they can. */
export function obstacles(reference: ComparedSide, other: ComparedSide): string[] {
  const all = [...reference.repetitions, ...other.repetitions];
  const differing = SHARED.flatMap(([what, read]) => {
    const values = [...new Set(all.map(read))];
    return values.length > 1 ? [`their ${what} differ: ${values.join(', ')}`] : [];
  });
  const unfinished = [reference, other].flatMap(({ name, repetitions }) =>
    repetitions
      .filter(({ termination }) => termination !== 'completed')
      .map(({ seed, termination }) => `${name} with seed ${seed} was ${termination}`),
  );
  return [...differing, ...unfinished, ...unpaired(reference, other), ...unpaired(other, reference)];
}

function unpaired(side: ComparedSide, other: ComparedSide): string[] {
  const seeds = new Set(other.repetitions.map(({ seed }) => seed));
  const alone = side.repetitions.map(({ seed }) => seed).filter((seed) => !seeds.has(seed));
  return alone.length === 0 ? [] : [`${other.name} has no run with seed ${alone.join(', ')}`];
}

/** A seed that a side has twice, from two programs or with two sets of changes; null when there is none. */
export function repeatedSeed({ repetitions }: ComparedSide): string | null {
  const seeds = repetitions.map(({ seed }) => seed);
  return seeds.find((seed, at) => seeds.indexOf(seed) !== at) ?? null;
}

/** Both sides' figures by pairs with the same seed, in the order of the reference. */
export function pairsOf(
  reference: ComparedSide,
  other: ComparedSide,
): { readonly reference: RunMetrics[]; readonly other: RunMetrics[] } {
  const bySeed = new Map(other.repetitions.map(({ seed, metrics }) => [seed, metrics]));
  const paired = reference.repetitions.filter(({ seed }) => bySeed.has(seed));
  return {
    reference: paired.map(({ metrics }) => metrics),
    other: paired.map(({ seed }) => bySeed.get(seed)!),
  };
}
