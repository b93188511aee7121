import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { BLOCKS } from '../../src/program/block-fields.ts';
import { jsonSchema } from '../../src/scenario/json-schema.ts';
import { loadScenarioText } from '../../src/scenario/load.ts';
import { AREAS } from '../../src/scenario/program-symbols.ts';
import { COMMON_OPTIONS, VERBS } from '../../src/scenario/program-verbs.ts';
import { codeOf, plain, tablesOf } from './markdown.ts';

/** docs/instruction-scripts.md lists what a step can do, with its keys, areas and fields. */
const FILE = 'docs/instruction-scripts.md';
const tables = tablesOf(FILE);
const rowsOf = (column: string): readonly (readonly string[])[] =>
  tables.filter(({ columns }) => columns[0] === column).flatMap(({ rows }) => rows);

const steps = tables.filter(({ columns }) => columns[3] === 'leaves').flatMap(({ rows }) => rows);
const properties = (jsonSchema() as unknown as StepSchema).$defs.step.properties;

interface StepSchema {
  readonly $defs: {
    readonly step: {
      readonly properties: Readonly<
        Record<string, { readonly properties?: Readonly<Record<string, object>> }>
      >;
    };
  };
}

describe('docs/instruction-scripts.md', () => {
  test('lists every verb with its keys and what it leaves', () => {
    const told = Object.fromEntries(
      steps.flatMap(([verbs, , options, leaves]) =>
        codeOf(verbs).map((verb) => [verb, { options: codeOf(options), leaves: codeOf(leaves) }]),
      ),
    );
    const { look: _onlyExpects, ...verbs } = VERBS;
    expect(told).toEqual(verbs);
  });

  test('lists the keys of every step, and no key is left out', () => {
    const common = tables
      .find(({ heading }) => heading === 'Keys of every step')!
      .rows.map(([key]) => plain(key));
    expect(common).toEqual(COMMON_OPTIONS);
    const known = new Set([
      ...common,
      ...steps.flatMap(([verbs, , options]) => [...codeOf(verbs), ...codeOf(options)]),
    ]);
    expect([...known].sort()).toEqual(Object.keys(properties).sort());
  });

  test('lists what may be expected', () => {
    const told = tables
      .find(({ heading }) => heading === 'What a step may expect')!
      .rows.flatMap(([keys]) => codeOf(keys));
    const { expect: expectation } = properties;
    expect(told).toEqual(Object.keys(expectation.properties!));
  });

  test('lists the areas with their addresses', () => {
    const told = rowsOf('area').map(([area, address]) => [plain(area), Number.parseInt(plain(address), 16)]);
    expect(Object.fromEntries(told)).toEqual(AREAS);
  });

  test('lists the fields of every block', () => {
    const told = rowsOf('block').map(([block, fields]) => [plain(block), codeOf(fields)]);
    const named = Object.entries(BLOCKS).map(([block, { fields }]) => [
      block,
      Object.keys(fields).filter((field) => !/^(word|chpid|esw|ecw|emw)\d+$/.test(field)),
    ]);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(named));
  });

  test('shows valid scenarios', () => {
    const examples = [...readFileSync(FILE, 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)];
    expect(examples.length).toBeGreaterThan(0);
    for (const [, text] of examples)
      expect(loadScenarioText('example.yaml', text)).toMatchObject({ ok: true });
  });
});
