/*
 * Join the shortest queue has no closed form. Its balance equations are solved here, in plain arithmetic: the oracle
 * knows nothing of the simulator.
 */

/** A state lists the lengths of the queues, longest first; queues are alike, so their order does not matter. */
function states(servers: number, most: number): number[][] {
  if (servers === 0) return [[]];
  return Array.from({ length: most + 1 }, (_, longest) => longest).flatMap((longest) =>
    states(servers - 1, longest).map((rest) => [longest, ...rest]),
  );
}

interface Transition {
  readonly from: number;
  readonly to: number;
  readonly rate: number;
}

/**
 * Mean time in the system of M/M queues in parallel where an arrival joins a shortest one. No queue grows beyond `most`:
 * choose it so that this hardly ever matters.
 */
export function responseShortestQueue(
  servers: number,
  arrivalRate: number,
  serviceMean: number,
  most: number,
): number {
  const all = states(servers, most);
  const indexOf = new Map(all.map((state, index) => [state.join(), index]));
  const to = (lengths: readonly number[]): number => indexOf.get(lengths.toSorted((a, b) => b - a).join())!;
  const transitions: Transition[] = all.flatMap((state, from) => {
    const ends = state.flatMap((length, at) =>
      length === 0 ? [] : [{ from, to: to(state.with(at, length - 1)), rate: 1 / serviceMean }],
    );
    const shortest = state[servers - 1];
    if (shortest === most) return ends;
    return [...ends, { from, to: to(state.with(servers - 1, shortest + 1)), rate: arrivalRate }];
  });
  const probability = stationary(all.length, transitions, arrivalRate + servers / serviceMean);
  const inSystem = all.reduce(
    (sum, state, index) => sum + probability[index] * state.reduce((total, length) => total + length, 0),
    0,
  );
  return inSystem / arrivalRate;
}

/** Stationary distribution of a chain whose total rates stay below `fastest`, by stepping it until it stands still. */
function stationary(count: number, transitions: readonly Transition[], fastest: number): Float64Array {
  let now = new Float64Array(count);
  now[0] = 1;
  for (let step = 0; step < 20_000; step++) {
    const next = now.slice();
    for (const { from, to, rate } of transitions) {
      const moved = (now[from] * rate) / fastest;
      next[from] -= moved;
      next[to] += moved;
    }
    const change = next.reduce((most, value, index) => Math.max(most, Math.abs(value - now[index])), 0);
    now = next;
    if (change < 1e-12) break;
  }
  return now;
}
