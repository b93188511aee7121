import { connect } from 'node:net';
import type { Queue, Worker } from 'bullmq';
import type { Manifest } from '../../output/manifest.ts';
import { OutputError } from '../../output/output-error.ts';
import { canonicalJson, sha256 } from '../../scenario/canonical.ts';
import type { RunJob } from '../run-job.ts';
import type { SweepOutcome } from './run-record.ts';

/**
 * Runs of sweeps as jobs of a BullMQ queue in Redis. This is the only file that imports BullMQ. Each build of the program has
 * a queue of its own: runs of different builds would be different runs.
 */
export type RunQueue = Queue<RunJob, SweepOutcome>;
export type RunWorker = Worker<RunJob, SweepOutcome>;

export type OnTrouble = (problem: string) => void;

/** Time after which a Redis that does not answer is taken to be out of reach, ms. */
const FIRST_ANSWER_MS = 5_000;
const DEFAULT_PORT = 6379;
/** Workers that a run may take along before it is given up. */
const MOST_STALLS = 10;
/** How long results wait in Redis for the sweep that wanted them, s: a week. */
const KEPT_S = 604_800;

export const queueName = (program: Manifest['program']): string =>
  `chpsim-${sha256(canonicalJson(program)).slice(0, 12)}`;

/** Opens the queue, or says why Redis cannot be reached. Later losses of the connection are waited out. */
export async function openQueue(
  url: string,
  program: Manifest['program'],
  onTrouble: OnTrouble,
): Promise<RunQueue> {
  await checkReach(url);
  const { Queue } = await library();
  const queue: RunQueue = new Queue(queueName(program), { connection: connection(url) });
  queue.on('error', once(onTrouble));
  await queue.waitUntilReady();
  return queue;
}

export interface WorkerOptions {
  /** Module whose default export does a job, in a thread of its own. */
  readonly processor: URL;
  /** At a time. */
  readonly jobs: number;
  /** How long the worker may be silent before another takes over what it was at, ms. */
  readonly leaseMs: number;
  readonly onTrouble: OnTrouble;
  readonly onDone: (key: string) => void;
}

/** Takes jobs from the queue until it is closed. */
export async function openWorker(
  url: string,
  program: Manifest['program'],
  { processor, jobs, leaseMs, onTrouble, onDone }: WorkerOptions,
): Promise<RunWorker> {
  await checkReach(url);
  const { Worker } = await library();
  const worker: RunWorker = new Worker(queueName(program), processor, {
    connection: connection(url),
    concurrency: jobs,
    useWorkerThreads: true,
    lockDuration: leaseMs,
    stalledInterval: leaseMs,
    maxStalledCount: MOST_STALLS,
    removeOnComplete: { age: KEPT_S },
    removeOnFail: { age: KEPT_S },
  });
  worker.on('error', once(onTrouble));
  worker.on('completed', ({ id = '' }) => onDone(id));
  await worker.waitUntilReady();
  return worker;
}

/** Commands wait until the connection is there again, however long that takes. */
const connection = (url: string) => ({ url, maxRetriesPerRequest: null });

/**
 * Refuses a URL behind which nobody listens. The library waits for as long as it takes, which is right for a connection that
 * is lost and wrong for a mistyped one.
 */
async function checkReach(url: string): Promise<void> {
  const { hostname, port } = address(url);
  const socket = connect({ host: hostname, port, timeout: FIRST_ANSWER_MS });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('timeout', () => reject(new Error('no answer')));
      socket.once('error', reject);
    });
  } catch (cause) {
    throw new OutputError(`cannot reach Redis at ${hostname}:${port}: ${(cause as Error).message}`, {
      cause,
    });
  } finally {
    socket.destroy();
  }
}

function address(url: string): { readonly hostname: string; readonly port: number } {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^rediss?:$/.test(parsed.protocol)) {
    throw new OutputError('the URL of Redis is not like redis://HOST:PORT');
  }
  return { hostname: parsed.hostname || 'localhost', port: Number(parsed.port) || DEFAULT_PORT };
}

/** A client that tries again says the same again and again: it is told once. */
function once(onTrouble: OnTrouble): (error: Error) => void {
  const told = new Set<string>();
  return ({ message }) => {
    if (!told.has(message)) onTrouble(message);
    told.add(message);
  };
}

async function library(): Promise<typeof import('bullmq')> {
  try {
    return await import('bullmq');
  } catch (cause) {
    throw new OutputError('the packages bullmq and ioredis are not installed: npm install bullmq ioredis', {
      cause,
    });
  }
}
