import { EXPIRES_NS } from '../../linux/dasd/definitions.ts';
import type { ResolvedScenario } from '../../scenario/resolved.ts';
import type { QueueingSystem } from './queueing-system.ts';
import type { Obstacle, Solution } from './solution.ts';

/** An exponential time is longer than so many of its means once in 5 × 10^8. */
const FAR_MEANS = 20;

/**
 * The driver clears a request that has been started for too long, and starts it again (linux/dasd/recognition.ts:
 * setDefaults). Theory knows nothing of that, so it must not come to pass: a started request waits for its channel path, or is
 * served by its volume, and times that vary more than exponential ones have tails that are longer by as much.
 */
export function timeoutObstacles(
  { systems, machine: { dasd } }: ResolvedScenario,
  { service, station }: QueueingSystem,
  { predictions }: Solution,
): Obstacle[] {
  const response = predictions.find(({ metric }) => metric === 'io.response.mean')!.value;
  const startedNs = station.kind === 'volume' ? service.meanNs : response;
  const longestNs = FAR_MEANS * Math.max(1, service.squaredVariation) * startedNs;
  const reason = 'some requests may take longer and are started again; theory needs that never to happen';
  return systems.flatMap((system): Obstacle[] => {
    if (system.kind !== 'partition') return [];
    const { expiresNs } = system.dasdOptions;
    if (expiresNs > 0) {
      return longestNs > expiresNs ? [{ key: `systems.${system.name}.dasdOptions.expires`, reason }] : [];
    }
    const shortest = Math.min(...dasd.map(({ missingInterruptNs }) => missingInterruptNs || EXPIRES_NS));
    return longestNs > shortest ? [{ key: 'machine.dasd', reason: `missingInterrupt: ${reason}` }] : [];
  });
}
