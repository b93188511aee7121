import { relayName } from '../relay/specification.ts';
import type { ResolvedStrategy, ResolvedSystem } from './resolved.ts';
import type { ParsedStrategies } from './schema-strategies.ts';
import { formatTime } from './units.ts';

/**
 * Every combination of strategies, in the order in which they are written. What guests with devices of a host are told
 * makes a difference where there is one, and only there it names runs: the relay always, everything else where a list
 * makes it necessary.
 */
export function resolveStrategies(
  parsed: ParsedStrategies | undefined,
  systems: readonly ResolvedSystem[],
): ResolvedStrategy[] {
  if (parsed === undefined) return [];
  const selections = [parsed.selection].flat();
  if (!systems.some(hasDevicesOfHost)) return selections.map((selection) => ({ name: selection, selection }));
  const relays = [parsed.relay].flat();
  const policies = [parsed.hostVary].flat();
  const cancels = [parsed.cancel].flat();
  return relays.flatMap((relay) =>
    policies.flatMap((hostVary) =>
      cancels.flatMap((cancel) =>
        selections.map((selection) => {
          const names = [
            relayName(relay, formatTime),
            ...(policies.length > 1 ? [`vary-${hostVary}`] : []),
            ...(cancels.length > 1 ? [`cancel-${cancel}`] : []),
            ...(selections.length > 1 ? [selection] : []),
          ];
          return { name: names.join('.'), selection, relay, hostVary, cancel };
        }),
      ),
    ),
  );
}

const hasDevicesOfHost = (system: ResolvedSystem): boolean =>
  system.kind === 'guest' && system.hosting !== undefined;
