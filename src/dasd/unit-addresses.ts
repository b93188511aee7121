import { assert } from '../kernel/assert.ts';
import {
  PREFIX_BASE_ADDRESS,
  PREFIX_BASE_SUBSYSTEM,
  PREFIX_HYPERPAV,
  PREFIX_VERIFY_BASE,
} from './channel-program.ts';
import { UNIT_ADDRESS } from './configuration-data.ts';
import type { StorageDevice } from './storage-device.ts';

const ADDRESSES = 256;

/** The unit addresses of a logical subsystem: base devices, which are volumes, and aliases, which are ways to them. */
export class UnitAddresses {
  readonly devices: readonly StorageDevice[];
  readonly hasAliases: boolean;
  private readonly logicalSubsystem: number;
  private readonly byAddress: (StorageDevice | null)[] = new Array(ADDRESSES).fill(null);

  constructor(devices: readonly StorageDevice[], logicalSubsystem: number, name: string) {
    this.devices = devices;
    this.logicalSubsystem = logicalSubsystem;
    for (const device of devices) {
      assert(this.byAddress[device.unitAddress] === null, `two devices at one unit address of ${name}`);
      this.byAddress[device.unitAddress] = device;
    }
    this.hasAliases = devices.some(({ isAlias }) => isAlias);
  }

  /** The device at a unit address; null when there is none. */
  at(unitAddress: number): StorageDevice | null {
    return this.byAddress[unitAddress];
  }

  /** What a program on a device is for when it does not say: an alias of any base is for none. */
  homeOf(device: StorageDevice): StorageDevice {
    const { aliasOf } = device.node;
    return typeof aliasOf === 'number' ? (this.byAddress[aliasOf] ?? device) : device;
  }

  /** The base that PREFIX parameters name for a program on `device`; null when it is not one of that base. */
  baseNamed(parameters: Uint8Array, device: StorageDevice): StorageDevice | null {
    const home = this.homeOf(device);
    const validity = parameters[1];
    if ((validity & PREFIX_VERIFY_BASE) === 0) return home;
    const named = this.byAddress[parameters[PREFIX_BASE_ADDRESS]];
    if (named === null || named.isAlias) return null;
    if (parameters[PREFIX_BASE_SUBSYSTEM] !== this.logicalSubsystem) return null;
    if (named === home) return named;
    const servesAny = device.unitType === UNIT_ADDRESS.HYPERPAV_ALIAS;
    return servesAny && (validity & PREFIX_HYPERPAV) !== 0 ? named : null;
  }

  /** Unit-address configuration: two bytes for each of the 256 addresses, its type and the base it belongs to. */
  configuration(): Uint8Array {
    const bytes = new Uint8Array(2 * ADDRESSES);
    for (const { unitAddress, unitType, node } of this.devices) {
      bytes[2 * unitAddress] = unitType;
      if (typeof node.aliasOf === 'number') bytes[2 * unitAddress + 1] = node.aliasOf;
    }
    return bytes;
  }
}
