import type { SimTime } from '../kernel/time.ts';
import type { VirtioDriverName } from '../linux/virtio/drivers.ts';
import type { BusId } from '../qemu/device-configuration.ts';
import type { Chpid } from '../zarch/ids.ts';
import type { DeviceRange, ResolvedGuest } from './resolved.ts';
import type { PASSED_THROUGH } from './schema-guest.ts';

/** What operators do, by the position of their system. */
interface TimedAction {
  readonly atNs: SimTime;
  /** Empty when the scenario gives none. */
  readonly name: string;
  /** Position in `systems`. */
  readonly system: number;
}

export type DeviceActionKind =
  | 'set-online'
  | 'set-offline'
  | 'reserve'
  | 'release'
  | 'steal'
  | 'unconditional-reserve'
  | 'snid'
  | 'path-reset'
  | 'cmb-read';

/** What an administrator of a host writes into sysfs, for each of the devices. */
export type SetUpAction = { readonly devices: readonly DeviceRange[] } & (
  | { readonly kind: 'unbind-device' | 'unbind-subchannel' | 'remove-mdev' }
  | { readonly kind: 'bind-subchannel'; readonly driver: 'vfio_ccw' | 'io_subchannel' }
  | { readonly kind: 'create-mdev'; readonly uuid: string | null }
);

export type PciActionKind = 'pci-on' | 'pci-off' | 'pci-recover' | 'pci-plug' | 'pci-unplug';

export type ResolvedAction = TimedAction &
  (
    | { readonly kind: DeviceActionKind; readonly devices: readonly DeviceRange[] }
    | { readonly kind: 'vary-path'; readonly chpids: readonly Chpid[]; readonly on: boolean }
    | { readonly kind: 'reset-path'; readonly chpids: readonly Chpid[] }
    | { readonly kind: 'rescan' }
    | { readonly kind: PciActionKind; readonly functions: readonly number[] }
    | {
        readonly kind: 'plug';
        readonly type: VirtioDriverName | typeof PASSED_THROUGH;
        /** Devices of the host; for virtual ones their numbers, unless bus ids are given. */
        readonly devices: readonly DeviceRange[];
        /** Bus ids in QEMU, one for each device; null: QEMU chooses. Absent: what keeps the device's own number. */
        readonly busIds?: readonly (BusId | null)[];
        /** From one device to the next; 0: all while the guest's processors are stopped. */
        readonly everyNs: SimTime;
      }
    | {
        readonly kind: 'unplug';
        /** By the guest's numbers; `ofHost`: passed-through ones by the host's. */
        readonly devices: readonly DeviceRange[];
        readonly ofHost: boolean;
        /** In place of them, by QEMU's bus ids. */
        readonly busIds?: readonly BusId[];
        readonly everyNs: SimTime;
      }
    | {
        readonly kind: 'migrate';
        /** The guest as the QEMU of the destination is started for it. */
        readonly to: ResolvedGuest;
        readonly downtimeNs: SimTime;
        /** Passed-through devices go along, as no QEMU lets them. */
        readonly carries: boolean;
        /** What tells the guest of their paths. */
        readonly report: 'none' | 'subchannel';
      }
    | SetUpAction
    | { readonly kind: 'start' }
    | { readonly kind: 'unbind'; readonly devices: readonly DeviceRange[] }
    | {
        readonly kind: 'inject-report';
        readonly words: readonly number[];
        /** `linux`: the kernel's own injection; `css`: the queue of the channel subsystem. */
        readonly into: 'linux' | 'css';
      }
    | { readonly kind: 'cmb-enable'; readonly devices: readonly DeviceRange[]; readonly on: boolean }
  );
