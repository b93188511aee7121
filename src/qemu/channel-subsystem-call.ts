import {
  CHSC,
  CHSC_RESPONSE,
  type Characteristics,
  type ChscBlock,
  FACILITY_MULTIPLE_IMAGES,
  FACILITY_MULTIPLE_SUBCHANNEL_SETS,
  NOTIFICATION,
} from '../zarch/chsc.ts';
import { decodeRequest, encodeResponse, type RequestRules, requestLength } from '../zarch/chsc-codec.ts';
import { fetchWord } from '../zarch/word-layout.ts';
import type { VirtualImage } from './image.ts';
import type { PciEvents } from './pci-events.ts';
import type { QemuTrace } from './trace.ts';

/** What CHANNEL SUBSYSTEM CALL needs of the channel subsystem. */
export interface CallTarget {
  readonly trace: QemuTrace;
  readonly pciEvents: PciEvents;
  /** An image by its number; with the m bit zero and number zero the default image. */
  image(cssid: number, multipleCss: number): VirtualImage | undefined;
  enableFacility(operation: number): void;
}

/** Bits of the general and CHSC characteristics that are one (css.c:css_register... measured). */
const CHARACTERISTICS: Characteristics = { general: [6, 7, 45, 46, 47, 48, 51, 108], chsc: [1, 109] };

/** The same with bit 88, where paths of the host are shown to know transport mode; no QEMU does that. */
const WITH_TRANSPORT_MODE: Characteristics = {
  ...CHARACTERISTICS,
  general: [...CHARACTERISTICS.general, 88],
};

function characteristicsOf(css: CallTarget, { cssid, multipleCss }: ChscBlock): Characteristics {
  return css.image(cssid, multipleCss)?.knowsTransportMode === true ? WITH_TRANSPORT_MODE : CHARACTERISTICS;
}

const MULTIPLE_CSS = 0x20000000;

/** Executes the request in `block` (ioinst.c:ioinst_handle_chsc). */
export function channelSubsystemCall(css: CallTarget, block: ChscBlock): void {
  const { bytes } = block;
  const refused = bytes === null ? 0 : decodeRequest(bytes, block, requestRules(css));
  css.trace.call(block.command, bytes === null ? 0 : requestLength(bytes));
  block.response = refused === 0 ? execute(css, block) : refused;
  if (bytes !== null) encodeResponse(block, bytes);
}

function execute(css: CallTarget, block: ChscBlock): number {
  switch (block.command) {
    case CHSC.STORE_CHARACTERISTICS:
      block.characteristics = characteristicsOf(css, block);
      return CHSC_RESPONSE.OK;
    case CHSC.STORE_CHANNEL_PATH_DESCRIPTION:
      return describePaths(css, block);
    case CHSC.ENABLE_FACILITY:
      return enableFacility(css, block.operation);
    case CHSC.STORE_EVENT_INFORMATION:
      return storeEvent(css, block);
    default:
      return CHSC_RESPONSE.NOT_SUPPORTED;
  }
}

/** Formats above 1 are accepted and describe nothing. */
function describePaths(css: CallTarget, block: ChscBlock): number {
  const image = css.image(block.cssid, block.multipleCss);
  const describes = image !== undefined && block.format <= 1;
  block.pathDescriptions = describes ? image.describePaths(block.first, block.last) : [];
  return CHSC_RESPONSE.OK;
}

function enableFacility(css: CallTarget, operation: number): number {
  if (operation !== FACILITY_MULTIPLE_IMAGES && operation !== FACILITY_MULTIPLE_SUBCHANNEL_SETS) {
    return CHSC_RESPONSE.INVALID_REQUEST;
  }
  css.enableFacility(operation);
  return CHSC_RESPONSE.OK;
}

/** Only PCI functions tell anything, and only programs that ask for notification type 2 hear it. */
function storeEvent(css: CallTarget, block: ChscBlock): number {
  const asked = (block.notifications & NOTIFICATION.TYPE_2) !== 0;
  block.event = asked ? css.pciEvents.store() : null;
  return block.event === null ? CHSC_RESPONSE.NO_EVENTS : CHSC_RESPONSE.OK;
}

/** QEMU's own checks of requests, in its order (behaviour reference 1.5). */
const requestRules = (css: CallTarget): RequestRules => ({
  unknownCommand: CHSC_RESPONSE.NOT_SUPPORTED,
  commands: {
    [CHSC.STORE_CHARACTERISTICS]: (request, block) => checkCharacteristics(css, request, block),
    [CHSC.STORE_CHANNEL_PATH_DESCRIPTION]: (request, block) => checkPaths(css, request, block),
    [CHSC.ENABLE_FACILITY]: checkFacility,
    [CHSC.STORE_EVENT_INFORMATION]: () => 0,
  },
});

function checkCharacteristics(css: CallTarget, request: Uint8Array, block: ChscBlock): number {
  const word = fetchWord(request, 4);
  if (requestLength(request) !== 0x10) return CHSC_RESPONSE.INVALID_REQUEST;
  if ((word & 0x000f0000) !== 0) return CHSC_RESPONSE.INVALID_FORMAT;
  if (!namesImage(css, (word >>> 8) & 0xff, word)) return CHSC_RESPONSE.INVALID_IMAGE;
  const reserved = (word & 0xdff000ff) | fetchWord(request, 8) | fetchWord(request, 12);
  block.parameter = 0;
  return reserved === 0 ? 0 : CHSC_RESPONSE.INVALID_REQUEST;
}

/** The formats 0 and 1 of the descriptions are told apart by the C bit; the response repeats the format. */
function checkPaths(css: CallTarget, request: Uint8Array, block: ChscBlock): number {
  const word = fetchWord(request, 4);
  if (block.format <= 1) block.format = block.cBit;
  block.parameter = block.format;
  const reserved = (word & 0xc000f000) | (fetchWord(request, 8) & 0xffffff00) | fetchWord(request, 12);
  if (requestLength(request) !== 0x10 || reserved !== 0) return CHSC_RESPONSE.INVALID_REQUEST;
  if ((word & 0x0f000000) !== 0) return CHSC_RESPONSE.INVALID_FORMAT;
  if (!namesImage(css, (word >>> 16) & 0xff, word)) return CHSC_RESPONSE.INVALID_IMAGE;
  return block.last < block.first ? CHSC_RESPONSE.INVALID_REQUEST : 0;
}

function checkFacility(request: Uint8Array): number {
  const word = fetchWord(request, 4);
  if (requestLength(request) !== 0x400 || (word & 0xf0ff0000) !== 0) return CHSC_RESPONSE.INVALID_REQUEST;
  return (word & 0x0f000000) === 0 ? 0 : CHSC_RESPONSE.INVALID_FORMAT;
}

/** An image other than 0 must be given with the m bit, and be there. */
const namesImage = (css: CallTarget, cssid: number, word: number): boolean =>
  cssid === 0 || ((word & MULTIPLE_CSS) !== 0 && css.image(cssid, 1) !== undefined);
