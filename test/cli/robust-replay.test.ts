import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NODE_FILES } from '../../src/output/file-system.ts';
import { TINY_SCENARIO, tinyRun } from '../experiment/tiny-run.ts';
import { TestTerminal } from './test-terminal.ts';

/** Replay compares real files, so these runs write into a folder of the disk. */
class DiskTerminal extends TestTerminal {
  override readonly files = NODE_FILES as TestTerminal['files'];
}

let folder = '';
let recorded = '';
let tampered = '';
let terminal = new DiskTerminal();

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-replay-test-'));
  const scenario = path.join(folder, 'tiny.yaml');
  fs.writeFileSync(scenario, TINY_SCENARIO);
  const disk = new DiskTerminal();
  await disk.chpsim('run', scenario, '--out', path.join(folder, 'out'), '--trace', 'all', '--json');
  recorded = JSON.parse(disk.stdout).runs[0].meta.folder;
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeEach(() => {
  terminal = new DiskTerminal();
  tampered = fs.mkdtempSync(path.join(folder, 'tampered-'));
  fs.cpSync(recorded, tampered, { recursive: true });
});

function edit(file: string, change: (text: string) => string): void {
  const name = path.join(tampered, file);
  const text = fs.readFileSync(name, 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  fs.writeFileSync(name, changed);
}

describe('a manifest that was edited', () => {
  it('in its fingerprint', async () => {
    edit('manifest.json', (text) => text.replace(/"events":"[0-9a-f]{4}/, '"events":"0000'));
    expect(await terminal.chpsim('replay', tampered)).toBe(4);
    expect(terminal.stdout).toMatch(/^different: fingerprint [0-9a-f]{16}, recorded 0000[0-9a-f]{12}\n/);
    expect(terminal.stdout).toContain('nothing else differs');
  });

  it('in an entry that the run decides', async () => {
    edit('manifest.json', (text) => text.replace('"seed": "42"', '"seed": "43"'));
    expect(await terminal.chpsim('replay', tampered)).toBe(4);
    expect(terminal.stdout).toContain('entries of the manifest that differ: seed\n');
  });

  it('in the digest of a file', async () => {
    edit('manifest.json', (text) => text.replace(/("name":"counts.csv".*"sha256":")[0-9a-f]{4}/, '$10000'));
    expect(await terminal.chpsim('replay', tampered)).toBe(4);
    expect(terminal.stdout).toContain('files whose digest differs: counts.csv\n');
  });

  it('in its scenario: the first event that differs is shown with the ten before it', async () => {
    edit('manifest.json', (text) => text.replace('"durationNs":3000000000', '"durationNs":2000000000'));
    expect(await terminal.chpsim('replay', tampered)).toBe(4);
    expect(terminal.stderr).toContain('the scenario in the manifest is not the one that was run');
    const [, shown] = terminal.stdout.split('first difference in events.csv');
    const lines = shown.split('\n').slice(1);
    expect(lines.slice(0, 10).every((line) => /^ {2}\d+,\d+,/.test(line))).toBe(true);
    expect(lines[10]).toMatch(/^- \d{10},/);
    expect(lines[11]).toMatch(/^\+ /);
  });

  it('so that its scenario makes no sense: that is no defect of the simulator', async () => {
    edit('manifest.json', (text) => text.replace('"systems":[', '"nothing":['));
    expect(await terminal.chpsim('replay', tampered)).toBe(4);
    expect(terminal.stdout).toContain('the scenario in the manifest cannot be run');
  });

  it.each([
    ['no JSON', () => '{'],
    ['another JSON', () => '{"schemaVersion":1,"scenario":{},"fingerprint":{},"files":[]}'],
    [
      'names that lead out of the folder',
      (text: string) => text.replaceAll('"name":"tiny"', '"name":"../tiny"'),
    ],
  ])('to be no manifest at all: %s', async (_, change) => {
    edit('manifest.json', change);
    expect(await terminal.chpsim('replay', tampered)).toBe(2);
    expect(terminal.stderr).toContain('is no manifest of a run');
  });
});

describe('several manifests', () => {
  it('are all replayed, and the worst decides', async () => {
    edit('manifest.json', () => '{');
    expect(await terminal.chpsim('replay', tampered, recorded)).toBe(2);
    expect(terminal.stdout).toContain(`${recorded}\nsame: `);
  });
});

describe('a defect while replaying', () => {
  it('is told with the line that repeats it', async () => {
    terminal.build = tinyRun({ breaksAt: 5 });
    expect(await terminal.chpsim('replay', recorded)).toBe(1);
    expect(terminal.stderr).toMatch(/at event \d+, \d+ ns, seed 42\n {2}repeat with: chpsim replay /);
  });
});

describe('files beside a manifest', () => {
  it('are compared byte by byte', async () => {
    edit('events.csv', (text) => text.replace(/\n(\d)(.*\n)$/, '\n7$2'));
    expect(await terminal.chpsim('replay', tampered)).toBe(4);
    expect(terminal.stdout).toContain('same events');
    expect(terminal.stdout).toContain('files changed after the run: events.csv\n');
    expect(terminal.stdout).toMatch(
      /first difference in events\.csv, line \d+ .*\n( {2}.*\n){10}- 7.*\n\+ .*\n$/,
    );
  });

  it('are not missed when only the manifest was kept', async () => {
    for (const name of fs.readdirSync(tampered)) {
      if (name !== 'manifest.json') fs.rmSync(path.join(tampered, name));
    }
    expect(await terminal.chpsim('replay', tampered)).toBe(0);
  });
});
