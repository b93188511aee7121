import type { SimTime } from './time.ts';

/**
 * One server with a first-in, first-out queue whose jobs know their service time when they enter. The time at which it
 * has worked off everything is then all its state: it needs no event of its own, and no queue.
 */
export class FifoServer {
  /** When the server has done all the work it has accepted. */
  busyUntil: SimTime = 0;
  /** Jobs accepted so far. */
  jobs = 0;
  /** Nanoseconds of work accepted so far, less what `reset` threw away. */
  busyNs: SimTime = 0;
  /** Nanoseconds jobs have waited, or are going to wait, before their service. */
  waitNs: SimTime = 0;
  /** Length of the busy periods that are over, and the beginning of the current or last one. */
  private periodsNs: SimTime = 0;
  private periodStart: SimTime = 0;

  /** Accepts a job at `now`, never earlier than the last call; returns when it will be done. */
  enter(now: SimTime, serviceNs: SimTime): SimTime {
    const start = this.startTime(now);
    if (this.busyUntil < now) this.beginPeriod(now);
    this.jobs++;
    this.waitNs += start - now;
    this.busyNs += serviceNs;
    this.busyUntil = start + serviceNs;
    return this.busyUntil;
  }

  /** When a job that enters at `now` will be started. */
  startTime(now: SimTime): SimTime {
    return this.busyUntil > now ? this.busyUntil : now;
  }

  /** Work done until `now`: what is accepted less what lies ahead. */
  busyBy(now: SimTime): SimTime {
    return this.busyNs - (this.startTime(now) - now);
  }

  /**
   * Time until `now` during which the server was not idle, from when it began and ceased to work. The utilisation law says
   * that it equals `busyBy`, which is the sum of the jobs' service.
   */
  busyPeriodsBy(now: SimTime): SimTime {
    return this.periodsNs + Math.min(now, this.busyUntil) - this.periodStart;
  }

  /** Throws away the job in service and those behind it. Their waiting times stay counted. */
  reset(now: SimTime): void {
    this.busyNs = this.busyBy(now);
    if (this.busyUntil > now) this.busyUntil = now;
  }

  private beginPeriod(now: SimTime): void {
    this.periodsNs += this.busyUntil - this.periodStart;
    this.periodStart = now;
  }
}
