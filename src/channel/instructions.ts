import { copySchib, copyScsw } from '../zarch/block-copy.ts';
import type { ChscBlock } from '../zarch/chsc.ts';
import type { Crw } from '../zarch/crw.ts';
import type { Chpid, SubchannelId } from '../zarch/ids.ts';
import type { Irb } from '../zarch/irb.ts';
import type { Orb } from '../zarch/orb.ts';
import type { Schib } from '../zarch/schib.ts';
import { STCTL } from '../zarch/scsw.ts';
import type {
  AddressLimit,
  IoInstruction,
  MeasurementControl,
  Operands,
  Outcome,
  PendingInterruption,
} from './channel-subsystem.ts';
import { channelSubsystemCall } from './channel-subsystem-call.ts';
import type { MachineChannelSubsystem } from './image.ts';
import { clearStatus, modifySubchannel, storeIrb } from './status.ts';

/**
 * What each I/O instruction does on the machine (Principles of Operation, "I/O Instructions"; architecture reference B.1
 * for the condition codes). Operands have been checked before; conditions are tested in the order in which they stand.
 */
type Execute<I extends IoInstruction> = (
  image: MachineChannelSubsystem,
  id: SubchannelId,
  operand: Operands[I],
) => Outcome;

export const INSTRUCTIONS: { readonly [I in IoInstruction]: Execute<I> } = {
  ssch: startSubchannel,
  tsch: testSubchannel,
  stsch: storeSubchannel,
  msch: modify,
  hsch(image, id) {
    const sch = image.operational(id);
    return sch === undefined ? 3 : image.stops.halt(sch);
  },
  csch(image, id) {
    const sch = image.operational(id);
    return sch === undefined ? 3 : image.stops.clear(sch);
  },
  xsch(image, id) {
    const sch = image.operational(id);
    if (sch === undefined) return 3;
    const outcome = image.stops.cancel(sch);
    if (sch.stackedStatus !== 0) image.unsolicited?.offer(sch);
    return outcome;
  },
  rsch(image, id) {
    const sch = image.operational(id);
    return sch === undefined ? 3 : image.starts.programs.resume(sch);
  },
  stcrw(image, _id, crw: Crw) {
    return image.reports.store(crw);
  },
  rchp(image, id) {
    // The image number, if there is one, is the program's own: all its channel paths are of one image.
    return image.resets.resetChannelPath(image, (id & 0xff) as Chpid);
  },
  chsc(image, _id, block: ChscBlock) {
    channelSubsystemCall(image, block);
    return 0;
  },
  tpi(image, _id, { iscMask, code }: PendingInterruption) {
    return image.interrupts.take(iscMask, code) ? 1 : 0;
  },
  schm(image, _id, control: MeasurementControl) {
    image.measurement.control(control);
    return 0;
  },
  sal(image, _id, { address }: AddressLimit) {
    image.addressLimit = address;
    return 0;
  },
  stcps: storePathStatus,
};

function startSubchannel(image: MachineChannelSubsystem, id: SubchannelId, orb: Orb): Outcome {
  const sch = image.operational(id);
  if (sch === undefined) return 3;
  const { scsw, pmcw } = sch.schib;
  if (image.options.noPath === 'cc3' && (pmcw.pim & pmcw.pam & orb.lpm) === 0) return 3;
  if ((scsw.stctl & STCTL.PENDING) !== 0) return 1;
  if (scsw.fctl !== 0) return 2;
  if (sch.measuring !== 0) image.measurement.started(sch);
  image.starts.start(sch, orb);
  return 0;
}

/** With cc 1 the program sees what the subchannel is doing, and nothing is cleared. */
function testSubchannel(image: MachineChannelSubsystem, id: SubchannelId, irb: Irb): Outcome {
  const sch = image.operational(id);
  if (sch === undefined) return 3;
  if ((sch.schib.scsw.stctl & STCTL.PENDING) === 0) {
    copyScsw(sch.schib.scsw, irb.scsw);
    return 1;
  }
  storeIrb(sch, irb);
  clearStatus(sch);
  image.interrupts.withdraw(sch.id);
  if (sch.stackedStatus !== 0) image.unsolicited?.offer(sch);
  return 0;
}

/** A subchannel that is provided is stored, enabled or not, with or without a device. */
function storeSubchannel(image: MachineChannelSubsystem, id: SubchannelId, schib: Schib): Outcome {
  const sch = image.subchannel(id);
  if (sch === undefined) return 3;
  copySchib(sch.schib, schib);
  return 0;
}

/** Without a valid device number there is nothing to modify, and the instruction says so with cc 0. */
function modify(image: MachineChannelSubsystem, id: SubchannelId, schib: Schib): Outcome {
  const sch = image.subchannel(id);
  if (sch === undefined) return 3;
  const { scsw, pmcw } = sch.schib;
  if (pmcw.deviceNumberValid === 0) return 0;
  // The function that is in progress goes before its intermediate status.
  const isIntermediate = scsw.stctl === (STCTL.INTERMEDIATE | STCTL.PENDING);
  if ((scsw.stctl & STCTL.PENDING) !== 0 && !isIntermediate) return 1;
  if (scsw.fctl !== 0) return 2;
  modifySubchannel(schib, sch.schib);
  image.measurement.modified(sch);
  return 0;
}

/** One for each CHPID of the image that carries an operation now. */
function storePathStatus(image: MachineChannelSubsystem, _id: SubchannelId, status: Uint8Array): Outcome {
  status.fill(0);
  for (const path of image.channelPaths) {
    if (path.open > 0 && image.isConfigured(path))
      status[(path.chpid & 0xff) >> 3] |= 0x80 >> (path.chpid & 7);
  }
  return 0;
}
