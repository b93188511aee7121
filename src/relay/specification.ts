import type { SimTime } from '../kernel/time.ts';
import type { WindowKind } from './coalescing-window.ts';
import type { DuplicatePolicy } from './duplicate-reports.ts';

/**
 * Strategies that stand by themselves, by the name that scenarios use, with their letters in the literature of the
 * question (strategies reference 2.1): S0 static, A per-subchannel, B lazy-stsch, C report-per-chpid, D upstream,
 * E suppress, G css-event, J state-masks, L guest-wide.
 */
export const RELAY_NAMES = [
  'static',
  'per-subchannel',
  'lazy-stsch',
  'report-per-chpid',
  'upstream',
  'suppress',
  'css-event',
  'state-masks',
  'guest-wide',
] as const;
export type RelayName = (typeof RELAY_NAMES)[number];

/** A strategy with its options, as plain data. H `coalesce`, K `dedupe` and I `virtual-chpids` change the one that they wrap. */
export type RelaySpecification =
  | { readonly kind: RelayName }
  | {
      readonly kind: 'coalesce';
      readonly window: WindowKind;
      readonly lengthNs: SimTime;
      readonly over: RelaySpecification;
    }
  | { readonly kind: 'dedupe'; readonly policy: DuplicatePolicy; readonly over: RelaySpecification }
  | { readonly kind: 'virtual-chpids'; readonly over: RelaySpecification };

/** What the relay is called in names of runs: the outermost modifier first (`coalesce-tumbling-10ms.upstream`). */
export function relayName(relay: RelaySpecification, formatTime: (ns: SimTime) => string): string {
  switch (relay.kind) {
    case 'coalesce':
      return `coalesce-${relay.window}-${formatTime(relay.lengthNs)}.${relayName(relay.over, formatTime)}`;
    case 'dedupe':
      return `dedupe-${relay.policy}.${relayName(relay.over, formatTime)}`;
    case 'virtual-chpids':
      return `virtual-chpids.${relayName(relay.over, formatTime)}`;
    default:
      return relay.kind;
  }
}
