import { globalRegistry } from 'zod';
import type { Path } from './errors.ts';
import type { Accepts } from './fields.ts';

/** Looks into the schema's own description for what may stand at a place of a scenario. */

/** As much of a schema as is needed for that. */
export interface Schema {
  readonly _zod: { readonly def: object };
}
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly innerType?: Schema;
  readonly valueType?: Schema;
  readonly element?: Schema;
  readonly items?: readonly Schema[];
  readonly in?: Schema;
  /** What a field that refers to itself is. */
  readonly getter?: () => Schema;
  readonly options?: readonly Schema[];
  readonly discriminator?: string;
  readonly entries?: Readonly<Record<string, string>>;
}
const definition = (schema: Schema): Definition => schema._zod.def as Definition;

/** What `fields.ts` tells of a scalar; undefined for everything else. */
const scalarOf = (schema: Schema): Scalar | undefined => {
  const meta = globalRegistry.get(schema as Parameters<typeof globalRegistry.get>[0]) as Partial<Scalar>;
  return meta?.accepts === undefined ? undefined : (meta as Scalar);
};
interface Scalar {
  readonly accepts: Accepts;
  readonly example?: string;
}

/** Names of the fields that may stand in the mapping at `path`. */
export function knownKeys(schema: Schema, data: unknown, path: Path): string[] {
  return mappingsAt(schema, data, path).flatMap((mapping) => Object.keys(definition(mapping).shape ?? {}));
}

/** The values by which the forms of a mapping are told apart. */
export function discriminators(schema: Schema, data: unknown, path: Path, key: string): string[] {
  return mappingsAt(schema, data, path, false).flatMap((mapping) =>
    entriesOf(definition(mapping).shape?.[key]),
  );
}

/** Whether what may stand at `path` are names of things, identifiers among them, even where they look like numbers. */
export function holdsNames(schema: Schema, path: Path): boolean {
  const elements = formsAt(schema, undefined, path).flatMap((form) => {
    const { element } = definition(form);
    return element === undefined ? [form] : unwrap(element, undefined, true);
  });
  const texts = elements.filter((form) => !isMapping(form));
  const isName = (form: Schema): boolean =>
    definition(form).entries !== undefined || (scalarOf(form)?.accepts ?? 'name') === 'name';
  return texts.length > 0 && texts.every(isName);
}

/** What to write at `path`: examples of texts where the schema has them. */
export function writtenAt(schema: Schema, data: unknown, path: Path): string {
  const forms = [...new Set(formsAt(schema, data, path).map(writtenForm))];
  const isShown = forms.some((form) => form.startsWith('a value like'));
  const told = isShown ? forms.filter((form) => form !== 'a text') : forms;
  return `write ${told.join(' or ') || 'a value'}`;
}

/**
 * The mapping that may stand at `path`, where one key makes it: `{ concurrent: 4 }`, with the text that stands there
 * `instead` when it could be the value. With other keys it is just `a mapping`; null: none may stand there.
 */
export function mappingAt(schema: Schema, data: unknown, path: Path, instead: string): string | null {
  const [mapping, ...others] = formsAt(schema, data, path).filter(isMapping);
  if (mapping === undefined) return null;
  const { shape = {} } = definition(mapping);
  const keys = Object.keys(shape);
  const needed = keys.filter((key) => !OPTIONAL.has(definition(shape[key]).type));
  const named = needed.length > 0 ? needed : keys;
  if (others.length > 0 || named.length !== 1) return 'a mapping';
  const [value] = unwrap(shape[named[0]], undefined, true);
  const fits = /^\d/.test(instead) && scalarOf(value) !== undefined;
  return `{ ${named[0]}: ${fits ? instead : '…'} }`;
}

const OPTIONAL: ReadonlySet<string> = new Set(['optional', 'prefault', 'default']);

const isMapping = (form: Schema): boolean =>
  definition(form).shape !== undefined || definition(form).valueType !== undefined;

const SCALARS: Readonly<Record<Accepts, string>> = {
  text: 'a text',
  name: 'a text',
  'text-or-number': 'a number',
  number: 'a whole number',
  boolean: 'true or false',
};

function writtenForm(form: Schema): string {
  const { element, items, entries } = definition(form);
  if (entries !== undefined) return Object.values(entries).join(', ');
  const scalar = scalarOf(form);
  if (scalar?.example !== undefined) return `a value like ${scalar.example}`;
  if (scalar !== undefined) return SCALARS[scalar.accepts];
  if (isMapping(form)) return 'a mapping';
  return element === undefined && items === undefined ? 'a text' : 'a list';
}

const entriesOf = (schema: Schema | undefined): string[] =>
  schema === undefined ? [] : Object.values(definition(schema).entries ?? {});

const mappingsAt = (schema: Schema, data: unknown, path: Path, chosen = true): Schema[] =>
  formsAt(schema, data, path, chosen).filter((form) => definition(form).shape !== undefined);

/** What may stand at `path`; among mappings with a discriminator only the one that the data, where there are any, chose. */
function formsAt(schema: Schema, data: unknown, path: Path, chosen = true): Schema[] {
  let candidates = unwrap(schema, data, chosen);
  let value = data;
  for (const [depth, step] of path.entries()) {
    const inner = valueAt(value, [step]);
    const choose = chosen || depth < path.length - 1;
    candidates = candidates.flatMap((candidate) => {
      const { shape, valueType, element, items } = definition(candidate);
      const next = typeof step === 'number' ? (element ?? items?.[step]) : (shape?.[step] ?? valueType);
      return next === undefined ? [] : unwrap(next, inner, choose);
    });
    value = inner;
  }
  return candidates;
}

function unwrap(schema: Schema, data: unknown, chosen: boolean): Schema[] {
  if (scalarOf(schema) !== undefined) return [schema];
  const { innerType, in: input, getter, options, discriminator } = definition(schema);
  if (innerType !== undefined) return unwrap(innerType, data, chosen);
  if (input !== undefined) return unwrap(input, data, chosen);
  if (getter !== undefined) return unwrap(getter(), data, chosen);
  if (options === undefined) return [schema];
  const forms = options.flatMap((option) => unwrap(option, data, chosen));
  if (discriminator === undefined || !chosen || data === undefined) return forms;
  const choice = valueAt(data, [discriminator]);
  return forms.filter((form) => entriesOf(definition(form).shape?.[discriminator]).includes(String(choice)));
}

export function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
