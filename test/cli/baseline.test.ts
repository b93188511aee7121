import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NODE_FILES } from '../../src/output/file-system.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import { TINY_SCENARIO, tinyRun } from '../experiment/tiny-run.ts';
import { TestTerminal } from './test-terminal.ts';

let folder = '';
let tiny = '';
let file = '';
let terminal = new TestTerminal();

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-baseline-'));
  tiny = path.join(folder, 'tiny.yaml');
  file = path.join(folder, 'baseline.json');
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeEach(async () => {
  fs.writeFileSync(tiny, TINY_SCENARIO);
  terminal = new TestTerminal();
  expect(await terminal.chpsim('baseline', 'save', file, tiny, '--reps', '4')).toBe(0);
  terminal.stdout = '';
});

/** Changes a number in the baseline: the same as a program that measures another one. */
function edit(change: (metrics: Record<string, number[]>, fingerprints: string[]) => void): void {
  const baseline = JSON.parse(terminal.files.readFileSync(file));
  const [{ metrics, fingerprints }] = baseline.scenarios[0].runs;
  change(metrics, fingerprints);
  terminal.files.files.set(file, new TextEncoder().encode(JSON.stringify(baseline)));
}

describe('chpsim baseline', () => {
  it('finds nothing where nothing changed, and writes the same bytes again', async () => {
    const before = terminal.files.readFileSync(file);
    expect(await terminal.chpsim('baseline', 'check', file)).toBe(0);
    expect(terminal.stdout).toBe('tiny rotation: same events, same figures\n');
    await terminal.chpsim('baseline', 'save', file, tiny, '--reps', '4');
    expect(terminal.files.readFileSync(file)).toBe(before);
  });

  it('tells other events from other figures', async () => {
    // One request in 3000 takes a nanosecond longer: another trajectory, the same system.
    terminal.build = tinyRun({ delays: 100 });
    expect(await terminal.chpsim('baseline', 'check', file, tiny)).toBe(0);
    expect(terminal.stdout).toContain('other events (the fingerprint changed), but no figure differs');
    expect(await terminal.chpsim('baseline', 'check', file, '--strict')).toBe(4);
  });

  it('names the figures that changed, and ends with 4', async () => {
    edit((metrics, fingerprints) => {
      metrics['io.response.mean'] = metrics['io.response.mean'].map((value) => value * 0.9);
      fingerprints[0] = '0000000000000000';
    });
    expect(await terminal.chpsim('baseline', 'check', file)).toBe(4);
    expect(terminal.stdout).toMatch(
      /^tiny rotation: changed\n {2}io\.response\.mean: .*, now .* \(worse\)\n$/,
    );
  });

  it('wants the same figures of the same events', async () => {
    edit((metrics) => {
      metrics['io.started'][0]++;
    });
    expect(await terminal.chpsim('baseline', 'check', file)).toBe(4);
    expect(terminal.stdout).toContain('  io.started: ');
  });

  it('says that the scenario changed, which is another matter', async () => {
    fs.writeFileSync(tiny, `${TINY_SCENARIO}warmup: 1ms\n`);
    expect(await terminal.chpsim('baseline', 'check', file)).toBe(4);
    expect(terminal.stdout).toBe(
      'tiny: the scenario has changed since its baseline; save the baseline again\n',
    );
  });

  it('refuses what is no baseline, and scenarios that it does not hold', async () => {
    terminal.files.files.set('x.json', new TextEncoder().encode('{"schemaVersion": 2}'));
    expect(await terminal.chpsim('baseline', 'check', 'x.json')).toBe(2);
    expect(await terminal.chpsim('baseline', 'check', 'none.json')).toBe(5);
    expect(await terminal.chpsim('baseline', 'check', file, 'other.yaml')).toBe(2);
  });
});

describe('the committed baseline', () => {
  it('is met by this program', async () => {
    const real = Object.assign(new TestTerminal(), { files: NODE_FILES, build: buildSimulation });
    const committed = fileURLToPath(new URL('../fixtures/baseline/baseline.json', import.meta.url));
    const code = await real.chpsim('baseline', 'check', committed);
    expect(code, real.stdout + real.stderr).toBe(0);
  });
});
