import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSimulation } from '../../src/scenario/build.ts';
import { load, pathsServe } from '../experiment/theory/scenarios.ts';
import { TestTerminal } from './test-terminal.ts';

let folder = '';
let repairman = '';
let terminal = new TestTerminal();

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-theory-'));
  repairman = path.join(folder, 'repairman.yaml');
  fs.writeFileSync(
    repairman,
    pathsServe(2, 6, load('arrivals: closed, applications: 1, think: { exponential: 2ms }')),
  );
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeEach(() => {
  terminal = new TestTerminal();
  terminal.build = buildSimulation;
});

interface Row {
  readonly metric: string;
  readonly theory: number;
  readonly low: number;
  readonly high: number;
  readonly verdict: string;
}

describe('chpsim run --theory', () => {
  it('prints exact values beside a run with intervals by batch means', async () => {
    expect(await terminal.chpsim('run', repairman, '--theory', '--trace', 'none')).toBe(0);
    expect(terminal.stdout).toMatch(
      /\ntheory M\/M\/2\/\/6: 6 applications think and are served by 2 channel paths/,
    );
    expect(terminal.stdout).toMatch(/\nio\.response\.mean +\S+ us +\S+ us ± \S+ % +within\n/);
    expect(terminal.stdout).toMatch(/\n30 batches of 600\.0 ms\n/);
    expect(terminal.stdout).toMatch(/repeat +chpsim run .* --theory\n/);
  });

  it('gives programs a row per metric', async () => {
    await terminal.chpsim('run', repairman, '--theory', '--trace', 'none', '--json');
    const { runs } = JSON.parse(terminal.stdout) as { runs: { theory: { model: string; rows: Row[] } }[] };
    expect(runs[0].theory.model).toBe('M/M/2//6');
    expect(runs[0].theory.rows.map(({ metric }) => metric)).toEqual([
      'io.response.mean',
      'io.rate',
      'path.utilisation',
    ]);
    for (const { theory, low, high, verdict } of runs[0].theory.rows)
      expect(verdict).toBe(low <= theory && theory <= high ? 'within' : 'outside');
    terminal = new TestTerminal();
    terminal.build = buildSimulation;
    await terminal.chpsim('run', repairman, '--theory', '--trace', 'none', '--format', 'csv');
    const [header, first] = terminal.stdout.split('\n');
    expect(header).toBe(
      'scenario,run,seed,repetitions,model,metric,unit,theory,tolerance,simulation,low,high,verdict,reason',
    );
    expect(first).toMatch(/^repairman,pooled,1,1,M\/M\/2\/\/6,io\.response\.mean,ns,/);
  });

  it('takes the interval of repetitions where there are some', async () => {
    const line = [
      'run',
      repairman,
      '--theory',
      '--trace',
      'none',
      '--reps',
      '3',
      '--jobs',
      '1',
      '--until',
      '5s',
    ];
    expect(await terminal.chpsim(...line)).toBe(0);
    expect(terminal.stdout).toMatch(/\ntheory M\/M\/2\/\/6/);
    expect(terminal.stdout).not.toContain('batches of');
  });

  it('says which keys are in the way', async () => {
    await terminal.chpsim('run', repairman, '--theory', '--trace', 'none', '--set', 'machine.costs.ssch=1us');
    expect(terminal.stdout).toContain(
      'theory knows no exact solution:\n  machine.costs.ssch: takes 1000 ns of every request; theory needs 0s\n',
    );
  });
});
