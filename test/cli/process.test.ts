import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TINY_SCENARIO } from '../experiment/tiny-run.ts';

/** What only a real process shows: standard input, broken pipes, signals. */
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-process-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const start = (...argv: string[]): ChildProcess =>
  spawn(process.execPath, ['--import', 'tsx', MAIN, ...argv], {
    env: { ...process.env, CHPSIM_OUT: path.join(folder, 'out') },
  });

function end(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (data) => {
    stdout += data;
  });
  child.stderr!.on('data', (data) => {
    stderr += data;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

describe('the process', () => {
  it('reads a scenario from standard input', async () => {
    const child = start('run', '-', '--format', 'jsonl', '--trace', 'none');
    child.stdin!.end(TINY_SCENARIO);
    const { code, stdout } = await end(child);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).meta).toMatchObject({ scenario: 'tiny', seed: '42', termination: 'completed' });
  });

  it('ends quietly when its reader goes away', async () => {
    const child = start('schema');
    child.stdout!.once('data', () => child.stdout!.destroy());
    const { code, stderr } = await end(child);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('stops at SIGINT with partial results and 130', async () => {
    const child = start('run', '-', '--json', '--set', 'duration=100000s', '--set', 'warmup=0s');
    child.stdin!.end(
      `${TINY_SCENARIO}workload: { oltp: { arrivals: poisson, ratePerVolume: 1000/s } }\ntrace: { level: none }\n`,
    );
    const done = end(child);
    // The seed is printed when the run begins; from then on it can be interrupted.
    child.stderr!.once('data', () => setTimeout(() => child.kill('SIGINT'), 300));
    const { code, stdout } = await done;
    expect(code).toBe(130);
    const [run] = JSON.parse(stdout).runs;
    expect(run.meta.termination).toBe('interrupted');
    expect(fs.readdirSync(run.meta.folder)).toContain('manifest.json');
  });
});
