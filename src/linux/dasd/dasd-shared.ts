import type { Processes } from '../../kernel/process.ts';
import type { RandomStreams } from '../../kernel/random.ts';
import type { EventKind, Simulation } from '../../kernel/simulation.ts';
import type { Station } from '../../kernel/station.ts';
import type { SimTime } from '../../kernel/time.ts';
import type { Observer } from '../../observe/observer.ts';
import type { ChannelProgram } from '../../zarch/ccw.ts';
import { LINUX_RECOVERY, type PathRecoveryPolicy } from '../path-recovery.ts';
import { BlockProgram } from './block-program.ts';
import type { DasdDevice } from './dasd-device.ts';
import type { DasdKernelFeatures, DasdTunables } from './definitions.ts';
import { PathErrors } from './path-errors.ts';
import type { PathGrouping } from './path-grouping.ts';
import { DasdRequest } from './request.ts';
import type { WriteVersions } from './write-versions.ts';

export interface DasdCosts {
  /** Path length of block layer and driver per request, paid on a processor before its start. */
  readonly driverPathNs: SimTime;
}

export interface DasdDriverOptions {
  readonly sim: Simulation;
  readonly processes: Processes;
  readonly observer: Observer;
  readonly system: number;
  readonly priority: number;
  readonly cpus: Station;
  readonly features: DasdKernelFeatures;
  readonly costs: DasdCosts;
  readonly tunables: DasdTunables;
  readonly streams: RandomStreams;
  /** Counter of the run: systems that share volumes must share it. */
  readonly writeVersions: WriteVersions;
  /** When paths with errors are given up; default: as Linux does it. */
  readonly recovery?: PathRecoveryPolicy;
  /** How paths are grouped; default: in multipath mode, as Linux does. */
  readonly grouping?: PathGrouping;
}

/** Kinds of events that the driver dispatches; the target is the device's index. */
export interface DasdEvents {
  readonly bottomHalf: EventKind;
  readonly deviceTimer: EventKind;
  readonly blockTimer: EventKind;
  /** Processor time of a request for an idle device has been paid. */
  readonly blockStart: EventKind;
}

/** What all devices of one driver have in common, and the pool of their block requests. */
export class DasdShared implements DasdDriverOptions {
  readonly sim: Simulation;
  readonly processes: Processes;
  readonly observer: Observer;
  readonly system: number;
  readonly priority: number;
  readonly cpus: Station;
  readonly features: DasdKernelFeatures;
  readonly costs: DasdCosts;
  readonly tunables: DasdTunables;
  readonly streams: RandomStreams;
  readonly writeVersions: WriteVersions;
  readonly grouping: PathGrouping;
  readonly recovery: PathRecoveryPolicy;
  readonly pathErrors: PathErrors;
  readonly events: DasdEvents;
  private lastHandle = 0;
  private readonly pool: DasdRequest[] = [];

  constructor(options: DasdDriverOptions, events: DasdEvents, devices: readonly DasdDevice[]) {
    this.sim = options.sim;
    this.processes = options.processes;
    this.observer = options.observer;
    this.system = options.system;
    this.priority = options.priority;
    this.cpus = options.cpus;
    this.features = options.features;
    this.costs = options.costs;
    this.tunables = options.tunables;
    this.streams = options.streams;
    this.writeVersions = options.writeVersions;
    this.grouping = options.grouping ?? 'multipath';
    this.events = events;
    this.recovery = options.recovery ?? LINUX_RECOVERY;
    this.pathErrors = new PathErrors(this, devices, this.recovery.errors);
  }

  /** A request for a program of its own: control commands, error recovery. */
  createRequest(program: ChannelProgram): DasdRequest {
    return new DasdRequest(++this.lastHandle, program);
  }

  /** A request with a block program, used before or new. Its `program` is a `BlockProgram`. */
  takeBlockRequest(): DasdRequest {
    const request = this.pool.pop() ?? this.createRequest(new BlockProgram());
    request.reset();
    return request;
  }

  giveBackBlockRequest(request: DasdRequest): void {
    request.block = null;
    this.pool.push(request);
  }
}
