import { responseMG1 } from '../../statistics/queueing.ts';
import { overloaded } from './mm-c.ts';
import type { QueueingSystem } from './queueing-system.ts';
import { exactly, obstacle, type Theory } from './solution.ts';

/**
 * M/G/1: Poisson arrivals at a volume, or at one channel path, by Pollaczek and Khinchine; M/M/1 where service is
 * exponential. Volumes that share a path are asked for in an order of their own, but no server is idle while a request waits,
 * and the order does not look at service times: the mean is that of first come, first served.
 */
export function solveMG1({ arrivals, volumes, service, station }: QueueingSystem): Theory | null {
  if (arrivals.kind !== 'poisson' || (station.kind === 'paths' && station.paths > 1)) return null;
  const isVolume = station.kind === 'volume';
  const ratePerNs = (arrivals.perVolume * (isVolume ? 1 : volumes)) / 1e9;
  const busy = ratePerNs * service.meanNs;
  if (busy >= 1) return obstacle('workload', overloaded(busy));
  const responseNs = responseMG1(ratePerNs, service.meanNs, service.squaredVariation);
  const model = service.isExponential ? 'M/M/1' : 'M/G/1';
  const variation = `squared coefficient of variation ${Number(service.squaredVariation.toPrecision(4))}`;
  return {
    solution: {
      model: isVolume && volumes > 1 ? `${volumes} × ${model}` : model,
      text: `${isVolume ? 'each volume' : 'one channel path'} serves, ${(busy * 100).toFixed(1)} % of the time, ${variation}`,
      predictions: [
        exactly('io.response.mean', responseNs),
        exactly('io.rate', arrivals.perVolume * volumes),
        isVolume ? exactly('io.iosq.mean', responseNs - service.meanNs) : exactly('path.utilisation', busy),
      ],
    },
  };
}
