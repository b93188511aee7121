import type { Process, Steps } from '../kernel/process.ts';
import type { ChscBlock } from '../zarch/chsc.ts';
import type { Chpid } from '../zarch/ids.ts';
import type { Orb } from '../zarch/orb.ts';
import type { LoopTimer } from './main-loop.ts';
import type { PassthroughDevice } from './vfio-ccw.ts';
import type { VirtualChannelSubsystem } from './virtual-css.ts';

/** QEMU goes on with what it does for the instruction anyway; else the condition code. */
export const PASS = -1;
export type Intervention = typeof PASS | 0 | 1 | 2 | 3;

/** What a relay sees of the virtual machine that it works for. */
export interface RelayMachine {
  /** The guest's subchannels, channel paths and waiting reports. */
  readonly css: VirtualChannelSubsystem;
  /** Passed-through devices that the guest has, in the order in which they were realized. */
  readonly devices: readonly PassthroughDevice[];
  /** Queues a report for the guest (`css.injectReport`, unless a modifier that wraps the relay stands between). */
  report(word: number): void;
  /** A timer of QEMU's: its handler runs in the main loop. */
  timer(expired: (self: Process) => Steps): LoopTimer;
}

/**
 * The VMM half of a strategy that relays channel-path events of the host to a guest: what QEMU does when something
 * happens on either side. Every hook runs under QEMU's lock in the process `self`, to which its work is charged, and may
 * call the host's kernel. A hook that is left out does nothing, and the instruction goes its usual way.
 */
export interface VmmRelay {
  /** The CHPID by which the guest is to know a channel path of the host; asked once for each path, at realize. */
  guestChpid?(device: PassthroughDevice, chpid: Chpid): Chpid;
  /** The device is open: its regions and notifications are known. The guest may not run yet. */
  realized?(self: Process, device: PassthroughDevice): Steps;
  /** The kernel has signalled a path event for the device. */
  pathNotified?(self: Process, device: PassthroughDevice): Steps;
  /** Status of the host's subchannel has become the guest's; its interruption is injected afterwards. */
  ioNotified?(self: Process, device: PassthroughDevice): Steps;
  /** The host wants the device back. True: it has been dealt with; else the device is unplugged. */
  requestNotified?(self: Process, device: PassthroughDevice): Steps<boolean>;
  /** STSCH: the guest's SCHIB of the device is about to be stored. */
  storeSubchannel?(self: Process, device: PassthroughDevice): Steps;
  /** SSCH: `orb` is about to be accepted by the guest's subchannel. */
  startSubchannel?(self: Process, device: PassthroughDevice, orb: Orb): Steps<Intervention>;
  /** The host has refused a start that the guest's subchannel accepted; the guest will see this condition code. */
  startRefused?(self: Process, device: PassthroughDevice, cc: 2 | 3): Steps;
  /** CHSC; true: the response stands in the block. */
  call?(self: Process, block: ChscBlock): Steps<boolean>;
  /** RCHP of a CHPID of the guest's default image. */
  resetPath?(self: Process, chpid: number): Steps<Intervention>;
  /** STCRW: the oldest report is about to be taken from the queue. */
  storeReport?(self: Process): Steps;
  /** The guest is reset. */
  reset?(self: Process): Steps;
  /** The device has left the guest and is about to be closed. */
  unplugged?(self: Process, device: PassthroughDevice): Steps;
}

/** Makes the relay of one virtual machine. */
export type VmmRelayFactory = (machine: RelayMachine) => VmmRelay;

/**
 * What QEMU does since release 5.1: every report of the kernel is handed to the guest as it is, and the guest's STSCH
 * shows the paths of the host at that time (hw/vfio/ccw.c: vfio_ccw_crw_read, vfio_ccw_handle_store). Where the kernel
 * has no such regions, nothing is relayed.
 */
export const upstreamVmmRelay: VmmRelayFactory = (machine) => ({
  *pathNotified(self, device) {
    for (let word = yield* device.readReport(self); word !== 0; word = yield* device.readReport(self)) {
      machine.report(word);
    }
  },
  storeSubchannel: (self, device) => device.refreshPaths(self),
});
