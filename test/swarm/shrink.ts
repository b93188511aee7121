import { isList, isMapping, type Json, type Mapping, mappingIn } from './json.ts';

/** Runs that shrinking may take: what is small enough is found long before. */
const MOST_TRIALS = 400;

/**
 * The smallest scenario that still `fails`, as far as leaving out and halving one thing after the other leads. Every key has
 * a default, so any of them may be left out; a scenario that is not valid without does not fail.
 */
export async function shrink(
  scenario: Mapping,
  fails: (smaller: Mapping) => Promise<boolean>,
): Promise<Mapping> {
  let best = scenario;
  let trials = 0;
  for (let changed = true; changed && trials < MOST_TRIALS; ) {
    changed = false;
    // Positions move when something is left out, so each round looks at what there is by then.
    for (let at = 0; trials < MOST_TRIALS; ) {
      const smaller = candidate(best, at);
      if (smaller === null) break;
      trials++;
      if (await fails(smaller)) {
        best = smaller;
        changed = true;
      } else at++;
    }
  }
  return best;
}

/** The next smaller scenario, big steps first; null when there is none. */
function candidate(scenario: Mapping, index: number): Mapping | null {
  let at = 0;
  for (const smaller of candidates(scenario)) if (at++ === index) return smaller;
  return null;
}

function* candidates(scenario: Mapping): Generator<Mapping> {
  yield* halfLists(scenario);
  for (const name of namesIn(scenario)) yield without(scenario, name);
  for (const path of placesIn(scenario)) yield changedAt(scenario, path, () => undefined);
  for (const path of placesIn(scenario)) {
    const value = halved(valueAt(scenario, path));
    if (value !== null) yield changedAt(scenario, path, () => value);
  }
}

/** Faults and actions, each without one half of them. */
function* halfLists(scenario: Mapping): Generator<Mapping> {
  for (const key of ['faults', 'actions']) {
    const list = scenario[key];
    if (list === undefined || !isList(list) || list.length < 2) continue;
    const middle = list.length >> 1;
    yield { ...scenario, [key]: list.slice(middle) };
    yield { ...scenario, [key]: list.slice(0, middle) };
  }
}

type Place = readonly (string | number)[];

/** Places of all that may be left out, containers before what they contain. */
function placesIn(value: Json, here: Place = []): Place[] {
  if (!isList(value) && !isMapping(value)) return [];
  const inner = isList(value) ? value.map((each, at): [number, Json] => [at, each]) : Object.entries(value);
  return inner.flatMap(([key, each]) => [[...here, key], ...placesIn(each, [...here, key])]);
}

const valueAt = (value: Json, [key, ...rest]: Place): Json => {
  if (key === undefined) return value;
  return valueAt(isList(value) ? value[Number(key)] : (value as Mapping)[key], rest);
};

/** Copies what leads to the place; undefined leaves it out. */
function changedAt<T extends Json>(
  value: T,
  [key, ...rest]: Place,
  change: (old: Json) => Json | undefined,
): T {
  const old = valueAt(value, [key]);
  const put = rest.length === 0 ? change(old) : changedAt(old, rest, change);
  if (isList(value))
    return value.flatMap((each, at) => (at !== key ? [each] : put === undefined ? [] : [put])) as Json as T;
  const { [key]: _, ...others } = value as Mapping;
  return (put === undefined ? others : { ...(value as Mapping), [key]: put }) as Json as T;
}

/** Names of systems, devices and parts of the machine, which other places mention. */
function namesIn(scenario: Mapping): string[] {
  const machine = mappingIn(scenario, 'machine');
  const parts = ['chpids', 'controlUnits', 'dasd', 'directors', 'cables'].map((key) =>
    mappingIn(machine, key),
  );
  return [mappingIn(scenario, 'systems'), ...parts].flatMap((table) => Object.keys(table));
}

/** A scenario that has never heard of something: who mentions it goes with it. */
const without = (scenario: Mapping, name: string): Mapping => forget(scenario, name) as Mapping;

/** Undefined: it was about nothing else. */
function forget(value: Json, name: string): Json | undefined {
  if (value === name) return undefined;
  if (isList(value)) {
    const rest = value.map((each) => forget(each, name)).filter((each) => each !== undefined);
    return rest.length === 0 && value.includes(name) ? undefined : rest;
  }
  if (!isMapping(value)) return value;
  const rest: Record<string, Json> = {};
  for (const [key, each] of Object.entries(value)) {
    if (key === name) continue;
    const kept = forget(each, name);
    if (kept !== undefined) rest[key] = kept;
    else if (!isMapping(each)) return undefined;
  }
  return rest;
}

/** Rates become slower, counts smaller; null where there is nothing to halve. */
function halved(value: Json): Json | null {
  if (typeof value !== 'string')
    return Number.isInteger(value) && Number(value) > 1 ? Number(value) >> 1 : null;
  const [, digits, unit] = /^(\d+)(\/s)$/.exec(value) ?? [];
  return digits === undefined || Number(digits) < 2 ? null : `${Number(digits) >> 1}${unit}`;
}
