import type { SubchannelId } from '../zarch/ids.ts';
import { decodeSubsystemId } from '../zarch/subsystem-identification.ts';
import { fetchWord } from '../zarch/word-layout.ts';
import type { OperandRules } from './channel-subsystem.ts';

/** Reserved bits that must be zero in the second word of an ORB: bits 26 to 30 (architecture reference A.6). */
const ORB_RESERVED = 0x0000003e;
/** Bit 0 of a channel-program address. */
const ABOVE_31_BITS = 0x80000000;
/** Second word of a PMCW: bits 0, 1, 5, 6 and 7; the upper two are QDIO bits that a program may give back. */
const PMCW_RESERVED = 0x07000000;
const LIMIT_MODE = 0x00600000;
/** Word 6 of a PMCW: everything but subchannel type and the three mode bits. */
const PMCW_WORD_6_RESERVED = 0xff1ffff8;
const MEASUREMENT_BLOCK_ALIGNMENT = 0x3f;
const FORMAT_1_MEASUREMENT = 4;

/** Operand exceptions as the Principles of Operation give them for each instruction. */
export const MACHINE_OPERAND_RULES: OperandRules = {
  subchannel(identification: number): SubchannelId {
    return decodeSubsystemId(identification);
  },
  isValidOrb(orb) {
    return (fetchWord(orb, 4) & ORB_RESERVED) === 0 && (fetchWord(orb, 8) & ABOVE_31_BITS) === 0;
  },
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
  isValidChannelPath(register1) {
    return (register1 & 0xff00ff00) === 0;
  },
  isValidAddressLimit(register1) {
    return (register1 & 0x8000ffff) === 0;
  },
  isValidRequestLength(length) {
    return length >= 16 && length <= 4088 && length % 8 === 0;
  },
  identificationFirst: new Set(),
  checksOperandOfAbsentSubchannel: false,
};
