/** A scenario before it is written down: plain values, so that it can be drawn, shrunk and printed by anybody. */
export type Json = string | number | boolean | readonly Json[] | Mapping;
export interface Mapping {
  readonly [key: string]: Json;
}

export const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
export const isMapping = (value: Json): value is Mapping => typeof value === 'object' && !isList(value);

/** A mapping of the scenario that may have been left out. */
export const mappingIn = (scenario: Mapping, key: string): Mapping => {
  const value = scenario[key];
  return value !== undefined && isMapping(value) ? value : {};
};

/** A list of mappings (faults, actions) that may have been left out. */
export const listIn = (scenario: Mapping, key: string): readonly Mapping[] => {
  const value = scenario[key];
  return value !== undefined && isList(value) ? value.filter(isMapping) : [];
};

/** The texts of a list, or the one text. */
export function textsIn(mapping: Mapping, key: string): readonly string[] {
  const value = mapping[key];
  if (typeof value === 'string') return [value];
  return value !== undefined && isList(value) ? value.filter((text) => typeof text === 'string') : [];
}

/** A word or number that a mapping says of itself; empty when it does not. */
export function wordIn(mapping: Mapping, key: string): string {
  const value = mapping[key];
  return value === undefined || typeof value === 'object' ? '' : String(value);
}
