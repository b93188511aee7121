import type { Candidate } from '../kernel/dispatched-event.ts';
import type { SimTime } from '../kernel/time.ts';
import type { Move, ResolvedScenario } from '../scenario/resolved.ts';
import type { BuildSimulation, BuiltRun } from './built-run.ts';
import { type Choice, type Decide, following, RecordedOrder } from './explore-order.ts';
import { brokenDown, type Outcome, outcomeOf } from './explore-outcome.ts';
import { RunDefect } from './run-defect.ts';
import { simulate } from './simulate.ts';

/** One order that was run. */
export interface Trial {
  readonly choices: readonly Choice[];
  readonly moves: readonly Move[];
  readonly outcome: Outcome;
  /** Invariants, expectations and thresholds that did not hold. */
  readonly reasons: readonly string[];
}

/** Event number `event` of the window, scheduled for `timeNs`. */
export interface WindowEvent {
  readonly event: number;
  readonly timeNs: SimTime;
  /** A process by its name, any other event by its kind and target. */
  readonly name: string;
  /** Events that it runs before although it was their turn. */
  readonly aheadOf: readonly string[];
}

/** Runs one scenario in one order after the other, each from its beginning: nothing of a simulation is ever copied. */
export class Trials {
  private readonly scenario: ResolvedScenario;
  private readonly build: BuildSimulation;
  private readonly shouldStop: () => boolean;

  constructor(scenario: ResolvedScenario, build: BuildSimulation, shouldStop: () => boolean) {
    this.scenario = scenario;
    this.build = build;
    this.shouldStop = shouldStop;
  }

  /** Null: interrupted. */
  run(decide: Decide): Promise<Trial | null> {
    return this.inOrder(() => new RecordedOrder(decide));
  }

  /** Every event of the window in an order. */
  async tell(moves: readonly Move[]): Promise<WindowEvent[]> {
    const story: WindowEvent[] = [];
    let aheadOf: readonly string[] = [];
    await this.inOrder(
      (built) =>
        new RecordedOrder(following(moves), {
          moved({ rank }, window) {
            aheadOf = Array.from({ length: rank }, (_, at) => nameOf(built(), window.candidate(at)));
          },
          ran(event, what) {
            story.push({ event, timeNs: what.time, name: nameOf(built(), what), aheadOf });
            aheadOf = [];
          },
        }),
    );
    return story;
  }

  private async inOrder(orderOf: (built: () => BuiltRun) => RecordedOrder): Promise<Trial | null> {
    const { scenario, shouldStop } = this;
    let built: BuiltRun | null = null;
    const order = orderOf(() => built!);
    const build: BuildSimulation = (resolved, observer) => {
      built = this.build(resolved, observer, { order });
      return built;
    };
    const { choices, moves } = order;
    try {
      const { termination, figures, verdicts } = await simulate(scenario, build, { shouldStop });
      if (termination === 'interrupted' || shouldStop()) return null;
      const reasons = verdicts
        .filter(({ fails }) => fails)
        .map(({ text, reason }) => (reason === '' ? text : `${text}: ${reason}`));
      return { choices, moves, outcome: outcomeOf(figures), reasons };
    } catch (error) {
      if (!(error instanceof RunDefect)) throw error;
      const { message } = error;
      const reasons = [`defect of the simulator: ${message}`];
      return { choices, moves, outcome: brokenDown(message), reasons };
    }
  }
}

function nameOf({ sim }: BuiltRun, { kind, target }: Candidate): string {
  const running = sim.describe(kind, target);
  return running.name === running.kind ? `${running.kind} ${target}` : running.name;
}
