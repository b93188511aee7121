import type { IoInstruction, OperandRules } from '../channel/channel-subsystem.ts';
import { type Chpid, EXPLICIT_IMAGE, NONE, type SubchannelId, subchannelId } from '../zarch/ids.ts';
import { TRANSPORT_MODE_BIT, TRANSPORT_MODE_RESERVED } from '../zarch/orb.ts';
import { fetchWord } from '../zarch/word-layout.ts';

/** Fields of the subsystem-identification word as QEMU sees them; bits 8 to 11 are not looked at. */
const IDENTIFICATION = {
  ONE: 0x00010000,
  MULTIPLE_CSS: 0x00080000,
  CSSID_SHIFT: 24,
  SSID_SHIFT: 17,
  NUMBER: 0xffff,
} as const;

/** Second word of an ORB: transport mode, MIDAWs, and reserved bits. The extension and its bit are ignored. */
const ORB_INVALID = 0x0004007e;
const ABOVE_31_BITS = 0x80000000;
/** Second word of a PMCW, left half: QDIO bits, and reserved ones. */
const PMCW_INVALID = 0xc300;
/** Word 6 of a PMCW: all but subchannel type, measurement format and concurrent sense. */
const MODES_INVALID = 0xff1ffffa;
const FORMAT_1_MEASUREMENT = 4;
const BLOCK_ALIGNMENT = 0x3f;
const MONITOR_RESERVED = 0x0ffffffc;
const MONITOR_UPDATE = 2;
const ORIGIN_ALIGNMENT = 0x1f;
const CHANNEL_PATH_RESERVED = 0xff00ff00;
const ADDRESS_LIMIT_RESERVED = 0x8000ffff;

/** The subchannel that general register 1 names; NONE: operand exception (ioinst.c:ioinst_disassemble_sch_ident). */
export function identify(word: number): SubchannelId {
  const cssid = word >>> IDENTIFICATION.CSSID_SHIFT;
  const isExplicit = (word & IDENTIFICATION.MULTIPLE_CSS) !== 0;
  if ((word & IDENTIFICATION.ONE) === 0 || (!isExplicit && cssid !== 0)) return NONE;
  const ssid = (word >>> IDENTIFICATION.SSID_SHIFT) & 3;
  return subchannelId(isExplicit ? cssid + EXPLICIT_IMAGE : 0, ssid, word & IDENTIFICATION.NUMBER);
}

/** Image and CHPID that general register 1 names for RESET CHANNEL PATH; NONE: operand exception. */
export const channelPathOf = (register1: number): Chpid =>
  (register1 & CHANNEL_PATH_RESERVED) === 0 ? ((register1 >>> 8) & 0xff00) | (register1 & 0xff) : NONE;

/** Operand exceptions as QEMU recognizes them (target/s390x/ioinst.c). */
export class QemuOperandRules implements OperandRules {
  readonly identificationFirst: ReadonlySet<IoInstruction> = new Set(['tsch']);
  readonly checksOperandOfAbsentSubchannel = true;
  readonly fetchesOrbExtension = false;
  readonly storesPathStatus = false;
  /** No QEMU has this on: a start may ask for transport mode. */
  transportMode = false;
  private readonly checksBlockAlignment: boolean;
  private readonly hasImage: (cssid: number) => boolean;

  /** `hasImage`: whether RESET CHANNEL PATH may name the image. */
  constructor(checksBlockAlignment: boolean, hasImage: (cssid: number) => boolean) {
    this.checksBlockAlignment = checksBlockAlignment;
    this.hasImage = hasImage;
  }

  subchannel(identification: number): SubchannelId {
    return identify(identification);
  }

  isValidOrb(orb: Uint8Array): boolean {
    const control = fetchWord(orb, 4);
    const isTransport = this.transportMode && (control & TRANSPORT_MODE_BIT) !== 0;
    const invalid = isTransport ? TRANSPORT_MODE_RESERVED : ORB_INVALID;
    return (control & invalid) === 0 && (fetchWord(orb, 8) & ABOVE_31_BITS) === 0;
  }

  isValidSchib(schib: Uint8Array): boolean {
    const modes = fetchWord(schib, 24);
    if (((fetchWord(schib, 4) >>> 16) & PMCW_INVALID) !== 0 || (modes & MODES_INVALID) !== 0) return false;
    if (!this.checksBlockAlignment || (modes & FORMAT_1_MEASUREMENT) === 0) return true;
    return (schib[47] & BLOCK_ALIGNMENT) === 0;
  }

  isValidMonitor(register1: number, register2: number): boolean {
    if ((register1 & MONITOR_RESERVED) !== 0) return false;
    return (register1 & MONITOR_UPDATE) === 0 || (register2 & ORIGIN_ALIGNMENT) === 0;
  }

  isValidChannelPath(register1: number): boolean {
    const path = channelPathOf(register1);
    return path !== NONE && this.hasImage(path >>> 8);
  }

  isValidAddressLimit(register1: number): boolean {
    return (register1 & ADDRESS_LIMIT_RESERVED) === 0;
  }

  isValidRequestLength(length: number): boolean {
    return length >= 16 && length <= 4088 && length % 8 === 0;
  }
}
