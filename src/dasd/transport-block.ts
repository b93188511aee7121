import type { Exchange } from '../channel/control-unit.ts';
import type { TransportFrame } from '../channel/transport-program/transport-frame.ts';
import { CCW_FLAG, type Ccw, type ChannelProgram } from '../zarch/ccw.ts';
import { COMMAND } from '../zarch/commands.ts';
import { CSTAT, DSTAT } from '../zarch/scsw.ts';
import {
  blockBytes,
  COMMAND_AREA_FORMAT,
  COMMAND_BYTES,
  COMMAND_CHAINING,
  COMMAND_LIMIT,
  type CommandAreaHeader,
  commandLength,
  DeviceCommand,
  decodeDeviceCommand,
  decodeHeader,
  HEADER_BYTES,
  SERVICE_ACTION,
  TRAILER_BYTES,
  transportCount,
  transportCountOf,
} from '../zarch/tccb.ts';
import { REASON } from '../zarch/tsb.ts';
import { commandsOf } from './transport-commands.ts';

/**
 * Transport-command control blocks as a control unit takes them: checked, then turned into the program that it carries out
 * as a whole, as any other. What is wrong with a block is found out when it arrives, and told in the place of a status
 * (device-detected program check).
 */
interface BlockProgram extends ChannelProgram {
  /** Where the command stands behind the header that each CCW belongs to; and which of the block's commands it is. */
  readonly places: readonly number[];
  readonly commandOf: readonly number[];
  readonly commands: readonly DeviceCommand[];
}

/** The program of a block that is in order; else one that does nothing, and `frame.reason` says why. */
export function programOf(frame: TransportFrame): ChannelProgram {
  const header = decodeHeader(frame.block);
  const commands: DeviceCommand[] = [];
  const places: number[] = [];
  frame.reason =
    checkHeader(frame, header) || readCommands(frame.block, commands, places) || checkCounts(frame, commands);
  if (frame.reason !== 0) return REFUSED;
  const ccws: Ccw[] = [];
  const commandOf: number[] = [];
  const data = { frame, at: 0 };
  commands.forEach((command, index) => {
    for (const ccw of commandsOf(command, data)) {
      ccws.push(ccw);
      commandOf.push(index);
    }
  });
  ccws[ccws.length - 1].flags &= ~CCW_FLAG.CHAIN_COMMAND;
  const program: BlockProgram = { ccws, length: ccws.length, transport: true, places, commandOf, commands };
  return program;
}

const REFUSED: BlockProgram = {
  ccws: [{ command: COMMAND.nop, flags: 0, count: 0, data: null, versions: null }],
  length: 1,
  transport: true,
  places: [0],
  commandOf: [0],
  commands: [new DeviceCommand()],
};

function checkHeader(frame: TransportFrame, header: CommandAreaHeader): number {
  const { format, serviceAction, length } = header;
  if (format !== COMMAND_AREA_FORMAT || serviceAction !== SERVICE_ACTION.EXECUTE) return REASON.HEADER;
  if (length % 4 !== 0) return REASON.HEADER;
  return blockBytes(header) === frame.block.length ? 0 : REASON.LENGTH;
}

/** The last command ends where the trailer begins. */
function readCommands(block: Readonly<Uint8Array>, commands: DeviceCommand[], places: number[]): number {
  const end = block.length - TRAILER_BYTES;
  for (let at = HEADER_BYTES; ; ) {
    if (commands.length === COMMAND_LIMIT || at + COMMAND_BYTES > end) return REASON.COMMAND;
    const command = new DeviceCommand();
    if (!decodeDeviceCommand(block, at, command) || (command.flags & ~COMMAND_CHAINING) !== 0)
      return REASON.COMMAND;
    commands.push(command);
    places.push(at - HEADER_BYTES);
    at += commandLength(command.controlData.length);
    if (at > end) return REASON.COMMAND;
    if ((command.flags & COMMAND_CHAINING) === 0) return at === end ? 0 : REASON.COMMAND;
  }
}

/** Data move in one direction only, and as much as the commands say; the trailer counts the same. */
function checkCounts(frame: TransportFrame, commands: readonly DeviceCommand[]): number {
  let sum = frame.checkBytes;
  for (const { command, count } of commands) {
    if (count > 0 && !((command & 1) === 0 ? frame.reads : frame.writes)) return REASON.DIRECTION;
    sum += count;
  }
  const { block } = frame;
  const counted = transportCount(block, block.length - TRAILER_BYTES);
  const nothingMoves = sum === 0 && counted === 0;
  return sum === frame.count && (nothingMoves || counted === transportCountOf(sum))
    ? 0
    : REASON.TRANSPORT_COUNT;
}

/** The status of an operation whose block is refused: the device has ended it, and has carried out nothing. */
export function refuseBlock(exchange: Exchange): void {
  exchange.dstat = DSTAT.CHANNEL_END | DSTAT.DEVICE_END;
  exchange.cstat = CSTAT.PROGRAM_CHECK;
  exchange.senseCount = 0;
  exchange.lastCcw = 0;
  exchange.residual = 0;
}

/**
 * The program has come to its end: what its status block tells of the last command. A command that ends with unit check has
 * moved nothing of what the CCW in use stands for.
 */
export function leaveBlock(exchange: Exchange, frame: TransportFrame): void {
  const { ccws, places, commandOf, commands } = exchange.program as BlockProgram;
  const { lastCcw } = exchange;
  const last = commandOf[lastCcw];
  const failed = (exchange.dstat & DSTAT.UNIT_CHECK) !== 0;
  let moved = 0;
  let input = 0;
  for (let at = 0; at <= lastCcw; at++) {
    const ccw = ccws[at];
    if (isControl(ccw, commands[commandOf[at]])) continue;
    const rest = at < lastCcw ? 0 : failed ? ccw.count : exchange.residual;
    const bytes = ccw.count - rest;
    if (commandOf[at] === last) moved += bytes;
    if (frame.reads) input += bytes;
  }
  frame.commandOffset = places[last];
  frame.residual = commands[last].count - moved;
  frame.inputMoved = frame.reason === 0 ? input : 0;
}

/** The CCW stands for the control data of its command. */
const isControl = (ccw: Readonly<Ccw>, { controlData }: Readonly<DeviceCommand>): boolean =>
  ccw.data === controlData;
