import { type NodeElement, UNIT_ADDRESS, unitAddressType } from './configuration-data.ts';
import type { DiskArm } from './mechanics.ts';
import { type PathGroupRules, PathGroups } from './path-group.ts';
import { Reservation } from './reservation.ts';
import { SENSE_BYTES } from './sense.ts';
import type { Volume } from './volume.ts';

/** Unit-check conditions that wait for the next command on a path. */
export const PENDING_CHECK = {
  /** The path was reset, and the host must hear of it (architecture reference B.11). */
  RESET_NOTIFICATION: 1,
  /** Another host took the device away by an unconditional reserve. */
  ALLEGIANCE_TERMINATED: 2,
} as const;

export const NO_PATH = -1;

/** What devices of one model and size have in common. */
export interface DeviceData {
  readonly identification: Uint8Array;
  readonly characteristics: Uint8Array;
  readonly configuration: Uint8Array;
}

/** One device address of a control unit: its volume, and what is kept for each logical path (host · ports + port). */
export class StorageDevice {
  /** Position among the control unit's devices. */
  readonly index: number;
  readonly unitAddress: number;
  /** UNIT_ADDRESS: a base device, which is a volume, or an alias, which is a way to one. */
  readonly unitType: number;
  readonly volume: Volume;
  /** SENSE ID and READ DEVICE CHARACTERISTICS, the same for all devices of a kind. */
  readonly identification: Uint8Array;
  readonly characteristics: Uint8Array;
  /** READ CONFIGURATION DATA, which all devices of a model share: a reader completes it with the device's `node`. */
  readonly configuration: Uint8Array;
  readonly node: NodeElement;
  /** The disk behind the volume; null where misses have a service time of their own. */
  readonly arm: DiskArm | null;
  readonly groups: PathGroups;
  readonly reservation: Reservation;
  /** PENDING_CHECK bits of each path. */
  readonly pending: Uint8Array;
  /** Hosts that were answered with device busy and have not been told since that it is over. */
  readonly deviceEndOwed: Uint8Array;
  owedHosts = 0;
  /** Operations that were accepted and not yet carried out: one for each host at most. */
  active = 0;
  /** Port on which each host's operation was accepted; after a disconnection it may go on at another one. */
  readonly acceptedOn: Uint8Array;
  /** Track of the last access, for sense data. */
  track = 0;
  /** Path whose last command ended with unit check: SENSE on it still finds the sense data. */
  senseFor = NO_PATH;
  /** Path that owes the device a command after unit check: it alone may use the device (contingent allegiance). */
  contingent = NO_PATH;
  readonly sense = new Uint8Array(SENSE_BYTES);

  constructor(
    index: number,
    node: NodeElement,
    volume: Volume,
    data: DeviceData,
    arm: DiskArm | null,
    sharing: { paths: number; hosts: number; rules: PathGroupRules },
  ) {
    this.index = index;
    this.unitAddress = node.unitAddress;
    this.unitType = unitAddressType(node);
    this.node = node;
    this.volume = volume;
    this.identification = data.identification;
    this.characteristics = data.characteristics;
    this.configuration = data.configuration;
    this.arm = arm;
    this.groups = new PathGroups(sharing.paths, sharing.rules);
    this.reservation = new Reservation(this.groups);
    this.pending = new Uint8Array(sharing.paths);
    this.deviceEndOwed = new Uint8Array(sharing.hosts);
    this.acceptedOn = new Uint8Array(sharing.hosts);
  }

  get isAlias(): boolean {
    return this.unitType !== UNIT_ADDRESS.BASE;
  }

  /** Every path that holds the reservation learns with its next command that it is lost. */
  terminateAllegiance(): void {
    for (let path = 0; path < this.pending.length; path++) {
      if (this.reservation.holds(path)) this.pending[path] |= PENDING_CHECK.ALLEGIANCE_TERMINATED;
    }
  }

  /** The loss was reported on one path: the rest of its group has heard of it too. */
  allegianceReported(path: number): void {
    this.pending[path] &= ~PENDING_CHECK.ALLEGIANCE_TERMINATED;
    for (let other = 0; other < this.pending.length; other++) {
      if (this.groups.sameGroup(path, other)) this.pending[other] &= ~PENDING_CHECK.ALLEGIANCE_TERMINATED;
    }
  }
}
