import type { BuiltRun } from '../../src/experiment/built-run.ts';
import { simulate } from '../../src/experiment/simulate.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import type { ResolvedScenario } from '../../src/scenario/resolved.ts';
import type { SystemState } from '../../src/scenario/system-state.ts';

/** What the first Linux of a run shows at a simulated time. */
export async function stateAt(scenario: ResolvedScenario, atNs: number): Promise<SystemState> {
  const built: BuiltRun[] = [];
  await simulate(
    { ...scenario, trace: { ...scenario.trace, level: 'none' } },
    (...parts) => {
      const run = buildSimulation(...parts);
      built.push(run);
      return run;
    },
    { until: atNs },
  );
  return built[0].systemStates!()[0];
}
