import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { eachRow } from '../../src/report/csv-rows.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-rows-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

function rowsOf(text: string, columns: readonly string[]): string[][] {
  const file = path.join(folder, 'rows.csv');
  fs.writeFileSync(file, text);
  const rows: string[][] = [];
  eachRow(file, columns, (values) => rows.push([...values]));
  return rows;
}

describe('rows of a file', () => {
  it('have the columns that are asked for, in that order', () => {
    expect(rowsOf('a,b,c\n1,2,3\n4,,6\n', ['c', 'b'])).toEqual([
      ['3', '2'],
      ['6', ''],
    ]);
  });

  it('may have commas and quotes in quotes', () => {
    expect(rowsOf('a,b\n"x,""y""",2\n', ['a', 'b'])).toEqual([['x,"y"', '2']]);
  });

  it('are whole where a piece of the file ends within one, and within a character', () => {
    const long = `a,b\n${'ü'.repeat(700_000)},1\n${'ö'.repeat(700_000)},2\n`;
    expect(rowsOf(long, ['b'])).toEqual([['1'], ['2']]);
  });

  it('are refused without a column that is needed', () => {
    expect(() => rowsOf('a\n1\n', ['b'])).toThrow(/has no column b/);
  });
});
