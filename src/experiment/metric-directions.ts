/** Which way of a metric is the good one; `none`: more of it is neither, it tells what is done. */
export type Direction = 'lower' | 'higher' | 'none';

/** The first pattern that fits a metric's name decides. */
const DIRECTIONS: readonly (readonly [RegExp, Direction])[] = [
  // How many measurements there are is no merit.
  [/\.count$/, 'none'],
  [/^io\.(rate|completed)$/, 'higher'],
  [/^io\.started$/, 'none'],
  // What became of requests, and every time of theirs.
  [/^io\./, 'lower'],
  // How busy a path is depends on how much it got to do.
  [/^path\.utilisation/, 'none'],
  // Keeping a path out of use is right or wrong; only the wrong part is a cost.
  [/^path\.suppressed$/, 'none'],
  [/^path\./, 'lower'],
  [/^machine\.crw_lost$/, 'lower'],
  [/^guest\.exit$/, 'lower'],
];

/** Counts of instructions and notifications have no direction: doing more may be the price of knowing more. */
export const directionOf = (metric: string): Direction =>
  DIRECTIONS.find(([pattern]) => pattern.test(metric))?.[1] ?? 'none';
