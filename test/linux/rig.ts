import type { ChannelSubsystem } from '../../src/channel/channel-subsystem.ts';
import { PRIORITY } from '../../src/kernel/priority.ts';
import { type Process, Processes, type Steps } from '../../src/kernel/process.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { Station } from '../../src/kernel/station.ts';
import type { CcwDevice, CcwDriver } from '../../src/linux/ccw-driver.ts';
import type { ServiceProcessor } from '../../src/linux/chp.ts';
import { E, type Errno } from '../../src/linux/errno.ts';
import { type KernelFeatures, type KernelName, kernelFeatures } from '../../src/linux/kernel-features.ts';
import { LinuxSystem } from '../../src/linux/linux-system.ts';
import { EVENT, EVENT_NAMES, type EventName } from '../../src/observe/event-table.ts';
import type { Observer } from '../../src/observe/observer.ts';
import { CCW_FLAG, type Ccw, type ChannelProgram } from '../../src/zarch/ccw.ts';
import { COMMAND } from '../../src/zarch/commands.ts';
import { formatSubchannel } from '../../src/zarch/ids.ts';
import type { Irb } from '../../src/zarch/irb.ts';
import { unpackDevice } from '../../src/zarch/packed-fields.ts';

export interface Seen {
  readonly event: EventName;
  readonly at: number;
  readonly subchannel: number;
  readonly chpid: number;
  readonly lpm: number;
  readonly cc: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Keeps everything. */
export class Recorder implements Observer {
  readonly seen: Seen[] = [];
  readonly commands: { subchannel: number; lpm: number; command: number; data: Uint8Array | null }[] = [];
  private readonly sim: Simulation;

  constructor(sim: Simulation) {
    this.sim = sim;
  }

  emit(
    event: number,
    _system: number,
    subchannel: number,
    chpid: number,
    lpm: number,
    cc: number,
    a: number,
    b: number,
    c: number,
  ): void {
    this.seen.push({ event: EVENT_NAMES[event], at: this.sim.now, subchannel, chpid, lpm, cc, a, b, c });
  }

  command(_system: number, subchannel: number, lpm: number, ccw: Ccw): void {
    const data = ccw.data === null ? null : ccw.data.slice();
    this.commands.push({ subchannel, lpm, command: ccw.command, data });
  }

  requestEnded(): void {}

  clear(): void {
    this.seen.length = 0;
    this.commands.length = 0;
  }

  /** Number of events of a kind, optionally with one condition code only. */
  count(event: EventName, cc?: number): number {
    return this.seen.filter((it) => it.event === event && (cc === undefined || it.cc === cc)).length;
  }

  countCommand(command: number): number {
    return this.commands.filter((it) => it.command === command).length;
  }

  /** Events that are not instructions, by name. */
  story(): string[] {
    return this.seen.filter((it) => EVENT[it.event] > EVENT['machine-check']).map((it) => it.event);
  }

  /** Instructions and interruptions in the words of the recordings. */
  trace(): string[] {
    return this.seen.filter((it) => TRACED.has(it.event)).map(traceLine);
  }
}

const TRACED = new Set<EventName>([
  'stsch',
  'msch',
  'ssch',
  'tsch',
  'csch',
  'hsch',
  'xsch',
  'stcrw',
  'chsc',
  'interrupt',
  'schm',
]);

function traceLine({ event, subchannel, cc, a, b }: Seen): string {
  switch (event) {
    case 'chsc':
      return `chsc ${a.toString(16).padStart(4, '0')} cc=${cc}`;
    case 'schm':
      return 'schm';
    case 'stcrw':
      return `stcrw cc=${cc}`;
    case 'stsch':
    case 'msch':
      return `${event} ${formatSubchannel(subchannel)} cc=${cc} ena=${unpackDevice(a).ena}`;
    case 'tsch':
      return `tsch ${formatSubchannel(subchannel)} cc=${cc} dstat=${b.toString(16)}`;
    case 'interrupt':
      return `interrupt ${formatSubchannel(subchannel)}`;
    default:
      return `${event} ${formatSubchannel(subchannel)} cc=${cc}`;
  }
}

const OWN_IO = 99;

/** A channel program of one NOP. */
export const nop = (): ChannelProgram => ({
  ccws: [{ command: COMMAND.nop, flags: CCW_FLAG.SUPPRESS_LENGTH, count: 0, data: null, versions: null }],
  length: 1,
});

/** A driver that takes everything and remembers what it was told. */
export class TestDriver implements CcwDriver {
  readonly name = 'test';
  readonly log: string[] = [];
  keeps = true;
  pathGroup = true;
  onlineResult: Errno = E.OK;
  /** Channel programs that the driver runs while a device goes online. */
  programsAtOnline = 0;
  private answered = false;
  onInterruption: (device: CcwDevice, irb: Irb) => void = () => {};

  matches(): boolean {
    return true;
  }

  probe(device: CcwDevice): void {
    device.options.pathGroup = this.pathGroup;
    device.options.multipath = this.pathGroup;
    this.log.push(`probe ${device.deviceNumber.toString(16)}`);
  }

  handler(device: CcwDevice, intparm: number, irb: Irb, error: Errno): void {
    this.log.push(`handler ${intparm} cc=${irb.scsw.cc} dstat=${irb.scsw.dstat.toString(16)} error=${error}`);
    if (intparm === OWN_IO) this.answered = true;
    this.onInterruption(device, irb);
  }

  notify(_device: CcwDevice, event: number): boolean {
    this.log.push(`notify ${event}`);
    return this.keeps;
  }

  pathEvent(_device: CcwDevice, events: Uint8Array): void {
    this.log.push(`path ${[...events].join('')}`);
  }

  *setOnline(self: Process, device: CcwDevice): Steps<Errno> {
    for (let at = 0; at < this.programsAtOnline; at++) {
      this.answered = false;
      device.start(nop(), OWN_IO, 0, 0, 0);
      while (!this.answered) yield* self.sleep(1_000);
    }
    yield* self.sleep(1_000);
    return this.onlineResult;
  }

  *setOffline(self: Process): Steps<Errno> {
    yield* self.sleep(1_000);
    return E.OK;
  }
}

export const OWN_PGID = Uint8Array.from([0x80, 0, 0x12, 0x34, 0x56, 0x39, 0x31, 1, 2, 3, 4]);

export interface RigOptions {
  readonly kernel?: KernelName;
  readonly features?: Partial<KernelFeatures>;
  readonly driver?: TestDriver;
  readonly cpus?: number;
  readonly online?: boolean;
  readonly serviceProcessor?: ServiceProcessor;
  readonly sim?: Simulation;
}

/** One Linux with a recorder on the channel subsystem that the test brings. */
export class Rig<Css extends ChannelSubsystem> {
  readonly sim: Simulation;
  readonly css: Css;
  readonly recorder: Recorder;
  readonly linux: LinuxSystem;
  readonly driver: TestDriver;

  constructor(makeCss: (sim: Simulation, recorder: Recorder) => Css, options: RigOptions = {}) {
    this.sim = options.sim ?? new Simulation();
    this.recorder = new Recorder(this.sim);
    this.css = makeCss(this.sim, this.recorder);
    this.driver = options.driver ?? new TestDriver();
    this.linux = new LinuxSystem({
      sim: this.sim,
      processes: new Processes(this.sim),
      css: this.css,
      observer: this.recorder,
      system: 0,
      name: 'host',
      priority: PRIORITY.HOST,
      cpus: new Station(this.sim, 'host.cpus', options.cpus ?? 2, PRIORITY.HOST),
      kernel: kernelFeatures(options.kernel ?? '6.1', options.features),
      costs: { interruptNs: 2_000, mcckToHandlerNs: 5_000, handlerToThreadNs: 20_000 },
      subchannelSets: 4,
      drivers: [this.driver],
      pgid: OWN_PGID,
      serviceProcessor: options.serviceProcessor ?? null,
      autoOnline: () => options.online ?? false,
    });
  }

  boot(): this {
    let booted = false;
    this.linux.boot(() => {
      booted = true;
    });
    this.runFor(2_000_000_000);
    if (!booted) throw new Error('the boot did not come to an end');
    return this;
  }

  /** Runs an action as a process and returns what it returned. */
  act(body: (self: Process) => Steps<Errno>, ns = 1_000_000_000): Errno | undefined {
    let result: Errno | undefined;
    this.linux.spawn('action', function* (self) {
      result = yield* body(self);
    });
    this.runFor(ns);
    return result;
  }

  runFor(ns: number): void {
    this.sim.run(this.sim.now + ns);
  }
}
