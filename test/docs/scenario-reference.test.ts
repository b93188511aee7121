import { describe, expect, test } from 'vitest';
import { jsonSchema } from '../../src/scenario/json-schema.ts';
import { codeOf, plain, tablesOf } from './markdown.ts';

/** docs/scenario.md lists every key of the scenario language, with its default and the words it accepts. */
interface Node {
  readonly default?: unknown;
  readonly enum?: readonly (string | number)[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly additionalProperties?: Node | boolean;
  /** Relays, which may stand in each other, selections, and steps of scripts. */
  readonly $defs?: Readonly<Record<string, Node>>;
}

interface Key {
  readonly node: Node;
  readonly required: boolean;
}
type Mapping = Map<string, Key>;

/** Described once under their own headings, wherever they stand in the schema. */
const DISTRIBUTION = ['exponential', 'uniform', 'erlang', 'hyperexponential'];

/** Keys of every mapping by its place; forms of a mapping that are told apart by `do` are laid on top of each other. */
function mappings(node: Node, place: string, found: Map<string, Mapping>): Map<string, Mapping> {
  const { properties, required = [], items, additionalProperties, anyOf = [], oneOf = [] } = node;
  if (properties !== undefined) {
    const here = Object.keys(properties).includes(DISTRIBUTION[0]) ? 'distribution' : place;
    const known = found.get(here) ?? new Map<string, Key>();
    found.set(here, known);
    for (const [key, inner] of Object.entries(properties)) {
      known.set(key, { node: inner, required: required.includes(key) && (known.get(key)?.required ?? true) });
      mappings(inner, here === '' ? key : `${here}.${key}`, found);
    }
  }
  if (items !== undefined) mappings(items, `${place}[]`, found);
  if (typeof additionalProperties === 'object') mappings(additionalProperties, `${place}.*`, found);
  for (const form of [...anyOf, ...oneOf]) mappings(form, place, found);
  return found;
}

const whole = jsonSchema() as Node;
const schema = mappings(whole, '', new Map());
const { relay, selection, recovery, inFlight, verificationThrottle } = whole.$defs!;
mappings(relay, 'relay', schema);
mappings(selection, 'selection', schema);
mappings(recovery, 'recovery', schema);
mappings(inFlight, 'inFlight', schema);
mappings(verificationThrottle, 'verificationThrottle', schema);
const documented = new Map(
  tablesOf('docs/scenario.md')
    .filter(({ columns }) => columns[0] === 'key')
    .map(({ heading, rows }) => [heading === 'scenario' ? '' : heading, rows]),
);

/** Systems of a variant are described with the systems of the scenario, strategies of a case with its strategies. */
const places = [...schema.keys()].filter(
  (place) => !place.startsWith('variants.*.systems') && place !== 'strategies.cases.*',
);

describe('docs/scenario.md', () => {
  test('has a table for every mapping', () => {
    expect([...documented.keys()].sort()).toEqual(places.sort());
  });

  test('has nothing to add about the keys of a case', () => {
    const { cases, ...others } = whole.properties!['strategies'].properties!;
    const { properties = {} } = cases.additionalProperties as Node;
    expect(Object.keys(properties)).toEqual(Object.keys(others));
  });

  test.each(places)('lists the keys of "%s"', (place) => {
    const keys = documented.get(place)?.map(([key]) => plain(key));
    expect(keys?.sort()).toEqual([...schema.get(place)!.keys()].sort());
  });

  test.each(places)('gives the defaults and the accepted words of "%s"', (place) => {
    for (const [name, , given] of documented.get(place)!) {
      const { node, required } = schema.get(place)!.get(plain(name))!;
      if (node.default !== undefined)
        expect(simplified(plain(given)), plain(name)).toBe(simplified(node.default));
      else if (given !== 'required') expect(given, plain(name)).toBe('');
      // A key that only one form of a mapping has may be required there; the table of forms tells it.
      if (given === 'required') expect(required || plain(name) === 'do', plain(name)).toBe(true);
    }
    for (const [name, value] of documented.get(place)!) {
      const words = schema
        .get(place)!
        .get(plain(name))!
        .node.enum?.filter((word) => typeof word === 'string');
      if (words !== undefined && plain(name) !== 'do') expect(codeOf(value), plain(name)).toEqual(words);
    }
  });

  test.each(['faults', 'actions'] as const)('lists every kind of %s with its keys', (list) => {
    const { rows } = tablesOf('docs/scenario.md').find(
      ({ heading, columns }) => heading === `${list}[]` && plain(columns[0]) === 'do',
    )!;
    const told = rows.flatMap(([kinds, keys]) => codeOf(kinds).map((kind) => [kind, plain(keys)]));
    const { anyOf, oneOf } = (jsonSchema() as Node).properties![list].items!;
    const forms = (oneOf ?? anyOf)!.flatMap(({ properties = {}, required = [] }) => {
      const { do: kinds, at: _at, name: _name, ...others } = properties;
      const keys = Object.keys(others).map((key) => (required.includes(key) ? key : `${key}?`));
      return kinds.enum!.map((kind) => [kind, keys.join(', ')]);
    });
    expect(told).toEqual(forms);
  });
});

/** A default without the marks in which YAML and JSON differ. */
function simplified(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll(/["\s]/g, '');
}
