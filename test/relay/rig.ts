import { PRIORITY } from '../../src/kernel/priority.ts';
import type { Process, Steps } from '../../src/kernel/process.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import type { LinuxSystem } from '../../src/linux/linux-system.ts';
import type { PathLink } from '../../src/linux/subchannel.ts';
import { CHP_EVENT, type ChpEvent } from '../../src/linux/subchannel-driver.ts';
import type { KernelRelay, PathEvent, RelayedDevice } from '../../src/linux/vfio/event-relay.ts';
import { ReportStorage } from '../../src/linux/vfio/report-storage.ts';
import type { Work } from '../../src/linux/work-queue.ts';
import type { RelayMachine, VmmRelay } from '../../src/qemu/event-relay.ts';
import { VirtualImage } from '../../src/qemu/image.ts';
import { ReportQueue } from '../../src/qemu/report-queue.ts';
import type { PassthroughDevice } from '../../src/qemu/vfio-ccw.ts';
import type { VirtualChannelSubsystem } from '../../src/qemu/virtual-css.ts';
import type { Relay } from '../../src/relay/relay.ts';
import type { ChscBlock } from '../../src/zarch/chsc.ts';
import { Crw, crwWord } from '../../src/zarch/crw.ts';
import { Schib } from '../../src/zarch/schib.ts';

/**
 * Relays between a host and guests that are made of counters: every step is taken at once, and nobody has a processor.
 * The host tells each device of an event in turn; an eventfd is handled when it is signalled.
 */
const SELF = {} as Process;

function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next(0);
    if (done === true) return value;
  }
}

/** The machine as all hosts see it: which channel paths are there. */
export class Paths {
  readonly chpids: readonly number[];
  readonly gone = new Set<number>();

  constructor(chpids: readonly number[]) {
    this.chpids = chpids;
  }

  get pam(): number {
    return this.chpids.reduce((pam, chpid, at) => (this.gone.has(chpid) ? pam : pam | (0x80 >> at)), 0);
  }
}

/** One device: what the host's kernel knows of it, and what QEMU makes of it. */
class RigDevice {
  readonly words: number[] = [];
  readonly schib = new Schib();
  isOpen = true;
  private readonly guest: RigGuest;

  constructor(guest: RigGuest, number: number) {
    this.guest = guest;
    const { paths, vmm } = guest;
    this.schib.pmcw.deviceNumber = number;
    this.schib.pmcw.pam = paths.pam;
    const chpidOf = (chpid: number): number => vmm.guestChpid?.(this.passthrough, chpid) ?? chpid;
    this.schib.pmcw.chpids.set(paths.chpids.map(chpidOf));
  }

  readonly relayed = {
    subchannel: 0,
    queueReport: (_self: Process, word: number): Steps => this.queueReport(word),
    takeStorage: () => {
      if (this.guest.hasStorage) this.guest.counts.kernelReports++;
      return this.guest.hasStorage;
    },
    hasRoom: () => true,
    giveBackStorage: () => {},
    notify: () => this.guest.notify(this),
  } as unknown as RelayedDevice;

  readonly passthrough = {
    refreshPaths: () => this.refreshPaths(),
    readReport: () => this.readReport(),
  } as unknown as PassthroughDevice;

  describe(): void {
    const { paths } = this.guest;
    Object.defineProperty(this.relayed, 'isOpen', { get: () => this.isOpen });
    Object.defineProperty(this.relayed, 'reports', { value: this });
    Object.assign(this.passthrough, {
      sch: { schib: this.schib },
      host: { chpids: Uint8Array.from(paths.chpids) },
    });
  }

  /** As the list of the kernel. */
  get isEmpty(): boolean {
    return this.words.length === 0;
  }

  *take(): Steps<number> {
    yield;
    return this.words.shift() ?? 0;
  }

  private *queueReport(word: number): Steps {
    yield;
    this.words.push(word);
    this.guest.counts.kernelReports++;
    this.guest.notify(this);
  }

  private *refreshPaths(): Steps {
    yield;
    this.guest.counts.schibReads++;
    this.schib.pmcw.pam = this.guest.paths.pam;
  }

  private *readReport(): Steps<number> {
    this.guest.counts.reportReads++;
    return yield* this.guest.kernel.read(SELF, this.relayed);
  }
}

/** What a relay has cost. */
export class RigCounts {
  /** Words that the kernel kept; signals of eventfds; reads of the SCHIB and of the report region. */
  kernelReports = 0;
  signals = 0;
  schibReads = 0;
  reportReads = 0;
  machineChecks = 0;
}

/** One virtual machine with devices behind the same paths, and a guest that fetches reports when it is told to. */
export class RigGuest {
  readonly counts = new RigCounts();
  /** The kernel finds storage for what it keeps for this machine, unless in the lists of devices. */
  hasStorage = true;
  readonly paths: Paths;
  readonly kernel: KernelRelay;
  readonly vmm: VmmRelay;
  readonly queue = new ReportQueue(() => this.counts.machineChecks++);
  readonly devices: RigDevice[] = [];
  /** Work of devices that is queued, and eventfds that QEMU has not handled. */
  private readonly works: RigDevice[] = [];
  private readonly signalled = new Set<RigDevice>();
  private readonly image = new VirtualImage();

  constructor(relay: Relay, host: LinuxSystem, paths: Paths, devices: number) {
    this.paths = paths;
    this.kernel = relay.kernel(host);
    const css = {
      reports: { queue: this.queue, storage: new ReportStorage() },
      image: () => this.image,
    } as unknown as VirtualChannelSubsystem;
    this.image.addPath(0, 0x32);
    const machine: RelayMachine = {
      css,
      get devices(): readonly PassthroughDevice[] {
        return [];
      },
      report: (word) => this.queue.add(word),
      timer: () => {
        throw new Error('no timers here');
      },
    };
    this.vmm = relay.vmm(machine);
    for (let number = 0; number < devices; number++) {
      const device = new RigDevice(this, number);
      device.describe();
      this.devices.push(device);
    }
  }

  /** The kernel half hears of an event of one device. */
  hear({ relayed }: RigDevice, event: PathEvent): void {
    finish(this.kernel.pathEvent(SELF, relayed, event));
  }

  /** The device's work is queued; nothing happens when it is already. */
  notify(device: RigDevice): void {
    if (!this.works.includes(device)) this.works.push(device);
  }

  /** The host's work queue and QEMU's main loop run until there is nothing left for them. */
  settle(): void {
    for (let device = this.works.shift(); device !== undefined; device = this.works.shift()) {
      this.tell(device);
      this.handleSignals();
    }
  }

  /** The work queue runs, but QEMU does not. */
  settleKernel(): void {
    for (let device = this.works.shift(); device !== undefined; device = this.works.shift())
      this.tell(device);
  }

  handleSignals(): void {
    for (const device of this.signalled) {
      this.signalled.delete(device);
      const steps = this.vmm.pathNotified?.(SELF, device.passthrough);
      if (steps !== undefined) finish(steps);
      this.tell(device);
    }
  }

  stsch(device: RigDevice): Schib {
    const steps = this.vmm.storeSubchannel?.(SELF, device.passthrough);
    if (steps !== undefined) finish(steps);
    return device.schib;
  }

  ssch(device: RigDevice): void {
    const steps = this.vmm.startRefused?.(SELF, device.passthrough, 3);
    if (steps !== undefined) finish(steps);
  }

  call(block: ChscBlock): boolean {
    const steps = this.vmm.call?.(SELF, block);
    return steps === undefined ? false : finish(steps);
  }

  /** STCRW until the queue is empty. */
  fetchReports(): number[] {
    const words: number[] = [];
    const crw = new Crw();
    while (this.queue.store(crw) === 0) words.push(crwWord(crw));
    return words;
  }

  private tell(device: RigDevice): void {
    if (!this.kernel.hasNews(device.relayed)) return;
    this.counts.signals++;
    this.signalled.add(device);
  }
}

/** A host with guests, all behind the same channel paths. */
export class RigHost {
  readonly sim = new Simulation();
  readonly paths: Paths;
  readonly guests: RigGuest[] = [];
  private readonly linux: LinuxSystem;

  constructor(
    relay: Relay,
    guests: number,
    devices: number,
    chpids: readonly number[] = [0x40, 0x41, 0x42, 0x43],
  ) {
    this.paths = new Paths(chpids);
    const { sim } = this;
    const systemQueue = { queue: (work: Work) => finish(work.run(SELF)) };
    this.linux = { sim, name: 'host', priority: PRIORITY.HOST, systemQueue } as unknown as LinuxSystem;
    for (let guest = 0; guest < guests; guest++) {
      this.guests.push(new RigGuest(relay, this.linux, this.paths, devices));
    }
  }

  /** A channel path leaves the configuration or enters it: every device of every guest is told in turn. */
  change(chpid: number, present: boolean, settle = true): void {
    if (present) this.paths.gone.delete(chpid);
    else this.paths.gone.add(chpid);
    this.deliver({ chpid, flaMask: 0, fla: 0 }, present ? CHP_EVENT.ONLINE : CHP_EVENT.OFFLINE, settle);
  }

  vary(chpid: number, on: boolean): void {
    this.deliver({ chpid, flaMask: 0, fla: 0 }, on ? CHP_EVENT.VARY_ON : CHP_EVENT.VARY_OFF, true);
  }

  deliver(link: PathLink, event: ChpEvent, settle: boolean): void {
    const mask = 0x80 >> this.paths.chpids.indexOf(link.chpid);
    for (const guest of this.guests) {
      for (const device of guest.devices) {
        guest.hear(device, { event, link, mask });
        if (settle) guest.settle();
      }
    }
  }

  /** Time passes: windows end, and what they let through is handled. */
  run(until: number): void {
    this.sim.run(until);
    for (const guest of this.guests) guest.settle();
  }

  /** A count summed over all guests. */
  total(count: keyof RigCounts): number {
    return this.guests.reduce((sum, { counts }) => sum + counts[count], 0);
  }
}
