import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TINY_SCENARIO, tinyRun } from '../experiment/tiny-run.ts';
import { TestTerminal } from './test-terminal.ts';

let folder = '';
let tiny = '';
let failing = '';
let terminal = new TestTerminal();

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-repetitions-'));
  const write = (name: string, text: string): string => {
    fs.writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  tiny = write('tiny.yaml', TINY_SCENARIO);
  failing = write('failing.yaml', `${TINY_SCENARIO}thresholds: [ io.response.mean < 1ns ]\n`);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeEach(() => {
  terminal = new TestTerminal();
});

interface Row {
  readonly metric: string;
  readonly phase: string;
  readonly count: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}
const rowOf = (metric: string, phase = ''): Row =>
  (JSON.parse(terminal.stdout) as { rows: Row[] }).rows.find(
    (row) => row.metric === metric && row.phase === phase,
  )!;

describe('chpsim run --reps', () => {
  it('makes each run with the seed and with texts made of it, each in a folder of its own', async () => {
    expect(await terminal.chpsim('run', tiny, '--reps', '3')).toBe(0);
    expect(terminal.stdout).toMatch(/^tiny: mean and 95 % interval over repetitions\n/);
    expect(terminal.stdout).toMatch(/\nmetric +rotation \(3\)\n/);
    expect(terminal.stdout).toContain('\nseeds   42 … 42/3\n');
    const folders = terminal.files.readdirSync('out/tiny');
    expect(folders.map((name) => name.replace(/-[0-9a-f]{8}$/, '')).sort()).toEqual([
      'rotation-s42',
      'rotation-s42-2',
      'rotation-s42-3',
    ]);
  });

  it('writes the folder that the same seed would write alone', async () => {
    await terminal.chpsim('run', tiny, '--reps', '2');
    const alone = new TestTerminal();
    await alone.chpsim('run', tiny, '--seed', '42/2');
    const [name] = alone.files.readdirSync('out/tiny');
    const file = `out/tiny/${name}/summary.json`;
    expect(terminal.files.files.get(file)).toEqual(alone.files.files.get(file));
  });

  it('gives the mean of what the single runs measured', async () => {
    await terminal.chpsim('run', tiny, '--reps', '2', '--json');
    const repeated = rowOf('io.response.mean', 'loss');
    const means: number[] = [];
    for (const seed of ['42', '42/2']) {
      const alone = new TestTerminal();
      await alone.chpsim('run', tiny, '--seed', seed, '--json');
      means.push(JSON.parse(alone.stdout).runs[0].phases.loss.times['io.response'].mean);
    }
    const [one, other] = means;
    expect(repeated.count).toBe(2);
    expect(repeated.mean).toBeCloseTo((one + other) / 2, 6);
    // Two values: t with one degree of freedom is 12.706, the standard error half of their distance.
    expect(repeated.high - repeated.mean).toBeCloseTo((12.7062 * Math.abs(one - other)) / 2, -1);
  });

  it('says which repetition failed a threshold, and ends with 3', async () => {
    expect(await terminal.chpsim('run', failing, '--reps', '2')).toBe(3);
    expect(terminal.stderr).toContain(`rotation, seed 42/2: io.response.mean < 1ns`);
    expect(terminal.stderr).toContain(`repeat with: chpsim run ${failing} --seed 42/2 --strategy rotation`);
  });

  it('says how to see the defect of a repetition again', async () => {
    terminal.build = tinyRun({ breaksAt: 50 });
    expect(await terminal.chpsim('run', tiny, '--reps', '2')).toBe(1);
    expect(terminal.stderr).toContain(`seed 42/2\n  repeat with: chpsim run ${tiny} --seed 42/2`);
  });

  it('lists what it would do', async () => {
    expect(await terminal.chpsim('run', tiny, '--reps', '2', '--dry-run')).toBe(0);
    expect(terminal.stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(terminal.stdout).toContain('--seed 42/2');
  });

  it.each([
    ['--reps', '0'],
    ['--jobs', 'many'],
    ['--until-precision', 'io.response.mean=2'],
    ['--until-precision', 'io.respone.mean=2%'],
    ['--until-precision', 'io.response.mean=0%'],
    ['--until-precision', 'io.response.mean@nosuch=5%'],
    ['--reps', '2', '--fingerprint', '0123456789abcdef'],
  ])('refuses %s %s', async (...options) => {
    expect(await terminal.chpsim('run', tiny, ...options)).toBe(2);
    expect(terminal.stdout).toBe('');
  });
});

describe('chpsim run --until-precision', () => {
  it('repeats until the interval is narrow enough', async () => {
    expect(await terminal.chpsim('run', tiny, '--until-precision', 'io.response.mean=3%', '--json')).toBe(0);
    const { count, mean, low, high } = rowOf('io.response.mean');
    expect(count).toBeGreaterThanOrEqual(5);
    expect((high - low) / 2 / mean).toBeLessThanOrEqual(0.03);
  });

  it('says when it gives up, and ends with 3', async () => {
    const asked = ['--until-precision', 'io.response.max=0.01%', '--max-reps', '6'];
    expect(await terminal.chpsim('run', tiny, ...asked, '--json')).toBe(3);
    expect(rowOf('io.response.max').count).toBe(6);
    expect(terminal.stderr).toContain('6 repetitions do not reach the precision');
  });
});

describe('a warm-up that is found', () => {
  it('is told run by run', async () => {
    const found = ['run', tiny, '--warmup', 'auto', '--batches', '10', '--reps', '3'];
    expect(await terminal.chpsim(...found, '--jobs', '1')).toBe(0);
    expect(terminal.stdout).toMatch(/\nwarm-up \S+ \S+ … \S+ \S+, found run by run\n/);
  });

  it('stands below the result and in the manifest', async () => {
    expect(await terminal.chpsim('run', tiny, '--warmup', 'auto', '--batches', '10')).toBe(0);
    expect(terminal.stdout).toMatch(/\nwarm-up \S+ [mun]s, MSER-5: \d+ of \d+ requests left out\n/);
    expect(terminal.stdout).toMatch(/repeat .* --warmup auto --batches 10\n/);
    const [name] = terminal.files.readdirSync('out/tiny');
    const folder = `out/tiny/${name}`;
    const manifest = JSON.parse(String(terminal.files.readFileSync(`${folder}/manifest.json`)));
    expect(manifest.scenario.resolved.warmup.rule).toBe('mser-5');
  });

  it('is asked for by a time or by name', async () => {
    expect(await terminal.chpsim('run', tiny, '--warmup', 'soon')).toBe(2);
    expect(terminal.stderr).toContain('"soon" is not a time');
    expect(terminal.stderr).toContain(', or auto');
  });
});
