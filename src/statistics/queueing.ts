/*
 * Textbook results for a look whether a simulated queue is what it should be (Kleinrock, Queueing Systems I; Gross and
 * Harris, Fundamentals of Queueing Theory). All times in one unit, rates in its inverse. An overloaded queue has infinite
 * times.
 */

/** M/M/1: mean time in the system (Kleinrock 3.2). */
export const responseMM1 = (arrivalRate: number, serviceMean: number): number =>
  responseMMc(1, arrivalRate, serviceMean);

/** Erlang's B: probability that all of `servers` are busy when nobody waits, by its recursion over servers. */
export function erlangB(servers: number, load: number): number {
  let blocked = 1;
  for (let busy = 1; busy <= servers; busy++) blocked = (load * blocked) / (busy + load * blocked);
  return blocked;
}

/** Erlang's C: probability of waiting in M/M/c (Gross and Harris 2.3). */
export function erlangC(servers: number, load: number): number {
  if (load >= servers) return 1;
  const blocked = erlangB(servers, load);
  return blocked / (1 - (load / servers) * (1 - blocked));
}

/** M/M/c: mean time in the system. */
export function responseMMc(servers: number, arrivalRate: number, serviceMean: number): number {
  const load = arrivalRate * serviceMean;
  if (load >= servers) return Number.POSITIVE_INFINITY;
  return serviceMean * (1 + erlangC(servers, load) / (servers - load));
}

/** M/G/1: mean time in the system by Pollaczek and Khinchine, from mean and squared coefficient of variation of service. */
export function responseMG1(arrivalRate: number, serviceMean: number, squaredVariation: number): number {
  const load = arrivalRate * serviceMean;
  if (load >= 1) return Number.POSITIVE_INFINITY;
  return serviceMean * (1 + (load * (1 + squaredVariation)) / (2 * (1 - load)));
}

/**
 * Machine repairman, M/M/c//N: customers think, queue for one of `servers` and are served; throughput and mean response by
 * the balance of births and deaths (Kleinrock 3.8). It holds for any distribution of think times with this mean: the
 * thinkers are a station without a queue (Baskett, Chandy, Muntz and Palacios 1975).
 */
export function repairman(
  customers: number,
  thinkMean: number,
  serviceMean: number,
  servers = 1,
): { readonly throughput: number; readonly response: number } {
  if (thinkMean === 0) {
    const throughput = Math.min(customers, servers) / serviceMean;
    return { throughput, response: customers / throughput };
  }
  let weight = 1;
  let total = 1;
  let present = 0;
  let busy = 0;
  for (let inSystem = 1; inSystem <= customers; inSystem++) {
    const serving = Math.min(inSystem, servers);
    weight *= ((customers - inSystem + 1) * serviceMean) / (thinkMean * serving);
    total += weight;
    present += inSystem * weight;
    busy += serving * weight;
    if (weight < LARGE) continue;
    // Only the proportions of the weights matter.
    weight /= LARGE;
    total /= LARGE;
    present /= LARGE;
    busy /= LARGE;
  }
  return { throughput: busy / (total * serviceMean), response: (present * serviceMean) / busy };
}

const LARGE = 1e200;
