/** One event that a run can record. The tables of events say what happened; everything a user sees is derived from them. */
export interface EventDefinition {
  readonly name: string;
  /** `machine`: true everywhere; `system`: the layer of the system that emits it (host, guest); `io`, `kernel`, `vmm`. */
  readonly layer: 'machine' | 'system' | 'io' | 'kernel' | 'vmm';
  readonly count: string;
  readonly a: string;
  readonly b: string;
  readonly c: string;
  /** Recorded from this level on: `events` for the story, `all` for every instruction and channel command. */
  readonly level: 'events' | 'all';
  readonly doc: string;
}

/** Keeps the names of a table of events as literal types. */
export const define = <const T extends Record<string, Omit<EventDefinition, 'name'>>>(table: T): T => table;
type Level = EventDefinition['level'];
type Layer = EventDefinition['layer'];
/** One row of a table of events. */
export const row = (
  layer: Layer,
  count: string,
  level: Level,
  [a, b, c]: [string, string, string],
  doc: string,
): Omit<EventDefinition, 'name'> => ({ layer, count, level, a, b, c, doc });
