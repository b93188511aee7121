import type { SimTime } from '../../kernel/time.ts';
import type { ResolvedScenario } from '../../scenario/resolved.ts';
import { arrivalSide } from './arrivals.ts';
import { solveRepairman } from './machine-repairman.ts';
import { solveMG1 } from './mg-1.ts';
import { solveMMc } from './mm-c.ts';
import type { QueueingSystem } from './queueing-system.ts';
import { reachObstacles } from './reach.ts';
import type { Obstacle, Theory } from './solution.ts';
import { stationSide } from './station.ts';
import { surroundingObstacles } from './surroundings.ts';
import { timeoutObstacles } from './timeouts.ts';

/** Each takes the systems that it knows and leaves the others (null) to the next. */
const MODELS: readonly ((system: QueueingSystem) => Theory | null)[] = [solveMG1, solveMMc, solveRepairman];

/**
 * What queueing theory says of a run: exact values of its metrics, or the keys of the scenario on account of which there are
 * none. It looks at the resolved scenario alone. `endNs`: where the run ends.
 */
export function theoryOf(scenario: ResolvedScenario, endNs: SimTime): Theory {
  const obstacles: Obstacle[] = [...surroundingObstacles(scenario), ...reachObstacles(scenario)];
  const arrivals = arrivalSide(scenario, endNs);
  if (!('volumes' in arrivals)) return { obstacles: [...obstacles, ...arrivals] };
  const station = stationSide(scenario, arrivals);
  if (!('station' in station)) return { obstacles: [...obstacles, ...station] };
  if (obstacles.length > 0) return { obstacles };
  const system = { ...arrivals, ...station };
  for (const model of MODELS) {
    const theory = model(system);
    if (theory === null) continue;
    const timeouts = theory.solution === undefined ? [] : timeoutObstacles(scenario, system, theory.solution);
    return timeouts.length > 0 ? { obstacles: timeouts } : theory;
  }
  return { obstacles: [{ key: 'workload', reason: 'no model is for these arrivals' }] };
}
