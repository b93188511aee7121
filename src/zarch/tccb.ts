import { fetchWord, storeWord, WordLayout } from './word-layout.ts';

/**
 * Transport-command control block: all commands of a program in transport mode, which travel to the control unit together
 * (architecture reference A.8; asm/fcx.h: struct tccb, z/VM's TCCBK).
 *
 *   header (16) │ device-command word, control data │ … │ trailer (8)
 */
export class CommandAreaHeader {
  format = COMMAND_AREA_FORMAT;
  /** Bytes of the block behind the eight with which it begins, less four. */
  length = 0;
  serviceAction: number = SERVICE_ACTION.EXECUTE;
  priority = 0;
}

/** One command: its control data go with it, its data are moved apart. */
export class DeviceCommand {
  command = 0;
  flags = 0;
  /** Bytes of data. */
  count = 0;
  controlData: Uint8Array = NO_DATA;
}

const NO_DATA = new Uint8Array(0);

/** The only format of the header. */
export const COMMAND_AREA_FORMAT = 0x7f;
export const SERVICE_ACTION = { EXECUTE: 0x1ffe, INTERROGATE: 0x1fff } as const;
/** Another command follows. */
export const COMMAND_CHAINING = 0x40;
/** Command code of the one command of an interrogate operation. */
export const INTERROGATE_COMMAND = 0x40;
/** Commands that one block may have, and bytes of them: its length has eight bits. */
export const COMMAND_LIMIT = 30;
export const COMMAND_AREA_LIMIT = 240;

export const HEADER_BYTES = 16;
export const COMMAND_BYTES = 8;
export const TRAILER_BYTES = 8;
/** What the header's length leaves out: the eight bytes in front of what it counts, and four of the trailer. */
const UNCOUNTED = 12;

/** Bytes of the whole block. */
export const blockBytes = ({ length }: Readonly<CommandAreaHeader>): number => length + UNCOUNTED;

const LENGTH = new WordLayout({ length: [24, 31] });
const ACTION = new WordLayout({ serviceAction: [0, 15], priority: [24, 31] });
const COMMAND = new WordLayout({ command: [0, 7], flags: [8, 15], controlCount: [24, 31] });
/** Byte 2 of a device-command word. */
const RESERVED = 0x0000ff00;
const scratch = { command: 0, flags: 0, controlCount: 0 };

/** Bytes that a command takes in its block; control data are filled up to a word. */
export const commandLength = (controlCount: number): number => COMMAND_BYTES + ((controlCount + 3) & ~3);

/** Fetches a header, whose reserved places are not looked at. */
export function decodeHeader(bytes: Uint8Array, header = new CommandAreaHeader()): CommandAreaHeader {
  header.format = bytes[0];
  LENGTH.unpack(fetchWord(bytes, 4), header);
  ACTION.unpack(fetchWord(bytes, 8), header);
  return header;
}

/** Fetches the command at `at` with as much of its control data as `bytes` has. False: a reserved place is not zero. */
export function decodeDeviceCommand(bytes: Uint8Array, at: number, into: DeviceCommand): boolean {
  const word = fetchWord(bytes, at);
  COMMAND.unpack(word, scratch);
  into.command = scratch.command;
  into.flags = scratch.flags;
  into.count = fetchWord(bytes, at + 4);
  const data = at + COMMAND_BYTES;
  into.controlData = bytes.slice(data, data + scratch.controlCount);
  return (word & RESERVED) === 0;
}

/** What the trailer says: the bytes that are moved in all, filled up to a word, and a word of check bytes. */
export const transportCountOf = (count: number): number => ((count + 3) & ~3) + 4;

/** The transport count in the trailer at `at`. */
export const transportCount = (bytes: Uint8Array, at: number): number => fetchWord(bytes, at + 4);

/** Stores a whole block: all lengths and chaining are as its commands need them. */
export function encodeCommandBlock(
  commands: readonly Readonly<DeviceCommand>[],
  transportCount: number,
  { serviceAction = SERVICE_ACTION.EXECUTE, priority = 0 }: Partial<CommandAreaHeader> = {},
): Uint8Array {
  const area = commands.reduce((sum, { controlData }) => sum + commandLength(controlData.length), 0);
  const bytes = new Uint8Array(HEADER_BYTES + area + TRAILER_BYTES);
  bytes[0] = COMMAND_AREA_FORMAT;
  storeWord(bytes, 4, LENGTH.pack({ length: bytes.length - UNCOUNTED }));
  storeWord(bytes, 8, ACTION.pack({ serviceAction, priority }));
  let at = HEADER_BYTES;
  commands.forEach(({ command, flags, count, controlData }, index) => {
    const chaining = index + 1 < commands.length ? COMMAND_CHAINING : 0;
    const controlCount = controlData.length;
    storeWord(bytes, at, COMMAND.pack({ command, flags: flags | chaining, controlCount }));
    storeWord(bytes, at + 4, count);
    bytes.set(controlData, at + COMMAND_BYTES);
    at += commandLength(controlCount);
  });
  storeWord(bytes, at + 4, transportCount);
  return bytes;
}
