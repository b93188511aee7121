import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The queue with a Redis of its own, in which everything goes wrong that can. Runs the program as it is built. */
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const SCENARIO = `
name: queued
duration: 20s
machine:
  chpids: { "0.40-0.43": {} }
  controlUnits: { lcu0: { paths: [0.40, 0.41, 0.42, 0.43] } }
  dasd: { "0.0.1000-0.0.1007": { controlUnit: lcu0 } }
systems: { lpar1: { kind: partition } }
workload: { oltp: { arrivals: poisson, ratePerVolume: 400/s } }
sweep: { axes: { machine.crwQueueDepth: [2, 4, 8, 16] }, repetitions: 2 }
`;

function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version']);
    return fs.existsSync(MAIN);
  } catch {
    return false;
  }
}

let folder = '';
let port = 0;
const children: ChildProcess[] = [];
const start = (command: string, ...argv: string[]): ChildProcess => {
  const child = spawn(command, argv, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
};
const chpsim = (...argv: string[]): ChildProcess => start(process.execPath, MAIN, ...argv);

async function startRedis(): Promise<ChildProcess> {
  const server = start(
    'redis-server',
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--save', ''],
  );
  await says(server, 'Ready to accept connections');
  return server;
}

const startWorker = (): ChildProcess =>
  chpsim('worker', '--redis', `redis://127.0.0.1:${port}`, '--jobs', '1', '--lease', '1s');

/** Resolves when a process has printed `text`. */
function says(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve) => {
    let heard = '';
    const hear = (data: Buffer): void => {
      heard += data;
      if (heard.includes(text)) resolve();
    };
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
  });
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as net.AddressInfo;
  server.close();
  return free;
}

const tables = (out: string): string[] =>
  ['results.csv', 'results.parquet', 'runs.csv'].map((name) =>
    fs.readFileSync(path.join(folder, out, 'queued/sweep', name)).toString('base64'),
  );

describe.skipIf(!hasRedis())('workers behind a queue (needs redis-server and a build)', () => {
  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-redis-'));
    fs.writeFileSync(path.join(folder, 'queued.yaml'), SCENARIO);
    port = await freePort();
  });
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('come to the same tables as threads, though one is killed in its work and Redis is restarted', async () => {
    const local = chpsim('sweep', 'queued.yaml', '--out', 'local', '--jobs', '2');
    expect(await once(local, 'exit')).toEqual([0, null]);

    const redis = await startRedis();
    const workers = [startWorker(), startWorker()];
    await Promise.all(workers.map((worker) => says(worker, 'ready')));
    const url = `redis://127.0.0.1:${port}`;
    const sweep = chpsim('sweep', 'queued.yaml', '--out', 'queue', '--engine', 'bullmq', '--redis', url);
    const ended = once(sweep, 'exit');
    await says(workers[0], 'done');
    await kill(workers[0], 'SIGKILL');
    await kill(redis, 'SIGTERM');
    await startRedis();
    expect(await ended).toEqual([0, null]);
    expect(tables('queue')).toEqual(tables('local'));
  });

  it('are not waited for where there is no Redis', async () => {
    const nobody = await freePort();
    const worker = chpsim('worker', '--redis', `redis://127.0.0.1:${nobody}`);
    const told = says(worker, 'cannot reach Redis');
    expect(await once(worker, 'exit')).toEqual([5, null]);
    await told;
  });
});
