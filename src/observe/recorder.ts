import { assert } from '../kernel/assert.ts';
import type { SimTime } from '../kernel/time.ts';
import type { Ccw } from '../zarch/ccw.ts';
import { NONE, type SubchannelId } from '../zarch/ids.ts';
import { type BlockRequest, OUTCOME } from './block-request.ts';
import { BlockVersions } from './block-versions.ts';
import { DeviceTable } from './device-table.ts';
import { EventCounts } from './event-counts.ts';
import { EVENT, EVENT_NAMES, EVENT_TABLE, type EventName } from './event-table.ts';
import { type EventPattern, EventWatch } from './event-watch.ts';
import { InFlight } from './in-flight.ts';
import type { ObservedSystem } from './layers.ts';
import type { Observer } from './observer.ts';
import { PathRecoveryTimes, RECOVERY_EVENTS } from './path-recovery-times.ts';
import { type ObservedSubchannel, PathTimes } from './path-times.ts';
import { RequestTimes } from './request-times.ts';
import type { ResponseSeries } from './response-series.ts';
import { Samples } from './samples.ts';
import { TraceBuffer, type TraceSink } from './trace-buffer.ts';

/** What is recorded: nothing, the story, or every instruction and channel command too. */
export type TraceLevel = 'none' | 'events' | 'all';

export interface RunObserverOptions {
  readonly systems: readonly ObservedSystem[];
  readonly trace: TraceLevel;
  /** Only these events; empty: all of the level. */
  readonly filter: readonly EventName[];
  /** Needed unless `trace` is `none`. */
  readonly sink: TraceSink | null;
  /** Events that expectations ask for. */
  readonly patterns: readonly EventPattern[];
  /** Gets every completed request; missing: nobody looks for a warm-up. */
  readonly responses?: ResponseSeries;
}

/** Whatever knows the simulated time: the simulation itself. */
export interface Clock {
  readonly now: SimTime;
  /** What is running now, `Simulation.running`. */
  readonly running?: number;
}

/** Who wants an event besides the counters: bits of `interest`. */
const RECORD = 1;
const WATCH = 2;
const TRUTH = 4;
const SIGN = 8;
const CHECK = 16;
const NO_PATH = 32;
const VERIFIED = 64;
const RECOVERY = 128;
const USE = 256;
const MOVE = 512;

/**
 * The observer of a run. Every event is counted in one typed array; a table with two bytes per event then says who else
 * wants it, so that an event nobody asked for costs two array accesses. Nothing is allocated per event.
 */
export class RunObserver implements Observer {
  readonly systems: readonly ObservedSystem[];
  readonly counts: EventCounts;
  readonly devices: DeviceTable;
  readonly times: RequestTimes;
  readonly versions: BlockVersions;
  readonly inFlight = new InFlight();
  /** Times of moves into shared buffers, by system. */
  readonly moves: readonly Samples[];
  readonly watches: readonly EventWatch[];
  /** Events of the table emitted so far, recorded or not: an event has the same number at every trace level. */
  emitted = 0;
  paths: PathTimes;
  readonly recovery: PathRecoveryTimes;
  private readonly trace: TraceBuffer | null;
  private readonly traceRequests: boolean;
  private readonly responses: ResponseSeries | null;
  private readonly interest = new Uint16Array(EVENT_NAMES.length);
  private clock: Clock = { now: 0 };

  constructor(options: RunObserverOptions) {
    const { systems, sink } = options;
    this.systems = systems;
    this.counts = new EventCounts(systems);
    this.devices = new DeviceTable(systems.length);
    this.times = new RequestTimes(this.devices);
    this.versions = new BlockVersions(systems.length);
    this.moves = systems.map(() => new Samples());
    this.paths = new PathTimes(systems.length, []);
    this.recovery = new PathRecoveryTimes(systems.length);
    this.watches = options.patterns.map((pattern) => new EventWatch(pattern));
    this.traceRequests = options.trace !== 'none';
    this.responses = options.responses ?? null;
    this.trace = sink === null || !this.traceRequests ? null : new TraceBuffer(sink);
    this.setInterest(options);
  }

  /** Called once the simulation exists, before it runs. */
  attach(clock: Clock, subchannels: readonly ObservedSubchannel[]): void {
    this.clock = clock;
    this.paths = new PathTimes(this.systems.length, subchannels);
    this.versions.leaveOutShared(subchannels);
  }

  emit(
    event: number,
    system: number,
    subchannel: number,
    chpid: number,
    lpm: number,
    cc: number,
    a: number,
    b: number,
    c: number,
  ): void {
    const seq = this.emitted++;
    this.counts.add(event, system, cc);
    const interest = this.interest[event];
    if (interest === 0) return;
    const { now } = this.clock;
    if ((interest & RECORD) !== 0) {
      this.trace!.event(
        now,
        seq,
        event,
        system,
        subchannel,
        chpid,
        lpm,
        cc,
        a,
        b,
        c,
        this.clock.running ?? 0,
      );
    }
    if ((interest & CHECK) !== 0) this.check(event, now, b, c);
    if ((interest & TRUTH) !== 0) this.truthChanged(event, now, system, subchannel, chpid, b);
    if ((interest & SIGN) !== 0) this.paths.sign(now, system);
    if ((interest & NO_PATH) !== 0) this.noPath(event, now, system, subchannel);
    if ((interest & VERIFIED) !== 0 && a === 0) this.paths.verified(now, system, subchannel);
    if ((interest & RECOVERY) !== 0) this.recovery.event(event, now, system, subchannel, chpid, b, c);
    if ((interest & USE) !== 0) this.useChanged(event, now, system, subchannel, chpid, a);
    if ((interest & MOVE) !== 0) this.moves[system].add(now - c, c, NONE);
    if (event === EVENT['path.masks']) this.paths.masksChanged(now, system, subchannel, a, b, c);
    if ((interest & WATCH) !== 0) this.watch(event, now, system, subchannel, chpid, lpm, cc);
  }

  command(system: number, subchannel: number, lpm: number, ccw: Ccw, commandSet: number): void {
    this.counts.addCommand(system, commandSet + ccw.command);
    this.emit(EVENT.command, system, subchannel, -1, lpm, -1, ccw.command, ccw.flags, ccw.count);
  }

  requestEnded(system: number, subchannel: SubchannelId, request: BlockRequest): void {
    assert(request.outcome !== OUTCOME.IN_FLIGHT, 'a request was given back before it had an outcome');
    this.inFlight.ended(this.clock.now, request);
    this.times.ended(system, subchannel, request);
    this.versions.ended(system, subchannel, request);
    if (request.retries > 0) this.paths.retriedRequestEnded(system, subchannel, request);
    if (this.trace !== null) this.trace.request(system, subchannel, request);
    if (this.responses !== null && request.outcome === OUTCOME.COMPLETED) this.responses.completed(request);
  }

  /** End of the run: closes open spans and hands the last records over. */
  finish(): void {
    this.paths.finish(this.clock.now);
    this.recovery.finish(this.clock.now);
    this.flush();
  }

  /** Hands over what has been recorded so far. */
  flush(): void {
    this.trace?.flush();
  }

  private check(event: number, now: SimTime, pom: number, pnom: number): void {
    if (event === EVENT['io.started']) this.inFlight.started(now);
    else assert((pom & pnom) === 0, 'a path is operational and not operational at once (POM & PNOM)');
  }

  private truthChanged(
    event: number,
    now: SimTime,
    system: number,
    subchannel: number,
    chpid: number,
    controlUnit: number,
  ): void {
    const { paths } = this;
    switch (event) {
      case EVENT['chpid.available']:
      case EVENT['chpid.unavailable']:
        paths.chpidChanged(now, system, chpid, event === EVENT['chpid.available']);
        break;
      case EVENT['link.up']:
      case EVENT['link.down']:
        paths.linkChanged(now, chpid, controlUnit, event === EVENT['link.up']);
        break;
      default:
        paths.deviceChanged(now, system, subchannel, event === EVENT['device.attached']);
    }
  }

  private noPath(event: number, now: SimTime, system: number, subchannel: number): void {
    if (event === EVENT['io.failed']) this.paths.requestFailed(system, subchannel);
    else this.paths.noPathNoticed(now, system, subchannel);
  }

  private useChanged(
    event: number,
    now: SimTime,
    system: number,
    subchannel: number,
    chpid: number,
    a: number,
  ): void {
    const { paths } = this;
    if (event === EVENT['dasd.paths']) paths.driverMaskChanged(now, system, subchannel, a);
    else if (event === EVENT['io.path-lost']) paths.operationLost(now, system, subchannel, chpid);
    else paths.writesAtRisk.retried(system, subchannel, a);
  }

  private watch(
    event: number,
    now: SimTime,
    system: number,
    subchannel: number,
    chpid: number,
    lpm: number,
    cc: number,
  ): void {
    for (const watch of this.watches) watch.look(now, event, system, subchannel, chpid, lpm, cc);
  }

  private setInterest({ trace, filter, patterns }: RunObserverOptions): void {
    const { interest } = this;
    const wanted = new Set<EventName>(filter.length > 0 ? filter : EVENT_NAMES);
    // What a SCHIB holds is told in two events.
    if (wanted.has('stsch') || wanted.has('msch')) wanted.add('subchannel.chpids');
    EVENT_NAMES.forEach((name, event) => {
      const recorded = trace === 'all' || (trace === 'events' && EVENT_TABLE[name].level === 'events');
      if (recorded && this.trace !== null && wanted.has(name)) interest[event] |= RECORD;
    });
    for (const { event } of patterns) interest[event] |= WATCH;
    for (const name of TRUTH_EVENTS) interest[EVENT[name]] |= TRUTH;
    for (const name of SIGNS) interest[EVENT[name]] |= SIGN;
    for (const name of NO_PATH_EVENTS) interest[EVENT[name]] |= NO_PATH;
    interest[EVENT['verify.done']] |= VERIFIED;
    for (const name of RECOVERY_EVENTS) interest[EVENT[name]] |= RECOVERY;
    for (const name of USE_EVENTS) interest[EVENT[name]] |= USE;
    interest[EVENT['ism.move']] |= MOVE;
    for (const name of CHECKED) interest[EVENT[name]] |= CHECK;
  }
}

const TRUTH_EVENTS: readonly EventName[] = [
  'chpid.available',
  'chpid.unavailable',
  'link.up',
  'link.down',
  'device.attached',
  'device.detached',
];

/** What a system does only because something happened to a path: the first of them ends `path.detect`. */
const SIGNS: readonly EventName[] = [
  'machine-check',
  'chp.online',
  'chp.offline',
  'verify.start',
  'path.masks',
  'path.gone',
  'path.available',
  'dasd.paths',
  'device.disconnected',
  'device.gone',
  'io.retried',
  'timeout',
];

/** How a device without a path ends: the system knows of it, or only sees requests fail. */
const NO_PATH_EVENTS: readonly EventName[] = ['device.disconnected', 'device.gone', 'io.failed'];

/** What a driver does with paths, and what becomes of operations on them. */
const USE_EVENTS: readonly EventName[] = ['dasd.paths', 'io.path-lost', 'io.retried'];

const CHECKED: readonly EventName[] = ['path.tried', 'io.started'];
