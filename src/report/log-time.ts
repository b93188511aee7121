/**
 * Time since a change on a logarithmic axis: a report takes microseconds to arrive, a storm of them hundreds of
 * milliseconds to be over, and who is told nothing is wrong for seconds. All in one picture, each at its own scale.
 *
 * Positions are decades above 1 µs. They come from a table of products, not from a logarithm, whose last digits differ
 * between processors' mathematics libraries.
 */
const PER_DECADE = 40;
const RATIO = 1.0592537251772889;
const FIRST_NS = 1_000;
export const DECADES = 8;

const EDGES = edges();

function edges(): number[] {
  const table: number[] = [];
  let decade = FIRST_NS;
  for (let at = 0; at <= DECADES; at++) {
    let edge = decade;
    for (let step = 0; step < PER_DECADE; step++) {
      table.push(edge);
      edge *= RATIO;
    }
    decade *= 10;
  }
  return table;
}

/** Number of the bin that holds a time; what comes within the first microsecond is in the first. */
export function logBin(ns: number): number {
  let low = 0;
  let high = EDGES.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (EDGES[middle] <= ns) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Position of the lower edge of a bin. */
export const binPosition = (bin: number): number => bin / PER_DECADE;

/** Position of a time, between the edges of its bin. */
export function logPosition(ns: number): number {
  if (ns <= FIRST_NS) return 0;
  const bin = logBin(ns);
  const next = EDGES[bin + 1] ?? EDGES[bin] * RATIO;
  return (bin + (ns - EDGES[bin]) / (next - EDGES[bin])) / PER_DECADE;
}
