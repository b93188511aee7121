import { leftmostPaths } from '../channel/installed-paths.ts';
import { NS_PER_S, type SimTime } from '../kernel/time.ts';
import { checkImage } from './channel-subsystem-image.ts';
import { compareRanges } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import { formatDevices, parseDevices } from './identifiers.ts';
import { expandNames } from './name-ranges.ts';
import { suggest } from './nearest.ts';
import { type AliasDefinition, resolveAliases } from './resolve-aliases.ts';
import { SubchannelNumbers } from './resolve-subchannel-numbers.ts';
import type { DeviceRange, ResolvedControlUnit, ResolvedDasdRange, VolumeFormat } from './resolved.ts';
import type { ParsedMachine } from './schema-machine.ts';

/** Unit addresses of a logical control unit (architecture reference A.0). */
const UNIT_ADDRESSES = 256;
/** Stands for a control unit that the scenario fails to name: the devices are there, for whoever refers to them. */
const NO_UNIT = -1;

type DasdSpec = ParsedMachine['dasd'][string];

/** Gives every device its control unit and unit address; one entry per run of device numbers on one control unit. */
export function resolveDasd(
  machine: ParsedMachine,
  controlUnits: readonly ResolvedControlUnit[],
  issues: Issues,
): ResolvedDasdRange[] {
  const result: ResolvedDasdRange[] = [];
  const aliases: AliasDefinition[] = [];
  const nextUnitAddress = controlUnits.map(() => 0);
  const numbers = new SubchannelNumbers(issues);
  for (const [key, spec] of Object.entries(machine.dasd)) {
    const place: Path = ['machine', 'dasd', key];
    const ranges = parseDevices(key);
    if (!ranges.ok) {
      issues.key(place, ranges.message, ranges.hint);
      continue;
    }
    checkOverlap(ranges.value, key, machine.dasd, issues);
    checkSets(ranges.value, machine.subchannelSets, place, issues);
    checkImage(
      ranges.value.map(({ cssid }) => cssid),
      place,
      issues,
    );
    checkMissingInterrupt(spec.missingInterrupt, place, issues);
    const units = controlUnitsOf(spec, controlUnits, place, issues);
    if (units.length === 0) units.push(NO_UNIT);
    if (spec.unitAddress !== undefined) {
      for (const unit of units) nextUnitAddress[unit] = Math.max(nextUnitAddress[unit], spec.unitAddress);
    }
    checkMasks(spec, units, controlUnits, place, issues);
    const before = result.length;
    let subchannel = numbers.claim(spec.subchannel, ranges.value, place);
    for (const range of shareOut(ranges.value, units)) {
      const { controlUnit } = range;
      const firstUnitAddress = nextUnitAddress[controlUnit] ?? 0;
      nextUnitAddress[controlUnit] = firstUnitAddress + range.last - range.first + 1;
      const { model, format, missingInterrupt } = spec;
      result.push({
        ...range,
        firstUnitAddress,
        model,
        ...ownOf(spec),
        ...(subchannel !== undefined && { firstSubchannel: subchannel }),
        format: format satisfies VolumeFormat,
        missingInterruptNs: missingInterrupt,
      });
      if (subchannel !== undefined) subchannel += range.last - range.first + 1;
    }
    const { aliasOf } = spec;
    if (aliasOf !== undefined) aliases.push({ place, aliasOf, ranges: result.slice(before) });
    const full = units.find((unit) => unit !== NO_UNIT && nextUnitAddress[unit] > UNIT_ADDRESSES);
    if (full !== undefined) {
      const message = `control unit ${controlUnits[full].name} has more than ${UNIT_ADDRESSES} devices`;
      issues.key(place, message, 'share them among several control units, such as lcu00-lcu0f');
    }
  }
  return resolveAliases(result, aliases, controlUnits, issues).sort(compareRanges);
}

/** What a device does not take from its model, or from its machine. */
const ownOf = ({ cylinders, modelByte, pam, pom }: DasdSpec) => ({
  ...(cylinders !== undefined && { cylinders }),
  ...(modelByte !== undefined && { modelByte }),
  ...(pam !== undefined && { pam }),
  ...(pom !== undefined && { pom }),
});

/** Splits the devices evenly among control units, in order. */
function shareOut(
  ranges: readonly DeviceRange[],
  units: readonly number[],
): (DeviceRange & { readonly controlUnit: number })[] {
  const total = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const share = Math.ceil(total / units.length);
  const shares: (DeviceRange & { readonly controlUnit: number })[] = [];
  let given = 0;
  for (const range of ranges) {
    for (let first = range.first; first <= range.last; ) {
      const unit = Math.floor(given / share);
      const last = Math.min(range.last, first + (unit + 1) * share - given - 1);
      shares.push({ ...range, first, last, controlUnit: units[unit] });
      given += last - first + 1;
      first = last + 1;
    }
  }
  return shares;
}

function controlUnitsOf(
  spec: DasdSpec,
  controlUnits: readonly ResolvedControlUnit[],
  place: Path,
  issues: Issues,
): number[] {
  const known = controlUnits.map(({ name }) => name);
  if (spec.controlUnit === undefined) {
    if (controlUnits.length === 1) return [0];
    const hint =
      known.length === 0 ? 'define one in machine.controlUnits' : `known: ${known.slice(0, 24).join(', ')}`;
    issues.value([...place, 'controlUnit'], 'is missing', hint);
    return [];
  }
  const units: number[] = [];
  for (const name of expandNames(spec.controlUnit)) {
    const unit = known.indexOf(name);
    if (unit >= 0) units.push(unit);
    else issues.value([...place, 'controlUnit'], `unknown control unit "${name}"`, suggest(name, known));
  }
  return units;
}

/** A path that is available is installed. */
function checkMasks(
  { pam }: DasdSpec,
  units: readonly number[],
  controlUnits: readonly ResolvedControlUnit[],
  place: Path,
  issues: Issues,
): void {
  if (pam === undefined) return;
  const outside = units
    .filter((unit) => unit !== NO_UNIT)
    .map((unit) => controlUnits[unit])
    .find(({ paths, pim = leftmostPaths(paths.length) }) => (pam & ~pim) !== 0);
  if (outside === undefined) return;
  const problem = `has paths that control unit ${outside.name} does not have`;
  issues.value([...place, 'pam'], problem, 'a path that is available is installed');
}

/** Two keys that name the same device: the later one is at fault. */
function checkOverlap(
  ranges: readonly DeviceRange[],
  key: string,
  dasd: ParsedMachine['dasd'],
  issues: Issues,
): void {
  const place = ['machine', 'dasd', key];
  const message = (device: DeviceRange): string =>
    `device ${formatDevices({ ...device, last: device.first })} is defined twice`;
  for (const [at, range] of ranges.entries()) {
    const common = ranges
      .slice(0, at)
      .map((other) => overlap(range, other))
      .find((both) => both !== undefined);
    if (common !== undefined) issues.key(place, message(common), 'make the ranges disjoint');
  }
  for (const other of Object.keys(dasd)) {
    if (other === key) return;
    const earlier = parseDevices(other);
    if (!earlier.ok) continue;
    const common = ranges
      .flatMap((range) => earlier.value.map((taken) => overlap(range, taken)))
      .find(Boolean);
    if (common === undefined) continue;
    issues.keyAgain(place, ['machine', 'dasd', other], message(common), 'make the ranges disjoint');
    return;
  }
}

function overlap(left: DeviceRange, right: DeviceRange): DeviceRange | undefined {
  if (left.cssid !== right.cssid || left.ssid !== right.ssid) return undefined;
  const first = Math.max(left.first, right.first);
  const last = Math.min(left.last, right.last);
  return first <= last ? { ...left, first, last } : undefined;
}

function checkSets(ranges: readonly DeviceRange[], sets: number, place: Path, issues: Issues): void {
  const outside = ranges.find(({ ssid }) => ssid >= sets);
  if (outside === undefined) return;
  const message = `subchannel set ${outside.ssid} is not in the machine`;
  issues.key(place, message, `machine.subchannelSets is ${sets}`);
}

/** The configuration data state the interval as a number up to 63 times a power of ten, in seconds (A.13). */
function checkMissingInterrupt(interval: SimTime, place: Path, issues: Issues): void {
  const seconds = interval / NS_PER_S;
  const fits = [1, 10, 100, 1000].some((unit) => Number.isInteger(seconds / unit) && seconds / unit <= 63);
  if (fits) return;
  issues.value(
    [...place, 'missingInterrupt'],
    'cannot be stated in configuration data',
    'use 0 to 63 times 1s, 10s, 100s or 1000s',
  );
}
