import { coalesce } from './coalesce.ts';
import { cssEvent } from './css-event.ts';
import { dedupe } from './dedupe.ts';
import { guestWide } from './guest-wide.ts';
import { lazyStsch } from './lazy-stsch.ts';
import { perSubchannel } from './per-subchannel.ts';
import type { Relay } from './relay.ts';
import { reportPerChpid } from './report-per-chpid.ts';
import type { RelayName, RelaySpecification } from './specification.ts';
import { stateMasks } from './state-masks.ts';
import { staticRelay } from './static.ts';
import { suppress } from './suppress.ts';
import { upstream } from './upstream.ts';
import { virtualChpids } from './virtual-chpids.ts';

/** Notification strategies by the name that scenarios use. */
export const RELAYS: Readonly<Record<RelayName, Relay>> = {
  static: staticRelay,
  'per-subchannel': perSubchannel,
  'lazy-stsch': lazyStsch,
  'report-per-chpid': reportPerChpid,
  upstream,
  suppress,
  'css-event': cssEvent,
  'state-masks': stateMasks,
  'guest-wide': guestWide,
};

/** The strategy that a specification describes, modifiers around it. */
export function createRelay(specification: RelaySpecification): Relay {
  switch (specification.kind) {
    case 'coalesce':
      return coalesce(createRelay(specification.over), specification.window, specification.lengthNs);
    case 'dedupe':
      return dedupe(createRelay(specification.over), specification.policy);
    case 'virtual-chpids':
      return virtualChpids(createRelay(specification.over));
    default:
      return RELAYS[specification.kind];
  }
}
