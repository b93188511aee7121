/**
 * p-values adjusted for being several, by Holm's step-down method (1979): whoever rejects where the adjusted value is below
 * 5 % errs in any of them with a probability of at most 5 %, however they depend on each other. In the order given.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, at) => at).sort((left, right) => pValues[left] - pValues[right]);
  const adjusted: number[] = new Array(pValues.length);
  let largest = 0;
  order.forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, pValues[at] * (pValues.length - rank)));
    adjusted[at] = largest;
  });
  return adjusted;
}
