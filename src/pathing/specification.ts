/**
 * Policies that need no parameters, by the name that scenarios use: P1 `fixed`, P2 `rotation`, P3 `random`, P4
 * `least-busy`, P6 `preferred` of the strategies reference, and `pooled`, which is queueing theory's. P5 is `steering`.
 */
export const PLAIN_SELECTIONS = ['rotation', 'pooled', 'fixed', 'random', 'least-busy', 'preferred'] as const;
export type PlainSelection = (typeof PLAIN_SELECTIONS)[number];
/** All of them. */
export const SELECTION_NAMES = [...PLAIN_SELECTIONS, 'steering'] as const;

/** Parameters of `steering`, all shares. */
export interface SteeringOptions {
  /** Weight of the latest response time in the average of its path, above 0. */
  readonly alpha: number;
  /** Share of the starts that go to slow paths, drawn among them. */
  readonly reprobe: number;
  /** A path is slow whose average is longer than the shortest one by more than this share of it. */
  readonly margin: number;
}

/** A policy with its parameters, as plain data. */
export type SelectionSpecification =
  | { readonly kind: PlainSelection }
  | ({ readonly kind: 'steering' } & SteeringOptions);

/** What the policy is called in names of runs: parameters follow where they are not the usual ones (`steering-alpha-0.5`). */
export function selectionName(selection: SelectionSpecification, usual: SteeringOptions): string {
  if (selection.kind !== 'steering') return selection.kind;
  const names = ['alpha', 'reprobe', 'margin'] as const;
  const told = names.filter((name) => selection[name] !== usual[name]);
  return ['steering', ...told.map((name) => `${name}-${selection[name]}`)].join('-');
}
