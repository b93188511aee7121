import { assert } from '../kernel/assert.ts';
import { RandomStreams } from '../kernel/random.ts';
import type { Move, ResolvedScenario } from '../scenario/resolved.ts';
import type { BuildSimulation } from './built-run.ts';
import { type Decide, drawing, following, formatMoves } from './explore-order.ts';
import { differences } from './explore-outcome.ts';
import { shorten } from './explore-shorten.ts';
import { OrderTree } from './explore-tree.ts';
import { type Trial, Trials, type WindowEvent } from './explore-trial.ts';
import { decideWarmup } from './simulate.ts';

export interface ExploreOptions {
  /** Called after each order with the orders run so far, the most there will be, and how many of them failed. */
  readonly onProgress?: (orders: number, limit: number, failed: number) => void;
  readonly shouldStop?: () => boolean;
}

/** What became of all the orders that were run. */
export interface Exploration {
  readonly scenario: ResolvedScenario;
  /** The events of the window in their natural order, and at how many of them there is a choice. */
  readonly events: readonly WindowEvent[];
  readonly choices: number;
  /** Different orders that were run. */
  readonly orders: number;
  /** Whether these are all there are. */
  readonly isComplete: boolean;
  /** About how many there are, estimated from those that were drawn at random; Infinity beyond 10^308. */
  readonly estimate: number;
  readonly failed: number;
  /** Most frequent first, equally frequent ones as they were found. */
  readonly outcomes: readonly ExploredOutcome[];
  /** The shortest order found that breaks an invariant; null when none does. */
  readonly failure: FailingOrder | null;
  readonly isInterrupted: boolean;
}

export interface ExploredOutcome {
  readonly digest: string;
  readonly orders: number;
  /** The first order that had this outcome, and whether any that had it failed. */
  readonly moves: readonly Move[];
  readonly fails: boolean;
  /** What is otherwise than in the natural order. */
  readonly differences: readonly string[];
}

export interface FailingOrder {
  readonly moves: readonly Move[];
  /** The events of the window in this order. */
  readonly events: readonly WindowEvent[];
  readonly reasons: readonly string[];
}

/** Part of the limit that goes to orders by number of moves when there are more orders than the limit. */
const SYSTEMATIC_SHARE = 1 / 2;
/** Orders that are run in search of a shorter one that fails. */
const SHORTEN_LIMIT = 300;
/** Shares of the choices that drawn orders leave to chance, in turn: races hide behind few moves as well as behind many. */
const SHARES = [1, 1 / 2, 1 / 4, 1 / 8] as const;

/**
 * Runs a scenario in every order that the events of its window can take, those with the fewest moves first. Where there
 * are more than its limit, half of the limit goes to these and the rest to orders drawn at random.
 */
export async function explore(
  scenario: ResolvedScenario,
  build: BuildSimulation,
  options: ExploreOptions = {},
): Promise<Exploration> {
  // One warm-up for all orders: they differ by what happened, not by what was measured.
  return new Explorer(await decideWarmup(scenario, build), build, options).run();
}

type Tally = { -readonly [Key in keyof ExploredOutcome]: ExploredOutcome[Key] };

class Explorer {
  private readonly scenario: ResolvedScenario;
  private readonly options: ExploreOptions;
  private readonly limit: number;
  private readonly trials: Trials;
  private readonly tree: OrderTree;
  private readonly known = new Set<string>();
  private readonly outcomes = new Map<string, Tally>();
  private natural: Trial | null = null;
  private shortest: Trial | null = null;
  private failed = 0;
  private isInterrupted = false;
  /** Orders that there would be if every run had the choices of the drawn one, summed up. */
  private sizes = 0;
  private sized = 0;

  constructor(scenario: ResolvedScenario, build: BuildSimulation, options: ExploreOptions) {
    const { explore: window, trace } = scenario;
    assert(window !== undefined, 'a scenario without a window has nothing to explore');
    const untraced = {
      ...scenario,
      explore: { ...window, order: [] },
      trace: { ...trace, level: 'none' as const },
    };
    this.scenario = scenario;
    this.options = options;
    this.limit = window.limit;
    this.trials = new Trials(untraced, build, () => options.shouldStop?.() === true);
    this.tree = new OrderTree(window.limit);
  }

  async run(): Promise<Exploration> {
    this.natural = await this.tryOrder(following([]));
    if (this.natural !== null) {
      this.tree.grow(this.natural.choices);
      await this.systematically();
    }
    if (!this.tree.isComplete) {
      await this.atRandom();
      await this.shortenFailure();
    }
    return this.result();
  }

  private async systematically(): Promise<void> {
    while (!this.isInterrupted) {
      if (!this.tree.isComplete && this.known.size >= this.limit * SYSTEMATIC_SHARE) return;
      const moves = this.tree.next();
      if (moves === null) return;
      const trial = await this.tryOrder(following(moves));
      if (trial !== null) this.tree.grow(trial.choices);
    }
  }

  private async atRandom(): Promise<void> {
    const stream = new RandomStreams(this.scenario.seed).stream('explore');
    const left = this.limit - this.known.size;
    for (let drawn = 0; drawn < left && !this.isInterrupted; drawn++) {
      const share = SHARES[drawn % SHARES.length];
      const trial = await this.tryOrder(drawing(stream, share));
      if (trial === null || share !== 1) continue;
      this.sizes += trial.choices.reduce((product, { count }) => product * count, 1);
      this.sized++;
    }
  }

  /** Of the orders that were run by number of moves, the first that fails has the fewest already. */
  private async shortenFailure(): Promise<void> {
    if (this.shortest === null) return;
    let left = SHORTEN_LIMIT;
    await shorten(this.shortest.moves, async (moves) => {
      if (left-- <= 0 || this.isInterrupted) return null;
      const trial = await this.trial(following(moves));
      if (trial === null || trial.reasons.length === 0) return null;
      if (trial.moves.length < this.shortest!.moves.length) this.shortest = trial;
      return trial.moves;
    });
  }

  /** Runs an order and counts it, each once. Null: interrupted. */
  private async tryOrder(decide: Decide): Promise<Trial | null> {
    const trial = await this.trial(decide);
    if (trial === null) return null;
    const { moves, reasons } = trial;
    const text = formatMoves(moves);
    if (this.known.has(text)) return trial;
    this.known.add(text);
    const fails = reasons.length > 0;
    if (fails) this.failed++;
    if (fails && (this.shortest === null || moves.length < this.shortest.moves.length)) this.shortest = trial;
    this.count(trial, fails);
    this.options.onProgress?.(this.known.size, this.limit, this.failed);
    return trial;
  }

  private async trial(decide: Decide): Promise<Trial | null> {
    // Lets signals and output through.
    await new Promise((resolve) => setImmediate(resolve));
    const trial = await this.trials.run(decide);
    if (trial === null) this.isInterrupted = true;
    return trial;
  }

  private count({ outcome, moves }: Trial, fails: boolean): void {
    const { digest } = outcome;
    const tally = this.outcomes.get(digest);
    if (tally === undefined) {
      const changes = this.natural === null ? [] : differences(this.natural.outcome, outcome);
      this.outcomes.set(digest, { digest, orders: 1, moves, fails, differences: changes });
      return;
    }
    tally.orders++;
    tally.fails ||= fails;
  }

  /** Every run that was left to chance alone tells a size of the tree; their mean is right on average (Knuth, 1975). */
  private estimate(): number {
    const { isComplete } = this.tree;
    if (isComplete) return this.known.size;
    return Math.max(this.limit, this.sized === 0 ? 0 : this.sizes / this.sized);
  }

  private async result(): Promise<Exploration> {
    const { natural, shortest } = this;
    const failure =
      shortest === null
        ? null
        : {
            moves: shortest.moves,
            events: await this.trials.tell(shortest.moves),
            reasons: shortest.reasons,
          };
    return {
      scenario: this.scenario,
      events: await this.trials.tell([]),
      choices: natural?.choices.length ?? 0,
      orders: this.known.size,
      isComplete: this.tree.isComplete && !this.isInterrupted,
      estimate: this.estimate(),
      failed: this.failed,
      outcomes: [...this.outcomes.values()].sort((one, other) => other.orders - one.orders),
      failure,
      isInterrupted: this.isInterrupted,
    };
  }
}
