import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TINY_SCENARIO } from '../experiment/tiny-run.ts';

/** What becomes of real files and streams when a real process is cut short. */
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const ENDLESS = `${TINY_SCENARIO.replace('3s', '100000s')}workload: { oltp: { arrivals: poisson, ratePerVolume: 1000/s } }\n`;

let folder = '';
let tiny = '';
let endless = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-robust-process-'));
  tiny = path.join(folder, 'tiny.yaml');
  endless = path.join(folder, 'endless.yaml');
  fs.writeFileSync(tiny, TINY_SCENARIO);
  fs.writeFileSync(endless, ENDLESS);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function end(child: ChildProcess): Promise<Ended> {
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

const start = (...argv: string[]): ChildProcess =>
  spawn(process.execPath, ['--import', 'tsx', MAIN, ...argv]);

/** Runs a line of shell in which `$chpsim` is the program. */
const shell = (line: string): Promise<Ended> =>
  end(spawn('bash', ['-c', line.replaceAll('$chpsim', `'${process.execPath}' --import tsx '${MAIN}'`)]));

/** Waits until a process has written requests of its run. */
async function untilWriting(out: string, { pid }: ChildProcess): Promise<void> {
  const isRequests = (name: string): boolean => name.endsWith(`.partial-${pid}/io.csv`);
  const sizeOf = (name: string): number =>
    fs.statSync(path.join(out, name), { throwIfNoEntry: false })?.size ?? 0;
  while (!below(out).some((name) => isRequests(name) && sizeOf(name) > 0)) await sleep(20);
}

/** Names below a folder of results. */
const below = (out: string): string[] =>
  fs.existsSync(out) ? fs.readdirSync(out, { recursive: true, encoding: 'utf8' }) : [];

describe('a process that is killed', () => {
  it('leaves no manifest, and what it leaves goes away with the next run', async () => {
    const out = path.join(folder, 'killed');
    const killed = start('run', endless, '--out', out);
    const ended = end(killed);
    await untilWriting(out, killed);
    killed.kill('SIGKILL');
    await ended;
    expect(below(out).some((name) => name.includes('.partial-'))).toBe(true);
    expect(below(out).some((name) => name.endsWith('manifest.json'))).toBe(false);

    const next = start('run', endless, '--out', out);
    const nextEnded = end(next);
    await untilWriting(out, next);
    next.kill('SIGTERM');
    expect((await nextEnded).code).toBe(143);
    expect(below(out).filter((name) => name.includes('.partial-'))).toEqual([]);
    const manifest = below(out).find((name) => name.endsWith('manifest.json'))!;
    expect(JSON.parse(fs.readFileSync(path.join(out, manifest), 'utf8')).termination).toBe('interrupted');
  });
});

describe('a process that cannot write', () => {
  it('its files ends with 5 and leaves nothing', async () => {
    const out = path.join(folder, 'limited');
    const { code, stderr } = await shell(`ulimit -f 64; $chpsim run '${endless}' --out '${out}'`);
    expect({ code, stderr }).toMatchObject({ code: 5 });
    expect(stderr).toMatch(/^error: cannot write .*: the file would become too large$/m);
    expect(fs.existsSync(out)).toBe(false);
  });

  it.skipIf(!fs.existsSync('/dev/full'))('its standard output ends with 5', async () => {
    const { code, stderr } = await shell('$chpsim schema > /dev/full');
    expect({ code, stderr }).toEqual({
      code: 5,
      stderr: 'error: cannot write standard output: no space left on the disk\n',
    });
  });

  it('to a reader that has left ends quietly', async () => {
    const { stdout, stderr } = await shell(`$chpsim validate '${tiny}' --print-resolved | head -1`);
    expect({ stdout, stderr }).toEqual({ stdout: '[\n', stderr: '' });
  });

  it('of the events of a replay stops running and ends quietly', async () => {
    const out = path.join(folder, 'replayed');
    await shell(`$chpsim run '${endless}' --out '${out}' --set duration=60s --trace none`);
    const { code, stdout, stderr } = await shell(
      `set -o pipefail; $chpsim replay '${out}'/*/* --events --progress never | head -2`,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^t_ns,seq,layer,.*\n0,0,.*\n$/);
  });
});

describe('standard input', () => {
  it('may come late', async () => {
    const { code, stdout } = await shell(`(sleep 1; cat '${tiny}') | $chpsim run - --dry-run`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^out\/tiny\/rotation-s42-[0-9a-f]{8}\tchpsim run - /);
  });

  it('may have no end', async () => {
    const { code, stderr } = await shell('yes | $chpsim validate -');
    expect(code).toBe(2);
    expect(stderr).toBe('error: -: has more than 10000000 bytes; a scenario has at most 10000000\n');
  });
});
