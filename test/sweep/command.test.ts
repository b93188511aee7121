import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestTerminal } from '../cli/test-terminal.ts';
import { TINY_SCENARIO, tinyRun } from '../experiment/tiny-run.ts';

let folder = '';
let scenario = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-sweep-'));
  scenario = path.join(folder, 'tiny.yaml');
  const sweep = 'sweep: { axes: { machine.crwQueueDepth: [4, 8] }, repetitions: 2 }\n';
  fs.writeFileSync(scenario, `${TINY_SCENARIO}${sweep}`);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const RUNS = 'out/tiny/sweep/runs';
const tables = (terminal: TestTerminal): Record<string, string> =>
  Object.fromEntries(
    [...terminal.files.files]
      .filter(([name]) => /sweep\/[^/]+$/.test(name))
      .map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
  );
const text = (terminal: TestTerminal, name: string): string =>
  new TextDecoder().decode(terminal.files.files.get(name));
const sweep = (terminal: TestTerminal, ...argv: string[]): Promise<number> =>
  terminal.chpsim('sweep', scenario, '--jobs', '1', ...argv);

describe('chpsim sweep', () => {
  it('lists runs and simulates nothing', async () => {
    const terminal = new TestTerminal();
    expect(await sweep(terminal, '--list')).toBe(0);
    expect(terminal.stdout).toMatch(/^point +machine\.crwQueueDepth +run/);
    expect(terminal.stdout.match(/to do/g)).toHaveLength(4);
    expect(terminal.files.files.size).toBe(0);
  });

  it('writes a row for each point, repetition and metric', async () => {
    const terminal = new TestTerminal();
    const code = await sweep(terminal, '--metric', 'io.response.mean');
    expect([0, 3]).toContain(code);
    const [header, ...rows] = text(terminal, 'out/tiny/sweep/results.csv').trim().split('\n');
    expect(header).toBe('point,machine.crwQueueDepth,run,repetition,seed,phase,metric,value,unit');
    const wholeRuns = rows.map((row) => row.split(',')).filter(([, , , , , phase]) => phase === '');
    expect(wholeRuns.map(([point, depth, , repetition, seed]) => [point, depth, repetition, seed])).toEqual([
      ['1', '4', '1', '42'],
      ['1', '4', '2', '42/2'],
      ['2', '8', '1', '42'],
      ['2', '8', '2', '42/2'],
    ]);
    expect(new Set(rows.map((row) => row.split(',').at(-1)))).toEqual(new Set(['ns']));
  });

  it('goes on where it was killed, and comes to the same tables', async () => {
    const whole = new TestTerminal();
    await sweep(whole);
    const killed = new TestTerminal();
    killed.files.operationsLeft = 8;
    await sweep(killed).catch(() => {});
    killed.files.operationsLeft = null;
    const kept = killed.files.readdirSync(RUNS).filter((name) => name.startsWith('run-')).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(4);
    killed.stdout = '';
    await sweep(killed);
    expect(killed.stdout).toContain(`4 of 4 runs at 2 points finished; ${kept} of them before`);
    expect(tables(killed)).toEqual(tables(whole));
  });

  it('does again what is damaged', async () => {
    const terminal = new TestTerminal();
    await sweep(terminal);
    const before = tables(terminal);
    const [name] = terminal.files.readdirSync(RUNS);
    terminal.files.files.set(`${RUNS}/${name}`, new TextEncoder().encode('{"key":'));
    terminal.stdout = '';
    await sweep(terminal);
    expect(terminal.stdout).toContain('3 of them before');
    expect(tables(terminal)).toEqual(before);
  });

  it('is put together from its shards', async () => {
    const whole = new TestTerminal();
    await sweep(whole);
    const terminal = new TestTerminal();
    for (const shard of ['1/3', '2/3', '3/3']) await sweep(terminal, '--shard', shard);
    terminal.stdout = '';
    await sweep(terminal);
    expect(terminal.stdout).toContain('4 of them before');
    const results = 'out/tiny/sweep/results.csv';
    expect(text(terminal, results)).toBe(text(whole, results));
  });

  it('does the other points when one is bad, says where its value is written, and ends with 2', async () => {
    const axes = path.join(folder, 'axes.yaml');
    fs.writeFileSync(axes, 'axes:\n  machine.crwQueueDepth: [4, many]\n');
    const terminal = new TestTerminal();
    expect(await sweep(terminal, '--axes', axes)).toBe(2);
    expect(terminal.stderr).toContain(`${axes}:2:30: machine.crwQueueDepth:`);
    expect(terminal.stderr).toContain('(point 2)');
    expect(terminal.stdout).toContain('1 of 1 runs at 2 points finished; no valid scenario at 1 points');
  });

  it('ends with 1 and the repeating line at a defect, after the other runs', async () => {
    const terminal = new TestTerminal();
    terminal.build = (resolved, observer) =>
      tinyRun(resolved.seed === '42/2' ? { breaksAt: 20 } : {})(resolved, observer);
    expect(await sweep(terminal)).toBe(1);
    expect(terminal.stderr).toContain('repeat with: chpsim run');
    expect(terminal.stdout).toContain('2 of 4 runs at 2 points finished; 2 failed');
  });

  it.each([
    [['--shard', '4/3'], '--shard 4/3: expected k/n'],
    [['--engine', 'bullmq'], 'where is Redis?'],
    [['--run', 'nobody'], 'no point has a run nobody'],
  ])('refuses %j', async (argv, message) => {
    const terminal = new TestTerminal();
    expect(await sweep(terminal, ...argv)).toBe(2);
    expect(terminal.stderr).toContain(message);
  });
});
