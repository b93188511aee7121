import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { STARTER_KINDS } from '../../src/cli/new-command.ts';
import { NODE_FILES } from '../../src/output/file-system.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import type { MemoryFiles } from '../output/memory-files.ts';
import { TestTerminal } from './test-terminal.ts';

/** Starters are written to the disk, from which scenarios are read; simulated for real; results stay in memory. */
let folder = '';
let terminal = new TestTerminal();

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-new-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeEach(() => {
  terminal = new TestTerminal();
  terminal.build = buildSimulation;
});

class DiskTerminal extends TestTerminal {
  override readonly files = NODE_FILES as unknown as MemoryFiles;
}

async function written(file: string, ...options: string[]): Promise<string> {
  const disk = new DiskTerminal();
  expect(await disk.chpsim('new', file, ...options)).toBe(0);
  expect(disk.stdout).toBe('');
  expect(disk.stderr).toMatch(/^wrote .*; next: chpsim run '?\/.*\n$/);
  return fs.readFileSync(file, 'utf8');
}

describe('chpsim new', () => {
  it.each(STARTER_KINDS)(
    'writes a scenario (%s) that is valid, keeps its promises, and has what there is to learn',
    async (kind) => {
      const file = path.join(folder, `first-${kind}.yaml`);
      const text = await written(file, '--kind', kind);
      expect(text).toContain(`\nname: first-${kind}\n`);
      expect(await terminal.chpsim('validate', file)).toBe(0);
      expect(await terminal.chpsim('run', file)).toBe(0);
      expect(terminal.stdout).toMatch(kind === 'instructions' ? /checks of the program met/ : /\nwhole run /);
    },
  );

  it.each(['partition', 'kvm'])('teaches what most scenarios consist of (%s)', async (kind) => {
    await terminal.chpsim('new', '-', '--kind', kind);
    for (const key of [
      'machine',
      'systems',
      'workload',
      'faults',
      'actions',
      'strategies',
      'thresholds',
      'expect',
    ]) {
      expect(terminal.stdout).toMatch(new RegExp(`^# .*\\n${key}:`, 'm'));
    }
  });

  it('keeps its promises at another seed', async () => {
    const file = path.join(folder, 'seeds.yaml');
    await written(file, '--kind', 'kvm');
    expect(await terminal.chpsim('run', file, '--seed', 'another', '--trace', 'none')).toBe(0);
  });

  it('names the schema of the package as an editor finds it from the file', async () => {
    const [first] = (await written(path.join(folder, 'schema.yaml'))).split('\n');
    const schema = first.slice('# yaml-language-server: $schema='.length);
    expect(JSON.parse(fs.readFileSync(path.join(folder, schema), 'utf8')).type).toBe('object');
  });

  it('keeps a file that is there, unless it is told otherwise', async () => {
    const file = path.join(folder, 'mine.yaml');
    fs.writeFileSync(file, 'name: mine\n');
    const disk = new DiskTerminal();
    expect(await disk.chpsim('new', file)).toBe(2);
    expect(disk.stderr).toBe(`error: ${file} is there already; --force overwrites it\n`);
    expect(fs.readFileSync(file, 'utf8')).toBe('name: mine\n');
    expect(await written(file, '--force')).toContain('duration:');
  });

  it('gives 5 when the file cannot be written, and 2 for a kind that is none', async () => {
    const disk = new DiskTerminal();
    expect(await disk.chpsim('new', path.join(folder, 'no', 'such.yaml'))).toBe(5);
    expect(await disk.chpsim('new', path.join(folder, 'x.yaml'), '--kind', 'zvm')).toBe(2);
    expect(fs.existsSync(path.join(folder, 'x.yaml'))).toBe(false);
  });

  it('makes a name of any file name', async () => {
    expect(await written(path.join(folder, '_my störung.yaml'))).toContain('\nname: my-st-rung\n');
  });
});
