import type { Steps } from '../kernel/process.ts';
import type { Ccw } from '../zarch/ccw.ts';
import { CCW_FLAG } from '../zarch/ccw.ts';
import { COMMAND } from '../zarch/commands.ts';
import type { Irb } from '../zarch/irb.ts';
import { ALL_PATHS } from '../zarch/path-mask.ts';
import { DSTAT } from '../zarch/scsw.ts';
import { startProgram, updateSchib } from './cio.ts';
import type { CioDevice } from './device.ts';
import { DEV_EVENT } from './device-state.ts';
import {
  accumulateIrb,
  isActive,
  isPending,
  isSolicited,
  needsSense,
  replaceIrb,
  tellsPathNotOperational,
} from './device-status.ts';
import { E, type Errno } from './errno.ts';
import type { Executor } from './ioasm.ts';

const SENSE_BYTES = 32;

/** ccw_device_accumulate_irb: takes a status into the device's accumulated one, and notes what has to follow. */
export function* accumulate(self: Executor, device: CioDevice, irb: Irb): Steps {
  if (!isPending(irb.scsw)) return;
  if (tellsPathNotOperational(irb.scsw)) yield* pathNotOperational(self, device);
  if (irb.scsw.transport === 1) {
    // Neither a sense nor a verification is owed for it: sense data are in its status block.
    replaceIrb(device.irb, irb);
    return;
  }
  if (!isSolicited(irb.scsw)) return;
  accumulateIrb(device.irb, irb);
  if (irb.pathVerification === 1) device.doverify = true;
  if (needsSense(device.irb)) device.dosense = true;
}

/** ccw_device_accumulate_and_sense: 0 when the status is complete, −EBUSY when more will come. */
export function* accumulateAndSense(self: Executor, device: CioDevice, irb: Irb): Steps<Errno> {
  yield* accumulate(self, device, irb);
  if (isActive(irb.scsw)) return E.BUSY;
  if (!device.dosense) return E.OK;
  if ((irb.scsw.dstat & DSTAT.UNIT_CHECK) === 0) {
    takeSenseData(device);
    return E.OK;
  }
  yield* startBasicSense(self, device, irb);
  return E.BUSY;
}

/** ccw_device_do_sense: −EBUSY while the device is still active, so that the sense has to wait. */
export function* startBasicSense(self: Executor, device: CioDevice, irb: Irb): Steps<Errno> {
  if (isActive(irb.scsw)) return E.BUSY;
  const area = new Uint8Array(SENSE_BYTES);
  const ccw: Ccw = {
    command: COMMAND.sense,
    flags: CCW_FLAG.SUPPRESS_LENGTH,
    count: SENSE_BYTES,
    data: area,
    versions: null,
  };
  device.senseArea = area;
  const rc = yield* startProgram(device.linux, self, device.sch, { ccws: [ccw], length: 1 }, ALL_PATHS);
  if (rc === E.NODEV || rc === E.ACCES) yield* device.event(self, DEV_EVENT.VERIFY);
  return rc;
}

/** ccw_device_accumulate_basic_sense: the answer to a basic sense. */
export function* accumulateBasicSense(self: Executor, device: CioDevice, irb: Irb): Steps {
  if (!isPending(irb.scsw)) return;
  if (tellsPathNotOperational(irb.scsw)) yield* pathNotOperational(self, device);
  const ended = (irb.scsw.dstat & (DSTAT.UNIT_CHECK | DSTAT.CHANNEL_END)) === DSTAT.CHANNEL_END;
  if (ended) takeSenseData(device);
  if (irb.pathVerification === 1) device.doverify = true;
}

/** The sense bytes join the status that they explain. Their number is not known: `senseCount` stays as it is. */
function takeSenseData(device: CioDevice): void {
  if (device.senseArea !== null) device.irb.sense.set(device.senseArea);
  device.senseArea = null;
  device.irb.concurrentSense = 1;
  device.dosense = false;
}

/** ccw_device_path_notoper: a path failed during the operation; the rest is verified when the driver has the status. */
function* pathNotOperational(self: Executor, device: CioDevice): Steps {
  const { sch, linux } = device;
  device.doverify = true;
  if ((yield* updateSchib(linux, self, sch)) !== E.OK) return;
  sch.lpm &= ~sch.schib.pmcw.pnom;
  sch.reportMasks(linux.observer, linux.system);
}
