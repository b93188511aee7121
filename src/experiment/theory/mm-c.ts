import { erlangC, responseMMc } from '../../statistics/queueing.ts';
import type { QueueingSystem } from './queueing-system.ts';
import { exactly, obstacle, type Solution, type Theory } from './solution.ts';

/** Share of the requests that may meet another one at their volume: above that the system is not what theory means. */
const MOST_MEETINGS = 0.01;

/**
 * M/M/c: channel paths with one queue, Poisson arrivals, exponential service (Erlang C). A single path is handled by
 * `mg-1.ts`. A volume carries out one request at a time, so a request that meets another at its volume waits while paths may
 * be idle. A volume has λR/V requests on the average, and an arrival that meets them waits no longer than they have been
 * there: the response is longer by that share of itself at most, to the first order.
 */
export function solveMMc({ arrivals, volumes, service, station }: QueueingSystem): Theory | null {
  if (arrivals.kind !== 'poisson' || station.kind !== 'paths' || station.paths === 1) return null;
  const { paths, queue } = station;
  if (!service.isExponential) {
    return obstacle('machine.chpids', 'the occupancy is not exponential: M/G/c has no exact solution');
  }
  const perNs = (arrivals.perVolume * volumes) / 1e9;
  const busy = (perNs * service.meanNs) / paths;
  if (busy >= 1) return obstacle('workload', overloaded(busy));
  const responseNs =
    queue === 'one'
      ? responseMMc(paths, perNs, service.meanNs)
      : responseMMc(1, perNs / paths, service.meanNs);
  const meetings = (perNs * responseNs) / volumes;
  if (meetings > MOST_MEETINGS) return obstacle('machine.dasd', meetingText(perNs * responseNs, volumes));
  return { solution: solutionOf(paths, queue, perNs, service.meanNs, responseNs, meetings) };
}

function solutionOf(
  paths: number,
  queue: 'one' | 'own',
  perNs: number,
  serviceNs: number,
  responseNs: number,
  tolerance: number,
): Solution {
  const load = perNs * serviceNs;
  const waits = erlangC(paths, load) * 100;
  return {
    model: queue === 'one' ? `M/M/${paths}` : `${paths} × M/M/1`,
    text:
      queue === 'one'
        ? `${paths} channel paths share a queue; ${waits.toFixed(1)} % of the requests wait`
        : `requests are dealt out at random to ${paths} channel paths with queues of their own`,
    predictions: [
      { metric: 'io.response.mean', value: responseNs, tolerance },
      exactly('io.rate', perNs * 1e9),
      exactly('path.utilisation', load / paths),
    ],
  };
}

export const overloaded = (busy: number): string =>
  `more arrives than can be served (${busy.toFixed(2)} of the capacity): there is no steady state`;

const meetingText = (inSystem: number, volumes: number): string =>
  `a volume carries out one request at a time, and ${inSystem.toFixed(1)} requests on ${volumes} volumes meet too often: take ${Math.ceil(inSystem / MOST_MEETINGS)} volumes for the same requests`;
