import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NODE_FILES } from '../../src/output/file-system.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import { TINY_SCENARIO } from '../experiment/tiny-run.ts';
import { TestTerminal } from './test-terminal.ts';

class DiskTerminal extends TestTerminal {
  override readonly files = NODE_FILES as TestTerminal['files'];
  override build = buildSimulation;
}

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-ties-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const SHORT = [
  'scenarios/forty-two.yaml',
  '--set',
  'duration=3s',
  '--set',
  'faults=[]',
  '--set',
  'expect=[]',
];

async function run(...options: string[]): Promise<{ folder: string; fingerprint: string }> {
  const terminal = new DiskTerminal();
  await terminal.chpsim('run', ...SHORT, '--trace', 'none', '--json', '--out', folder, ...options);
  const { meta } = JSON.parse(terminal.stdout).runs[0];
  return meta;
}

describe('run --ties', () => {
  it('changes nothing when it asks for the usual order', async () => {
    const usual = await run();
    const asked = await run('--ties', 'fifo');
    expect(asked.fingerprint).toBe(usual.fingerprint);
  });

  it('makes another run, which can be repeated', async () => {
    const usual = await run();
    const lifo = await run('--ties', 'lifo');
    expect(lifo.fingerprint).not.toBe(usual.fingerprint);
    expect(lifo.folder).not.toBe(usual.folder);
    const terminal = new DiskTerminal();
    expect(await terminal.chpsim('replay', lifo.folder)).toBe(0);
    expect(await terminal.chpsim('run', ...SHORT, '--out', folder, '--ties', 'shuffle:7')).toBe(0);
    expect(terminal.stdout).toContain(' --ties shuffle:7');
  });

  it('wants an order that there is', async () => {
    const terminal = new DiskTerminal();
    expect(await terminal.chpsim('run', ...SHORT, '--ties', 'random')).toBe(2);
    expect(terminal.stderr).toContain('--ties random: expected fifo, lifo, or shuffle');
  });
});

describe('audit-ties', () => {
  it('gives 4 when a result depends on the order, and the line that runs it', async () => {
    const terminal = new DiskTerminal();
    expect(await terminal.chpsim('audit-ties', 'scenarios/forty-two.yaml', '--shuffles', '1')).toBe(4);
    expect(terminal.stdout).toMatch(/^\d+ ties of \d+ events with equal time and priority, \d+ about what/m);
    // What a loss costs does not depend on who is first; which path the last I/O took does.
    expect(terminal.stdout).toMatch(/^lifo +same +\d+ differ +same +[0-9a-f]{16}$/m);
    expect(terminal.stdout).toMatch(/^shuffle:1 +same /m);
    expect(terminal.stdout).toMatch(/^run it: chpsim run \S+forty-two\.yaml .*--ties lifo$/m);
    expect(terminal.stdout).toMatch(
      /^results depend on the order: they differ in 2 of 2; no counts, \d+ other figures by up to \d\.\d % \(total\.channelPaths\[\d]\.utilisation\), no check$/m,
    );
  });

  it('gives 0 where nothing happens at the same time', async () => {
    const scenario = path.join(folder, 'tiny.yaml');
    fs.writeFileSync(scenario, TINY_SCENARIO);
    const terminal = new TestTerminal();
    expect(await terminal.chpsim('audit-ties', scenario)).toBe(0);
    expect(terminal.stdout).toContain('no result depends on the order');
  });
});
