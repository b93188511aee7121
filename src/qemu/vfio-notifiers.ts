import type { Process, Steps } from '../kernel/process.ts';
import { E, type Errno } from '../linux/errno.ts';
import { EventFd } from '../linux/vfio/event-fd.ts';
import { IRQ, type IrqIndex } from '../linux/vfio/uapi.ts';
import { ACTL, CSTAT, STCTL } from '../zarch/scsw.ts';
import { operationalNotified } from './device-gone.ts';
import type { HostedChannelSubsystem } from './hosted-css.ts';
import type { LoopJob } from './main-loop.ts';
import { keepsStatus } from './status-policy.ts';
import type { VirtualSubchannel } from './subchannel.ts';
import type { PassthroughDevice } from './vfio-ccw.ts';

/** A handler of the main loop for one eventfd of one device. It runs once for all signals since it ran last. */
class Notifier implements LoopJob {
  readonly costNs = 0;
  readonly eventFd: EventFd;
  private readonly irq: IrqIndex;
  private readonly device: PassthroughDevice;
  private readonly handle: (self: Process, eventFd: EventFd) => Steps;

  constructor(
    vm: HostedChannelSubsystem,
    device: PassthroughDevice,
    irq: IrqIndex,
    handle: (self: Process, eventFd: EventFd) => Steps,
  ) {
    this.device = device;
    this.irq = irq;
    this.handle = handle;
    this.eventFd = new EventFd(() => vm.wakeFor(this));
  }

  /** event_notifier_test_and_clear: a device that was closed meanwhile has nothing to say any more. */
  begin(self: Process): Steps | null {
    if (this.eventFd.read() === 0 || !this.device.isOpen) return null;
    this.device.notified(this.irq);
    return this.handle(self, this.eventFd);
  }

  ended(): void {}
}

/** Makes the eventfds of a device known to the kernel, and QEMU listen to them (vfio_ccw_register_irq_notifier). */
export function listen(vm: HostedChannelSubsystem, device: PassthroughDevice): void {
  const { host, regions } = device;
  const notifier = (irq: IrqIndex, handle: (self: Process, eventFd: EventFd) => Steps): void => {
    host.setTrigger(irq, new Notifier(vm, device, irq, handle).eventFd);
  };
  notifier(IRQ.IO, (self) => ioNotified(vm, device, self));
  if (regions.crw) notifier(IRQ.CRW, (self, eventFd) => pathNotified(vm, device, self, eventFd));
  if (regions.request) notifier(IRQ.REQ, (self) => requestNotified(vm, device, self));
  if (vm.policies.gone === 'disconnected' && host.irqCount(IRQ.OPER) > 0) {
    notifier(IRQ.OPER, (self) => operationalNotified(vm, device, self));
  }
}

/**
 * vfio_ccw_io_notifier_handler: the guest is interrupted even when there is no status for it. A subchannel of which it
 * knows that its device is gone has no status any more.
 */
function* ioNotified(vm: HostedChannelSubsystem, device: PassthroughDevice, self: Process): Steps {
  if (device.isDisconnected) return;
  if (!keepsStatus(vm.policies.status, device.sch)) return yield* device.dropStatus(self);
  const rc = yield* device.fetchStatus(self);
  if (rc !== E.OK) statusLost(device.sch, rc);
  const steps = vm.relay.ioNotified?.(self, device);
  if (steps !== undefined) yield* steps;
  vm.css.queueInterruption(device.sch, false);
}

/** The host's status cannot be read: the guest gets one that says so. */
function statusLost({ schib: { scsw } }: VirtualSubchannel, rc: Errno): void {
  if (rc === E.NODEV) {
    scsw.cc = 3;
    scsw.stctl = STCTL.ALERT | STCTL.PENDING;
    return;
  }
  scsw.actl &= ~ACTL.START_PENDING;
  scsw.cstat = rc === E.FAULT ? CSTAT.CHANNEL_DATA_CHECK : CSTAT.PROGRAM_CHECK;
  scsw.stctl = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.ALERT | STCTL.PENDING;
}

/** vfio_ccw_crw_notifier_handler: what the kernel has signalled meanwhile, reading itself perhaps, is handled here too. */
function* pathNotified(
  vm: HostedChannelSubsystem,
  device: PassthroughDevice,
  self: Process,
  eventFd: EventFd,
): Steps {
  do {
    const steps = vm.relay.pathNotified?.(self, device);
    if (steps !== undefined) yield* steps;
  } while (eventFd.read() > 0);
}

/** vfio_ccw_req_notifier_handler: the device is unplugged, which the guest is not asked for. */
function* requestNotified(vm: HostedChannelSubsystem, device: PassthroughDevice, self: Process): Steps {
  const steps = vm.relay.requestNotified?.(self, device);
  if (steps !== undefined && (yield* steps)) return;
  yield* vm.unplug(self, device);
}
