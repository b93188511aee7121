import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadScenario, loadScenarioBytes } from '../../src/scenario/load.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chpsim-scenario-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function onlyError(file: string) {
  const result = loadScenario(file);
  if (result.ok) throw new Error('the scenario is valid');
  expect(result.errors).toHaveLength(1);
  return result.errors[0];
}

describe('files that are no scenario', () => {
  test('one that does not exist', () => {
    const file = join(folder, 'nothing.yaml');
    const error = onlyError(file);
    expect(error.message).toBe(
      `${file}: cannot be read: there is no such file; check its name and permissions`,
    );
    expect(error).toMatchObject({ kind: 'unreadable', file, line: 0, col: 0, path: '' });
  });

  test('a directory', () => {
    const error = onlyError(folder);
    expect(error.message).toBe(`${folder}: is a directory; name a scenario file in it`);
    expect(error.kind).toBe('unreadable');
  });

  test('one of 50 MB is refused without being read', () => {
    const file = join(folder, 'large.yaml');
    writeFileSync(file, '');
    truncateSync(file, 50_000_000);
    const began = process.hrtime.bigint();
    const error = onlyError(file);
    expect(Number(process.hrtime.bigint() - began)).toBeLessThan(100_000_000);
    expect(error.message).toBe(`${file}: has 50000000 bytes; a scenario has at most 10000000`);
    expect(error.kind).toBe('invalid');
  });

  test('an empty one, and one of comments only', () => {
    const file = join(folder, 'empty.yaml');
    for (const text of ['', '# nothing\n', '\n\n', '---\n']) {
      writeFileSync(file, text);
      expect(onlyError(file).message).toBe(
        `${file}:1:1: the scenario is empty; begin with "name: my-scenario"`,
      );
    }
  });

  test('bytes that are not UTF-8', () => {
    const refusal = (...bytes: number[]): string[] => {
      const result = loadScenarioBytes('s.yaml', Uint8Array.from(bytes));
      return result.ok ? [] : result.errors.map(({ message }) => message);
    };
    expect(refusal(0x6e, 0x3a, 0x20, 0xff, 0xfe)).toEqual([
      's.yaml:1:4: is not UTF-8 text; save it as UTF-8',
    ]);
    const umlautThenHalfOfOne = [0x23, 0x0a, 0x23, 0xc3, 0xbc, 0xc3];
    expect(refusal(...umlautThenHalfOfOne)).toEqual(['s.yaml:2:3: is not UTF-8 text; save it as UTF-8']);
  });

  test('a scenario without name is called after its file', () => {
    const file = join(folder, 'my first run.yaml');
    writeFileSync(file, 'seed: 3\n');
    const result = loadScenario(file);
    expect(result.ok && result.scenario.name).toBe('my-first-run');
  });
});
