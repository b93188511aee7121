import type { Ccw } from '../zarch/ccw.ts';
import { COMMAND, type CommandName } from '../zarch/commands.ts';
import * as control from './control-commands.ts';
import * as data from './data-commands.ts';
import type { ProgramRun } from './program-run.ts';
import { performSubsystemFunction, readSubsystemData } from './subsystem-data.ts';

/**
 * What the control unit does for a command: it sets `run.length` to the bytes that it moves and does the work, or it
 * ends the program with unit check (`run.reject` and its kin).
 */
export type CommandHandler = (run: ProgramRun, ccw: Ccw) => void;

const KNOWN: Partial<Record<CommandName, CommandHandler>> = {
  nop: control.noOperation,
  suspend_multipath: control.noOperation,
  sense: control.sense,
  senseid: control.senseId,
  snid: control.sensePathGroupId,
  spid: control.setPathGroupId,
  rdc: control.readDeviceCharacteristics,
  rcd: control.readConfigurationData,
  reserve: control.reserve,
  release: control.release,
  unconditional_reserve: control.unconditionalReserve,
  psf: performSubsystemFunction,
  rssd: readSubsystemData,
  define_extent: data.defineExtent,
  locate_record: data.locateRecord,
  locate_record_extended: data.locateRecordExtended,
  prefix: data.prefix,
  prefix_read: data.prefixRead,
  read_count: data.readCount,
  read_count_mt: data.readCountMultitrack,
  read: data.readData,
  read_mt: data.readDataMultitrack,
  read_kd: data.readKeyAndData,
  read_kd_mt: data.readKeyAndDataMultitrack,
  write: data.writeData,
  write_mt: data.writeDataMultitrack,
  write_kd: data.writeKeyAndData,
  write_kd_mt: data.writeKeyAndDataMultitrack,
  read_track_data: data.readTrackData,
  write_track_data: data.writeTrackData,
};

/** The handler of each of the 256 command codes. */
export const COMMANDS: readonly CommandHandler[] = byCode();

/** One for the commands that belong into a locate domain. */
export const DOMAIN_COMMANDS = marked([
  'read_count',
  'read_count_mt',
  'read',
  'read_mt',
  'read_kd',
  'read_kd_mt',
  'write',
  'write_mt',
  'write_kd',
  'write_kd_mt',
  'read_track_data',
  'write_track_data',
]);

/** One for the commands that end with their initial status. */
export const IMMEDIATE_COMMANDS = marked(['nop', 'suspend_multipath']);

/** One for the commands that are accepted on a path to which the device is reserved elsewhere. */
export const RESERVATION_EXEMPT = marked(['snid', 'spid', 'unconditional_reserve']);

function byCode(): CommandHandler[] {
  const handlers: CommandHandler[] = new Array(256).fill(control.invalidCommand);
  for (const [name, handler] of Object.entries(KNOWN)) handlers[COMMAND[name as CommandName]] = handler;
  return handlers;
}

function marked(names: readonly CommandName[]): Uint8Array {
  const marks = new Uint8Array(256);
  for (const name of names) marks[COMMAND[name]] = 1;
  return marks;
}
