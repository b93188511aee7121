import { kernelFeatures } from '../linux/kernel-features.ts';
import { normaliseRanges, subtractRanges } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import type { DeviceSelection } from './fields.ts';
import { parseName } from './fields.ts';
import { formatDevices } from './identifiers.ts';
import { suggest } from './nearest.ts';
import type { DeviceRange, ResolvedMachine, ResolvedSystem } from './resolved.ts';
import type { ParsedSystems } from './schema-systems.ts';

/** The systems at `place`; their order numbers them. */
export function resolveSystems(
  systems: ParsedSystems,
  machine: ResolvedMachine,
  place: Path,
  issues: Issues,
): ResolvedSystem[] {
  const all = normaliseRanges(machine.dasd);
  return Object.entries(systems).map(([name, system]): ResolvedSystem => {
    const here = [...place, name];
    const valid = parseName(name);
    if (!valid.ok) issues.key(here, valid.message, valid.hint);
    const features = Object.keys(kernelFeatures(system.kernel));
    for (const feature of Object.keys(system.features)) {
      if (features.includes(feature)) continue;
      issues.key(
        [...here, 'features', feature],
        `unknown kernel feature "${feature}"`,
        suggest(feature, features),
      );
    }
    const dasd = selectDevices(system.dasd, all, 'in the machine', [...here, 'dasd'], issues);
    const { costs, dasdOptions } = system;
    return {
      kind: system.kind,
      name,
      kernel: system.kernel,
      features: system.features,
      cpus: system.cpus,
      dasd,
      online: selectDevices(system.online, dasd, `in system ${name}`, [...here, 'online'], issues),
      costs: {
        interruptNs: costs.interrupt,
        driverPathNs: costs.driverPath,
        mcckToHandlerNs: costs.mcckToHandler,
        handlerToThreadNs: costs.handlerToThread,
      },
      dasdOptions: {
        expiresNs: dasdOptions.expires,
        retries: dasdOptions.retries,
        pathThreshold: dasdOptions.pathThreshold,
        pathIntervalNs: dasdOptions.pathInterval,
        pathAutodisable: dasdOptions.autodisable,
        failfast: dasdOptions.failfast,
        reservationPolicy: dasdOptions.reservationPolicy,
      },
    };
  });
}

/** The selected devices as a normal list; each of them must be among `available`. */
export function selectDevices(
  selection: DeviceSelection,
  available: readonly DeviceRange[],
  where: string,
  place: Path,
  issues: Issues,
): DeviceRange[] {
  const selected: DeviceRange[] = [];
  for (const { value, at } of selection) {
    if (value === 'all') {
      selected.push(...available);
      continue;
    }
    const missing = subtractRanges([value], available);
    if (missing.length === 0) selected.push(value);
    else {
      const have =
        available.length === 0 ? 'there are none' : `there are ${available.map(formatDevices).join(', ')}`;
      issues.value([...place, ...at], `device ${formatDevices(missing[0])} is not ${where}`, have);
    }
  }
  return normaliseRanges(selected);
}

/** Position of a system by name; the first when none is named. */
export function systemPosition(
  name: string | undefined,
  systems: readonly ResolvedSystem[],
  place: Path,
  issues: Issues,
): number {
  if (name === undefined) return 0;
  const names = systems.map((system) => system.name);
  const position = names.indexOf(name);
  if (position < 0) issues.value(place, `unknown system "${name}"`, suggest(name, names));
  return Math.max(0, position);
}
