/*
 * Textbook results, in plain arithmetic: the oracle knows nothing of the simulator. Times are in the unit of the mean
 * service time where none is given.
 */

/** M/M/c: mean time in the system, with Erlang's C for the probability of waiting. */
export function responseMMc(servers: number, arrivalRate: number, serviceMean: number): number {
  const load = arrivalRate * serviceMean;
  let term = 1;
  let sum = 1;
  for (let busy = 1; busy < servers; busy++) {
    term *= load / busy;
    sum += term;
  }
  const all = ((term * load) / servers) * (servers / (servers - load));
  const waits = all / (sum + all);
  return serviceMean + (waits * serviceMean) / (servers - load);
}

/** M/G/1: mean waiting time by Pollaczek and Khinchine, from the first two moments of the service time. */
export function waitMG1(arrivalRate: number, mean: number, secondMoment: number): number {
  return (arrivalRate * secondMoment) / (2 * (1 - arrivalRate * mean));
}

/**
 * E_k/M/1: mean time in the system when every k-th event of a Poisson process arrives. An arrival finds n in the system
 * with probability (1 − σ)σⁿ, where σ is the root in (0, 1) of σ = (λ / (λ + µ(1 − σ)))^k.
 */
export function responseEkM1(stages: number, poissonRate: number, serviceMean: number): number {
  const rate = 1 / serviceMean;
  let sigma = 0.5;
  for (let turn = 0; turn < 10_000; turn++) {
    const factor = poissonRate / (poissonRate + rate * (1 - sigma));
    let power = 1;
    for (let stage = 0; stage < stages; stage++) power *= factor;
    sigma = power;
  }
  return 1 / (rate * (1 - sigma));
}

/** M/M/c//N, the machine repairman: customers think, queue for one of c servers and are served; throughput and response. */
export function repairman(
  customers: number,
  servers: number,
  thinkMean: number,
  serviceMean: number,
): { throughput: number; response: number } {
  let weight = 1;
  let total = 1;
  let inSystem = 0;
  for (let n = 1; n <= customers; n++) {
    weight *= ((customers - n + 1) * serviceMean) / (thinkMean * Math.min(n, servers));
    total += weight;
    inSystem += n * weight;
  }
  const mean = inSystem / total;
  const throughput = (customers - mean) / thinkMean;
  return { throughput, response: mean / throughput };
}

const BATCHES = 30;
/** Two-sided 99.9 % quantile of Student's t with 29 degrees of freedom. */
const STUDENT = 3.659;

/** Mean of a correlated sequence with the half width of its confidence interval, by batch means. */
export function batchMeans(values: readonly number[]): { mean: number; halfWidth: number } {
  const size = Math.floor(values.length / BATCHES);
  const means = Array.from({ length: BATCHES }, (_, batch) => {
    let sum = 0;
    for (let at = batch * size; at < (batch + 1) * size; at++) sum += values[at];
    return sum / size;
  });
  const mean = means.reduce((sum, value) => sum + value, 0) / BATCHES;
  const squares = means.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, halfWidth: STUDENT * Math.sqrt(squares / (BATCHES - 1) / BATCHES) };
}
