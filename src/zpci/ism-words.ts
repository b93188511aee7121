/** What the ISM device and its driver say to each other (Linux drivers/s390/net/ism.h; linux 9.3). */

/** Commands of the area in BAR 2, with the bytes of request and response, their headers included. */
export const ISM_COMMANDS = {
  'register-sba': { code: 0x1, request: 16, response: 8 },
  'register-ieq': { code: 0x2, request: 24, response: 8 },
  'read-gid': { code: 0x3, request: 8, response: 16 },
  'add-vlan': { code: 0x4, request: 16, response: 8 },
  'query-info': { code: 0x8, request: 8, response: 200 },
  'register-dmb': { code: 0xa, request: 40, response: 16 },
} as const;
export type IsmCommandName = keyof typeof ISM_COMMANDS;

/** One command, as the header that is stored last stands for it. */
export interface IsmCommand {
  readonly name: IsmCommandName;
  /** register-dmb: bytes of the buffer. */
  readonly length: number;
}

export const ISM_DATA_BAR = 0;
export const ISM_COMMAND_BAR = 2;
/** Header of requests and responses; the body is behind it. */
export const ISM_HEADER_BYTES = 8;
/** What a response holds before a command has been taken, and what remains of it when it cannot be read. */
export const ISM_ERROR = 0xffff;
/** Buffers that one function may register, the first word of their bits left out (ISM_NR_DMBS). */
export const ISM_BUFFERS = 1920;
export const ISM_FIRST_BUFFER = 32;

/**
 * A move's place in BAR 0 (ISM_CREATE_REQ): token, index of the element, signal flag, offset. Tokens are the device's own
 * choice; here they are the number of the buffer above all other fields.
 */
export const TOKEN_UNIT = 0x1_0000_0000;
const INDEX_UNIT = 0x100_0000;
const SIGNAL = 0x80_0000;

export const moveRequest = (token: number, index: number, signal: boolean, offset: number): number =>
  token + index * INDEX_UNIT + (signal ? SIGNAL : 0) + offset;
export const tokenOf = (request: number): number => request - (request % TOKEN_UNIT);
export const signalsIn = (request: number): boolean => Math.floor(request / SIGNAL) % 2 === 1;
/** Most bytes of a buffer: the offset must not reach the signal flag (dma_set_max_seg_size). */
export const LONGEST_BUFFER = 0x10_0000;
export const offsetIn = (request: number): number => request % SIGNAL;
