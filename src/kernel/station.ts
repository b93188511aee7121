import type { Cpu } from './process.ts';
import type { EventKind, Simulation } from './simulation.ts';
import { NEVER, type SimTime } from './time.ts';

const NO_SERVER = -1;

/**
 * A queueing station: `servers` equal servers, one queue per level (lower level first, FIFO inside), no preemption.
 * A job occupies a server for its cost; then its event is dispatched, and whatever its handler charges keeps that
 * server busy longer. One event per job, one more only where a job waits behind such charged work.
 */
export class Station implements Cpu {
  readonly name: string;
  readonly servers: number;
  /** Jobs started so far. */
  jobs = 0;
  /** Server-nanoseconds of work done or begun so far. */
  busyNs: SimTime = 0;
  /** Job-nanoseconds spent waiting so far, of jobs that have started. */
  waitNs: SimTime = 0;
  private readonly sim: Simulation;
  private readonly priority: number;
  private readonly doneKind: EventKind;
  private readonly wakeupKind: EventKind;
  /** What each server works on. */
  private readonly running: readonly Job[];
  /** When each server is free again. */
  private readonly freeAt: Float64Array;
  /** The servers known to be free, as a stack. */
  private readonly idle: Int32Array;
  private idleCount: number;
  /** Servers without a job that work, or have worked, on what the handler of their last job charged. */
  private readonly settling: Uint8Array;
  private settlingCount = 0;
  private readonly queues: readonly JobQueue[];
  private queued = 0;
  /** Integral of the queue length over time, up to `queueAreaSince`. */
  private queueArea = 0;
  private queueAreaSince: SimTime = 0;
  private wakeupAt: SimTime = NEVER;
  private current = NO_SERVER;

  constructor(sim: Simulation, name: string, servers: number, priority: number, levels = 3) {
    this.sim = sim;
    this.name = name;
    this.servers = servers;
    this.priority = priority;
    this.running = Array.from({ length: servers }, () => new Job());
    this.freeAt = new Float64Array(servers);
    this.idle = Int32Array.from({ length: servers }, (_, index) => servers - 1 - index);
    this.idleCount = servers;
    this.settling = new Uint8Array(servers);
    this.queues = Array.from({ length: levels }, () => new JobQueue());
    this.doneKind = sim.defineEvent(`${name}.done`, (server) => this.done(server));
    this.wakeupKind = sim.defineEvent(`${name}.free`, () => {
      this.wakeupAt = NEVER;
      this.startQueued();
    });
  }

  /** Jobs that wait for a server. */
  get queueLength(): number {
    return this.queued;
  }

  /** Server-nanoseconds of work done until now: what has begun less what lies ahead. */
  get doneNs(): SimTime {
    let ahead = 0;
    for (const freeAt of this.freeAt) ahead += Math.max(0, freeAt - this.sim.now);
    return this.busyNs - ahead;
  }

  /** Integral of the queue length over time until now, in job-nanoseconds. Differences give means over a span. */
  get queueNs(): number {
    return this.queueArea + this.queued * (this.sim.now - this.queueAreaSince);
  }

  /** Queues `costNs` of work; the event (kind, target, arg) is dispatched when it has been done. */
  submit(costNs: SimTime, level: number, kind: EventKind, target: number, arg: number): void {
    const server = this.queued === 0 ? this.takeFreeServer() : NO_SERVER;
    if (server !== NO_SERVER) {
      this.start(server, costNs, kind, target, arg);
      return;
    }
    this.queues[level].push(costNs, kind, target, arg, this.sim.now);
    this.changeQueued(1);
    if (this.settlingCount > 0) this.requestWakeup();
  }

  /** Adds work to the server whose job is being dispatched right now; outside of any job it is counted only. */
  charge(costNs: SimTime): void {
    this.busyNs += costNs;
    if (this.current !== NO_SERVER) this.freeAt[this.current] += costNs;
  }

  private start(server: number, costNs: SimTime, kind: EventKind, target: number, arg: number): void {
    const job = this.running[server];
    job.kind = kind;
    job.target = target;
    job.arg = arg;
    this.jobs++;
    this.busyNs += costNs;
    this.freeAt[server] = this.sim.now + costNs;
    this.sim.post(costNs, this.priority, this.doneKind, server, 0);
  }

  private done(server: number): void {
    const job = this.running[server];
    this.current = server;
    this.sim.dispatch(job.kind, job.target, job.arg);
    this.current = NO_SERVER;
    if (this.freeAt[server] > this.sim.now) {
      this.settling[server] = 1;
      this.settlingCount++;
    } else {
      this.idle[this.idleCount++] = server;
    }
    if (this.queued > 0) this.startQueued();
  }

  private startQueued(): void {
    while (this.queued > 0) {
      const server = this.takeFreeServer();
      if (server === NO_SERVER) break;
      const job = this.nextQueue().shift();
      this.changeQueued(-1);
      this.waitNs += this.sim.now - job.since;
      this.start(server, job.costNs, job.kind, job.target, job.arg);
    }
    if (this.queued > 0 && this.settlingCount > 0) this.requestWakeup();
  }

  private changeQueued(by: number): void {
    const now = this.sim.now;
    this.queueArea += this.queued * (now - this.queueAreaSince);
    this.queueAreaSince = now;
    this.queued += by;
  }

  /** The most urgent queue that is not empty. */
  private nextQueue(): JobQueue {
    let level = 0;
    while (this.queues[level].length === 0) level++;
    return this.queues[level];
  }

  private takeFreeServer(): number {
    if (this.idleCount > 0) return this.idle[--this.idleCount];
    if (this.settlingCount === 0) return NO_SERVER;
    for (let server = 0; server < this.servers; server++) {
      if (this.settling[server] === 1 && this.freeAt[server] <= this.sim.now) {
        this.settling[server] = 0;
        this.settlingCount--;
        return server;
      }
    }
    return NO_SERVER;
  }

  /** A server that is settling has no event of its own; somebody must look again when it is free. */
  private requestWakeup(): void {
    let earliest: SimTime = NEVER;
    for (let server = 0; server < this.servers; server++) {
      if (this.settling[server] === 1 && this.freeAt[server] < earliest) earliest = this.freeAt[server];
    }
    if (earliest >= this.wakeupAt) return;
    this.wakeupAt = earliest;
    this.sim.post(earliest - this.sim.now, this.priority, this.wakeupKind, 0, 0);
  }
}

class Job {
  costNs: SimTime = 0;
  kind: EventKind = 0;
  target = 0;
  arg = 0;
  since: SimTime = 0;
}

/** FIFO ring of jobs that are reused, so that a busy station allocates nothing. */
class JobQueue {
  length = 0;
  private ring: Job[] = Array.from({ length: 16 }, () => new Job());
  private head = 0;

  push(costNs: SimTime, kind: EventKind, target: number, arg: number, since: SimTime): void {
    if (this.length === this.ring.length) this.grow();
    const job = this.ring[(this.head + this.length) & (this.ring.length - 1)];
    job.costNs = costNs;
    job.kind = kind;
    job.target = target;
    job.arg = arg;
    job.since = since;
    this.length++;
  }

  shift(): Job {
    const job = this.ring[this.head];
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.length--;
    return job;
  }

  private grow(): void {
    const { ring, head } = this;
    const fresh = Array.from({ length: ring.length }, () => new Job());
    this.ring = [...ring.slice(head), ...ring.slice(0, head), ...fresh];
    this.head = 0;
  }
}
