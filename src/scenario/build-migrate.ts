import { assert } from '../kernel/assert.ts';
import type { Process, Steps } from '../kernel/process.ts';
import type { SimTime } from '../kernel/time.ts';
import { E, type Errno } from '../linux/errno.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { type LoadProblem, loadMessages, refusal } from '../qemu/migration/problem.ts';
import { sectionName } from '../qemu/migration/section-names.ts';
import { blockingDevice, transfer } from '../qemu/migration/stream.ts';
import type { VirtualSubchannel } from '../qemu/subchannel.ts';
import type { VirtualChannelSubsystem } from '../qemu/virtual-css.ts';
import { NONE } from '../zarch/ids.ts';
import type { BuiltGuest } from './build-guest.ts';
import type { MigrationReport } from './migration-report.ts';
import type { ResolvedAction } from './resolved.ts';

type MigrateAction = Extract<ResolvedAction, { kind: 'migrate' }>;

/** Reasons as the event `migration.failed` has them. */
const WHAT = { start: 0, 'unknown-section': 1, images: 2 } as const;

/** What libvirt does with a guest: whatever goes wrong, the guest runs on where it was. */
export function* migrate(
  self: Process,
  guest: BuiltGuest,
  action: MigrateAction,
  observer: Observer,
): Steps<Errno> {
  const { mobility, css } = guest;
  assert(mobility !== null, 'a guest that is to be migrated is built for it');
  const { channels } = mobility;
  const { system } = action;
  const emit = (event: number, a = 0, b = 0, c = 0, sch: VirtualSubchannel | null = null): void =>
    observer.emit(event, system, sch?.id ?? NONE, NONE, NONE, NONE, a, b, c);
  const tell = (verdict: MigrationReport['verdict'], downtimeNs: SimTime, messages: string[]): void => {
    mobility.reports.push({ atNs: action.atNs, system: guest.linux.name, verdict, downtimeNs, messages });
  };

  const blocking = blockingDevice(css);
  if (blocking !== null || hasFunctions(guest)) {
    emit(EVENT['migration.refused'], blocking?.cssid, blocking?.deviceNumber, 0, blocking);
    tell('refused', 0, [refusal(blocking === null ? PCI_SECTION : sectionName(blocking))]);
    return E.OPNOTSUPP;
  }
  const incoming = mobility.incoming(action.to);
  const started = incoming.start(self);
  if (!(typeof started === 'boolean' ? started : yield* started)) {
    emit(EVENT['migration.failed'], WHAT.start);
    tell('failed', 0, []);
    return E.INVAL;
  }

  const stoppedAt = guest.linux.sim.now;
  channels.stop();
  emit(EVENT['migration.stopped']);
  if (guest.machine !== null) yield* guest.machine.vm.drain(self);
  yield* self.sleep(action.downtimeNs);

  let position = 0;
  const problem = transfer(css, incoming.css, (_section, sch) => {
    const { cssid, deviceNumber } = sch ?? { cssid: incoming.css.devices.defaultCssid, deviceNumber: 0 };
    emit(EVENT['migration.section'], position++, cssid, deviceNumber, sch);
  });
  const downtimeNs = guest.linux.sim.now - stoppedAt;
  if (problem !== null) {
    incoming.machine?.vm.quit();
    channels.resume(guest.machine?.vm ?? css);
    const sch = deviceOf(css, problem);
    emit(EVENT['migration.failed'], WHAT[problem.kind], imageOf(problem, sch), sch?.deviceNumber ?? 0, sch);
    tell('failed', downtimeNs, loadMessages(problem, incoming.css.features.migrationMessages));
    return E.INVAL;
  }
  const before = pendingIn(css);
  incoming.css.reports.queue.continueCounts(css.reports.queue);
  guest.machine?.vm.quit();
  guest.css = incoming.css;
  guest.machine = incoming.machine;
  const after = pendingIn(incoming.css);
  const lost = before.map((count, at) => count - after[at]);
  if (lost.some((count) => count > 0)) emit(EVENT['migration.lost'], ...lost);
  emit(EVENT['migration.completed'], ...after);
  tell('completed', downtimeNs, []);
  channels.resume(incoming.channels);
  return E.OK;
}

/** PCI functions are on no bus that gives them a path (s390-pci-bus.c:s390_pci_device_vmstate). */
const PCI_SECTION = 'zpci';
const hasFunctions = ({ pci }: BuiltGuest): boolean => (pci?.guest?.qemu.functions.length ?? 0) > 0;

/** Reports, the machine check for them, and I/O interruptions. */
function pendingIn({ reports, interrupts }: VirtualChannelSubsystem): [number, number, number] {
  const { machineCheck, interruptions } = interrupts.save();
  const waiting = interruptions.reduce((sum, queue) => sum + queue.length, 0);
  return [reports.queue.pending, machineCheck ? 1 : 0, waiting];
}

/** The device of the source whose section did not fit. */
const deviceOf = (css: VirtualChannelSubsystem, problem: LoadProblem): VirtualSubchannel | null =>
  problem.kind === 'images'
    ? null
    : (css.devices.realized.find((sch) => sectionName(sch) === problem.section) ?? null);

const imageOf = (problem: LoadProblem, sch: VirtualSubchannel | null): number =>
  problem.kind === 'images' ? problem.cssid : (sch?.cssid ?? 0);
