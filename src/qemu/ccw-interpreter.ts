import { CCW_FLAG } from '../zarch/ccw.ts';
import { COMMAND } from '../zarch/commands.ts';
import type { DataStream } from './data-stream.ts';
import type { ProgramMemory } from './program-memory.ts';
import { PROGRAM, type ProgramResult } from './program-result.ts';
import { SENSE_BYTES, SENSE_ID_BYTES, type VirtualSubchannel } from './subchannel.ts';
import type { VirtualCcw } from './virtual-ccw.ts';

/** Bits of a CCW address that must be zero: beyond 24 or 31 bits, and in front of a doubleword. */
const INVALID_ADDRESS_FORMAT_0 = 0xff000007;
const INVALID_ADDRESS_FORMAT_1 = 0x80000007;
/** CCWs with data address zero that one program may have (the counter has 8 bits). */
const MOST_WITHOUT_ADDRESS = 255;
/** Bytes of the answer to SENSE ID from which on its first byte is FF: those that identify the control unit. */
const IDENTIFIED_BYTES = 4;

/**
 * Interprets one CCW of the program of `sch` (css.c:css_interpret_ccw). The order of the checks is what a program can
 * observe of it; the numbers of the checks are those of the behaviour reference, section 2.1.
 */
export function interpretCcw(
  sch: VirtualSubchannel,
  ccw: VirtualCcw,
  memory: ProgramMemory,
  data: DataStream,
  maySuspend: boolean,
): ProgramResult {
  if (!isCcwAddress(sch.ccwAddress, sch.format1)) return PROGRAM.CHECK;
  memory.fetchCcw(sch.ccwAddress, sch.format1, ccw);
  if (!isWellFormed(ccw, sch.format1)) return PROGRAM.CHECK;
  if ((ccw.flags & CCW_FLAG.SUSPEND) !== 0) return maySuspend ? PROGRAM.SUSPENDED : PROGRAM.CHECK;
  if (ccw.address === 0) {
    if (sch.withoutAddress === MOST_WITHOUT_ADDRESS) return PROGRAM.CHECK;
    sch.withoutAddress++;
  }
  data.open(ccw, sch.orb, memory);
  const result = execute(sch, ccw, data);
  sch.afterTransfer = ccw.command === COMMAND.tic;
  if (result !== PROGRAM.OK || (ccw.flags & CCW_FLAG.CHAIN_COMMAND) === 0) return result;
  sch.ccwAddress += 8;
  return PROGRAM.CHAIN;
}

/** Checks 1 and 2. */
const isCcwAddress = (address: number, format1: boolean): boolean =>
  address !== 0 && (address & (format1 ? INVALID_ADDRESS_FORMAT_1 : INVALID_ADDRESS_FORMAT_0)) === 0;

/** Checks 4 to 7; format 0 has no transfer in channel with other left bits any more. */
function isWellFormed({ command, flags, count }: VirtualCcw, format1: boolean): boolean {
  if ((command & 0x0f) === 0) return false;
  if ((command & 0x0f) === COMMAND.tic && command !== COMMAND.tic) return false;
  if (!format1 && count === 0 && command !== COMMAND.tic) return false;
  return (flags & CCW_FLAG.MODIFIED_INDIRECT) === 0;
}

/** Whether the count must be the one that the command has: only SLI without data chaining takes any other. */
export const checksLength = ({ flags }: VirtualCcw): boolean =>
  (flags & CCW_FLAG.SUPPRESS_LENGTH) === 0 || (flags & CCW_FLAG.CHAIN_DATA) !== 0;

function execute(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
  switch (ccw.command) {
    case COMMAND.nop:
      return PROGRAM.OK;
    case COMMAND.sense:
      return basicSense(sch, ccw, data);
    case COMMAND.senseid:
      return senseId(sch, ccw, data);
    case COMMAND.tic:
      return transferInChannel(sch, ccw);
    default:
      return sch.device.execute(sch, ccw, data);
  }
}

/** The sense bytes are gone once they were stored. */
function basicSense(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
  if (checksLength(ccw) && ccw.count !== SENSE_BYTES) return PROGRAM.CHECK;
  const stored = data.store(sch.sense, Math.min(ccw.count, SENSE_BYTES));
  sch.schib.scsw.count = data.residual;
  if (!stored) return PROGRAM.CHECK;
  sch.sense.fill(0);
  return PROGRAM.OK;
}

function senseId(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
  if (checksLength(ccw) && ccw.count !== SENSE_ID_BYTES) return PROGRAM.CHECK;
  const length = Math.min(ccw.count, SENSE_ID_BYTES);
  sch.senseId[0] = length >= IDENTIFIED_BYTES ? 0xff : 0;
  if (!data.store(sch.senseId, length)) return PROGRAM.CHECK;
  sch.schib.scsw.count = data.residual;
  return PROGRAM.OK;
}

function transferInChannel(sch: VirtualSubchannel, ccw: VirtualCcw): ProgramResult {
  if (sch.afterTransfer || ccw.flags !== 0 || ccw.count !== 0) return PROGRAM.CHECK;
  sch.ccwAddress = ccw.address;
  return PROGRAM.CHAIN;
}
