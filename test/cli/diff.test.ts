import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NODE_FILES } from '../../src/output/file-system.ts';
import { TINY_SCENARIO } from '../experiment/tiny-run.ts';
import { TestTerminal } from './test-terminal.ts';

class DiskTerminal extends TestTerminal {
  override readonly files = NODE_FILES as TestTerminal['files'];
}

let folder = '';
let recorded = '';

async function record(...options: string[]): Promise<string> {
  const scenario = path.join(folder, 'tiny.yaml');
  fs.writeFileSync(scenario, TINY_SCENARIO);
  const disk = new DiskTerminal();
  await disk.chpsim('run', scenario, '--out', path.join(folder, 'out'), '--json', ...options);
  return JSON.parse(disk.stdout).runs[0].meta.folder;
}

async function diff(left: string, right: string, ...options: string[]): Promise<[number, string]> {
  const terminal = new DiskTerminal();
  return [await terminal.chpsim('diff', left, right, '--context', '1', ...options), terminal.stdout];
}

/** The recorded run, with another manifest. */
function tampered(change: (text: string) => string): string {
  const copy = fs.mkdtempSync(path.join(folder, 'tampered-'));
  fs.writeFileSync(
    path.join(copy, 'manifest.json'),
    change(fs.readFileSync(path.join(recorded, 'manifest.json'), 'utf8')),
  );
  return copy;
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-diff-'));
  // Some 24,000 events: two checkpoints and a rest.
  recorded = await record('--set', 'duration=12s', '--trace', 'none');
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe('diff', () => {
  it('finds a run equal to itself', async () => {
    const [code, text] = await diff(recorded, recorded);
    expect(code).toBe(0);
    expect(text).toContain('scenario   the same\n');
    expect(text).toMatch(/^equal {6}\d+ events, fingerprint [0-9a-f]{16}$/m);
  });

  it('leaves aside what is expected of a run', async () => {
    const modest = await record(
      '--set',
      'duration=12s',
      '--trace',
      'none',
      '--set',
      'thresholds=[io.lost == 0]',
    );
    expect(modest).not.toBe(recorded);
    expect((await diff(recorded, modest))[1]).toContain('scenario   the same\n');
  });

  it('says what the scenarios differ in, and where the runs part', async () => {
    const later = await record('--set', 'duration=12s', '--trace', 'none', '--set', 'faults[1].at=11s');
    const [code, text] = await diff(recorded, later);
    expect(code).toBe(4);
    expect(text).toMatch(/^ {2}faults\[1\]\.atNs +\d+ +11000000000$/m);
    const [, same, all] = /^different {2}(\d+) of (\d+) events agree/m.exec(text)!;
    expect(Number(same)).toBeGreaterThan(1_000);
    expect(Number(all)).toBeGreaterThan(Number(same));
    // The last event that both have, the first and one more of each.
    const events = text.split('\n').filter((line) => /^[ +-] \d+ {2}\d+ {2}/.test(line));
    expect(events.map((line) => line.split(/ +/).slice(0, 2).join(' ').trim())).toEqual([
      `${same}`,
      `- ${Number(same) + 1}`,
      `- ${Number(same) + 2}`,
      `+ ${Number(same) + 1}`,
      `+ ${Number(same) + 2}`,
    ]);
    expect(text).toMatch(/^- \d+ {2}\d+ {2}fault 1$/m);
  });

  it('goes on where one run is over', async () => {
    const shorter = await record('--set', 'duration=12s', '--trace', 'none', '--until', '11s');
    expect((await diff(recorded, shorter))[1]).toContain('+ (the run is over)\n');
  });

  it('says when the programs that recorded the runs differ', async () => {
    const old = tampered((text) =>
      text
        .replace('"version":"0.1.0"', '"version":"0.0.9"')
        .replace(/"events":"[0-9a-f]{4}/, '"events":"0000'),
    );
    const [code, text] = await diff(recorded, old);
    expect(code).toBe(4);
    expect(text).toContain('chpsim 0.0.9\n');
    expect(text).toContain('20000 of ');
    expect(text).toContain('the programs that recorded them differ');
  });

  it('wants runs', async () => {
    const terminal = new DiskTerminal();
    expect(await terminal.chpsim('diff', recorded, path.join(folder, 'nothing'))).toBe(5);
    expect(await terminal.chpsim('diff', recorded, recorded, '--context', 'x')).toBe(2);
  });
});
