import { assert } from '../kernel/assert.ts';
import { CHSC, CHSC_BLOCK_BYTES, CHSC_RESPONSE, type ChscBlock } from './chsc.ts';
import {
  encodeCharacteristics,
  encodeEvent,
  encodePathDescriptions,
  encodeSubchannelDescriptions,
} from './chsc-data.ts';
import { fetchWord, storeWord, WordLayout } from './word-layout.ts';

/**
 * Request and response blocks of CHANNEL SUBSYSTEM CALL (Linux drivers/s390/cio/chsc.h, chsc.c; architecture reference
 * A.13). A request begins with its length and the command; the response begins behind it with its own length, the
 * response code and one more word.
 */

/** Bytes before the data of a response. */
const RESPONSE_HEADER_BYTES = 8;

const HEADER = new WordLayout({ length: [0, 15], code: [16, 31] });
const PATHS_FROM = new WordLayout({
  multipleCss: [2, 2],
  cBit: [3, 3],
  requestFormat: [4, 7],
  cssid: [8, 15],
  format: [20, 23],
  first: [24, 31],
});
const PATHS_TO = new WordLayout({ last: [24, 31] });
const SUBCHANNELS_FROM = new WordLayout({ ssid: [10, 11], first: [16, 31] });
const SUBCHANNELS_TO = new WordLayout({ last: [16, 31] });
const CHARACTERISTICS = new WordLayout({ multipleCss: [2, 2], requestFormat: [12, 15], cssid: [16, 23] });
const FACILITY = new WordLayout({ requestFormat: [4, 7], operation: [16, 31] });
const MONITOR = new WordLayout({ operation: [0, 1] });
const CHPID = { first: new WordLayout({ first: [24, 31] }), last: PATHS_TO };

/** How the second and third word of a request are divided; SEI's mask is handled apart. */
interface RequestLayout {
  /** The only length with which the command is valid. */
  readonly length: number;
  /** Words that hold fields, by their position in the block. */
  readonly words: readonly { readonly at: number; readonly layout: Fields; readonly reserved: number }[];
}
type Fields = { unpack(word: number, into: ChscBlock): void };

const LAYOUTS: Readonly<Record<number, RequestLayout>> = {
  [CHSC.STORE_CHANNEL_PATH_DESCRIPTION]: {
    length: 16,
    words: [
      { at: 4, layout: PATHS_FROM, reserved: 0xc000f000 },
      { at: 8, layout: PATHS_TO, reserved: 0xffffff00 },
    ],
  },
  [CHSC.STORE_SUBCHANNEL_DESCRIPTION]: {
    length: 16,
    words: [
      { at: 4, layout: SUBCHANNELS_FROM, reserved: 0xffcf0000 },
      { at: 8, layout: SUBCHANNELS_TO, reserved: 0xffff0000 },
    ],
  },
  [CHSC.STORE_EVENT_INFORMATION]: { length: 16, words: [] },
  [CHSC.STORE_CHARACTERISTICS]: {
    length: 16,
    words: [{ at: 4, layout: CHARACTERISTICS, reserved: 0xdff000ff }],
  },
  [CHSC.SET_CHANNEL_MONITOR]: {
    length: 0x50,
    words: [{ at: 4, layout: MONITOR, reserved: 0x3fffffff }],
  },
  [CHSC.STORE_CHANNEL_MEASUREMENT_CHARACTERISTICS]: {
    length: 16,
    words: [
      { at: 4, layout: CHPID.first, reserved: 0xffffff00 },
      { at: 8, layout: CHPID.last, reserved: 0xffffff00 },
    ],
  },
  [CHSC.ENABLE_FACILITY]: {
    length: 0x400,
    words: [{ at: 4, layout: FACILITY, reserved: 0xf0ff0000 }],
  },
};

const EVENT_MASK_AT = 8;

/** What an implementation refuses in requests, and with which response code. */
export interface RequestRules {
  /** Response code of a command that it does not have. */
  readonly unknownCommand: number;
  /** For each command that it has, called when the fields of `block` are set: 0, or the response code. */
  readonly commands: Readonly<Record<number, (request: Uint8Array, block: ChscBlock) => number>>;
}

/**
 * Fetches the request in `bytes` into the request fields of `block`. 0, or the response code with which it is refused;
 * a length that is no multiple of 8 from 16 to 4088 is an operand exception and never gets here.
 */
export function decodeRequest(bytes: Uint8Array, block: ChscBlock, rules: RequestRules): number {
  assert(bytes.length === CHSC_BLOCK_BYTES, 'a request stands in a block of 4096 bytes');
  clearRequest(block);
  block.command = fetchWord(bytes, 0) & 0xffff;
  for (const { at, layout } of LAYOUTS[block.command]?.words ?? [])
    layout.unpack(fetchWord(bytes, at), block);
  if (block.command === CHSC.STORE_EVENT_INFORMATION) block.notifications = fetchWord(bytes, EVENT_MASK_AT);
  const check = rules.commands[block.command];
  return check === undefined ? rules.unknownCommand : check(bytes, block);
}

/** Fields that a command does not have are zero. */
function clearRequest(block: ChscBlock): void {
  block.first = 0;
  block.last = 0;
  block.ssid = 0;
  block.cssid = 0;
  block.multipleCss = 0;
  block.format = 0;
  block.cBit = 0;
  block.requestFormat = 0;
  block.operation = 0;
  block.parameter = 0;
}

/** Length of the request in a block. */
export const requestLength = (bytes: Uint8Array): number => fetchWord(bytes, 0) >>> 16;

/** Whether a request has the length of its command and zeros in all reserved places of its words. */
export function isWellFormed(request: Uint8Array, command: number): boolean {
  const layout = LAYOUTS[command];
  return (
    layout !== undefined &&
    requestLength(request) === layout.length &&
    layout.words.every(({ at, reserved }) => (fetchWord(request, at) & reserved) === 0)
  );
}

/** Stores the response behind the request. Data are stored with response code 1 only. */
export function encodeResponse(block: ChscBlock, bytes: Uint8Array): void {
  const at = requestLength(bytes);
  const dataAt = at + RESPONSE_HEADER_BYTES;
  const data = block.response === CHSC_RESPONSE.OK ? encodeData(block, bytes, dataAt) : 0;
  storeWord(bytes, at, HEADER.pack({ length: RESPONSE_HEADER_BYTES + data, code: block.response }));
  storeWord(
    bytes,
    at + 4,
    block.command === CHSC.STORE_EVENT_INFORMATION ? notificationType(block) : block.parameter,
  );
}

/** The word after the response code names the type of the event that follows. */
const notificationType = (block: ChscBlock): number => block.event?.notificationType ?? 0;

/** Data of the command just executed; how many bytes they take. */
function encodeData(block: ChscBlock, bytes: Uint8Array, at: number): number {
  switch (block.command) {
    case CHSC.STORE_CHANNEL_PATH_DESCRIPTION:
      return encodePathDescriptions(block.pathDescriptions, block.format, bytes, at);
    case CHSC.STORE_SUBCHANNEL_DESCRIPTION:
      return encodeSubchannelDescriptions(block.subchannelDescriptions, bytes, at);
    case CHSC.STORE_EVENT_INFORMATION:
      return block.event === null ? 0 : encodeEvent(block.event, bytes, at);
    case CHSC.STORE_CHARACTERISTICS:
      return encodeCharacteristics(block.characteristics, bytes, at);
    default:
      return 0;
  }
}
