import type { Steps } from '../kernel/process.ts';
import { CCW_FLAG, type Ccw } from '../zarch/ccw.ts';
import { COMMAND } from '../zarch/commands.ts';
import type { Irb } from '../zarch/irb.ts';
import { CcwRequest } from './ccw-request.ts';
import type { CioDevice } from './device.ts';
import { E, type Errno } from './errno.ts';
import type { Executor } from './ioasm.ts';

/** Size of the area for SENSE ID data, with room for command-information words (device_id.c). */
const SENSE_ID_BYTES = 256;
/** Fewer bytes identify nothing; from `BASIC_LENGTH` on the device type is there too. */
const MINIMUM_LENGTH = 4;
const BASIC_LENGTH = 7;
const UNKNOWN_TYPE = 0xffff;

/** What SENSE ID says of a device. */
export interface SenseId {
  readonly cuType: number;
  readonly cuModel: number;
  readonly devType: number;
  readonly devModel: number;
}

export const NO_SENSE_ID: SenseId = { cuType: 0, cuModel: 0, devType: 0, devModel: 0 };

export const equalSenseIds = (a: SenseId, b: SenseId): boolean =>
  a.cuType === b.cuType && a.cuModel === b.cuModel && a.devType === b.devType && a.devModel === b.devModel;

/** The identification in `length` bytes of SENSE ID data. */
export function decodeSenseId(bytes: Uint8Array, length: number): SenseId {
  const complete = length >= BASIC_LENGTH;
  return {
    cuType: (bytes[1] << 8) | bytes[2],
    cuModel: bytes[3],
    devType: complete ? (bytes[4] << 8) | bytes[5] : 0,
    devModel: complete ? bytes[6] : 0,
  };
}

/** Whether data identify a device: 0, −EAGAIN for another try, −EOPNOTSUPP (device_id.c:snsid_check). */
export function checkSenseId(bytes: Uint8Array, length: number): Errno {
  if (length < MINIMUM_LENGTH || bytes[0] !== 0xff) return E.OPNOTSUPP;
  return decodeSenseId(bytes, length).cuType === UNKNOWN_TYPE ? E.AGAIN : E.OK;
}

/** ccw_device_sense_id_start: asks the device what it is, on any path that the channel subsystem chooses. */
export function* startSenseId(self: Executor, device: CioDevice): Steps {
  const { sch } = device;
  const data = new Uint8Array(SENSE_ID_BYTES);
  const ccw: Ccw = {
    command: COMMAND.senseid,
    flags: CCW_FLAG.SUPPRESS_LENGTH,
    count: SENSE_ID_BYTES,
    data,
    versions: null,
  };
  let length = 0;
  const check = (irb: Irb): Errno => {
    length = SENSE_ID_BYTES - irb.scsw.count;
    return checkSenseId(data, length);
  };
  device.sensed = NO_SENSE_ID;
  device.request = new CcwRequest(device, {
    program: { ccws: [ccw], length: 1 },
    lpm: sch.schib.pmcw.pam & sch.opm,
    singlePath: false,
    check,
    *callback(executor, rc) {
      if (rc === E.OK) device.sensed = decodeSenseId(data, length);
      yield* device.recognitionEnded(executor, rc);
    },
  });
  yield* device.request.start(self);
}
