import type { BuildSimulation } from '../../src/experiment/built-run.ts';
import { PRIORITY } from '../../src/kernel/priority.ts';
import { RandomStreams } from '../../src/kernel/random.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { EVENT } from '../../src/observe/event-table.ts';
import { listedOrder, windowOptions } from '../../src/scenario/event-order.ts';
import { loadScenarioText } from '../../src/scenario/load.ts';
import type { ResolvedScenario } from '../../src/scenario/resolved.ts';

/**
 * Clerks who add to one account without a lock: each reads it, thinks for 10 ns, and writes the sum. They come 20 ns
 * after each other, so nothing is lost in the natural order. What was lost is told at the end as `device.gone` events;
 * with `breaks` a write that loses something is a defect instead.
 */
export function raceRun(clerks: number, breaks = false): BuildSimulation {
  return (scenario, observer, options = {}) => {
    const listed = listedOrder(scenario);
    const order = options.order ?? listed;
    const window =
      order === null || scenario.explore === undefined
        ? {}
        : windowOptions(scenario.explore, order, () => sim);
    const sim: Simulation = new Simulation(window);
    let account = 0;
    const write = sim.defineEvent('write', (_clerk, sum) => {
      if (breaks && sum <= account) throw new Error('money is lost');
      account = sum;
    });
    const read = sim.defineEvent('read', (clerk) => sim.post(10, PRIORITY.HOST, write, clerk, account + 1));
    const audit = sim.defineEvent('audit', () => {
      for (let lost = account; lost < clerks; lost++) {
        observer.emit(EVENT['device.gone'], 0, -1, -1, -1, -1, 0, 0, 0);
      }
    });
    for (let clerk = 0; clerk < clerks; clerk++) sim.at(100 + 20 * clerk, PRIORITY.HOST, read, clerk, 0);
    sim.at(10_000, PRIORITY.OBSERVER, audit, 0, 0);
    return {
      sim,
      streams: new RandomStreams(scenario.seed),
      channelPaths: [],
      subchannels: [],
      workloads: [],
      order: listed,
      finish: () => ({ requestsInProgress: 0, measurements: [], images: [] }),
    };
  };
}

export const RACE_SCENARIO = `name: race
duration: 1ms
expect:
  - { never: device.gone }
explore:
  window: [100ns, 1us]
`;

/** The scenario with more lines in its `explore`. */
export function raceScenario(lines = ''): ResolvedScenario {
  const loaded = loadScenarioText('race.yaml', RACE_SCENARIO + lines);
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  return loaded.scenario.runs[0];
}
