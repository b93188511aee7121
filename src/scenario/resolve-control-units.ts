import { FACILITY_SETS } from '../dasd/facilities.ts';
import { type Chpid, formatChpid } from '../zarch/ids.ts';
import { countPaths } from '../zarch/path-mask.ts';
import type { Issues, Path } from './errors.ts';
import type { ChpidList } from './fields.ts';
import { expandNames } from './name-ranges.ts';
import { suggest } from './nearest.ts';
import type { ResolvedControlUnit } from './resolved.ts';
import { DEFAULT_MISS, type ParsedMachine } from './schema-machine.ts';

/** Channel paths of a subchannel: the width of its path masks. */
const MAX_PATHS = 8;

type ControlUnitSpec = ParsedMachine['controlUnits'][string];

export function resolveControlUnits(
  specs: ParsedMachine['controlUnits'],
  chpids: readonly Chpid[],
  issues: Issues,
): ResolvedControlUnit[] {
  const units: ResolvedControlUnit[] = [];
  const definedBy = new Map<string, string>();
  for (const [key, spec] of Object.entries(specs)) {
    const place: Path = ['machine', 'controlUnits', key];
    const names = expandNames(key);
    const again = names.find((name) => definedBy.has(name));
    if (again !== undefined) {
      const other = ['machine', 'controlUnits', definedBy.get(again)!];
      issues.keyAgain(place, other, `control unit ${again} is defined twice`, 'make the ranges disjoint');
      continue;
    }
    checkFeatures(spec, place, issues);
    const paths = resolvePaths(spec, chpids, place, issues);
    checkNonPreferred(spec, paths, place, issues);
    for (const [ordinal, name] of names.entries()) {
      definedBy.set(name, key);
      const own = pathsOf(paths, spec.pathsEach, ordinal);
      if (ordinal === 0) checkInstalled(spec, own, place, issues);
      units.push(controlUnit(name, spec, own, place, issues));
    }
    if (spec.pathsEach === undefined) checkPathCount(spec, paths, place, issues);
  }
  return units;
}

/** Each control unit of a range takes the next `each` paths, from the first again after the last. */
function pathsOf(paths: readonly Chpid[], each: number | undefined, ordinal: number): readonly Chpid[] {
  if (each === undefined || each >= paths.length) return paths;
  return Array.from({ length: each }, (_, step) => paths[(ordinal * each + step) % paths.length]);
}

function resolvePaths(
  spec: ControlUnitSpec,
  chpids: readonly Chpid[],
  place: Path,
  issues: Issues,
): readonly Chpid[] {
  if (spec.paths === 'all') return chpids;
  const paths: Chpid[] = [];
  for (const { value: chpid, at } of spec.paths) {
    const here = [...place, 'paths', ...at];
    if (!chpids.includes(chpid)) {
      const hint = `machine.chpids has ${listed(chpids)}`;
      issues.value(here, `chpid ${formatChpid(chpid)} is not in the machine`, hint);
    } else if (paths.includes(chpid)) {
      issues.value(here, `chpid ${formatChpid(chpid)} stands twice`, 'name each path once');
    } else paths.push(chpid);
  }
  return paths;
}

function checkNonPreferred(
  spec: ControlUnitSpec,
  paths: readonly Chpid[],
  place: Path,
  issues: Issues,
): void {
  for (const { value: chpid, at } of spec.nonPreferred ?? []) {
    if (paths.includes(chpid)) continue;
    const here = [...place, 'nonPreferred', ...at];
    issues.value(here, `chpid ${formatChpid(chpid)} is none of its paths`, `its paths are ${listed(paths)}`);
  }
}

function checkPathCount(spec: ControlUnitSpec, paths: readonly Chpid[], place: Path, issues: Issues): void {
  if (paths.length <= MAX_PATHS) return;
  const message = `${paths.length} paths, but a device has at most ${MAX_PATHS}`;
  const ninth: ChpidList[number] | undefined = spec.paths === 'all' ? undefined : spec.paths[MAX_PATHS];
  issues.value(
    [...place, 'paths', ...(ninth?.at ?? [])],
    message,
    `name ${MAX_PATHS} of them, or write pathsEach: 8`,
  );
}

function checkInstalled(
  { pim }: ControlUnitSpec,
  paths: readonly Chpid[],
  place: Path,
  issues: Issues,
): void {
  if (pim === undefined || countPaths(pim) === paths.length) return;
  const problem = `has ${countPaths(pim)} paths, but the control unit has ${paths.length}`;
  issues.value([...place, 'pim'], problem, 'one bit for each of its paths');
}

function checkFeatures(spec: ControlUnitSpec, place: Path, issues: Issues): void {
  const known = Object.keys(FACILITY_SETS['2107'].facilities);
  for (const feature of Object.keys(spec.features)) {
    if (known.includes(feature)) continue;
    issues.key([...place, 'features', feature], `unknown facility "${feature}"`, suggest(feature, known));
  }
}

function controlUnit(
  name: string,
  spec: ControlUnitSpec,
  paths: readonly Chpid[],
  place: Path,
  issues: Issues,
): ResolvedControlUnit {
  const { backend, hitRead, hitWrite, control, mechanics } = spec;
  return {
    name,
    type: spec.type,
    ...(spec.modelByte !== undefined && { modelByte: spec.modelByte }),
    paths,
    ...(spec.pim !== undefined && { pim: spec.pim }),
    nonPreferred: paths.filter((chpid) => spec.nonPreferred?.some(({ value }) => value === chpid)),
    cache: cacheOf(spec, place, issues),
    backend,
    times: { hitRead, hitWrite, miss: spec.miss ?? DEFAULT_MISS[backend], control },
    mechanics: {
      revolutionNs: mechanics.revolution,
      seekMinNs: mechanics.seekMin,
      seekAverageNs: mechanics.seekAverage,
      trackBytesPerSecond: mechanics.rate,
    },
    facilities: spec.facilities ?? spec.type,
    facilityOverrides: spec.zhpf ? { ...spec.features, transportMode: true } : spec.features,
    maxConcurrentPerPort: spec.maxConcurrentPerPort,
  };
}

function cacheOf(spec: ControlUnitSpec, place: Path, issues: Issues): ResolvedControlUnit['cache'] {
  const { hitRatio, lru } = spec.cache;
  if (lru !== undefined && hitRatio === undefined) return { kind: 'lru', bytes: lru };
  if (hitRatio === undefined || lru !== undefined) {
    issues.value(
      [...place, 'cache'],
      'is either a hit ratio or a real cache',
      'write { hitRatio: 0.88 } or { lru: 64MiB }',
    );
  }
  return { kind: 'hit-ratio', hitRatio: hitRatio ?? 0 };
}

/** CHPIDs in words: runs as ranges. */
export function listed(chpids: readonly Chpid[]): string {
  const runs: string[] = [];
  for (let at = 0; at < chpids.length; at++) {
    const first = chpids[at];
    while (chpids[at + 1] === chpids[at] + 1) at++;
    const last = chpids[at];
    runs.push(first === last ? formatChpid(first) : `${formatChpid(first)}-${formatChpid(last)}`);
  }
  return runs.length === 0 ? 'none' : runs.join(', ');
}
