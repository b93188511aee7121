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

/** Machine repairman with one server, M/M/1//N: throughput and mean response by exact mean value analysis (Reiser and Lavenberg 1980). */
export function repairman(
  customers: number,
  thinkMean: number,
  serviceMean: number,
): { readonly throughput: number; readonly response: number } {
  let queue = 0;
  let throughput = 0;
  let response = 0;
  for (let population = 1; population <= customers; population++) {
    response = serviceMean * (1 + queue);
    throughput = population / (thinkMean + response);
    queue = throughput * response;
  }
  return { throughput, response };
}
