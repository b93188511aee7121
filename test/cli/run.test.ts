import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TINY_SCENARIO, tinyRun } from '../experiment/tiny-run.ts';
import { TestTerminal } from './test-terminal.ts';

let folder = '';
let tiny = '';
let failing = '';
let broken = '';
let terminal = new TestTerminal();

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-cli-'));
  const write = (name: string, text: string): string => {
    fs.writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  tiny = write('tiny.yaml', TINY_SCENARIO);
  failing = write('failing.yaml', `${TINY_SCENARIO}thresholds: [ io.response.mean < 1ns ]\n`);
  broken = write('broken.yaml', `${TINY_SCENARIO}durration: 3s\nwarmup: soon\n`);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeEach(() => {
  terminal = new TestTerminal();
});

/** Name of the only run folder. */
const runFolder = (): string => {
  const manifest = [...terminal.files.files.keys()].find((name) => name.endsWith('/manifest.json'));
  return manifest!.slice(0, -'/manifest.json'.length);
};

describe('chpsim run', () => {
  it('prints the result, the seed and the line that repeats the run, and writes the folder', async () => {
    expect(await terminal.chpsim('run', tiny)).toBe(0);
    expect(terminal.stdout).toMatch(
      /^tiny rotation: 3\.000 s simulated, \d+ events, fingerprint [0-9a-f]{16}\n/,
    );
    expect(terminal.stdout).toContain('\nseed    42\n');
    expect(terminal.stdout).toContain(`\nrepeat  chpsim run ${tiny} --seed 42 --strategy rotation\n`);
    expect(runFolder()).toMatch(/^out\/tiny\/rotation-s42-[0-9a-f]{8}$/);
    expect(terminal.files.readdirSync(runFolder()).sort()).toEqual([
      'counts.csv',
      'events.csv',
      'intervals.csv',
      'io.csv',
      'manifest.json',
      'summary.json',
    ]);
  });

  it('writes the same bytes every time, but for manifest.execution', async () => {
    const again = new TestTerminal();
    again.tick = 17;
    await terminal.chpsim('run', tiny, '--progress', 'never');
    await again.chpsim('run', tiny, '--progress', 'never');
    for (const [name, bytes] of terminal.files.files) {
      if (name.endsWith('manifest.json')) continue;
      expect(again.files.files.get(name), name).toEqual(bytes);
    }
    const manifest = (from: TestTerminal) =>
      JSON.parse(from.files.readFileSync(`${runFolder()}/manifest.json`));
    const { execution, ...rest } = manifest(terminal);
    expect(manifest(again)).toMatchObject(rest);
    expect(manifest(again).execution).not.toEqual(execution);
    expect(JSON.stringify(rest)).not.toContain(folder);
  });

  it('writes neither events nor requests with --trace none', async () => {
    await terminal.chpsim('run', tiny, '--trace', 'none');
    expect(terminal.files.readdirSync(runFolder()).sort()).toEqual([
      'counts.csv',
      'intervals.csv',
      'manifest.json',
      'summary.json',
    ]);
  });

  it('recognises a finished run, and runs it again with --force', async () => {
    await terminal.chpsim('run', tiny);
    const first = terminal.stdout;
    terminal.stdout = '';
    terminal.build = () => {
      throw new Error('must not run');
    };
    expect(await terminal.chpsim('run', tiny)).toBe(0);
    expect(terminal.stdout).toBe(first);
    expect(terminal.stderr).toContain('--force runs it again');
    terminal.build = tinyRun();
    expect(await terminal.chpsim('run', tiny, '--force')).toBe(0);
  });

  it('runs again when the finished run was tampered with', async () => {
    await terminal.chpsim('run', tiny);
    const first = terminal.stdout;
    terminal.files.files.set(`${runFolder()}/summary.json`, new TextEncoder().encode('{'));
    terminal.stdout = '';
    terminal.stderr = '';
    expect(await terminal.chpsim('run', tiny)).toBe(0);
    expect(terminal.stdout).toBe(first);
    expect(terminal.stderr).toBe('');
  });

  it('tells different runs of one scenario apart by seed, end and overrides', async () => {
    await terminal.chpsim('run', tiny);
    await terminal.chpsim('run', tiny, '--seed', '7');
    await terminal.chpsim('run', tiny, '--until', '1s');
    await terminal.chpsim('run', tiny, '--set', 'machine.crwQueueDepth=4');
    const manifests = [...terminal.files.files.keys()].filter((name) => name.endsWith('manifest.json'));
    expect(manifests).toHaveLength(4);
  });

  it('ends with 3 when a threshold failed, and says which in JUnit', async () => {
    expect(await terminal.chpsim('run', failing, '--junit', 'junit.xml')).toBe(3);
    expect(terminal.stdout).toMatch(/^failed {3}io\.response\.mean < 1ns/m);
    expect(terminal.files.readFileSync('junit.xml')).toContain('failures="1"');
  });

  it('ends with 2 and every mistake when the scenario is not valid, and writes nothing', async () => {
    expect(await terminal.chpsim('run', broken)).toBe(2);
    expect(terminal.stderr.match(/^error: .*broken\.yaml:\d+:\d+: /gm)).toHaveLength(2);
    expect(terminal.stdout).toBe('');
    expect(terminal.files.files.size).toBe(0);
  });

  it('ends with 2 for a command line that makes no sense', async () => {
    expect(await terminal.chpsim('run')).toBe(2);
    expect(await terminal.chpsim('run', tiny, '--frmat', 'json')).toBe(2);
    expect(terminal.stderr).toContain('--format');
    expect(await terminal.chpsim('run', tiny, '--until', 'later')).toBe(2);
    expect(await terminal.chpsim('run', tiny, '--trace', 'everything')).toBe(2);
    expect(await terminal.chpsim('rum')).toBe(2);
  });

  it('ends with 4 unless the fingerprint is the wanted one', async () => {
    await terminal.chpsim('run', tiny, '--json');
    const { runs } = JSON.parse(terminal.stdout);
    const { fingerprint } = runs[0].meta;
    expect(await terminal.chpsim('run', tiny, '--fingerprint', fingerprint)).toBe(0);
    expect(await terminal.chpsim('run', tiny, '--fingerprint', `${fingerprint}/events`)).toBe(0);
    expect(await terminal.chpsim('run', tiny, '--fingerprint', '0123456789abcdef')).toBe(4);
    expect(await terminal.chpsim('run', tiny, '--fingerprint', `${fingerprint}/weather`)).toBe(2);
  });

  it('ends with 2 when the scenario cannot be read and with 5 when the disk is full, and leaves nothing', async () => {
    expect(await terminal.chpsim('run', path.join(folder, 'missing.yaml'))).toBe(2);
    terminal.files.capacity = 2_000;
    expect(await terminal.chpsim('run', tiny)).toBe(5);
    expect(terminal.stderr).toContain('no space left on the disk');
    expect(terminal.files.files.size).toBe(0);
  });

  it('ends with 1 for a defect of its own, with all that is needed to see it again', async () => {
    terminal.build = tinyRun({ breaksAt: 5 });
    expect(await terminal.chpsim('run', tiny)).toBe(1);
    expect(terminal.stderr).toMatch(/^defect of the simulator: .*the tiny model broke down/);
    expect(terminal.stderr).toMatch(/at event \d+, \d+ ns, seed 42\n/);
    expect(terminal.stderr).toContain(`repeat with: chpsim run ${tiny} --seed 42 --strategy rotation\n`);
    expect(terminal.files.files.size).toBe(0);
  });

  it('runs every strategy, each in its own folder', async () => {
    expect(
      await terminal.chpsim('run', tiny, '--strategy', 'rotation', '--strategy', 'pooled', '--json'),
    ).toBe(0);
    const { runs } = JSON.parse(terminal.stdout);
    expect(runs.map((run: { meta: { run: string } }) => run.meta.run)).toEqual(['rotation', 'pooled']);
    expect(terminal.stderr.match(/repeat with:/g)).toHaveLength(2);
  });

  it('simulates and writes nothing with --dry-run', async () => {
    expect(await terminal.chpsim('run', tiny, '--dry-run', '--out', 'elsewhere')).toBe(0);
    expect(terminal.stdout).toMatch(/^elsewhere\/tiny\/rotation-s42-[0-9a-f]{8}\tchpsim run /);
    expect(terminal.files.files.size).toBe(0);
  });

  it('takes the folder for results from --out, then CHPSIM_OUT', async () => {
    terminal.env = { CHPSIM_OUT: 'from-environment' };
    await terminal.chpsim('run', tiny);
    expect(runFolder()).toMatch(/^from-environment\//);
  });

  it('quotes the repeating line for a shell', async () => {
    await terminal.chpsim('run', tiny, '--set', "about=it's a tiny run", '--until', '1s');
    expect(terminal.stdout).toContain(
      `--set 'about=it'\\''s a tiny run' --seed 42 --strategy rotation --until 1s\n`,
    );
  });
});

describe('formats', () => {
  it('csv has one row per figure, named like metrics', async () => {
    await terminal.chpsim('run', tiny, '--format', 'csv');
    const rows = terminal.stdout.split('\n');
    expect(rows[0]).toBe('scenario,run,seed,phase,metric,value');
    expect(rows).toContain('tiny,rotation,42,loss,host.machine_check,1');
    expect(terminal.stdout).toMatch(/^tiny,rotation,42,,io\.response\.p99,\d+$/m);
    expect(terminal.stdout).not.toContain('NaN');
  });

  it('jsonl and pairs are lines of their own', async () => {
    await terminal.chpsim('run', tiny, '--format', 'jsonl');
    expect(JSON.parse(terminal.stdout).meta).toMatchObject({ scenario: 'tiny', run: 'rotation', seed: '42' });
    terminal.stdout = '';
    await terminal.chpsim('run', tiny, '--format', 'pairs');
    expect(terminal.stdout).toContain(
      'scenario="tiny" run="rotation" seed="42" phase="loss" metric="host.machine_check" value="1"\n',
    );
  });

  it('json begins with meta', async () => {
    await terminal.chpsim('run', tiny, '--json');
    expect(terminal.stdout).toMatch(/^\{"meta":\{"schemaVersion":1,"name":"chpsim"/);
  });
});

describe('interrupting', () => {
  const slow = ['--set', 'duration=400s', '--trace', 'none'] as const;

  it('once stops at an event boundary, writes what there is, and gives 130', async () => {
    const run = terminal.chpsim('run', tiny, ...slow);
    setImmediate(() => terminal.signal('SIGINT'));
    expect(await run).toBe(130);
    const manifest = JSON.parse(terminal.files.readFileSync(`${runFolder()}/manifest.json`));
    expect(manifest.termination).toBe('interrupted');
    expect(manifest.endNs).toBeLessThan(400_000_000_000);
    expect(terminal.stdout).toContain(', interrupted,');
    expect(terminal.listens).toBe(false);
  });

  it('is not taken for a finished run', async () => {
    const run = terminal.chpsim('run', tiny, ...slow);
    setImmediate(() => terminal.signal('SIGTERM'));
    expect(await run).toBe(143);
    expect(await terminal.chpsim('run', tiny, ...slow)).toBe(0);
  });

  it('twice leaves at once', async () => {
    const run = terminal.chpsim('run', tiny, ...slow);
    setImmediate(() => {
      terminal.signal('SIGINT');
      terminal.signal('SIGINT');
    });
    await run;
    expect(terminal.left).toBe(130);
  });
});

describe('progress', () => {
  it('is a plain line every ten seconds when stderr is no terminal', async () => {
    terminal.tick = 11_000;
    await terminal.chpsim('run', tiny, '--set', 'duration=50s');
    expect(terminal.stderr).toMatch(/^tiny rotation {2}\d+\.\d+ s {2}\d+ % {2}\d+ events\/s {2}\d+ s left$/m);
  });

  it('is one rewritten line in a terminal, and is cleared', async () => {
    terminal.tick = 150;
    terminal.errIsTerminal = true;
    await terminal.chpsim('run', tiny, '--set', 'duration=50s');
    expect(terminal.stderr).toMatch(/^\rtiny rotation/);
    expect(terminal.stderr).toMatch(/\r {10,}\r$/);
  });

  it('is silent with --progress never', async () => {
    terminal.tick = 11_000;
    await terminal.chpsim('run', tiny, '--set', 'duration=50s', '--progress', 'never');
    expect(terminal.stderr).toBe('');
  });
});
