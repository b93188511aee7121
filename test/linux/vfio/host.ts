import type { MachineChannelSubsystem } from '../../../src/channel/image.ts';
import { Machine } from '../../../src/channel/machine.ts';
import { PATH_GENERATIONS } from '../../../src/channel/path-generations.ts';
import type { Process, Steps } from '../../../src/kernel/process.ts';
import { RandomStreams } from '../../../src/kernel/random.ts';
import type { Simulation } from '../../../src/kernel/simulation.ts';
import type { Errno } from '../../../src/linux/errno.ts';
import type { KernelFeatures, KernelName } from '../../../src/linux/kernel-features.ts';
import type { VfioDevice } from '../../../src/linux/vfio/device.ts';
import { VfioCcwDriver } from '../../../src/linux/vfio/driver.ts';
import { EventFd } from '../../../src/linux/vfio/event-fd.ts';
import { type KernelRelay, UpstreamKernelRelay } from '../../../src/linux/vfio/event-relay.ts';
import type { GonePolicy } from '../../../src/linux/vfio/gone-policy.ts';
import { GuestMemory } from '../../../src/linux/vfio/guest-memory.ts';
import type { VfioCosts } from '../../../src/linux/vfio/options.ts';
import type { PathGroupOwner } from '../../../src/linux/vfio/path-group-owner.ts';
import type { RegionLayout } from '../../../src/linux/vfio/region-layout.ts';
import {
  ASYNC_COMMAND,
  CommandRegion,
  CrwRegion,
  IoRegion,
  IRQ,
  SchibRegion,
} from '../../../src/linux/vfio/uapi.ts';
import { BLIND } from '../../../src/observe/observer.ts';
import { rotation } from '../../../src/pathing/rotation.ts';
import type { ChannelProgram } from '../../../src/zarch/ccw.ts';
import { FCTL } from '../../../src/zarch/scsw.ts';
import { OPTIONS } from '../../channel/test-machine.ts';
import { KnownUnit, plainDriver } from '../partition.ts';
import { nop, Rig } from '../rig.ts';

export const SECOND = 1_000_000_000;
export const MS = 1_000_000;

/** As the defaults of a scenario have them. */
export const COSTS: VfioCosts = {
  translateNs: 2_000,
  translatePerCcwNs: 500,
  pinPerPageNs: 350,
  workNs: 1_000,
  listStepNs: 20,
};

export interface HostShape {
  readonly devices?: number;
  readonly paths?: number;
  readonly kernel?: KernelName;
  readonly features?: Partial<KernelFeatures>;
  readonly costs?: Partial<VfioCosts>;
  readonly relay?: KernelRelay;
  readonly noPath?: 'cc3' | 'deferred-cc3';
  readonly gone?: GonePolicy;
  readonly regions?: RegionLayout;
  readonly pathGroup?: PathGroupOwner;
  readonly unit?: KnownUnit;
  /** Subchannels are bound to vfio-ccw as soon as they are found. */
  readonly override?: boolean;
}

/** A process of user space that has devices of the host open, as QEMU does. */
export class Guest {
  readonly device: VfioDevice;
  readonly memory: GuestMemory;
  readonly io = new EventFd();
  readonly crw = new EventFd();
  readonly req = new EventFd();
  readonly oper = new EventFd();
  readonly region = new IoRegion();

  constructor(device: VfioDevice, memory: GuestMemory) {
    this.device = device;
    this.memory = memory;
    device.setTrigger(IRQ.IO, this.io);
    device.setTrigger(IRQ.CRW, this.crw);
    device.setTrigger(IRQ.REQ, this.req);
    device.setTrigger(IRQ.OPER, this.oper);
  }

  /** START SUBCHANNEL. */
  *start(self: Process, lpm = 0, program: ChannelProgram = nop()): Steps<Errno> {
    const { region } = this;
    region.orb.program = program;
    region.orb.lpm = lpm;
    region.scsw.fctl = FCTL.START;
    return yield* this.device.write(self, region);
  }

  *command(self: Process, name: keyof typeof ASYNC_COMMAND): Steps<Errno> {
    const region = new CommandRegion();
    region.command = ASYNC_COMMAND[name];
    return yield* this.device.write(self, region);
  }

  *readReport(self: Process): Steps<number> {
    const region = new CrwRegion();
    yield* this.device.read(self, region);
    return region.crw;
  }

  *readSchib(self: Process, into = new SchibRegion()): Steps<Errno> {
    return yield* this.device.read(self, into);
  }

  *readStatus(self: Process): Steps<Errno> {
    return yield* this.device.read(self, this.region);
  }
}

/** A Linux on a machine whose devices, 1000 and up on CHPIDs 40 and up, are passed through to guests. */
export class Host {
  readonly unit: KnownUnit;
  readonly rig: Rig<MachineChannelSubsystem>;
  readonly vfio: VfioCcwDriver;
  readonly memory = new GuestMemory();
  readonly relay: KernelRelay;
  readonly guests: Guest[] = [];
  machine!: Machine;
  private readonly shape: HostShape;

  constructor(shape: HostShape = {}) {
    this.shape = shape;
    this.unit = shape.unit ?? new KnownUnit();
    this.relay = shape.relay ?? new UpstreamKernelRelay();
    const {
      kernel = '6.16',
      features = {},
      gone = 'unplug',
      regions = 'separate',
      pathGroup = 'guest',
    } = shape;
    this.rig = new Rig((sim) => this.image(sim), { kernel, features, driver: plainDriver() });
    const costs = { ...COSTS, ...shape.costs };
    this.vfio = new VfioCcwDriver(this.rig.linux, { costs, heap: null, gone, regions, pathGroup });
    if (shape.override === true) this.vfio.override(() => true);
    this.rig.boot();
  }

  get devices(): number {
    return this.shape.devices ?? 2;
  }

  /** Every device has been passed through and opened. */
  opened(): this {
    for (let schid = 0; schid < this.devices; schid++) {
      this.act((self) => this.vfio.passThrough(self, schid, this.relay));
      const guest = new Guest(this.vfio.device(schid)!, this.memory);
      this.act((self) => guest.device.open(self, this.memory));
      this.guests.push(guest);
    }
    this.rig.recorder.clear();
    return this;
  }

  act(body: (self: Process) => Steps<Errno>, ns = 100 * MS): Errno | undefined {
    return this.rig.act(body, ns);
  }

  /** Lets things take their course. */
  runFor(ns: number): void {
    this.rig.runFor(ns);
  }

  configure(path: number, on: boolean): void {
    this.machine.configuration.configureChpid(this.machine.channelPaths[path], on);
  }

  /** Takes a device out of the machine's configuration, or puts it back. */
  detach(at = 0): void {
    const [image] = this.machine.images;
    this.machine.devices.detach(image, image.subchannels[at]);
  }
  attach(at = 0): void {
    const [image] = this.machine.images;
    this.machine.devices.attach(image, image.subchannels[at]);
  }

  /** How often each device of the host was told of something. */
  eventFds(name: 'io' | 'crw' | 'req' | 'oper'): number[] {
    return this.guests.map((guest) => guest[name].read());
  }

  private image(sim: Simulation): MachineChannelSubsystem {
    const noPath = this.shape.noPath ?? 'deferred-cc3';
    this.machine = new Machine({
      sim,
      observer: BLIND,
      streams: new RandomStreams('1'),
      options: { ...OPTIONS, subchannelSets: 4, noPath, crwQueueDepth: 64 },
      policy: rotation,
    });
    const paths = Array.from({ length: this.shape.paths ?? 4 }, (_, at) =>
      this.machine.addChannelPath(0x40 + at, PATH_GENERATIONS['ficon-express8s'], 500, null),
    );
    this.machine.addControlUnit(this.unit, paths);
    const image = this.machine.addImage();
    const devices = Array.from({ length: this.devices }, (_, at) => ({
      deviceNumber: 0x1000 + at,
      unitAddress: at,
      ssid: 0,
    }));
    this.machine.addSubchannels(image, this.unit, devices, [0, 0, 0, 0]);
    return image;
  }
}
