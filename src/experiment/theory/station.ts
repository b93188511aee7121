import { BLOCK_BYTES } from '../../observe/block-request.ts';
import type { ResolvedChannelPath, ResolvedControlUnit, ResolvedScenario } from '../../scenario/resolved.ts';
import { formatChpid } from '../../zarch/ids.ts';
import type { ArrivalSide } from './arrivals.ts';
import type { Station } from './queueing-system.ts';
import { controlUnitService, type Service, serviceOf } from './service.ts';
import type { Obstacle } from './solution.ts';
import { free } from './surroundings.ts';

/** The one place where requests take time. */
export interface StationSide {
  readonly station: Station;
  readonly service: Service;
}

/** Finds it, or says what else takes time, or what keeps the place from being a station of theory. */
export function stationSide(
  scenario: ResolvedScenario,
  side: ArrivalSide,
): StationSide | readonly Obstacle[] {
  const { controlUnits, channelPaths, dasd } = scenario.machine;
  const [unit] = controlUnits;
  const odd = controlUnits.find((other) => unitKind(other) !== unitKind(unit));
  const obstacles = [
    ...controlUnits.flatMap((one) => unitObstacles(scenario, one)),
    ...(odd === undefined ? [] : [{ key: keyOf(odd), reason: 'is not like the other control units' }]),
    ...channelPaths.flatMap((path) => pathObstacles(path, unit, side)),
    ...(dasd.some(({ aliasOf }) => aliasOf !== undefined)
      ? [
          {
            key: 'machine.dasd',
            reason: 'the driver deals requests out to a base and its aliases before they start',
          },
        ]
      : []),
  ];
  if (unit.cache.kind !== 'hit-ratio' || obstacles.length > 0) return obstacles;
  const unitService = controlUnitService(unit, unit.cache.hitRatio, side.reads);
  const pathService = occupancyOf(channelPaths[0]);
  if (unitService.meanNs > 0 && pathService.meanNs > 0)
    return bothServe(unitService, pathService, keyOf(unit));
  if (pathService.meanNs > 0) return pathStation(scenario, pathService, side.volumes);
  if (unitService.meanNs > 0) return volumeStation(scenario, unit, unitService, side.volumes);
  return [{ key: 'machine', reason: 'nothing takes any time, so there is no queue' }];
}

const keyOf = ({ name }: ResolvedControlUnit): string => `machine.controlUnits.${name}`;

/** A text that is equal for control units that differ in name only: they share their paths, so they are one to theory. */
const unitKind = ({ name, type, ...others }: ResolvedControlUnit): string => JSON.stringify(others);

function unitObstacles({ machine }: ResolvedScenario, unit: ResolvedControlUnit): Obstacle[] {
  const key = keyOf(unit);
  const present: readonly (readonly [string, boolean, string])[] = [
    [
      `${key}.cache`,
      unit.cache.kind !== 'hit-ratio',
      'hits depend on what was asked for before; theory needs hitRatio',
    ],
    [`${key}.backend`, unit.backend === 'mechanics', 'the next access depends on where the arm is'],
    [
      `${key}.zhpf`,
      machine.options.transportMode === true,
      'programs in transport mode have times of their own',
    ],
  ];
  return present.filter(([, is]) => is).map(([name, , reason]) => ({ key: name, reason }));
}

/** Distance, wire, and what makes a path another than its neighbours. */
function pathObstacles(
  path: ResolvedChannelPath,
  unit: ResolvedControlUnit,
  { largestBlocks }: ArrivalSide,
): Obstacle[] {
  const key = `machine.chpids.${formatChpid(path.chpid)}`;
  if (!unit.paths.includes(path.chpid)) return [{ key, reason: 'does not lead to the control unit' }];
  const wireNs = Math.round((largestBlocks * BLOCK_BYTES * 1_000) / path.generation.megabytesPerSecond);
  return [...free(`${key}.distance and switch`, path.propagationNs), ...free(`${key}.bandwidth`, wireNs)];
}

/** What a start costs the channel processor; base and perCcw depend on the program, so they count as something. */
function occupancyOf({ occupancy, generation }: ResolvedChannelPath): Service {
  if (occupancy !== null) return serviceOf(occupancy);
  return serviceOf({ kind: 'deterministic', meanNs: generation.baseNs + generation.perCcwNs });
}

function bothServe(unit: Service, path: Service, key: string): Obstacle[] {
  const times = `a request takes ${unit.meanNs} ns at the control unit and ${path.meanNs} ns or more of a channel path`;
  const reason = `${times}: theory needs one of them to be nothing`;
  return [{ key: `${key} and machine.chpids`, reason }];
}

function pathStation(
  { machine, strategy }: ResolvedScenario,
  service: Service,
  volumes: number,
): StationSide | readonly Obstacle[] {
  const { channelPaths } = machine;
  const [{ occupancy, generation }] = channelPaths;
  if (occupancy === null) {
    return [
      { key: 'machine.chpids', reason: 'base and perCcw depend on the program; theory needs an occupancy' },
    ];
  }
  const odd = channelPaths.find((path) => !isAlike(path, channelPaths[0]));
  if (odd !== undefined) {
    return [
      { key: `machine.chpids.${formatChpid(odd.chpid)}`, reason: 'is not like the other channel paths' },
    ];
  }
  const paths = channelPaths.length;
  const { kind } = strategy.selection;
  if (paths === 1 || kind === 'pooled' || (generation.maxOpen === 1 && POOLING.includes(kind))) {
    return { station: { kind: 'paths', paths, queue: 'one' }, service };
  }
  if (kind === 'random' && generation.maxOpen >= volumes) {
    return { station: { kind: 'paths', paths, queue: 'own' }, service };
  }
  if (kind === 'random') {
    const reason = `${generation.maxOpen} open exchanges are fewer than ${volumes} volumes may want: 1 (one queue) or ${volumes}`;
    return [{ key: 'machine.chpids', reason: `maxOpen: ${reason}` }];
  }
  const reason = `${kind} looks at paths in a way that has no exact solution here: pooled or random, or maxOpen: 1`;
  return [{ key: 'strategies.selection', reason }];
}

/** With one exchange a path, all that these wait for is the first path that is free, and any free one will do. */
const POOLING: readonly string[] = ['random', 'rotation', 'least-busy'];

function isAlike(path: ResolvedChannelPath, other: ResolvedChannelPath): boolean {
  const { occupancy, generation } = path;
  return (
    generation.maxOpen === other.generation.maxOpen &&
    JSON.stringify(occupancy) === JSON.stringify(other.occupancy)
  );
}

/** Paths must not hold anybody up. */
function volumeStation(
  { machine }: ResolvedScenario,
  unit: ResolvedControlUnit,
  service: Service,
  volumes: number,
): StationSide | readonly Obstacle[] {
  const taking = machine.channelPaths.find((path) => occupancyOf(path).meanNs > 0);
  if (taking !== undefined) {
    return free(`machine.chpids.${formatChpid(taking.chpid)}.occupancy`, occupancyOf(taking).meanNs);
  }
  const least = Math.min(...machine.channelPaths.map(({ generation }) => generation.maxOpen));
  if (least < volumes) {
    return [
      {
        key: 'machine.chpids',
        reason: `maxOpen: ${least} open exchanges are fewer than ${volumes} volumes want`,
      },
    ];
  }
  if (unit.maxConcurrentPerPort < volumes) {
    const key = `machine.controlUnits.${unit.name}.maxConcurrentPerPort`;
    return [{ key, reason: `is less than ${volumes} volumes want` }];
  }
  return { station: { kind: 'volume' }, service };
}
