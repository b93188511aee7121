import type { ResolvedControlUnit, ResolvedDasdRange, ResolvedScenario } from '../../scenario/resolved.ts';
import { formatChpid } from '../../zarch/ids.ts';
import type { Obstacle } from './solution.ts';

/** What keeps requests of a volume from a channel path from the beginning: theory needs every path for every volume. */
export function reachObstacles({ machine, systems }: ResolvedScenario): Obstacle[] {
  const { channelPaths, controlUnits, dasd } = machine;
  const standBy = channelPaths
    .filter(({ standBy }) => standBy === true)
    .map(({ chpid }) => ({
      key: `machine.chpids.${formatChpid(chpid)}.configured`,
      reason: 'the path stands by and carries no requests',
    }));
  const closed = systems.filter(
    (system) =>
      'chpids' in system && channelPaths.some(({ chpid }) => system.chpids?.includes(chpid) === false),
  );
  return [
    ...standBy,
    ...closed.map(({ name }) => ({
      key: `systems.${name}.chpids`,
      reason: 'the system may not use every channel path',
    })),
    ...controlUnits.filter(hasPreference).map(({ name }) => ({
      key: `machine.controlUnits.${name}.nonPreferred`,
      reason: 'Linux starts requests on preferred paths only',
    })),
    ...dasd.flatMap((range) => volumeObstacles(range, controlUnits[range.controlUnit])),
  ];
}

const hasPreference = ({ nonPreferred, paths }: ResolvedControlUnit): boolean =>
  nonPreferred.length > 0 && nonPreferred.length < paths.length;

function volumeObstacles(
  { pam, format }: ResolvedDasdRange,
  { pim, paths }: ResolvedControlUnit,
): Obstacle[] {
  const installed = pim ?? 0xff & ~(0xff >> paths.length);
  const lacking = pam !== undefined && (installed & ~pam) !== 0;
  return [
    ...(lacking
      ? [{ key: 'machine.dasd', reason: 'pam: some paths are not available to some volumes' }]
      : []),
    ...(format === 'unformatted'
      ? [{ key: 'machine.dasd', reason: 'format: volumes without a format carry out no requests' }]
      : []),
  ];
}
