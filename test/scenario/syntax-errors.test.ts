import { describe, expect, test } from 'vitest';
import { errorsOf } from './load.ts';

describe('texts that are not YAML, or not a scenario', () => {
  test.each([
    ['- a\n- b\n', 's.yaml:1:1: the scenario is a list, not a mapping; begin with "name: my-scenario"'],
    [
      'just words\n',
      's.yaml:1:1: the scenario is a single text, not a mapping; begin with "name: my-scenario"',
    ],
    ['seed: 1\nname: a\nseed: 2\n', 's.yaml:3:1: key "seed" stands twice; keep one of them'],
    ['workload:\n\ta: 3\n', 's.yaml:2:1: indentation with a tab; indent with blanks'],
    ['seed: 1\n---\nseed: 2\n', 's.yaml:2:1: a second document begins here; one file holds one scenario'],
    ['seed: !!int 3\n', 's.yaml:1:7: tags have no meaning in a scenario; remove the tag'],
    ['? [a]\n: 3\n', 's.yaml:1:3: a key is not a simple name; quote it'],
  ])('%j', (text, message) => {
    expect(errorsOf(text)[0]).toBe(message);
  });

  test('unbalanced brackets are told where the parser noticed', () => {
    expect(errorsOf('faults: [\n  { at: 2s }\nseed: 3\n')[0]).toMatch(
      /^s\.yaml:3:1: not valid YAML: .+; check indentation, brackets and quotes$/,
    );
  });

  test('aliases that multiply are stopped', () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(10).fill(of).join(', ')}]\n`;
    const names = ['b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const bomb = level('a', 'x') + names.map((name, at) => level(name, `*${['a', ...names][at]}`)).join('');
    expect(errorsOf(bomb)).toEqual([
      's.yaml:1:1: aliases repeat too much data; write it out; aliases may make 100 copies',
    ]);
  });

  test.each([
    ['['.repeat(200_000), 's.yaml:1:65: nested too deeply'],
    [`a: ${'{a: '.repeat(100)}`, 's.yaml:1:260: nested too deeply'],
    ['- '.repeat(100_000), 's.yaml:1:257: nested too deeply'],
  ])('nesting that would overflow the parser is refused: %#', (text, message) => {
    const hint = 'a scenario needs at most 64 open brackets and 256 columns of indentation';
    expect(errorsOf(text)).toEqual([`${message}; ${hint}`]);
  });
});
