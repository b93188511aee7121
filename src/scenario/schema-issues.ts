import type { z } from 'zod';
import type { Issues, Path } from './errors.ts';
import { nearest, suggest } from './nearest.ts';
import { discriminators, knownKeys, mappingAt, type Schema, valueAt, writtenAt } from './schema-forms.ts';

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
      if (value === undefined) issues.value(path, 'is missing', writtenAt(schema, data, path));
      else issues.value(path, ...otherKind(schema, data, path, issue.expected));
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

/** A value of another kind than the only one that may stand there. */
function otherKind(schema: Schema, data: unknown, path: Path, wanted: string): [string, string] {
  const value = valueAt(data, path);
  const message = `expected ${EXPECTED[wanted] ?? 'another value'}, found ${kindOf(value)}`;
  if (wanted !== 'object' || value === '') return [message, ''];
  const mapping = mappingAt(schema, data, path, String(value)) ?? 'a mapping';
  const keys = knownKeys(schema, data, path);
  if (mapping !== 'a mapping') return [message, `write ${mapping}`];
  return [message, keys.length > 0 && keys.length <= MOST_KEYS ? `its keys: ${keys.join(', ')}` : ''];
}

/** A list of more keys than these explains nothing. */
const MOST_KEYS = 8;

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
  if (value === undefined) {
    issues.value(path, 'is missing', writtenAt(schema, data, path));
    return;
  }
  const name = nameWithParameters(schema, data, path, issue);
  if (name !== null) {
    issues.key([...path, name], `${name} has no parameters`, `write just ${name}`);
    return;
  }
  const alike = issue.errors.filter((form) => form.every((part) => !isOtherKind(part, value)));
  const form = alike.find((parts) => parts.some(({ path: inner }) => inner.length > 0)) ?? alike[0];
  if (form === undefined) {
    issues.value(path, `${kindOf(value)} does not fit here`, writtenAt(schema, data, path));
    return;
  }
  for (const part of form) {
    if (part.code !== 'invalid_value' || part.path.length > 0) {
      addIssue(issues, schema, data, path, part);
      continue;
    }
    const hint = unknownNameHint(schema, data, path, namesIn(alike));
    issues.value(path, `"${String(value)}" is unknown`, hint);
  }
}

/** Names that may stand there, from the forms that are one. */
const namesIn = (forms: z.core.$ZodIssueInvalidUnion['errors']): string[] => {
  const names = forms.flatMap((parts) =>
    parts.flatMap((part) => (part.code === 'invalid_value' && part.path.length === 0 ? part.values : [])),
  );
  return [...new Set(names.map(String))];
};

/** The only key of a mapping, where it is a name that stands by itself; null otherwise. */
function nameWithParameters(
  schema: Schema,
  data: unknown,
  path: Path,
  { errors }: z.core.$ZodIssueInvalidUnion,
): string | null {
  const value = valueAt(data, path);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0) return null;
  return namesIn(errors).includes(name) && !knownKeys(schema, data, path).includes(name) ? name : null;
}

/** The name that was probably meant, or all of them and the mapping that may stand in their place. */
function unknownNameHint(schema: Schema, data: unknown, path: Path, names: readonly string[]): string {
  const value = String(valueAt(data, path));
  const known = suggest(value, names);
  if (nearest(value, names) !== undefined) return known;
  const mapping = mappingAt(schema, data, path, value);
  return mapping === null ? known : `${known}, or ${mapping}`;
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
