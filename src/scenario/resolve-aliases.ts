import { FACILITY_SETS, facilitiesOf } from '../dasd/facilities.ts';
import { includesDevice, normaliseRanges, subtractRanges } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import type { AliasOf } from './fields.ts';
import { formatDevices } from './identifiers.ts';
import type { DeviceRange, ResolvedControlUnit, ResolvedDasdRange, ResolvedMachine } from './resolved.ts';

/** Devices that are aliases, where they were defined, and the control unit that each run of them is on. */
export interface AliasDefinition {
  readonly place: Path;
  readonly aliasOf: AliasOf;
  readonly ranges: readonly ResolvedDasdRange[];
}

/** Replaces the runs of aliases by ones that know their base, which may be defined behind them. */
export function resolveAliases(
  dasd: readonly ResolvedDasdRange[],
  definitions: readonly AliasDefinition[],
  controlUnits: readonly ResolvedControlUnit[],
  issues: Issues,
): ResolvedDasdRange[] {
  const aliases = definitions.flatMap(({ ranges }) => ranges);
  const bases = dasd.filter((range) => !aliases.includes(range));
  const resolved = new Map<ResolvedDasdRange, ResolvedDasdRange>();
  for (const { place, aliasOf, ranges } of definitions) {
    for (const range of ranges) {
      checkFacilities(range, controlUnits, place, issues);
      const base = aliasOf === 'any' ? 'any' : baseAddress(aliasOf, range, bases);
      if (base === undefined) refuseBase(aliasOf, bases, place, issues);
      else resolved.set(range, { ...range, aliasOf: base });
    }
  }
  return dasd.map((range) => resolved.get(range) ?? range);
}

/** Devices that are volumes: those that applications can use. */
export const volumesAmong = (
  ranges: readonly DeviceRange[],
  machine: Pick<ResolvedMachine, 'dasd'>,
): DeviceRange[] =>
  subtractRanges(ranges, normaliseRanges(machine.dasd.filter(({ aliasOf }) => aliasOf !== undefined)));

/** Unit address of the base, which is on the alias's own control unit. */
function baseAddress(
  base: DeviceRange,
  alias: ResolvedDasdRange,
  bases: readonly ResolvedDasdRange[],
): number | undefined {
  const device = { ...base, deviceNumber: base.first };
  const found = bases.find(
    (range) => range.controlUnit === alias.controlUnit && includesDevice([range], device),
  );
  return found === undefined ? undefined : found.firstUnitAddress + base.first - found.first;
}

function refuseBase(aliasOf: AliasOf, bases: readonly DeviceRange[], place: Path, issues: Issues): void {
  const name = aliasOf === 'any' ? aliasOf : formatDevices(aliasOf);
  const problem = `device ${name} is no volume of the same control unit`;
  issues.value([...place, 'aliasOf'], problem, `there are ${bases.map(formatDevices).join(', ')}`);
}

function checkFacilities(
  { controlUnit }: ResolvedDasdRange,
  controlUnits: readonly ResolvedControlUnit[],
  place: Path,
  issues: Issues,
): void {
  const unit = controlUnits[controlUnit];
  if (unit === undefined) return;
  const facilities = facilitiesOf(FACILITY_SETS[unit.facilities], unit.facilityOverrides);
  if (facilities.unitAddressTypes && facilities.unitAddressConfiguration && facilities.prefix) return;
  const problem = `control unit ${unit.name} knows no aliases`;
  issues.value([...place, 'aliasOf'], problem, 'take one of type 2107, 1750 or 2105');
}
