import { type Process, Processes, type Steps } from '../../../src/kernel/process.ts';
import { RandomStreams } from '../../../src/kernel/random.ts';
import { Simulation } from '../../../src/kernel/simulation.ts';
import { Station } from '../../../src/kernel/station.ts';
import type { DasdDevice } from '../../../src/linux/dasd/dasd-device.ts';
import { DasdDriver } from '../../../src/linux/dasd/dasd-driver.ts';
import type { DasdKernelFeatures, DasdTunables } from '../../../src/linux/dasd/definitions.ts';
import { WriteVersions } from '../../../src/linux/dasd/write-versions.ts';
import { E, type Errno } from '../../../src/linux/errno.ts';
import { BlockRequest, type RequestOwner } from '../../../src/observe/block-request.ts';
import { type EVENT, EVENT_NAMES } from '../../../src/observe/event-table.ts';
import type { Observer } from '../../../src/observe/observer.ts';
import { FakeDevice, type FakeOptions } from './fake-device.ts';

/** Recorded events: name and the three numbers. */
export interface Seen {
  readonly name: string;
  readonly lpm: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

class Recorder implements Observer {
  readonly seen: Seen[] = [];
  emit(
    event: number,
    _system: number,
    _subchannel: number,
    _chpid: number,
    lpm: number,
    _cc: number,
    a: number,
    b: number,
    c: number,
  ): void {
    this.seen.push({ name: EVENT_NAMES[event], lpm, a, b, c });
  }
  command(): void {}
  requestEnded(): void {}
}

export const FEATURES: DasdKernelFeatures = {
  endpointSecurity: true,
  dasdVerifyRetryTimer: true,
  dasdPathConfigurationKept: true,
  dasdExtentPools: true,
  dasdCharacteristicsFirst: true,
};

const TUNABLES: DasdTunables = {
  expiresNs: 0,
  retries: 256,
  pathThreshold: 256,
  pathIntervalNs: 300e9,
  pathAutodisable: true,
  failfast: false,
  reservationPolicy: 'ignore',
  zhpf: true,
};

/** One system with the DASD driver and fake devices under it. */
export class Bench implements RequestOwner {
  readonly sim = new Simulation();
  readonly processes = new Processes(this.sim);
  readonly observer = new Recorder();
  readonly cpus: Station;
  readonly driver: DasdDriver;
  readonly devices: FakeDevice[] = [];
  readonly done: BlockRequest[] = [];
  readonly driverPathNs: number;
  private nextId = 0;

  constructor(
    options: {
      tunables?: Partial<DasdTunables>;
      features?: Partial<DasdKernelFeatures>;
      driverPathNs?: number;
    } = {},
  ) {
    this.driverPathNs = options.driverPathNs ?? 10_000;
    this.cpus = new Station(this.sim, 'cpu', 2, 2);
    this.driver = new DasdDriver({
      sim: this.sim,
      processes: this.processes,
      observer: this.observer,
      system: 0,
      priority: 2,
      cpus: this.cpus,
      features: { ...FEATURES, ...options.features },
      costs: { driverPathNs: this.driverPathNs },
      tunables: { ...TUNABLES, ...options.tunables },
      streams: new RandomStreams('dasd'),
      writeVersions: new WriteVersions(),
    });
  }

  add(options: FakeOptions = {}): FakeDevice {
    const device = new FakeDevice(this.sim, this.devices.length, options);
    device.driver = this.driver;
    this.devices.push(device);
    this.driver.probe(device);
    return device;
  }

  dasd(fake: FakeDevice): DasdDevice {
    return this.driver.dasd(fake.deviceNumber)!;
  }

  /** Runs a process to its end (or to `seconds`), then lets everything settle; its return code. */
  perform(body: (self: Process) => Steps<Errno>, seconds = 5): Errno | 'running' {
    let rc: Errno | 'running' = 'running';
    this.processes.spawn('test', 2, null, 0, function* (self) {
      rc = yield* body(self);
    });
    this.run(seconds);
    return rc;
  }

  setOnline(fake: FakeDevice): Errno | 'running' {
    return this.perform((self) => this.driver.setOnline(self, fake));
  }

  run(seconds: number): void {
    this.sim.run(this.sim.now + Math.round(seconds * 1e9));
  }

  request(fake: FakeDevice, firstBlock: number, blockCount = 1, write = false): BlockRequest {
    const request = new BlockRequest(this, blockCount);
    request.id = this.nextId++;
    request.firstBlock = firstBlock;
    request.blockCount = blockCount;
    request.write = write;
    request.arrivalNs = this.sim.now;
    this.driver.submit(this.dasd(fake), request);
    return request;
  }

  completed(request: BlockRequest): void {
    this.done.push(request);
  }

  count(name: keyof typeof EVENT): number {
    return this.observer.seen.filter((event) => event.name === name).length;
  }

  messages(): number[] {
    return this.observer.seen.filter((event) => event.name === 'dasd.message').map((event) => event.a);
  }
}

/** An online device; its starts and lines so far are forgotten. */
export function onlineDevice(bench: Bench, options: FakeOptions = {}): FakeDevice {
  const fake = bench.add({ unitType: 1, ...options });
  const rc = bench.setOnline(fake);
  if (rc !== E.OK) throw new Error(`set-online ended with ${rc}`);
  fake.lines.length = 0;
  fake.starts.length = 0;
  fake.startPaths.length = 0;
  fake.startTimes.length = 0;
  bench.observer.seen.length = 0;
  return fake;
}
