import type { ChannelPathDescription } from '../zarch/chsc.ts';
import type { VirtualSubchannel } from './subchannel.ts';

const SETS = 4;
const NUMBERS = 0x10000;
const CHPIDS = 256;
/** Device numbers are found free modulo this, so that FFFF is never given away by itself. */
const LAST_DEVICE_NUMBER = 0xffff;
/** The numbers that "is there any subchannel from here on" looks at: QEMU counts its bitmap in bytes, not in bits. */
const NUMBERS_LOOKED_AT = 8192;

/** One subchannel set of an image. */
class SubchannelSet {
  readonly byNumber: (VirtualSubchannel | undefined)[] = [];
  private readonly deviceNumbers = new Set<number>();
  /** No number below this one is free. */
  private lowest = 0;

  put(number: number, sch: VirtualSubchannel): void {
    this.byNumber[number] = sch;
    this.deviceNumbers.add(sch.deviceNumber);
  }

  remove(sch: VirtualSubchannel): void {
    this.byNumber[sch.number] = undefined;
    this.deviceNumbers.delete(sch.deviceNumber);
    this.lowest = Math.min(this.lowest, sch.number);
  }

  hasDeviceNumber(deviceNumber: number): boolean {
    return this.deviceNumbers.has(deviceNumber);
  }

  /** Lowest free subchannel number, −1 when the set is full. */
  freeNumber(): number {
    while (this.lowest < NUMBERS && this.byNumber[this.lowest] !== undefined) this.lowest++;
    return this.lowest < NUMBERS ? this.lowest : -1;
  }

  /** First free device number from `start` on, −1 when there is none (css.c:css_find_free_devno). */
  freeDeviceNumber(start: number): number {
    for (let tried = 0; tried <= LAST_DEVICE_NUMBER; tried++) {
      const deviceNumber = (start + tried) % LAST_DEVICE_NUMBER;
      if (!this.deviceNumbers.has(deviceNumber)) return deviceNumber;
    }
    return -1;
  }

  /** Highest subchannel number in use among those looked at; their count when there is none. */
  highestNumber(): number {
    for (let number = NUMBERS_LOOKED_AT - 1; number >= 0; number--) {
      if (this.byNumber[number] !== undefined) return number;
    }
    return NUMBERS_LOOKED_AT;
  }
}

export interface ChannelPathEntry {
  readonly type: number;
  /** Not a channel path of the host. */
  readonly virtual: boolean;
  /** Data that a program in transport mode may move, in units of 64 KiB; 0: it knows no such mode, as all paths of QEMU. */
  readonly transportLimit: number;
}

/**
 * A channel-subsystem image: four subchannel sets and the table of channel paths. Sets come into being with their first
 * subchannel; sets and channel-path entries are never removed.
 */
export class VirtualImage {
  private readonly sets: (SubchannelSet | undefined)[] = new Array(SETS);
  private paths: (ChannelPathEntry | undefined)[] = new Array(CHPIDS);

  find(ssid: number, number: number): VirtualSubchannel | undefined {
    return this.sets[ssid]?.byNumber[number];
  }

  put(sch: VirtualSubchannel): void {
    this.sets[sch.ssid] ??= new SubchannelSet();
    this.sets[sch.ssid]!.put(sch.number, sch);
  }

  remove(sch: VirtualSubchannel): void {
    this.sets[sch.ssid]!.remove(sch);
  }

  /** Puts a subchannel to another number, whoever has that one; its old place stays if somebody else has taken it. */
  renumber(sch: VirtualSubchannel, number: number): void {
    const set = this.sets[sch.ssid]!;
    if (set.byNumber[sch.number] === sch) set.remove(sch);
    sch.number = number;
    set.put(number, sch);
  }

  hasDeviceNumber(ssid: number, deviceNumber: number): boolean {
    return this.sets[ssid]?.hasDeviceNumber(deviceNumber) ?? false;
  }

  freeNumber(ssid: number): number {
    return this.sets[ssid]?.freeNumber() ?? 0;
  }

  freeDeviceNumber(ssid: number, start: number): number {
    return this.sets[ssid]?.freeDeviceNumber(start) ?? start % LAST_DEVICE_NUMBER;
  }

  /**
   * Whether no subchannel from `number` on is there (css.c:css_schid_final). A set that has lost its last subchannel
   * answers as if one of the 8192 numbers could still be in use.
   */
  isFinal(ssid: number, number: number): boolean {
    const set = this.sets[ssid];
    return set === undefined || number > set.highestNumber();
  }

  path(chpid: number): ChannelPathEntry | undefined {
    return this.paths[chpid];
  }

  /** Whoever adds a CHPID first decides its type and whether it is a virtual one (css.c:css_add_chpid). */
  addPath(chpid: number, type: number, virtual = true, transportLimit = 0): void {
    this.paths[chpid] = { type, virtual, transportLimit };
  }

  /** Some channel path of the host has been told to know transport mode (`transport-policy.ts`). */
  get knowsTransportMode(): boolean {
    return this.paths.some((path) => path !== undefined && path.transportLimit > 0);
  }

  /** All channel paths by CHPID, as a migration sends them. */
  pathTable(): readonly (ChannelPathEntry | undefined)[] {
    return this.paths.slice();
  }

  replacePathTable(paths: readonly (ChannelPathEntry | undefined)[]): void {
    this.paths = paths.slice();
  }

  /** Lowest CHPID not in use; 00 belongs to virtio devices (css.c:css_find_free_chpid). */
  freeChpid(): number {
    for (let chpid = 1; chpid < CHPIDS; chpid++) if (this.paths[chpid] === undefined) return chpid;
    return -1;
  }

  /** Channel paths in use from `first` to `last`, as "store channel-path description" gives them. */
  describePaths(first: number, last: number): ChannelPathDescription[] {
    return this.paths.flatMap((path, chpid) => {
      if (path === undefined || chpid < first || chpid > last) return [];
      return [{ valid: true, chpid, type: path.type, mdc: path.transportLimit }];
    });
  }

  subchannels(): VirtualSubchannel[] {
    return this.sets.flatMap((set) => set?.byNumber.filter((sch) => sch !== undefined) ?? []);
  }
}
