import type { Path } from './errors.ts';
import { PASSTHROUGH_KEYS } from './resolve-strategies.ts';
import type { ResolvedScenario } from './resolved.ts';
import { valueAt } from './schema-forms.ts';

/**
 * Policies about devices that guests have of a KVM host, where they are written and no run has such a device: they are
 * valid, and make no difference. A scenario one of whose variants has such a guest is not meant.
 */
export function idlePolicies(data: unknown, runs: readonly ResolvedScenario[]): Path[] {
  if (runs.some(({ strategy }) => strategy.passthrough !== undefined)) return [];
  const cases = valueAt(data, ['strategies', 'cases']);
  const names = typeof cases === 'object' && cases !== null ? Object.keys(cases) : [];
  const places: Path[] = [['strategies'], ...names.map((name) => ['strategies', 'cases', name])];
  return places.flatMap((place) =>
    PASSTHROUGH_KEYS.map((key) => [...place, key]).filter((path) => valueAt(data, path) !== undefined),
  );
}
