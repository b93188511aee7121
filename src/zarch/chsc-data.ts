import type {
  ChannelPathDescription,
  Characteristics,
  EventInformation,
  PciEvent,
  SubchannelDescription,
} from './chsc.ts';
import { SEI_CONTENT, SEI_PCI_CONTENT } from './chsc.ts';
import { storeWord } from './word-layout.ts';

/**
 * Response data of CHANNEL SUBSYSTEM CALL, stored from `at` on (Linux drivers/s390/cio/chsc.h, chsc.c, css_chars.h). Each
 * function answers how many bytes it stored. Entries that do not fit into the block are left out.
 */

/** Bytes of a channel-path description by its format; formats 1 and 3 begin alike. */
const PATH_DESCRIPTION_BYTES: Readonly<Record<number, number>> = { 0: 8, 1: 32, 3: 96 };
const MDC_AT = 20;
/** Behind the maximum data count: it is stated; the path knows transport mode at all. */
const MDC_VALID = 0x04;
const TRANSPORT_MODE = 0x01;

export function encodePathDescriptions(
  paths: readonly ChannelPathDescription[],
  format: number,
  bytes: Uint8Array,
  from: number,
): number {
  const size = PATH_DESCRIPTION_BYTES[format] ?? 0;
  if (size === 0) return 0;
  let at = from;
  for (const path of paths) {
    if (at + size > bytes.length) break;
    bytes.fill(0, at, at + size);
    bytes[at] = path.valid ? 0x80 : 0;
    bytes[at + 2] = path.type;
    bytes[at + 3] = path.chpid;
    if (format > 0 && path.mdc > 0) {
      storeHalf(bytes, at + MDC_AT, path.mdc);
      bytes[at + MDC_AT + 3] = MDC_VALID | TRANSPORT_MODE;
    }
    at += size;
  }
  return at - from;
}

const SUBCHANNEL_DESCRIPTION_BYTES = 32;

export function encodeSubchannelDescriptions(
  subchannels: readonly SubchannelDescription[],
  bytes: Uint8Array,
  from: number,
): number {
  let at = from;
  for (const sch of subchannels) {
    if (at + SUBCHANNEL_DESCRIPTION_BYTES > bytes.length) break;
    bytes[at] = (sch.valid ? 0xc0 : 0) | (sch.subchannelType << 3);
    bytes[at + 1] = sch.unitAddress;
    storeHalf(bytes, at + 2, sch.deviceNumber);
    bytes[at + 4] = sch.pathMask;
    bytes[at + 5] = sch.flaValidMask;
    storeHalf(bytes, at + 6, sch.subchannel);
    bytes.set(sch.chpids, at + 8);
    sch.fullLinkAddresses.forEach((fla, path) => {
      storeHalf(bytes, at + 16 + 2 * path, fla);
    });
    at += SUBCHANNEL_DESCRIPTION_BYTES;
  }
  return at - from;
}

const GENERAL_BYTES = 2040;
const CHSC_BYTES = 2032;

export function encodeCharacteristics(
  characteristics: Characteristics,
  bytes: Uint8Array,
  at: number,
): number {
  bytes.fill(0, at, at + GENERAL_BYTES + CHSC_BYTES);
  for (const bit of characteristics.general) setBit(bytes, at, bit);
  for (const bit of characteristics.chsc) setBit(bytes, at + GENERAL_BYTES, bit);
  return GENERAL_BYTES + CHSC_BYTES;
}

/** Event information fills the block up to its end. */
export function encodeEvent(event: EventInformation, bytes: Uint8Array, at: number): number {
  bytes.fill(0, at);
  bytes[at] = (event.more ? 0x80 : 0) | (event.overflow ? 0x40 : 0);
  bytes[at + 3] = event.contentCode;
  if (event.notificationType === 2) {
    if (event.pci !== undefined) encodePciEvent(event.pci, event.contentCode, bytes, at + 56);
  } else {
    bytes[at + 1] = event.validity;
    bytes[at + 2] = event.reportingSource;
    storeHalf(bytes, at + 4, event.fla);
    storeHalf(bytes, at + 6, event.rsid);
    encodeContent(event, bytes, at + 16);
  }
  return bytes.length - at;
}

/** The part that depends on the content code; resource accessibility has none. */
function encodeContent(event: EventInformation, bytes: Uint8Array, at: number): void {
  switch (event.contentCode) {
    case SEI_CONTENT.LINK_INCIDENT:
      bytes[at] = event.incidentClass << 2;
      break;
    case SEI_CONTENT.PATH_AVAILABILITY:
      for (const chpid of event.chpids) setBit(bytes, at, chpid);
      break;
    case SEI_CONTENT.PATH_CONFIGURATION:
      for (const chpid of event.chpids) setBit(bytes, at, chpid);
      bytes[at + 32] = event.operation;
      break;
  }
}

function encodePciEvent(event: PciEvent, contentCode: number, bytes: Uint8Array, at: number): void {
  storeWord(bytes, at + 4, event.functionHandle);
  storeWord(bytes, at + 8, event.functionId);
  if (contentCode === SEI_PCI_CONTENT.ERROR) {
    storeWord(bytes, at + 12, event.error);
    storeWord(bytes, at + 16, Math.floor(event.failingAddress / 0x1_0000_0000));
    storeWord(bytes, at + 20, event.failingAddress % 0x1_0000_0000);
  }
  storeHalf(bytes, at + 30, event.code);
}

function setBit(bytes: Uint8Array, at: number, bit: number): void {
  bytes[at + (bit >> 3)] |= 0x80 >> (bit & 7);
}

function storeHalf(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}
