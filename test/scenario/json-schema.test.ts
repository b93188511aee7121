import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { jsonSchema } from '../../src/scenario/json-schema.ts';

interface Node {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly enum?: readonly unknown[];
  readonly additionalProperties?: Node | boolean;
}

const schema = jsonSchema() as Node;

/** Every property with its path, through mappings, lists and alternatives. */
function* properties(node: Node, path = ''): Generator<[string, Node]> {
  for (const [name, property] of Object.entries(node.properties ?? {})) {
    yield [`${path}.${name}`, property];
    yield* properties(property, `${path}.${name}`);
  }
  const { items, additionalProperties, anyOf, oneOf } = node;
  if (items !== undefined) yield* properties(items, `${path}[]`);
  if (typeof additionalProperties === 'object') yield* properties(additionalProperties, `${path}.*`);
  for (const form of [...(anyOf ?? []), ...(oneOf ?? [])]) yield* properties(form, path);
}

const all = new Map(properties(schema));

describe('the JSON Schema for editors', () => {
  test('in schema/ is the one of the program; "npm run schema" writes it', () => {
    const stored = JSON.parse(readFileSync('schema/scenario.schema.json', 'utf8'));
    expect(stored).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  test('describes every field', () => {
    const undescribed = [...properties(schema)].filter(([, { description }]) => description === undefined);
    expect(undescribed.map(([path]) => path)).toEqual([]);
  });

  test('accepts identifiers, seeds and types as text or number', () => {
    for (const path of ['.seed', '.name', '.machine.controlUnits.*.type', '.systems.*.kernel']) {
      expect(all.get(path)?.type, path).toEqual(['string', 'number']);
    }
    expect(all.get('.machine.controlUnits.*.type')?.enum).toContain(2107);
    expect(all.get('.systems.*.kernel')?.enum).toEqual(expect.arrayContaining(['6.16', 6.16]));
    const chpid = all.get('.faults[].chpid');
    expect(chpid?.anyOf?.[0].type).toEqual(['string', 'number']);
  });

  test('accepts quantities as text only, so that an editor asks for the unit', () => {
    expect(all.get('.duration')?.type).toBe('string');
    expect(all.get('.machine.costs.stsch')?.type).toBe('string');
  });

  test('refuses unknown keys', () => {
    expect(schema.additionalProperties).toBe(false);
  });
});
