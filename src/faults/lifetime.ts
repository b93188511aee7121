import { exponential, type Stream } from '../kernel/random.ts';
import type { SimTime } from '../kernel/time.ts';

/**
 * How long a part lives, by its mean: exponential when it does not age; Weibull when it does, with a `shape` above 1 for
 * wear and below 1 for parts of which the weak ones fail early.
 */
export type Lifetime =
  | { readonly kind: 'exponential'; readonly meanNs: SimTime }
  | { readonly kind: 'weibull'; readonly meanNs: SimTime; readonly shape: number };

/** The next lifetime, at least 1 ns, from one draw of the stream. */
export function drawLifetime(life: Lifetime, stream: Stream): SimTime {
  const uniform = stream.uniform();
  if (life.kind === 'exponential') return Math.max(1, exponential(uniform, life.meanNs));
  const { meanNs, shape } = life;
  // The quantile is scale · (−ln(1 − u))^(1/shape); a power goes by logarithms, as powers differ between Node versions.
  const age = Math.exp(Math.log(-Math.log1p(-uniform)) / shape);
  return Math.max(1, Math.round((meanNs / Math.exp(logGamma(1 + 1 / shape))) * age));
}

/** ln Γ(x) by Stirling's series, from 10 on exact to the last digits; below, Γ(x) = Γ(x + 1) / x leads there. */
function logGamma(x: number): number {
  let log = 0;
  let z = x;
  for (; z < 10; z++) log -= Math.log(z);
  const square = z * z;
  const series = (1 / 12 - (1 / 360 - 1 / (1260 * square)) / square) / z;
  return log + (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series;
}
