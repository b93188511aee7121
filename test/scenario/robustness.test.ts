import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadScenarioText } from '../../src/scenario/load.ts';

const TEXT = readFileSync('scenarios/forty-two-load.yaml', 'utf8');
const snippets = fc.constantFrom(
  '',
  ' ',
  '\n',
  '\t',
  ':',
  '- ',
  '[',
  ']',
  '{',
  '}',
  '"',
  '&a ',
  '*a',
  '#',
  '~',
  '0.40',
  '-1',
  '4e10',
  'é',
  '!!',
  '? ',
  '|',
  '>',
);

/** A mistake always has a place inside the text, a message and, where it names a path, a path. */
test('a damaged scenario is valid or refused with places, never a crash', () => {
  const damage = fc.record({ at: fc.nat(TEXT.length), length: fc.nat(12), by: snippets });
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
      let text = TEXT;
      for (const { at, length, by } of damages) text = text.slice(0, at) + by + text.slice(at + length);
      const result = loadScenarioText('s.yaml', text);
      if (result.ok) return;
      const lines = text.split('\n').length;
      for (const { line, col, message } of result.errors) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lines);
        expect(col).toBeGreaterThanOrEqual(1);
        expect(message).toMatch(/^s\.yaml:\d+:\d+: /);
      }
    }),
    { numRuns: 150 },
  );
});

test('a whole value replaced by another kind of value is refused at that value', () => {
  const values = fc.constantFrom('[]', '{}', '[1, 2]', '{ a: b }', 'x', '""', '-5', '1e9');
  const fields = fc.constantFrom(
    'duration',
    'warmup',
    'phases',
    'machine',
    'machine.model',
    'machine.costs',
    'machine.costs.ssch',
    'machine.chpids',
    'machine.controlUnits.lcu0',
    'machine.controlUnits.lcu0.paths',
    'machine.dasd',
    'systems',
    'workload',
    'workload.oltp',
    'workload.oltp.addresses',
    'faults',
    'faults[0]',
    'faults[1].chpid',
    'actions',
    'strategies',
    'variants',
    'expect',
    'expect[0]',
    'thresholds[0]',
    'report',
    'trace.filter',
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fields, values), { minLength: 1, maxLength: 3 }), (changes) => {
      const overrides = changes.map(([field, value]) => `${field}=${value}`);
      const result = loadScenarioText('s.yaml', TEXT, { overrides });
      if (!result.ok) expect(result.errors.length).toBeGreaterThan(0);
    }),
    { numRuns: 200 },
  );
});
