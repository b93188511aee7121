import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { paintFor } from '../../src/cli/terminal.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import { TINY_SCENARIO, tinyRun } from '../experiment/tiny-run.ts';
import { TestTerminal } from './test-terminal.ts';

let folder = '';
let tiny = '';
let busy = '';
let terminal = new TestTerminal();

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-robust-'));
  tiny = path.join(folder, 'tiny.yaml');
  busy = path.join(folder, 'busy.yaml');
  fs.writeFileSync(tiny, TINY_SCENARIO);
  fs.writeFileSync(
    busy,
    `${TINY_SCENARIO}workload: { oltp: { arrivals: poisson, ratePerVolume: 4000/s } }\ntrace: { level: all }\n`,
  );
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeEach(() => {
  terminal = new TestTerminal();
});

describe('a full disk', () => {
  it('ends the whole machine with 5 in the middle of an event, and leaves nothing', async () => {
    terminal.build = buildSimulation;
    terminal.files.capacity = 200_000;
    expect(await terminal.chpsim('run', busy)).toBe(5);
    expect(terminal.stderr).toMatch(/^error: cannot write .*\.csv: no space left on the disk\n$/);
    expect(terminal.files.files.size).toBe(0);
    expect([...terminal.files.folders]).toEqual([]);
  });

  it('leaves no folder that looks complete, wherever it fills up', async () => {
    await terminal.chpsim('run', tiny);
    const bytes = [...terminal.files.files.values()].reduce((sum, { length }) => sum + length, 0);
    for (let tenths = 1; tenths < 10; tenths++) {
      const full = new TestTerminal();
      full.files.capacity = Math.floor((bytes * tenths) / 10);
      expect(await full.chpsim('run', tiny)).toBe(5);
      expect([...full.files.files.keys()]).toEqual([]);
    }
  });

  it('keeps the run and tells of the JUnit file that could not be written', async () => {
    await terminal.chpsim('run', tiny);
    terminal.files.capacity = 0;
    expect(await terminal.chpsim('run', tiny, '--junit', 'junit.xml')).toBe(5);
    expect(terminal.files.existsSync('junit.xml')).toBe(false);
    expect([...terminal.files.files.keys()].filter((name) => name.endsWith('manifest.json'))).toHaveLength(1);
  });
});

describe('finished runs', () => {
  it('are run again when a file of theirs is gone', async () => {
    await terminal.chpsim('run', tiny);
    const events = [...terminal.files.files.keys()].find((name) => name.endsWith('/events.csv'))!;
    terminal.files.files.delete(events);
    expect(await terminal.chpsim('run', tiny)).toBe(0);
    expect(terminal.files.existsSync(events)).toBe(true);
  });
});

describe('defects', () => {
  it('while a simulation is put together are told like those of its events', async () => {
    terminal.build = () => {
      throw new Error('no such part');
    };
    expect(await terminal.chpsim('run', tiny)).toBe(1);
    expect(terminal.stderr).toMatch(
      /^defect of the simulator: no such part\n {2}at event 0, 0 ns, seed 42\n/,
    );
    expect(terminal.stderr).toContain(`repeat with: chpsim run ${tiny} --seed 42 --strategy rotation\n`);
    expect(terminal.files.files.size).toBe(0);
  });

  it('do not stop the runs that follow, and win over their codes', async () => {
    const sound = tinyRun();
    terminal.build = (scenario, observer) =>
      scenario.run === 'rotation' ? tinyRun({ breaksAt: 3 })(scenario, observer) : sound(scenario, observer);
    expect(await terminal.chpsim('run', tiny, '--strategy', 'rotation', '--strategy', 'pooled')).toBe(1);
    expect(terminal.stdout).toMatch(/^tiny pooled: /);
  });
});

describe('options', () => {
  it.each([
    ['--seed', ''],
    ['--fingerprint', 'xyz'],
    ['--fingerprint', '0123456789abcdef/weather'],
    ['--until', '-1s'],
    ['--until', '3'],
    ['--set', 'duration'],
    ['--set', 'nothing.like=it'],
    ['--strategy', 'luck'],
    ['--trace-filter', 'crw.chanel'],
  ])('%s "%s" is refused before anything is simulated', async (option, value) => {
    terminal.build = () => {
      throw new Error('must not run');
    };
    expect(await terminal.chpsim('run', tiny, option, value)).toBe(2);
    expect(terminal.stderr).toMatch(/^error: /);
    expect(terminal.files.files.size).toBe(0);
  });

  it('a wrong one is answered with where to look', async () => {
    expect(await terminal.chpsim('run', tiny, '--fast')).toBe(2);
    expect(terminal.stderr).toContain("error: unknown option '--fast'\n");
    expect(terminal.stderr).toContain('--help lists');
  });

  it('an empty CHPSIM_OUT is none', async () => {
    terminal.env = { CHPSIM_OUT: '' };
    expect(await terminal.chpsim('run', tiny, '--dry-run')).toBe(0);
    expect(terminal.stdout).toMatch(/^out\/tiny\//);
  });

  it('--until 0s ends the run where it begins', async () => {
    expect(await terminal.chpsim('run', tiny, '--until', '0s', '--json')).toBe(0);
    expect(JSON.parse(terminal.stdout).runs[0].meta.endNs).toBe(0);
  });
});

describe('a terminal', () => {
  it('that cannot rewrite a line gets plain ones', async () => {
    terminal.tick = 11_000;
    terminal.errIsTerminal = true;
    terminal.env = { TERM: 'dumb' };
    await terminal.chpsim('run', tiny, '--set', 'duration=50s');
    expect(terminal.stderr).toMatch(/^tiny rotation /);
    expect(terminal.stderr).not.toContain('\r');
  });

  it('shows no more of the progress than fits its width', async () => {
    terminal.tick = 150;
    terminal.errIsTerminal = true;
    await terminal.chpsim('run', tiny, '--set', 'duration=50s', '--set', `name=${'n'.repeat(64)}`);
    const lines = terminal.stderr.split('\r').map(({ length }) => length);
    expect(Math.max(...lines)).toBe(terminal.errColumns - 1);
  });

  it('gets a line every second elsewhere when progress is asked for', async () => {
    terminal.tick = 1_100;
    await terminal.chpsim('run', tiny, '--set', 'duration=50s', '--progress', 'always');
    expect(terminal.stderr).toMatch(/^tiny rotation .* events\/s /);
  });

  it('is not coloured with FORCE_COLOR=0', () => {
    expect(paintFor(true, { FORCE_COLOR: '0' }, true)('red', 'x')).toBe('x');
  });
});
