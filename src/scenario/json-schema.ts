import { z } from 'zod';
import type { Accepts } from './fields.ts';
import { scenarioSchema } from './schema.ts';

/** What an editor may see in place of the text: YAML reads `0.40` and `42` as numbers, and the loader reads the text. */
const JSON_TYPES: Readonly<Record<Accepts, string | readonly string[]>> = {
  text: 'string',
  name: ['string', 'number'],
  'text-or-number': ['string', 'number'],
  number: ['integer', 'string'],
  boolean: ['boolean', 'string'],
};

export type JsonSchema = Readonly<Record<string, unknown>>;
interface ScalarNode {
  accepts?: Accepts;
  example?: string | undefined;
  examples?: readonly string[];
  type?: string | readonly string[];
  enum?: readonly (string | number)[];
}

/** JSON Schema of a scenario for editors. It knows names and structure; units and references are the loader's. */
export function jsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(scenarioSchema, {
    io: 'input',
    override: ({ jsonSchema: node }) => describeScalar(node as ScalarNode),
  });
  return { title: 'chpsim scenario', ...schema };
}

function describeScalar(node: ScalarNode): void {
  if (node.accepts === undefined) return;
  node.type = JSON_TYPES[node.accepts];
  delete node.accepts;
  if (node.example !== undefined) node.examples = [node.example];
  delete node.example;
  if (node.enum === undefined) return;
  // A name such as 6.16 reaches the editor as a number.
  const numbers = node.enum.map(Number).filter((value) => !Number.isNaN(value));
  node.enum = [...new Set([...node.enum, ...numbers])];
}
