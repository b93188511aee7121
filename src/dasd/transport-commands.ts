import type { TransportFrame } from '../channel/transport-program/transport-frame.ts';
import { CCW_FLAG, type Ccw } from '../zarch/ccw.ts';
import { COMMAND } from '../zarch/commands.ts';
import type { DeviceCommand } from '../zarch/tccb.ts';
import {
  COMMAND_VALID,
  LOCATE_AUXILIARY,
  LOCATE_COMMAND,
  Locate,
  PREFIX_BYTES,
  PREFIX_FORMAT,
  PREFIX_LOCATE,
} from './channel-program.ts';
import { BLOCK_BYTES, BLOCKS_PER_TRACK } from './geometry.ts';

/** How far the data of a block's commands have been given out. */
export interface DataCursor {
  readonly frame: TransportFrame;
  at: number;
}

/**
 * The commands that one device-command word stands for. Most stand for themselves, with control data or data. PREFIX has
 * both: its parameters name the command that moves the data (imbedded command), once for each track or record of the domain
 * that they open (dasd_eckd.c: prepare_itcw). Counts of device commands are never indicated as incorrect: the status block
 * tells what is left.
 */
export function commandsOf(device: DeviceCommand, data: DataCursor): Ccw[] {
  const { command, count, controlData } = device;
  if (controlData.length === 0) return [transfer(command, count, data)];
  const control = { command, flags: FLAGS, count: controlData.length, data: controlData, versions: null };
  const isPrefix = command === COMMAND.prefix || command === COMMAND.prefix_read;
  return isPrefix ? [control, ...imbedded(device, data)] : [control];
}

const FLAGS = CCW_FLAG.CHAIN_COMMAND | CCW_FLAG.SUPPRESS_LENGTH;
const locate = new Locate();

function transfer(command: number, count: number, data: DataCursor): Ccw {
  const { frame } = data;
  const area = (command & 1) === 0 ? frame.input : frame.output;
  const bytes = count === 0 ? null : area.subarray(data.at, data.at + count);
  data.at += count;
  return { command, flags: FLAGS, count, data: bytes, versions: null };
}

/** As many commands as the count of the device command has data for; one that is not named moves nothing. */
function imbedded({ controlData, count }: DeviceCommand, data: DataCursor): Ccw[] {
  if (controlData.length < PREFIX_BYTES || controlData[0] !== PREFIX_FORMAT.LOCATE_RECORD) return [];
  if ((controlData[PREFIX_LOCATE + LOCATE_AUXILIARY] & COMMAND_VALID) === 0) return [];
  const command = controlData[PREFIX_LOCATE + LOCATE_COMMAND];
  locate.decodeExtended(controlData, PREFIX_LOCATE);
  const ccws: Ccw[] = [];
  let left = count;
  for (let unit = 0; unit < locate.count && left > 0; unit++) {
    const part = Math.min(left, unitBytes(unit));
    ccws.push(transfer(command, part, data));
    left -= part;
  }
  return ccws;
}

/** Bytes of one track or record: the first track from the located record on, the last as far as the parameters say. */
function unitBytes(unit: number): number {
  if (!locate.isTrackOperation) return locate.length > 0 ? locate.length : BLOCK_BYTES;
  if (unit === locate.count - 1 && locate.length > 0) return locate.length;
  const first = unit === 0 && locate.record > 0 ? locate.record - 1 : 0;
  // A record behind the last one: the parameters are refused, and nothing is moved.
  return Math.max(0, BLOCKS_PER_TRACK - first) * BLOCK_BYTES;
}
