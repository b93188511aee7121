import { repairman } from '../../statistics/queueing.ts';
import type { QueueingSystem } from './queueing-system.ts';
import { exactly, obstacle, type Theory } from './solution.ts';

/**
 * M/M/c//N, the machine repairman: applications think, wait for one of c channel paths and are served; or each volume serves
 * its own applications, which is M/M/1//k once per volume. Service is exponential, think times may have any distribution.
 */
export function solveRepairman(system: QueueingSystem): Theory | null {
  const { arrivals, volumes, service, station, workload } = system;
  if (arrivals.kind !== 'closed') return null;
  const { applicationsPerVolume, thinkMeanNs } = arrivals;
  if (!service.isExponential) {
    const key = station.kind === 'volume' ? 'machine.controlUnits' : 'machine.chpids';
    return obstacle(key, 'service is not exponential: with closed arrivals there is no exact solution');
  }
  if (station.kind === 'volume') return volumeTheory(system, applicationsPerVolume, thinkMeanNs);
  const { paths, queue } = station;
  if (queue === 'own') {
    return obstacle('strategies.selection', 'with closed arrivals the paths must share a queue: pooled');
  }
  if (paths > 1 && applicationsPerVolume > 1) {
    return obstacle(
      `workload.${workload}.applications`,
      `a volume carries out one request at a time: with ${applicationsPerVolume} applications on it, requests wait while paths are idle`,
    );
  }
  const customers = volumes * applicationsPerVolume;
  const { throughput, response } = repairman(customers, thinkMeanNs, service.meanNs, paths);
  return {
    solution: {
      model: `M/M/${paths}//${customers}`,
      text: `${customers} applications think and are served by ${paths} channel path${paths === 1 ? '' : 's with one queue'}`,
      predictions: [
        exactly('io.response.mean', response),
        exactly('io.rate', throughput * 1e9),
        exactly('path.utilisation', (throughput * service.meanNs) / paths),
      ],
    },
  };
}

function volumeTheory({ volumes, service }: QueueingSystem, applications: number, thinkNs: number): Theory {
  const { throughput, response } = repairman(applications, thinkNs, service.meanNs);
  const model = `M/M/1//${applications}`;
  return {
    solution: {
      model: volumes > 1 ? `${volumes} × ${model}` : model,
      text: `${applications} application${applications === 1 ? '' : 's'} think and are served by their volume`,
      predictions: [
        exactly('io.response.mean', response),
        exactly('io.rate', throughput * volumes * 1e9),
        exactly('io.iosq.mean', response - service.meanNs),
      ],
    },
  };
}
