import type { Process, Steps } from '../../kernel/process.ts';
import { decodeIrb, encodeIrb, IRB_BYTES } from '../../zarch/irb.ts';
import { decodeOrb, encodeOrb } from '../../zarch/orb.ts';
import { encodeSchib } from '../../zarch/schib.ts';
import { decodeScsw, encodeScsw } from '../../zarch/scsw.ts';
import { fetchWord, storeWord } from '../../zarch/word-layout.ts';
import { E, type Errno } from '../errno.ts';
import type { VfioDevice } from './device.ts';
import {
  CommandRegion,
  CrwRegion,
  IoRegion,
  offsetInRegion,
  REGION,
  REGION_BYTES,
  type RegionIndex,
  regionAt,
  SchibRegion,
} from './uapi.ts';

/*
 * Regions as the bytes in which user space has them, and its system calls on the file of a device, which need not cover a
 * whole region.
 */

/** In the I/O region: ORB, SCSW, the area of the IRB, of which the kernel fills 64 bytes, and the return code. */
const ORB_BYTES = 12;
const SCSW_AT = 12;
const IRB_AT = 24;
const IO_RET_CODE_AT = 120;
const COMMAND_RET_CODE_AT = 4;
/** An ORB in storage may have an extension, for which the region has no room. */
const EXTENDED_ORB_BYTES = 32;

export function encodeIoRegion({ orb, scsw, irb, retCode }: IoRegion): Uint8Array {
  const bytes = new Uint8Array(REGION_BYTES[REGION.IO]);
  bytes.set(encodeOrb(orb, new Uint8Array(EXTENDED_ORB_BYTES)).subarray(0, ORB_BYTES));
  encodeScsw(scsw, bytes, SCSW_AT);
  bytes.set(encodeIrb(irb, new Uint8Array(IRB_BYTES)), IRB_AT);
  storeWord(bytes, IO_RET_CODE_AT, retCode);
  return bytes;
}

/** A program that was given as a whole is none any more: the ORB designates storage. */
export function decodeIoRegion(bytes: Uint8Array, region: IoRegion): IoRegion {
  const orb = new Uint8Array(EXTENDED_ORB_BYTES);
  orb.set(bytes.subarray(0, ORB_BYTES));
  decodeOrb(orb, region.orb);
  region.orb.program = null;
  decodeScsw(bytes, region.scsw, SCSW_AT);
  decodeIrb(bytes, region.irb, IRB_AT);
  region.retCode = signed(fetchWord(bytes, IO_RET_CODE_AT));
  return region;
}

export function encodeCommandRegion({ command, retCode }: CommandRegion): Uint8Array {
  const bytes = new Uint8Array(REGION_BYTES[REGION.COMMAND]);
  storeWord(bytes, 0, command);
  storeWord(bytes, COMMAND_RET_CODE_AT, retCode);
  return bytes;
}

export function decodeCommandRegion(bytes: Uint8Array, region: CommandRegion): CommandRegion {
  region.command = fetchWord(bytes, 0);
  region.retCode = signed(fetchWord(bytes, COMMAND_RET_CODE_AT));
  return region;
}

/** The second word is padding. */
export function encodeCrwRegion({ crw }: CrwRegion): Uint8Array {
  const bytes = new Uint8Array(REGION_BYTES[REGION.CRW]);
  storeWord(bytes, 0, crw);
  return bytes;
}

/** pread: how many bytes were read, or an error. */
export function* pread(self: Process, device: VfioDevice, offset: number, into: Uint8Array): Steps<number> {
  const region = regionFor(device, offset, into.length);
  if (region === null) return E.INVAL;
  const image = yield* readImage(self, device, region);
  if (typeof image === 'number') return image;
  const from = offsetInRegion(offset);
  into.set(image.subarray(from, from + into.length));
  return into.length;
}

/**
 * pwrite: how many bytes were written, or an error. What is not written keeps what it had, and the request is carried out
 * all the same.
 */
export function* pwrite(self: Process, device: VfioDevice, offset: number, bytes: Uint8Array): Steps<number> {
  const region = regionFor(device, offset, bytes.length);
  const at = offsetInRegion(offset);
  if (region === REGION.IO) {
    const image = encodeIoRegion(device.io);
    image.set(bytes, at);
    const rc = yield* device.write(self, decodeIoRegion(image, new IoRegion()));
    return rc === E.OK ? bytes.length : rc;
  }
  if (region !== REGION.COMMAND) return E.INVAL;
  const image = encodeCommandRegion(device.command);
  image.set(bytes, at);
  const rc = yield* device.write(self, decodeCommandRegion(image, new CommandRegion()));
  return rc === E.OK ? bytes.length : rc;
}

/** The region that has all these bytes; null: there is none. */
function regionFor(device: VfioDevice, offset: number, count: number): RegionIndex | null {
  const region = device.regions[regionAt(offset)];
  if (region === undefined || offsetInRegion(offset) + count > REGION_BYTES[region]) return null;
  return region;
}

function* readImage(self: Process, device: VfioDevice, region: RegionIndex): Steps<Uint8Array | Errno> {
  switch (region) {
    case REGION.IO:
      yield* device.mutex.acquire(self);
      device.statusUnread = false;
      device.mutex.release(device.linux.sim);
      return encodeIoRegion(device.io);
    case REGION.COMMAND: {
      const command = new CommandRegion();
      yield* device.read(self, command);
      return encodeCommandRegion(command);
    }
    case REGION.SCHIB: {
      const schib = new SchibRegion();
      const rc = yield* device.read(self, schib);
      return rc === E.OK ? encodeSchib(schib.schib) : rc;
    }
    case REGION.CRW: {
      const crw = new CrwRegion();
      yield* device.read(self, crw);
      return encodeCrwRegion(crw);
    }
  }
}

/** A word that holds a number below zero. */
const signed = (word: number): number => word | 0;
