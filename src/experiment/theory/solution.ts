/** What keeps a scenario from being a queueing system with a known solution: a key of the scenario, and why. */
export interface Obstacle {
  readonly key: string;
  readonly reason: string;
}

/** A metric's exact value, in its unit. */
export interface Prediction {
  readonly metric: string;
  readonly value: number;
  /** By how much of it the simulated value may be larger, because the scenario is the system only in the limit; 0: by nothing. */
  readonly tolerance: number;
}

export interface Solution {
  /** In Kendall's notation, as `M/M/8//42`. */
  readonly model: string;
  /** What serves whom, in words. */
  readonly text: string;
  readonly predictions: readonly Prediction[];
}

/** Either the solution, or everything that is in its way. */
export type Theory =
  | { readonly solution: Solution; readonly obstacles?: never }
  | { readonly solution?: never; readonly obstacles: readonly Obstacle[] };

export const exactly = (metric: string, value: number): Prediction => ({ metric, value, tolerance: 0 });

export const obstacle = (key: string, reason: string): Theory => ({ obstacles: [{ key, reason }] });
