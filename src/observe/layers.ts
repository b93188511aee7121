import { EVENT_NAMES, EVENT_TABLE } from './event-table.ts';

/** Who a system is to the counts: a native partition and a KVM host are `host`. */
export type SystemLayer = 'host' | 'guest';

/** One observed system; its position in the list is its number in events. */
export interface ObservedSystem {
  readonly name: string;
  readonly layer: SystemLayer;
}

/** Layer of an event in names and in the column `layer`. */
export function layerOf(event: number, system: number, systems: readonly ObservedSystem[]): string {
  const { layer } = EVENT_TABLE[EVENT_NAMES[event]];
  if (layer !== 'system') return layer;
  return systems[system]?.layer ?? 'host';
}
