/*
 * One base and k aliases under Poisson arrivals, with exponential service, as the driver shares requests out among them:
 * a Markov chain whose balance equations are solved in plain arithmetic. The oracle knows nothing of the simulator.
 *
 * A state is the number of requests at the base and at each alias, whose turn it is, and how many wait in front.
 */
const MOST_EACH = 4;
type State = readonly number[];

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly rate: number;
}

/** Mean time in the system; `most` bounds those that wait in front, and must be so large that it hardly matters. */
export function responseWithAliases(
  aliases: number,
  arrivalRate: number,
  serviceMean: number,
  most: number,
): number {
  const states: State[] = [new Array(aliases + 3).fill(0)];
  const indexOf = new Map([[states[0].join(), 0]]);
  const number = (state: State): number => {
    const known = indexOf.get(state.join());
    if (known !== undefined) return known;
    indexOf.set(state.join(), states.length);
    states.push(state);
    return states.length - 1;
  };
  const edges: Edge[] = [];
  for (let from = 0; from < states.length; from++) {
    const state = states[from];
    if (state[aliases + 2] < most)
      edges.push({ from, to: number(arrival(state, aliases)), rate: arrivalRate });
    for (let at = 0; at <= aliases; at++) {
      if (state[at] > 0) edges.push({ from, to: number(end(state, at, aliases)), rate: 1 / serviceMean });
    }
  }
  const probability = stationary(states.length, edges, arrivalRate + (aliases + 1) / serviceMean);
  let inSystem = 0;
  for (const [at, state] of states.entries()) {
    const requests = state[aliases + 2] + state.slice(0, aliases + 1).reduce((sum, n) => sum + n, 0);
    inSystem += probability[at] * requests;
  }
  return inSystem / arrivalRate;
}

const arrival = (state: State, aliases: number): State =>
  shareOut(
    state.map((n, at) => (at === aliases + 2 ? n + 1 : n)),
    aliases,
  );

const end = (state: State, which: number, aliases: number): State =>
  shareOut(
    state.map((n, at) => (at === which ? n - 1 : n)),
    aliases,
  );

/** The alias whose turn it is takes a request when it has fewer than the base; else the base does, up to four of them. */
function shareOut(state: State, aliases: number): State {
  const now = [...state];
  const turn = aliases + 1;
  const waiting = aliases + 2;
  while (now[waiting] > 0) {
    const alias = 1 + now[turn];
    now[turn] = (now[turn] + 1) % aliases;
    const taker = now[alias] < now[0] ? alias : 0;
    if (now[taker] === MOST_EACH) break;
    now[taker]++;
    now[waiting]--;
  }
  return now;
}

/** Stationary distribution of a chain whose total rates stay below `fastest`, by stepping it until it stands still. */
function stationary(count: number, edges: readonly Edge[], fastest: number): Float64Array {
  let now = new Float64Array(count);
  now[0] = 1;
  for (let step = 0; step < 20_000; step++) {
    const next = now.slice();
    for (const { from, to, rate } of edges) {
      const moved = (now[from] * rate) / fastest;
      next[from] -= moved;
      next[to] += moved;
    }
    const change = next.reduce((most, value, index) => Math.max(most, Math.abs(value - now[index])), 0);
    now = next;
    if (change < 1e-11) break;
  }
  return now;
}
