import type { Exchange } from '../channel/control-unit.ts';
import type { ChannelProgram } from '../zarch/ccw.ts';
import { COMMAND } from '../zarch/commands.ts';
import { DEFINE_EXTENT_BYTES, Extent, PREFIX_BYTES, PREFIX_EXTENT } from './channel-program.ts';
import { ExtentsInUse } from './extents-in-use.ts';
import type { StorageDevice } from './storage-device.ts';
import type { UnitAddresses } from './unit-addresses.ts';

const NOBODY = -1;

/**
 * Programs that use a volume at the same time, over its base and over aliases (architecture reference D.7). Each says in
 * its first command which base it is for and which tracks it will use: where it conflicts with one in progress, the
 * device is busy for it until that one is over.
 *
 *   baseOf ─► enter ── no conflict ─► in use … leave
 *               └───── conflict ────► waits (device busy) ─► mayGoOn ─► device end, and it tries again
 *
 * A program that comes command by command has not said anything yet when it is accepted, and conflicts with none.
 */
export class ParallelAccess {
  private readonly addresses: UnitAddresses;
  private readonly hosts: number;
  /** By position of the base device. */
  private readonly inUse: ExtentsInUse[];
  /** By device and host: the base of its last program, that whose extent it uses, and that whose extent it waits for. */
  private readonly last: Int32Array;
  private readonly used: Int32Array;
  private readonly awaited: Int32Array;
  private readonly awaitedFirst: Int32Array;
  private readonly awaitedLast: Int32Array;
  private readonly awaitedWrites: Uint8Array;
  private readonly extent = new Extent();

  constructor(addresses: UnitAddresses, hosts: number) {
    const { length } = addresses.devices;
    this.addresses = addresses;
    this.hosts = hosts;
    this.inUse = Array.from({ length }, () => new ExtentsInUse());
    this.last = Int32Array.from({ length: length * hosts }, (_, owner) => Math.floor(owner / hosts));
    this.used = new Int32Array(length * hosts).fill(NOBODY);
    this.awaited = new Int32Array(length * hosts).fill(NOBODY);
    this.awaitedFirst = new Int32Array(length * hosts);
    this.awaitedLast = new Int32Array(length * hosts);
    this.awaitedWrites = new Uint8Array(length * hosts);
  }

  /** The base that a program is for. One that names a wrong base will be refused when it is carried out. */
  baseOf(exchange: Exchange, device: StorageDevice): StorageDevice {
    const parameters = prefixOf(exchange);
    const named = parameters === null ? null : this.addresses.baseNamed(parameters, device);
    const base = named ?? this.addresses.homeOf(device);
    const owner = device.index * this.hosts + exchange.host;
    this.last[owner] = base.index;
    this.awaited[owner] = NOBODY;
    return base;
  }

  /** The base of the last program that a host has sent to a device. */
  lastBase(device: StorageDevice, host: number): StorageDevice {
    return this.addresses.devices[this.last[device.index * this.hosts + host]];
  }

  /** The base of a program that comes command by command, as far as it is known. */
  nextBase(exchange: Exchange, device: StorageDevice): StorageDevice {
    return prefixOf(exchange) === null ? this.lastBase(device, exchange.host) : this.baseOf(exchange, device);
  }

  /** Lets a program use its extent, if nobody is in its way. */
  enter(exchange: Exchange, device: StorageDevice, base: StorageDevice): boolean {
    const { extent } = this;
    decodeExtent(exchange, extent);
    if (!extent.defined) return true;
    const owner = device.index * this.hosts + exchange.host;
    const writes = !extent.readOnly;
    const volume = this.inUse[base.index];
    if (volume.excludes(extent.first, extent.last, writes)) {
      this.awaited[owner] = base.index;
      this.awaitedFirst[owner] = extent.first;
      this.awaitedLast[owner] = extent.last;
      this.awaitedWrites[owner] = writes ? 1 : 0;
      return false;
    }
    this.used[owner] = base.index;
    volume.enter(owner, extent.first, extent.last, writes);
    return true;
  }

  /** The host's program on a device is over. */
  leave(device: StorageDevice, host: number): void {
    const owner = device.index * this.hosts + host;
    if (this.used[owner] === NOBODY) return;
    this.inUse[this.used[owner]].leave(owner);
    this.used[owner] = NOBODY;
  }

  /** Whether what a host's program on a device was last refused for is over. */
  mayGoOn(device: StorageDevice, host: number): boolean {
    const owner = device.index * this.hosts + host;
    const base = this.awaited[owner];
    if (base === NOBODY) return true;
    const first = this.awaitedFirst[owner];
    return !this.inUse[base].excludes(first, this.awaitedLast[owner], this.awaitedWrites[owner] === 1);
  }
}

/** Parameters of PREFIX where that is the first command, or the next after a no-operation. */
function prefixOf({ program, frame }: Exchange): Uint8Array | null {
  const ccw = program === null ? frame!.ccw : firstOf(program);
  return isPrefix(ccw.command) && ccw.data !== null && ccw.data.length >= PREFIX_BYTES ? ccw.data : null;
}

function decodeExtent({ program }: Exchange, extent: Extent): void {
  extent.reset();
  if (program === null) return;
  const { command, data } = firstOf(program);
  if (data === null) return;
  if (isPrefix(command) && data.length >= PREFIX_BYTES) extent.decode(data, PREFIX_EXTENT);
  else if (command === COMMAND.define_extent && data.length >= DEFINE_EXTENT_BYTES) extent.decode(data, 0);
}

const isPrefix = (command: number): boolean => command === COMMAND.prefix || command === COMMAND.prefix_read;

function firstOf({ ccws, length }: ChannelProgram): ChannelProgram['ccws'][number] {
  return ccws[0].command === COMMAND.nop && length > 1 ? ccws[1] : ccws[0];
}
