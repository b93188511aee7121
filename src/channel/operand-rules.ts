import { cssidOf, NONE, type SubchannelId, ssidOf, subchannelId, subchannelNumberOf } from '../zarch/ids.ts';
import { TRANSPORT_MODE_BIT, TRANSPORT_MODE_RESERVED } from '../zarch/orb.ts';
import { decodeSubsystemId } from '../zarch/subsystem-identification.ts';
import { fetchWord } from '../zarch/word-layout.ts';
import type { OperandRules } from './channel-subsystem.ts';

/**
 * Bits that must be zero in the second word of an ORB (architecture reference A.6): bits 26 to 30, which are reserved, and
 * bit 13, which asks for transport mode. Where there is transport mode it says which other bits are reserved.
 */
const ORB_RESERVED = 0x0004003e;
/** Bit 0 of a channel-program address. */
const ABOVE_31_BITS = 0x80000000;
/** Second word of a PMCW: bits 0, 1, 5, 6 and 7; the upper two are QDIO bits that a program may give back. */
const PMCW_RESERVED = 0x07000000;
const LIMIT_MODE = 0x00600000;
/** Word 6 of a PMCW: everything but subchannel type and the three mode bits. */
const PMCW_WORD_6_RESERVED = 0xff1ffff8;
const MEASUREMENT_BLOCK_ALIGNMENT = 0x3f;
const FORMAT_1_MEASUREMENT = 4;

/** The m bit of a subsystem-identification word. */
const MULTIPLE_CSS = 0x00080000;
/** General register 1 of RESET CHANNEL PATH: all but image number and CHPID. */
const RCHP_RESERVED = 0xff00ff00;
/** A subchannel of an image that no program has. */
const NOT_PROVIDED = subchannelId(0xff, 0, 0);

/** Rules that neither image number nor facility has part in. */
const COMMON_RULES: Omit<OperandRules, 'subchannel' | 'isValidChannelPath' | 'isValidOrb'> = {
  isValidSchib(schib) {
    const flags = fetchWord(schib, 4);
    const modes = fetchWord(schib, 24);
    if ((flags & PMCW_RESERVED) !== 0 || (flags & LIMIT_MODE) === LIMIT_MODE) return false;
    if ((modes & PMCW_WORD_6_RESERVED) !== 0) return false;
    return (modes & FORMAT_1_MEASUREMENT) === 0 || (schib[47] & MEASUREMENT_BLOCK_ALIGNMENT) === 0;
  },
  isValidMonitor(register1, register2) {
    const update = (register1 & 2) !== 0;
    return (register1 & 0x0ffffffc) === 0 && (!update || (register2 & 0x1f) === 0);
  },
  isValidAddressLimit(register1) {
    return (register1 & 0x8000ffff) === 0;
  },
  isValidRequestLength(length) {
    return length >= 16 && length <= 4088 && length % 8 === 0;
  },
  identificationFirst: new Set(),
  checksOperandOfAbsentSubchannel: false,
  fetchesOrbExtension: true,
  storesPathStatus: true,
};

/** What an image number in an operand is compared with, and a facility that changes an operand. */
interface ImageNaming {
  readonly cssid: number;
  readonly options: { readonly transportMode?: boolean };
  /** The program enabled the multiple-image facility. */
  readonly multipleImages: boolean;
}

/**
 * Operand exceptions as the Principles of Operation give them for each instruction. The m bit and image numbers are
 * reserved until the program has enabled the multiple-image facility; then it may name its own image.
 */
export const machineOperandRules = (image: ImageNaming): OperandRules => ({
  ...COMMON_RULES,
  isValidOrb(orb) {
    const control = fetchWord(orb, 4);
    const isTransport = image.options.transportMode === true && (control & TRANSPORT_MODE_BIT) !== 0;
    const reserved = isTransport ? TRANSPORT_MODE_RESERVED : ORB_RESERVED;
    return (control & reserved) === 0 && (fetchWord(orb, 8) & ABOVE_31_BITS) === 0;
  },
  subchannel(identification: number): SubchannelId {
    const id = decodeSubsystemId(identification);
    if (id === NONE || (identification & MULTIPLE_CSS) === 0) return id;
    if (!image.multipleImages) return NONE;
    // Subchannels of one image are known without its number; those of another image are not provided.
    return cssidOf(id) === image.cssid ? subchannelId(0, ssidOf(id), subchannelNumberOf(id)) : NOT_PROVIDED;
  },
  isValidChannelPath(register1) {
    const cssid = (register1 >>> 16) & 0xff;
    if ((register1 & RCHP_RESERVED) !== 0) return false;
    return cssid === (image.multipleImages ? image.cssid : 0);
  },
});
