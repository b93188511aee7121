import { relayName } from '../relay/specification.ts';
import type { ResolvedStrategy, ResolvedSystem } from './resolved.ts';
import type { ParsedStrategies } from './schema-strategies.ts';
import { formatTime } from './units.ts';

/**
 * Every combination of strategies, in the order in which they are written. Relays make a difference where a guest has
 * devices of a host, and only there they name runs.
 */
export function resolveStrategies(
  parsed: ParsedStrategies | undefined,
  systems: readonly ResolvedSystem[],
): ResolvedStrategy[] {
  if (parsed === undefined) return [];
  const selections = [parsed.selection].flat();
  if (!systems.some(hasDevicesOfHost)) return selections.map((selection) => ({ name: selection, selection }));
  return [parsed.relay].flat().flatMap((relay) => {
    const told = relayName(relay, formatTime);
    return selections.map((selection) => {
      const name = selections.length > 1 ? `${told}.${selection}` : told;
      return { name, selection, relay };
    });
  });
}

const hasDevicesOfHost = (system: ResolvedSystem): boolean =>
  system.kind === 'guest' && system.hosting !== undefined;
