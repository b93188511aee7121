import type { Ccw } from '../zarch/ccw.ts';
import { GROUP_FUNCTION, GROUP_FUNCTION_MASK, PGID_RECORD_BYTES } from '../zarch/pgid.ts';
import { CHARACTERISTICS_BYTES } from './characteristics.ts';
import { CONFIGURATION_BYTES, storeDeviceData, storePathData } from './configuration-data.ts';
import type { ProgramRun } from './program-run.ts';
import { MESSAGE } from './sense.ts';

/** Commands that identify the device, group its paths and reserve it. None of them touches the volume. */

export function invalidCommand(run: ProgramRun): void {
  run.reject(MESSAGE.INVALID_COMMAND);
}

/** NO-OPERATION, and suspend multipath reconnection where nothing reconnects elsewhere. */
export function noOperation(run: ProgramRun): void {
  run.immediate = true;
  run.length = 0;
}

export function sense(run: ProgramRun, ccw: Ccw): void {
  run.supplySense(ccw);
}

export function senseId(run: ProgramRun, ccw: Ccw): void {
  run.supply(ccw, run.device.identification, run.device.identification.length);
}

export function readDeviceCharacteristics(run: ProgramRun, ccw: Ccw): void {
  run.supply(ccw, run.device.characteristics, CHARACTERISTICS_BYTES);
}

export function readConfigurationData(run: ProgramRun, ccw: Ccw): void {
  const { configuration, node } = run.device;
  storeDeviceData(configuration, node);
  storePathData(configuration, run.port + 1, run.subsystem.pathAccess(run.port));
  run.supply(ccw, configuration, CONFIGURATION_BYTES);
}

export function sensePathGroupId(run: ProgramRun, ccw: Ccw): void {
  if (!run.isFirst) {
    run.reject(MESSAGE.INVALID_SEQUENCE);
    return;
  }
  const { groups, reservation } = run.device;
  groups.sense(run.path, reservation.stateFor(run.path), run.scratch);
  run.supply(ccw, run.scratch, PGID_RECORD_BYTES);
}

export function setPathGroupId(run: ProgramRun, ccw: Ccw): void {
  if (!run.isFirst) {
    run.reject(MESSAGE.INVALID_SEQUENCE);
    return;
  }
  const { groups, reservation } = run.device;
  const record = controlBytes(ccw, PGID_RECORD_BYTES, run.scratch);
  run.length = Math.min(ccw.count, PGID_RECORD_BYTES);
  const refusal = groups.refuses(run.path, record, ccw.count);
  if (refusal !== MESSAGE.NONE) {
    run.reject(refusal);
    return;
  }
  const order = record[0] & GROUP_FUNCTION_MASK;
  if (order === GROUP_FUNCTION.RESIGN) reservation.beforeResign(run.path);
  if (order === GROUP_FUNCTION.DISBAND) reservation.beforeDisband(run.path);
  groups.set(run.path, record);
  run.length = PGID_RECORD_BYTES;
}

export function reserve(run: ProgramRun, ccw: Ccw): void {
  if (!run.isFirst) {
    run.reject(MESSAGE.INVALID_SEQUENCE);
    return;
  }
  if (!run.device.reservation.holds(run.path)) run.device.reservation.reserve(run.path);
  run.supplySense(ccw);
}

export function release(run: ProgramRun, ccw: Ccw): void {
  if (!run.isFirst) {
    run.reject(MESSAGE.INVALID_SEQUENCE);
    return;
  }
  const { reservation } = run.device;
  // It was accepted while the device was free; in the meantime another system may have reserved it.
  if (reservation.holds(run.path)) reservation.release();
  run.supplySense(ccw);
}

/** Takes the device over from whoever has it reserved. */
export function unconditionalReserve(run: ProgramRun, ccw: Ccw): void {
  if (!run.isFirst) {
    run.reject(MESSAGE.INVALID_SEQUENCE);
    return;
  }
  const { device } = run;
  if (!device.reservation.holds(run.path)) {
    device.terminateAllegiance();
    device.reservation.reserve(run.path);
  }
  run.supplySense(ccw);
}

/** The command's first `length` bytes; an area that is shorter is filled up with zeros in `spare`. */
function controlBytes(ccw: Ccw, length: number, spare: Uint8Array): Uint8Array {
  if (ccw.data !== null && ccw.data.length >= length) return ccw.data;
  spare.fill(0);
  if (ccw.data !== null) spare.set(ccw.data);
  return spare;
}
