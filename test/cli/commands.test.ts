import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { worst } from '../../src/cli/exit-codes.ts';
import { paintFor } from '../../src/cli/terminal.ts';
import { NODE_FILES } from '../../src/output/file-system.ts';
import { TINY_SCENARIO, tinyRun } from '../experiment/tiny-run.ts';
import { TestTerminal } from './test-terminal.ts';

let folder = '';
let tiny = '';
let broken = '';
let terminal = new TestTerminal();

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-cli-'));
  tiny = path.join(folder, 'tiny.yaml');
  broken = path.join(folder, 'broken.yaml');
  fs.writeFileSync(tiny, TINY_SCENARIO);
  fs.writeFileSync(broken, `${TINY_SCENARIO}durration: 3s\n`);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeEach(() => {
  terminal = new TestTerminal();
});

describe('chpsim validate', () => {
  it('takes several files and tells the errors of each', async () => {
    expect(await terminal.chpsim('validate', tiny, broken)).toBe(2);
    expect(terminal.stderr).toContain(`${tiny}: valid, one run\n`);
    expect(terminal.stderr).toMatch(/broken\.yaml:\d+:1: durration: .*duration/);
    expect(terminal.stdout).toBe('');
  });

  it('prints the runs with all defaults filled in', async () => {
    expect(await terminal.chpsim('validate', tiny, '--print-resolved')).toBe(0);
    const [run] = JSON.parse(terminal.stdout);
    expect(run).toMatchObject({ name: 'tiny', durationNs: 3_000_000_000, systems: [{ name: 'lpar1' }] });
  });

  it('prints the schema without a file, and wants a file otherwise', async () => {
    expect(await terminal.chpsim('validate', '--print-schema')).toBe(0);
    const schema = terminal.stdout;
    terminal.stdout = '';
    expect(await terminal.chpsim('schema')).toBe(0);
    expect(terminal.stdout).toBe(schema);
    expect(JSON.parse(schema).type).toBe('object');
    expect(await terminal.chpsim('validate')).toBe(2);
  });
});

describe('chpsim explain', () => {
  it('knows events, metrics, errors and exit codes', async () => {
    expect(await terminal.chpsim('explain', 'crw.channel-path')).toBe(0);
    expect(terminal.stdout).toContain('counted  as machine.crw');
    expect(terminal.stdout).toContain('detail   erc (hex), solicited, word (hex)');
    await terminal.chpsim('explain', 'io.response.p99');
    expect(terminal.stdout).toContain('kind     time, in ns');
    await terminal.chpsim('explain', 'undecided');
    await terminal.chpsim('explain', '5');
    expect(terminal.stdout).toContain('exit code 5: ');
  });

  it('suggests what was probably meant', async () => {
    expect(await terminal.chpsim('explain', 'crw.chanel-path')).toBe(2);
    expect(terminal.stderr).toContain('did you mean "crw.channel-path"?');
  });
});

describe('chpsim --help', () => {
  it('opens with two examples', async () => {
    expect(await terminal.chpsim('--help')).toBe(0);
    expect(terminal.stdout).toMatch(/^Examples:\n {2}chpsim run .*\n {2}chpsim run .*\n/);
  });
});

describe('chpsim replay', () => {
  /** Runs for real, in a folder of the disk, because replay compares files there. */
  class DiskTerminal extends TestTerminal {
    override readonly files = NODE_FILES as TestTerminal['files'];
  }
  const record = async (out: string, ...options: string[]): Promise<string> => {
    const disk = new DiskTerminal();
    await disk.chpsim('run', tiny, '--out', path.join(folder, out), '--json', ...options);
    return JSON.parse(disk.stdout).runs[0].meta.folder;
  };

  it('gives 0 when the run is the same', async () => {
    const recorded = await record('same');
    const disk = new DiskTerminal();
    expect(await disk.chpsim('replay', recorded)).toBe(0);
    expect(disk.stdout).toMatch(/^same: \d+ events, fingerprint /);
    expect(await disk.chpsim('replay', path.join(recorded, 'manifest.json'))).toBe(0);
  });

  it('shows the first differing event with ten before it when it is not, and gives 4', async () => {
    const recorded = await record('different', '--trace', 'all', '--set', 'duration=30s');
    const disk = new DiskTerminal();
    disk.build = tinyRun({ delays: 20_000 });
    expect(await disk.chpsim('replay', recorded)).toBe(4);
    expect(disk.stdout).toContain(
      'the first 40000 events are the same; the first difference is among the next 10000\n',
    );
    expect(disk.stdout).toContain('files whose digest differs: ');
    const shown = disk.stdout.slice(disk.stdout.indexOf('first difference in events.csv')).split('\n');
    expect(shown.filter((line) => line.startsWith('  '))).toHaveLength(10);
    expect(shown.filter((line) => /^[-+] \d+,\d+,io,lpar1,io\.completed,/.test(line))).toHaveLength(2);
  });

  it('refuses what is no manifest', async () => {
    const disk = new DiskTerminal();
    expect(await disk.chpsim('replay', tiny)).toBe(2);
    expect(await disk.chpsim('replay', path.join(folder, 'nowhere'))).toBe(5);
  });

  it('replays an interrupted run up to where it was interrupted', async () => {
    const disk = new DiskTerminal();
    const out = path.join(folder, 'interrupted');
    const run = disk.chpsim('run', tiny, '--out', out, '--set', 'duration=400s', '--json');
    setImmediate(() => disk.signal('SIGINT'));
    expect(await run).toBe(130);
    const { runs } = JSON.parse(disk.stdout);
    expect(await disk.chpsim('replay', runs[0].meta.folder)).toBe(0);
  });
});

describe('colour', () => {
  it('follows the terminal, NO_COLOR, FORCE_COLOR, TERM and --no-color', () => {
    const coloured = (isTerminal: boolean, env: Record<string, string>, allowed = true): boolean =>
      paintFor(isTerminal, env, allowed)('red', 'x') !== 'x';
    expect(coloured(true, {})).toBe(true);
    expect(coloured(false, {})).toBe(false);
    expect(coloured(true, { NO_COLOR: '1' })).toBe(false);
    expect(coloured(true, { TERM: 'dumb' })).toBe(false);
    expect(coloured(false, { FORCE_COLOR: '1' })).toBe(true);
    expect(coloured(true, {}, false)).toBe(false);
  });
});

describe('exit codes', () => {
  it('rank a defect over unwritable files, a bad scenario, a difference and a threshold', () => {
    expect(worst([0, 3, 4])).toBe(4);
    expect(worst([4, 2, 5])).toBe(5);
    expect(worst([5, 1, 3])).toBe(1);
    expect(worst([])).toBe(0);
  });
});
