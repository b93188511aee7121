import { assert } from '../kernel/assert.ts';
import type { Process, Steps } from '../kernel/process.ts';
import type { SimTime } from '../kernel/time.ts';
import { E, type Errno } from '../linux/errno.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { carriedSubchannels, isBusy, keepPaths } from '../qemu/migration/carried-devices.ts';
import { type LoadProblem, loadMessages, refusal } from '../qemu/migration/problem.ts';
import { sectionName } from '../qemu/migration/section-names.ts';
import { blockingDevice, transfer } from '../qemu/migration/stream.ts';
import type { VirtualSubchannel } from '../qemu/subchannel.ts';
import type { VirtualChannelSubsystem } from '../qemu/virtual-css.ts';
import { NONE } from '../zarch/ids.ts';
import type { BuiltGuest, GuestMobility, IncomingQemu } from './build-guest.ts';
import type { MigrationReport } from './migration-report.ts';
import type { ResolvedAction } from './resolved.ts';

type MigrateAction = Extract<ResolvedAction, { kind: 'migrate' }>;

/** Reasons as the event `migration.failed` has them. */
const WHAT = { start: 0, 'unknown-section': 1, images: 2, busy: 3 } as const;

/** From one look at the operations of carried devices to the next, ns. */
const LOOK_NS = 10_000;

/** PCI functions are on no bus that gives them a path (s390-pci-bus.c:s390_pci_device_vmstate). */
const PCI_SECTION = 'zpci';

/** Migrates a guest as libvirt does: whatever goes wrong, the guest runs on where it was. */
export const migrate = (
  self: Process,
  guest: BuiltGuest,
  action: MigrateAction,
  observer: Observer,
): Steps<Errno> => new Migration(guest, action, observer).steps(self);

class Migration {
  private readonly guest: BuiltGuest;
  private readonly mobility: GuestMobility;
  private readonly action: MigrateAction;
  private readonly observer: Observer;
  private readonly source: VirtualChannelSubsystem;
  private stoppedAt: SimTime = 0;

  constructor(guest: BuiltGuest, action: MigrateAction, observer: Observer) {
    assert(guest.mobility !== null, 'a guest that is to be migrated is built for it');
    this.guest = guest;
    this.mobility = guest.mobility;
    this.action = action;
    this.observer = observer;
    this.source = guest.css;
  }

  *steps(self: Process): Steps<Errno> {
    const { guest, action, source } = this;
    if (guest.machine?.vm.loop.isOver === true) return E.NODEV;
    const blocking = blockingDevice(source, action.carries);
    if (blocking !== null || hasFunctions(guest)) return this.refuse(blocking);
    const incoming = this.mobility.incoming(action.to);
    const started = incoming.start(self);
    if (!(typeof started === 'boolean' ? started : yield* started)) {
      incoming.machine?.vm.quit();
      return this.fail(WHAT.start, []);
    }

    this.stop();
    if (guest.machine !== null) yield* guest.machine.vm.drain(self);
    const deadline = this.stoppedAt + action.downtimeNs;
    while (isBusy(source) && this.now < deadline) yield* self.sleep(LOOK_NS);
    if (isBusy(source)) return this.returnFrom(incoming, WHAT.busy, []);
    yield* self.sleep(Math.max(0, deadline - this.now));

    const restorePaths = keepPaths(incoming.css);
    const problem = this.load(incoming.css);
    if (problem !== null) return this.misfit(incoming, problem);
    restorePaths();
    return this.arrive(incoming);
  }

  private refuse(blocking: VirtualSubchannel | null): Errno {
    this.emit(EVENT['migration.refused'], blocking?.cssid, blocking?.deviceNumber, 0, blocking);
    this.tell('refused', [refusal(blocking === null ? PCI_SECTION : sectionName(blocking))]);
    return E.OPNOTSUPP;
  }

  private stop(): void {
    this.stoppedAt = this.now;
    this.mobility.channels.stop();
    this.emit(EVENT['migration.stopped']);
  }

  private load(css: VirtualChannelSubsystem): LoadProblem | null {
    let position = 0;
    return transfer(this.source, css, (_section, sch) => {
      const { cssid, deviceNumber } = sch ?? { cssid: css.devices.defaultCssid, deviceNumber: 0 };
      this.emit(EVENT['migration.section'], position++, cssid, deviceNumber, sch);
    });
  }

  private misfit(incoming: IncomingQemu, problem: LoadProblem): Errno {
    const messages = loadMessages(problem, incoming.css.features.migrationMessages);
    if (problem.kind === 'images') {
      return this.returnFrom(incoming, WHAT.images, messages, { cssid: problem.cssid, deviceNumber: 0 });
    }
    const of = this.source.devices.realized.find((sch) => sectionName(sch) === problem.section);
    return this.returnFrom(incoming, WHAT['unknown-section'], messages, of);
  }

  /** The destination ends, and the guest runs on at the source. */
  private returnFrom(
    { machine }: IncomingQemu,
    what: number,
    messages: string[],
    of?: { readonly cssid: number; readonly deviceNumber: number },
  ): Errno {
    machine?.vm.quit();
    this.mobility.channels.resume(this.guest.machine?.vm ?? this.source);
    return this.fail(what, messages, of);
  }

  private fail(
    what: number,
    messages: string[],
    of?: { readonly cssid: number; readonly deviceNumber: number },
  ): Errno {
    this.emit(EVENT['migration.failed'], what, of?.cssid, of?.deviceNumber);
    this.tell('failed', messages);
    return E.INVAL;
  }

  private arrive({ css, machine, channels }: IncomingQemu): Errno {
    const { guest, source } = this;
    const before = pendingIn(source);
    const after = pendingIn(css);
    css.reports.queue.continueCounts(source.reports.queue);
    guest.machine?.vm.quit();
    guest.css = css;
    guest.machine = machine;
    if (machine !== null) {
      const { features, pciEvents: events } = css;
      guest.pci?.guest?.moveTo({ loop: machine.vm.loop, features, events });
    }
    const lost = before.map((count, at) => Math.max(0, count - after[at]));
    if (lost.some((count) => count > 0)) this.emit(EVENT['migration.lost'], ...lost);
    this.emit(EVENT['migration.completed'], ...after);
    this.tell('completed', []);
    if (this.action.report === 'subchannel') {
      for (const sch of carriedSubchannels(css)) css.reports.subchannelChanged(sch);
    }
    this.mobility.channels.resume(channels);
    return E.OK;
  }

  private get now(): SimTime {
    return this.guest.linux.sim.now;
  }

  private emit(event: number, a = 0, b = 0, c = 0, sch: VirtualSubchannel | null = null): void {
    this.observer.emit(event, this.action.system, sch?.id ?? NONE, NONE, NONE, NONE, a, b, c);
  }

  private tell(verdict: MigrationReport['verdict'], messages: string[]): void {
    const { atNs } = this.action;
    const downtimeNs = this.stoppedAt === 0 ? 0 : this.now - this.stoppedAt;
    this.mobility.reports.push({ atNs, system: this.guest.linux.name, verdict, downtimeNs, messages });
  }
}

const hasFunctions = ({ pci }: BuiltGuest): boolean => (pci?.guest?.qemu.functions.length ?? 0) > 0;

/** Reports, the machine check for them, and I/O interruptions. */
function pendingIn({ reports, interrupts }: VirtualChannelSubsystem): [number, number, number] {
  const { machineCheck, interruptions } = interrupts.save();
  const waiting = interruptions.reduce((sum, queue) => sum + queue.length, 0);
  return [reports.queue.pending, machineCheck ? 1 : 0, waiting];
}
