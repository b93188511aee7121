import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NODE_FILES } from '../../src/output/file-system.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import { TestTerminal } from '../cli/test-terminal.ts';
import type { MemoryFiles } from './memory-files.ts';
import { type StrictTable, strictCsv } from './strict-csv.ts';

/** Tables as their users open them. CHPIDs and masks are chosen so that some look like numbers and others do not. */
const SCENARIO = `
name: tables
duration: 1200ms
machine:
  chpids: { "0.1e,0.40,0.4e,0.80,0.e5,0.08": {} }
  controlUnits: { lcu0: { paths: "0.1e,0.40,0.4e,0.80,0.e5,0.08" } }
  dasd: { "0.0.1e05-0.0.1e08": {} }
workload: { oltp: { arrivals: poisson, ratePerVolume: 100/s, from: 300ms } }
faults:
  - { at: 900ms, name: loss, chpid: 0.40, do: configure-off }
  - { at: 1s, name: return, chpid: 0.40, do: configure-on }
sweep:
  axes:
    "faults[0].chpid": [0.40, 0.80]
    workload.oltp.addresses: [uniform, { zipf: 0.9 }]
  zip:
    - { workload.oltp.reads: [0.50, 0.75], systems.lpar1.kernel: [6.1, 6.16] }
`;

let folder = '';
class DiskTerminal extends TestTerminal {
  override readonly files = NODE_FILES as unknown as MemoryFiles;
  override build = buildSimulation;
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-tables-'));
  const scenario = path.join(folder, 'tables.yaml');
  const out = path.join(folder, 'out');
  fs.writeFileSync(scenario, SCENARIO);
  const terminal = new DiskTerminal();
  expect(await terminal.chpsim('run', scenario, '--out', out, '--trace', 'all')).toBe(0);
  const [run] = fs.readdirSync(path.join(out, 'tables'));
  fs.renameSync(path.join(out, 'tables', run), path.join(folder, 'run'));
  const sweep = [
    'sweep',
    scenario,
    '--out',
    out,
    '--jobs',
    '1',
    '--metric',
    'io.response.*',
    '--set',
    'trace.level=none',
  ];
  expect(await terminal.chpsim(...sweep)).toBe(0);
  fs.renameSync(path.join(out, 'tables', 'sweep'), path.join(folder, 'sweep'));
}, 60_000);
afterAll(() => fs.rmSync(folder, { recursive: true }));

const FILES = [
  'run/events.csv',
  'run/io.csv',
  'run/intervals.csv',
  'run/counts.csv',
  'sweep/results.csv',
  'sweep/runs.csv',
] as const;
const table = (file: string): StrictTable => strictCsv(fs.readFileSync(path.join(folder, file)));
const columnOf = ({ columns, rows }: StrictTable, name: string): string[] =>
  rows.map((row) => row[columns.indexOf(name)]);

describe('tables', () => {
  it.each(FILES)('are strict CSV: %s', (file) => {
    expect(table(file).rows.length).toBeGreaterThan(0);
  });

  it('have as many rows as the manifest says', () => {
    const { files } = JSON.parse(fs.readFileSync(path.join(folder, 'run/manifest.json'), 'utf8'));
    const tables = files.filter(({ name }: { name: string }) => name.endsWith('.csv'));
    expect(tables).toHaveLength(4);
    for (const { name, rows } of tables) expect(table(`run/${name}`).rows, name).toHaveLength(rows);
  });

  it('have identifiers as s390-tools print them, in axes of sweeps as well', () => {
    expect(new Set(columnOf(table('run/io.csv'), 'chpid'))).toContain('0.40');
    expect(new Set(columnOf(table('run/io.csv'), 'lpum'))).toContain('08');
    const results = table('sweep/results.csv');
    expect(new Set(columnOf(results, 'faults[0].chpid'))).toEqual(new Set(['0.40', '0.80']));
    expect(new Set(columnOf(results, 'systems.lpar1.kernel'))).toEqual(new Set(['6.1', '6.16']));
    expect(new Set(columnOf(results, 'workload.oltp.reads'))).toEqual(new Set(['0.5', '0.75']));
    expect(new Set(columnOf(results, 'workload.oltp.addresses'))).toEqual(
      new Set(['uniform', '{"zipf":"0.9"}']),
    );
  });

  it('are refused by this reader when they are not strict', () => {
    const refused =
      (text: string): (() => StrictTable) =>
      () =>
        strictCsv(new TextEncoder().encode(text));
    expect(refused('a,b\n1,2')).toThrow('does not end');
    expect(refused('a,b\n1\n')).toThrow('row 2 has 1 fields, not 2');
    expect(refused('a,a\n1,2\n')).toThrow('repeat');
    expect(refused('a,b\r\n1,2\r\n')).toThrow('CR');
    expect(refused('\ufeffa\n1\n')).toThrow('byte-order');
    expect(refused('a\n"1"2\n')).toThrow('follows a field');
    expect(refused('a\n1"2\n')).toThrow('quote');
  });
});

/** Python that has pandas; the system's own when another one comes first. */
const PYTHON = ['python3', '/usr/bin/python3'].find(
  (python) => spawnSync(python, ['-c', 'import pandas']).status === 0,
);

/** The lines of docs/output.md that say how pandas reads the tables. */
function documentedTypes(): string {
  const [, code] = /```python\n([\s\S]*?)```/.exec(fs.readFileSync('docs/output.md', 'utf8'))!;
  return code.split('\n').slice(0, 2).join('\n');
}

interface PandasColumn {
  readonly type: string;
  readonly values: readonly (string | null)[];
}
type PandasFrames = Readonly<Record<string, Readonly<Record<string, PandasColumn>>>>;

describe.skipIf(PYTHON === undefined)('in pandas (skipped where no python3 has it: python3-pandas)', () => {
  /** All files in one go: starting Python takes longer than reading them. */
  function framesWith(types: string): PandasFrames {
    const script = `
import json
${documentedTypes()}
def columns(frame):
    return {name: {'type': str(frame[name].dtype),
        'values': [None if pandas.isna(value) else str(value) for value in frame[name]]} for name in frame}
print(json.dumps({file: columns(pandas.read_csv(file, dtype=${types})) for file in ${JSON.stringify(FILES)}}))
`;
    const options = { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
    const { stdout, stderr, status } = spawnSync(PYTHON!, ['-W', 'error', '-c', script], options);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout);
  }

  const isNumber = ({ type }: PandasColumn): boolean => /^(int|float)64$/.test(type);

  it('all values are those that are written, read as the documentation says', () => {
    const frames = framesWith('TEXTS');
    for (const file of FILES) {
      const strict = table(file);
      expect(Object.keys(frames[file])).toEqual(strict.columns);
      for (const [name, column] of Object.entries(frames[file])) {
        const written = columnOf(strict, name);
        // Texts are the same to the letter; the last bit of a number may fall to how pandas reads digits.
        const isSame = (value: string | null, at: number): boolean =>
          value !== null && isNumber(column)
            ? Math.abs(Number(value) - Number(written[at])) <= 1e-15 * Math.abs(Number(value))
            : (value ?? '') === written[at];
        const isIdentifier = name === 'faults[0].chpid' || name === 'systems.lpar1.kernel';
        if (isIdentifier) continue; // the documentation sends readers of sweeps to Parquet
        expect(
          column.values.findIndex((value, at) => !isSame(value, at)),
          `${file} ${name}`,
        ).toBe(-1);
      }
    }
  });

  it('quantities are numbers without any options', () => {
    for (const [file, columns] of Object.entries(framesWith('None'))) {
      const quantities = Object.entries(columns).filter(([name]) =>
        /_ns$|_per_s$|^(request|seq|block|operations|value|point|events)$/.test(name),
      );
      expect(quantities.length).toBeGreaterThan(0);
      for (const [name, column] of quantities) expect(isNumber(column), `${file} ${name}`).toBe(true);
    }
  });
});
