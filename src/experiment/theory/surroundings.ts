import type { ResolvedScenario } from '../../scenario/resolved.ts';
import type { Obstacle } from './solution.ts';

/** What happens besides requests, and what they cost outside of the one server that theory knows. Empty: nothing. */
export function surroundingObstacles(scenario: ResolvedScenario): Obstacle[] {
  return [...happenings(scenario), ...systemObstacles(scenario), ...instructionObstacles(scenario)];
}

/** Anything but requests. */
function happenings(scenario: ResolvedScenario): Obstacle[] {
  const { program, faults, maintenance = [], pciFaults = [], actions, machine, strategy } = scenario;
  const present: readonly (readonly [string, boolean, string])[] = [
    ['program', program !== undefined, 'an instruction script is no stream of requests'],
    [
      'faults',
      faults.length + maintenance.length + pciFaults.length > 0,
      'what goes wrong changes the system on its way',
    ],
    ['actions', actions.length > 0, 'what operators do changes the system on its way'],
    ['machine.dcm', machine.dcm !== undefined, 'channel paths move between control units'],
    ['strategies.grouping', strategy.grouping !== undefined, 'paths are solved in multipath mode only'],
  ];
  return present.filter(([, is]) => is).map(([key, , reason]) => ({ key, reason }));
}

function systemObstacles({ systems }: ResolvedScenario): Obstacle[] {
  if (systems.length !== 1 || systems[0].kind !== 'partition') {
    return [
      {
        key: 'systems',
        reason: 'there must be one partition, alone: layers between it and the machine take time',
      },
    ];
  }
  const [{ name, costs, pci }] = systems;
  const moves =
    pci === undefined || pci.moves.length === 0
      ? []
      : [{ key: `systems.${name}.pci.moves`, reason: 'stores take time of the processors' }];
  return [
    moves,
    free(`systems.${name}.costs.interrupt`, costs.interruptNs),
    free(`systems.${name}.costs.driverPath`, costs.driverPathNs),
  ].flat();
}

function instructionObstacles({ machine }: ResolvedScenario): Obstacle[] {
  const { ssch, tsch } = machine.options.instructionCostNs;
  return [free('machine.costs.ssch', ssch), free('machine.costs.tsch', tsch)].flat();
}

/** A cost that must be nothing. */
export const free = (key: string, ns: number): Obstacle[] =>
  ns === 0 ? [] : [{ key, reason: `takes ${ns} ns of every request; theory needs 0s` }];
