import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSimulation } from '../../src/scenario/build.ts';
import { TestTerminal } from './test-terminal.ts';

/** Two policies over two paths: `fixed` lets requests wait for one path while the other is idle. */
const SCENARIO = `name: two
duration: 120ms
machine:
  chpids: { "0.40-0.41": {} }
  controlUnits: { lcu0: { paths: "0.40-0.41" } }
  dasd: { "0.0.1000-0.0.1003": { controlUnit: lcu0 } }
systems: { lpar: {} }
workload: { oltp: { from: 40ms, arrivals: poisson, ratePerVolume: 1000/s } }
strategies: { selection: [rotation, fixed] }
`;

let folder = '';
let two = '';
let other = '';
let terminal = new TestTerminal();

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-compare-'));
  const write = (name: string, text: string): string => {
    fs.writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  two = write('two.yaml', SCENARIO);
  other = write('other.yaml', SCENARIO.replace('1000/s', '900/s'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeEach(() => {
  terminal = new TestTerminal();
  terminal.build = buildSimulation;
});

interface Row {
  readonly metric: string;
  readonly phase: string;
  readonly side: string;
  readonly verdict: string;
  readonly difference: number;
  readonly ratio_low: number;
}
const rows = (): Row[] => (JSON.parse(terminal.stdout) as { rows: Row[] }).rows;
const rowOf = (metric: string): Row => rows().find((row) => row.metric === metric && row.phase === '')!;
const fresh = (): void => {
  terminal.stdout = '';
  terminal.stderr = '';
};

describe('chpsim compare of the runs of a scenario', () => {
  it('says which is worse beyond chance, and what is equal', async () => {
    expect(await terminal.chpsim('compare', two, '--reps', '6', '--json')).toBe(0);
    expect(rowOf('io.pend.mean')).toMatchObject({ side: 'fixed', verdict: 'worse' });
    expect(rowOf('io.pend.mean').ratio_low).toBeGreaterThan(1);
    expect(rowOf('io.started')).toMatchObject({ verdict: 'equal', difference: 0 });
    expect(terminal.files.files.size).toBe(0);
  });

  it('turns around when the other run is the reference', async () => {
    const line = ['compare', two, '--reps', '6', '--run', 'fixed', '--run', 'rotation'];
    await terminal.chpsim(...line, '--json');
    expect(rowOf('io.pend.mean')).toMatchObject({ side: 'rotation', verdict: 'better' });
    fresh();
    await terminal.chpsim(...line);
    expect(terminal.stdout).toMatch(/^two: rotation against fixed, 6 pairs\n/);
    expect(terminal.stdout).toMatch(/\nio\.pend\.mean .* better\n/);
    expect(terminal.stdout).toMatch(/\nnot listed: \d+ equal/);
  });

  it('ends with 4 when a metric is worse by more than it may', async () => {
    const line = ['compare', two, '--reps', '6', '--metric', 'io.pend.mean'];
    expect(await terminal.chpsim(...line, '--max-regression', 'io.pend.mean=1%')).toBe(4);
    expect(terminal.stdout).toMatch(/failed {2}--max-regression io\.pend\.mean=1%: worse by \d/);
    fresh();
    expect(await terminal.chpsim(...line, '--max-regression', 'io.pend.mean=500%')).toBe(0);
    expect(terminal.stdout).toContain('met  --max-regression io.pend.mean=500%');
  });

  it('does not let a gate pass that sees nothing', async () => {
    const unknown = ['compare', two, '--max-regression', 'io.pend.mean@nosuch=5%'];
    expect(await terminal.chpsim(...unknown)).toBe(2);
    expect(terminal.stderr).toContain('io.pend.mean@nosuch: the scenario has no such phase; it has none');
    const line = ['compare', two, '--reps', '2', '--max-regression', 'path.failover.mean=5%'];
    expect(await terminal.chpsim(...line)).toBe(4);
    expect(terminal.stdout).toContain('was not measured');
  });

  it('tells the difference of a single pair, and nothing of chance', async () => {
    await terminal.chpsim('compare', two, '--reps', '1', '--json');
    expect(rowOf('io.pend.mean')).toMatchObject({ verdict: 'not comparable' });
    expect(rowOf('io.pend.mean').difference).toBeGreaterThan(0);
  });

  it.each([
    ['csv', /^scenario,reference,side,phase,metric,unit,good,pairs,/],
    ['jsonl', /^\{"scenario":"two","reference":"rotation","side":"fixed"/],
    ['markdown', /^### two: fixed against rotation, 2 pairs\n\n/],
    ['junit', /<testsuite name="two\.fixed\.against\.rotation"/],
  ])('prints %s', async (format, beginning) => {
    expect(await terminal.chpsim('compare', two, '--reps', '2', '--format', format)).toBe(0);
    expect(terminal.stdout).toMatch(beginning);
  });

  it.each([
    ['--metric', 'io.respone.mean'],
    ['--max-regression', 'io.response.mean=5'],
    ['--run', 'nobody'],
    ['--run', 'fixed'],
  ])('refuses %s %s', async (...options) => {
    expect(await terminal.chpsim('compare', two, '--reps', '1', ...options)).toBe(2);
  });
});

describe('chpsim compare of runs that were made', () => {
  const record = async (file: string, out: string, ...options: string[]): Promise<void> => {
    await terminal.chpsim('run', file, '--reps', '3', '--trace', 'none', '--out', out, ...options);
    fresh();
  };

  it('takes each run below a folder as a side, and gives what simulating them gives', async () => {
    await record(two, 'out');
    expect(await terminal.chpsim('compare', 'out/two', '--run', 'rotation', '--run', 'fixed', '--json')).toBe(
      0,
    );
    const recorded = rows();
    fresh();
    await terminal.chpsim('compare', two, '--reps', '3', '--json');
    expect(recorded).toEqual(rows());
  });

  it('compares a run before with the same run after a change', async () => {
    await record(two, 'before', '--run', 'fixed');
    await record(two, 'after', '--run', 'fixed', '--set', 'systems.lpar.costs.interrupt=5us');
    expect(await terminal.chpsim('compare', 'before/two', 'after/two', '--json')).toBe(0);
    expect(rowOf('io.interrupt_delay.mean')).toMatchObject({ side: 'after/two', verdict: 'worse' });
  });

  it('refuses runs of other scenarios, seeds and lengths, unless forced', async () => {
    await record(two, 'a', '--run', 'fixed');
    await record(other, 'b', '--run', 'fixed');
    await record(two, 'c', '--run', 'fixed', '--seed', '7');
    await record(two, 'd', '--run', 'fixed', '--until', '100ms');
    expect(await terminal.chpsim('compare', 'a/two', 'b/two')).toBe(2);
    expect(terminal.stderr).toContain('their scenarios differ');
    fresh();
    expect(await terminal.chpsim('compare', 'a/two', 'c/two')).toBe(2);
    expect(terminal.stderr).toContain('has no run with seed 1, 1/2, 1/3');
    expect(await terminal.chpsim('compare', 'a/two', 'c/two', '--force')).toBe(2);
    fresh();
    expect(await terminal.chpsim('compare', 'a/two', 'd/two')).toBe(2);
    expect(terminal.stderr).toContain('their durations differ: 120000000 ns, 100000000 ns');
    expect(await terminal.chpsim('compare', 'a/two', 'b/two', '--force')).toBe(0);
    expect(terminal.stderr).toContain('warning: ');
    expect(terminal.stdout).toContain('3 pairs');
  });

  it('refuses what has been changed since, and what is nothing', async () => {
    await record(two, 'out', '--run', 'fixed');
    const [name] = terminal.files.readdirSync('out/two');
    expect(await terminal.chpsim('compare', `out/two/${name}`, 'no-such-run')).toBe(2);
    expect(terminal.stderr).toContain('no-such-run is neither a manifest nor a folder with runs');
    const summary = `out/two/${name}/summary.json`;
    terminal.files.files.set(summary, new TextEncoder().encode('{}'));
    expect(await terminal.chpsim('compare', 'out/two', 'out/two')).toBe(2);
    expect(terminal.stderr).toContain(`${summary} is not the one that the run wrote`);
  });
});

describe('a difference that is to be known well', () => {
  const compare = (...more: string[]): Promise<number> =>
    terminal.chpsim('compare', two, '--jobs', '1', '--metric', 'io.response.mean', ...more);

  it('is repeated until it is, and no further', async () => {
    expect(await compare('--reps', '3', '--until-precision', 'io.response.mean=30%')).toBe(0);
    expect(terminal.stdout).toMatch(
      /\nmet {2}--until-precision io\.response\.mean=30%: the difference is known to \S+ % of rotation, \d+ pairs\n/,
    );
  });

  it('is given up with 3 when more repetitions would be needed than allowed', async () => {
    const wanted = ['--until-precision', 'io.response.mean=0.01%', '--max-reps', '6'];
    expect(await compare('--reps', '3', ...wanted)).toBe(3);
    expect(terminal.stdout).toMatch(/\nfailed {2}--until-precision io\.response\.mean=0\.01%: .*, 6 pairs\n/);
    expect(terminal.stderr).toContain('raise --max-reps or make the runs longer');
  });

  it('needs a scenario, not runs that were made', async () => {
    await terminal.chpsim('run', two, '--trace', 'none');
    expect(await terminal.chpsim('compare', 'out/two', '--until-precision', 'io.response.mean=1%')).toBe(2);
    expect(terminal.stderr).toContain('--until-precision needs a scenario');
  });
});
