import { PRIORITY } from '../../../src/kernel/priority.ts';
import { type Process, Processes, type Steps } from '../../../src/kernel/process.ts';
import { Simulation } from '../../../src/kernel/simulation.ts';
import type { CcwDevice } from '../../../src/linux/ccw-driver.ts';
import { E, type Errno } from '../../../src/linux/errno.ts';
import { type KernelName, kernelFeatures } from '../../../src/linux/kernel-features.ts';
import { VIRTIO_DRIVERS, type VirtioDriverName } from '../../../src/linux/virtio/drivers.ts';
import { VirtioCcwDriver } from '../../../src/linux/virtio/virtio-ccw.ts';
import type { ChannelProgram } from '../../../src/zarch/ccw.ts';
import { Irb } from '../../../src/zarch/irb.ts';
import { DSTAT } from '../../../src/zarch/scsw.ts';

/** What a device answers to a command; it may store into the data area first. */
export type Answer = 'end' | 'reject' | 'program-check';

/** A virtio device that is nothing but a list of answers, with one command per start as its driver sends them. */
export class FakeVirtioDevice implements CcwDevice {
  readonly index = 0;
  readonly subchannel = 0;
  readonly deviceNumber = 0x0100;
  readonly cuType = 0x3832;
  readonly devType = 0;
  readonly devModel = 0;
  readonly online = true;
  readonly options = { pathGroup: true, multipath: true };
  readonly pathGroup = false;
  readonly multipath = false;
  readonly pathMask = 0x80;
  readonly cuModel: number;
  /** Commands in two hex digits, and the data that each was sent with. */
  readonly commands: string[] = [];
  readonly data: (readonly number[])[] = [];
  /** Return codes of the next starts. */
  readonly refusals: Errno[] = [];
  answer: (command: number, data: Uint8Array) => Answer;
  driver: VirtioCcwDriver | null = null;
  private readonly irb = new Irb();
  private readonly sim: Simulation;
  private readonly ended: number;

  constructor(sim: Simulation, cuModel: number, answer: FakeVirtioDevice['answer']) {
    this.sim = sim;
    this.cuModel = cuModel;
    this.answer = answer;
    this.ended = sim.defineEvent('fake-virtio.ended', (_target, intparm) =>
      this.driver?.handler(this, intparm, this.irb, E.OK),
    );
  }

  start(program: ChannelProgram, intparm: number): Errno {
    const refusal = this.refusals.shift();
    if (refusal !== undefined) return refusal;
    const { command, data } = program.ccws[0];
    this.commands.push(command.toString(16).padStart(2, '0'));
    this.data.push([...(data ?? [])]);
    const answer = this.answer(command, data ?? new Uint8Array());
    const { scsw } = this.irb;
    scsw.dstat = answer === 'reject' ? DSTAT.UNIT_CHECK : DSTAT.CHANNEL_END | DSTAT.DEVICE_END;
    scsw.cstat = answer === 'program-check' ? 0x20 : 0;
    this.irb.sense[0] = answer === 'reject' ? 0x80 : 0;
    this.sim.after(1_000, PRIORITY.MACHINE, this.ended, 0, intparm);
    return E.OK;
  }

  clear(): Errno {
    return E.OK;
  }
  maximumDataCount(): number {
    return 0;
  }

  halt(): Errno {
    return E.OK;
  }
  scheduleReprobe(): void {}
  chpid(): number {
    return 0;
  }
  *readControlUnitDescription(self: Process): Steps<Errno> {
    yield* self.settle();
    return E.OPNOTSUPP;
  }
}

export interface VirtioRigOptions {
  readonly kernel?: KernelName;
  readonly drivers?: readonly VirtioDriverName[];
  readonly processors?: number;
}

/** The ccw driver with one device of a kind (the control-unit model). */
export class VirtioRig {
  readonly sim = new Simulation();
  readonly device: FakeVirtioDevice;
  readonly driver: VirtioCcwDriver;
  private readonly processes = new Processes(this.sim);

  constructor(cuModel: number, answer: FakeVirtioDevice['answer'], options: VirtioRigOptions = {}) {
    const { kernel = '6.1', drivers = ['rng', 'net', 'blk'], processors = 1 } = options;
    this.device = new FakeVirtioDevice(this.sim, cuModel, answer);
    this.driver = new VirtioCcwDriver({
      sim: this.sim,
      features: kernelFeatures(kernel),
      processors,
      drivers: drivers.map((name) => VIRTIO_DRIVERS[name]),
    });
    this.device.driver = this.driver;
  }

  /** Sets the device online; its commands. */
  online(): string {
    return this.act((self) => this.driver.setOnline(self, this.device));
  }

  offline(): string {
    return this.act((self) => this.driver.setOffline(self, this.device));
  }

  /** Return code of the last action. */
  rc: Errno | null = null;

  private act(body: (self: Process) => Steps<Errno>): string {
    const { commands } = this.device;
    commands.length = 0;
    this.device.data.length = 0;
    this.rc = null;
    const rig = this;
    this.processes.spawn('action', PRIORITY.GUEST, null, 1, function* (self) {
      rig.rc = yield* body(self);
    });
    this.sim.run(this.sim.now + 1_000_000_000);
    return commands.join(' ');
  }
}
