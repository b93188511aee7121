import type { z } from 'zod';
import type { Issues, Path } from './errors.ts';
import { suggest } from './nearest.ts';

/**
 * Turns what the schema found wrong into issues in the user's words: where the schema library speaks of strings and
 * unions, a user wrote texts, lists and mappings.
 */
type SchemaIssue = z.core.$ZodIssue;

export function addSchemaIssues(
  issues: Issues,
  schema: Schema,
  data: unknown,
  found: readonly SchemaIssue[],
): void {
  for (const issue of found) addIssue(issues, schema, data, [], issue);
}

function addIssue(issues: Issues, schema: Schema, data: unknown, base: Path, issue: SchemaIssue): void {
  const path = [...base, ...(issue.path as Path)];
  const value = valueAt(data, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys) {
        issues.key([...path, key], 'unknown key', suggest(key, knownKeys(schema, data, path)));
      }
      return;
    case 'invalid_type':
      if (value === undefined)
        issues.value(path, 'is missing', `write ${EXPECTED[issue.expected] ?? 'a value'}`);
      else
        issues.value(
          path,
          `expected ${EXPECTED[issue.expected] ?? 'another value'}, found ${kindOf(value)}`,
          '',
        );
      return;
    case 'invalid_value': {
      const names = issue.values.map(String);
      if (value === undefined) issues.value(path, 'is missing', `known: ${names.join(', ')}`);
      else if (typeof value !== 'string') issues.value(path, `expected a text, found ${kindOf(value)}`, '');
      else issues.value(path, `"${value}" is unknown`, suggest(value, names));
      return;
    }
    case 'invalid_union':
      addUnionIssue(issues, schema, data, path, issue);
      return;
    case 'too_small':
    case 'too_big':
      issues.value(path, lengthProblem(issue), '');
      return;
    default:
      issues.value(path, issue.message, hintOf(issue));
  }
}

/** A value that fits none of several forms: the form that it resembles is the one to explain. */
function addUnionIssue(
  issues: Issues,
  schema: Schema,
  data: unknown,
  path: Path,
  issue: z.core.$ZodIssueInvalidUnion,
): void {
  const value = valueAt(data, path);
  if (issue.errors.length === 0) {
    const choices = discriminators(schema, data, path.slice(0, -1), String(path.at(-1)));
    if (value === undefined) issues.value(path, 'is missing', `known: ${choices.join(', ')}`);
    else issues.value(path, `"${String(value)}" is unknown`, suggest(String(value), choices));
    return;
  }
  const alike = issue.errors.filter((form) => form.every((part) => !isOtherKind(part, value)));
  if (value === undefined) {
    issues.value(path, 'is missing', formsHint(issue.errors));
    return;
  }
  const form = alike.find((parts) => parts.some(({ path: inner }) => inner.length > 0)) ?? alike[0];
  if (form === undefined) {
    issues.value(path, `${kindOf(value)} does not fit here`, formsHint(issue.errors));
    return;
  }
  const literals = alike.flatMap((parts) =>
    parts.flatMap((part) => (part.code === 'invalid_value' ? part.values : [])),
  );
  for (const part of form) {
    if (part.code === 'invalid_value' && part.path.length === 0) {
      const names = [...new Set(literals.map(String))];
      issues.value(path, `"${String(value)}" is unknown`, suggest(String(value), names));
    } else addIssue(issues, schema, data, path, part);
  }
}

/** The form wants another kind of value altogether (a mapping where a text stands). */
function isOtherKind(issue: SchemaIssue, value: unknown): boolean {
  if (issue.path.length > 0) return false;
  return issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof value !== 'string');
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a text',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  tuple: 'a list',
};

function formsHint(forms: readonly (readonly SchemaIssue[])[]): string {
  const expected = forms.flatMap((parts) =>
    parts.map((part) => (part.code === 'invalid_type' ? (EXPECTED[part.expected] ?? '') : 'a text')),
  );
  return `write ${[...new Set(expected.filter((kind) => kind !== ''))].join(' or ')}`;
}

function kindOf(value: unknown): string {
  if (value === '') return 'nothing';
  if (typeof value === 'string') return `"${value}"`;
  return Array.isArray(value) ? 'a list' : 'a mapping';
}

function lengthProblem(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const [word, limit] = issue.code === 'too_small' ? ['few', issue.minimum] : ['many', issue.maximum];
  return `too ${word} entries, expected ${limit}`;
}

const hintOf = (issue: SchemaIssue): string =>
  issue.code === 'custom' ? ((issue.params as { readonly hint?: string } | undefined)?.hint ?? '') : '';

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** As much of a schema's own description as is needed to find the fields at a place. */
interface Schema {
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

/** Names of the fields that may stand in the mapping at `path`. */
function knownKeys(schema: Schema, data: unknown, path: Path): string[] {
  return objectsAt(schema, data, path).flatMap((object) => Object.keys(definition(object).shape ?? {}));
}

/** The values by which the forms of a mapping are told apart. */
function discriminators(schema: Schema, data: unknown, path: Path, key: string): string[] {
  return objectsAt(schema, data, path, false).flatMap((object) => entriesOf(definition(object).shape?.[key]));
}

const entriesOf = (schema: Schema | undefined): string[] =>
  schema === undefined ? [] : Object.values(definition(schema).entries ?? {});

/** Mappings that may stand at `path`; among forms with a discriminator only the one that the data chose. */
function objectsAt(schema: Schema, data: unknown, path: Path, chosen = true): Schema[] {
  let candidates = unwrap(schema, data, chosen);
  let value = data;
  for (const [depth, step] of path.entries()) {
    const inner = valueAt(value, [step]);
    const choose = chosen || depth < path.length - 1;
    candidates = candidates.flatMap((candidate) => {
      const { shape, valueType, element, items } = definition(candidate);
      const next = shape?.[String(step)] ?? valueType ?? element ?? items?.[Number(step)];
      return next === undefined ? [] : unwrap(next, inner, choose);
    });
    value = inner;
  }
  return candidates.filter((candidate) => definition(candidate).shape !== undefined);
}

function unwrap(schema: Schema, data: unknown, chosen: boolean): Schema[] {
  const { innerType, in: input, getter, options, discriminator } = definition(schema);
  if (innerType !== undefined) return unwrap(innerType, data, chosen);
  if (input !== undefined) return unwrap(input, data, chosen);
  if (getter !== undefined) return unwrap(getter(), data, chosen);
  if (options === undefined) return [schema];
  const forms = options.flatMap((option) => unwrap(option, data, chosen));
  if (discriminator === undefined || !chosen) return forms;
  const choice = valueAt(data, [discriminator]);
  return forms.filter((form) => entriesOf(definition(form).shape?.[discriminator]).includes(String(choice)));
}
