/** Choice by shares: the number axis from 0 to 1 is cut into pieces as long as the shares, of which a draw hits one. */

/** Ends of the pieces, ascending; the last one is never reached by a draw. Shares need not sum to one. */
export function thresholdsOf(parts: readonly { readonly share: number }[]): Float64Array {
  const total = parts.reduce((sum, { share }) => sum + share, 0);
  const thresholds = new Float64Array(parts.length);
  let sum = 0;
  for (const [at, { share }] of parts.entries()) {
    sum += share;
    thresholds[at] = sum / total;
  }
  // The last part that has a share takes what rounding leaves over.
  for (let at = parts.length - 1; at >= 0; at--) {
    thresholds[at] = 1;
    if (parts[at].share > 0) break;
  }
  return thresholds;
}

/** The part that a uniform draw in [0, 1) hits. Parts are few, so they are gone through. */
export function chosen(thresholds: Float64Array, uniform: number): number {
  let at = 0;
  while (uniform >= thresholds[at]) at++;
  return at;
}
