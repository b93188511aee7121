import type { Process, Processes, Steps } from '../kernel/process.ts';
import { WaitQueue } from '../kernel/process.ts';
import type { EventKind } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import { Crw, RSC } from '../zarch/crw.ts';
import { LEVEL } from './levels.ts';
import type { LinuxSystem } from './linux-system.ts';

/**
 * The thread that collects channel reports, `kmcheck` (crw.c:crw_collect_info). A machine check only says that reports
 * are pending; the thread executes STCRW until there is none, and hands each report to its handler before it fetches the
 * next, so that a handler that waits delays all later reports.
 */
export class ReportCollector {
  private readonly linux: LinuxSystem;
  private readonly requested: EventKind;
  private readonly idle: WaitQueue;
  /** Requests to drain, whoever made them (crw_nr_req). */
  private requests = 0;
  private sleeping = true;
  private thread: Process | null = null;
  private readonly words: readonly [Crw, Crw] = [new Crw(), new Crw()];
  private readonly scratch = new Crw();

  constructor(linux: LinuxSystem) {
    this.linux = linux;
    this.idle = new WaitQueue(linux.sim);
    this.requested = linux.sim.defineEvent(`${linux.name}.kmcheck`, () => this.wake());
  }

  /** Starts the thread (crw_machine_check_init). */
  start(processes: Processes): void {
    const { linux } = this;
    this.thread = processes.spawn(`${linux.name}.kmcheck`, linux.priority, linux.cpus, LEVEL.THREAD, (self) =>
      this.collect(self),
    );
  }

  /** crw_handle_channel_report: the thread runs after `delayNs`. */
  request(delayNs: SimTime): void {
    this.linux.sim.after(delayNs, this.linux.priority, this.requested, 0, 0);
  }

  /** crw_wait_for_channel_report: asks for a drain and waits until all have been done. */
  *flush(self: Process): Steps {
    this.wake();
    yield* this.idle.until(self, () => this.requests === 0);
  }

  private wake(): void {
    this.requests++;
    if (!this.sleeping || this.thread === null) return;
    this.sleeping = false;
    const { kind, target } = this.thread;
    this.linux.cpus.submit(0, LEVEL.WOKEN, kind, target, 0);
  }

  private *collect(self: Process): Steps {
    for (;;) {
      while (this.requests === 0) {
        this.sleeping = true;
        yield;
      }
      this.sleeping = false;
      yield* this.drain(self);
      yield* self.settle();
      this.requests--;
      if (this.requests === 0) this.idle.wake();
    }
  }

  /** `chain` counts the words of the current report that were fetched; only the first two are kept. */
  private *drain(self: Process): Steps {
    const { io } = this.linux;
    const [first, second] = this.words;
    let chain = 0;
    for (;;) {
      if (chain > 1) {
        if ((yield* io.stcrw(self, this.scratch)) !== 0) return;
        chain = this.scratch.chained === 1 ? chain + 1 : 0;
        continue;
      }
      const word = chain === 0 ? first : second;
      if ((yield* io.stcrw(self, word)) !== 0) return;
      if (word.overflow === 1) {
        // Reports were lost, so this one counts for nothing: everybody looks at everything.
        yield* this.overflow(self);
        chain = 0;
        continue;
      }
      if (first.chained === 1 && chain === 0) {
        chain = 1;
        continue;
      }
      yield* this.dispatch(self, word.rsc, first, chain === 1 ? second : null);
      yield* self.settle();
      chain = word.chained === 1 ? chain + 1 : 0;
    }
  }

  /** The source of the word fetched last decides; ids and codes are taken from the first. Other sources have no handler. */
  private *dispatch(self: Process, rsc: number, first: Crw, second: Crw | null): Steps {
    switch (rsc) {
      case RSC.SUBCHANNEL:
        return yield* this.linux.css.processCrw(self, first, second, false);
      case RSC.CHANNEL_PATH:
        return yield* this.linux.chps.processCrw(self, first, false);
      case RSC.CHANNEL_SUBSYSTEM:
        return yield* this.linux.chps.processSubsystemCrw(self, false);
    }
  }

  private *overflow(self: Process): Steps {
    yield* this.linux.css.processCrw(self, null, null, true);
    yield* this.linux.chps.processCrw(self, null, true);
    yield* this.linux.chps.processSubsystemCrw(self, true);
  }
}
