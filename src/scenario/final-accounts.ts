import { VirtualChannelSubsystem } from '../qemu/virtual-css.ts';
import type { BuiltSystem } from './build-systems.ts';

/** What the kernel of a KVM host has at the end of a run, for its guests: the left side of a law, and the right. */
export interface HostAccount {
  readonly system: number;
  /** Channel reports that have taken storage so far; that hold it now; and that wait in some list. */
  readonly reportsTaken: number;
  readonly reportsStored: number;
  readonly reportsWaiting: number;
}

/** What QEMU has at the end of a run, for its guest. */
export interface GuestAccount {
  readonly system: number;
  /** Words of channel reports. */
  readonly reportsQueued: number;
  readonly reportsFetched: number;
  readonly reportsWithdrawn: number;
  readonly reportsPending: number;
  /** Pages that are pinned now; for programs in progress, and by programs that a kernel has forgotten. */
  readonly pagesPinned: number;
  readonly pagesInUse: number;
  readonly pagesForgotten: number;
}

export function hostAccounts(systems: readonly BuiltSystem[]): HostAccount[] {
  return systems.flatMap((built, system) => {
    if (built.kind !== 'partition' || built.host === null) return [];
    const { host } = built;
    const { taken, givenBack } = host.vfio.reportStorage;
    return [
      {
        system,
        reportsTaken: taken,
        reportsStored: taken - givenBack,
        reportsWaiting: host.reportsWaiting,
      },
    ];
  });
}

export function guestAccounts(systems: readonly BuiltSystem[]): GuestAccount[] {
  return systems.flatMap((built, system) => {
    if (built.kind !== 'guest' || !(built.css instanceof VirtualChannelSubsystem)) return [];
    const { queue } = built.css.reports;
    const memory = built.machine?.vm.memory;
    const host = built.machine === null ? undefined : systems[built.machine.host];
    const vfio = host?.kind === 'partition' ? host.host?.vfio : undefined;
    return [
      {
        system,
        reportsQueued: queue.queued,
        reportsFetched: queue.fetched,
        reportsWithdrawn: queue.withdrawn,
        reportsPending: queue.pending,
        pagesPinned: memory?.pinned ?? 0,
        pagesInUse: memory === undefined ? 0 : (vfio?.pagesInUse(memory) ?? 0),
        pagesForgotten: memory?.forgotten ?? 0,
      },
    ];
  });
}
