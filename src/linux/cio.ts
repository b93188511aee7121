import { assert } from '../kernel/assert.ts';
import type { Steps } from '../kernel/process.ts';
import type { SimTime } from '../kernel/time.ts';
import { NS_PER_US } from '../kernel/time.ts';
import { copySchib } from '../zarch/block-copy.ts';
import type { ChannelProgram } from '../zarch/ccw.ts';
import { Irb } from '../zarch/irb.ts';
import type { PathMask } from '../zarch/path-mask.ts';
import { Schib } from '../zarch/schib.ts';
import { ACTL } from '../zarch/scsw.ts';
import { E, type Errno } from './errno.ts';
import type { ConditionCode, Executor } from './ioasm.ts';
import type { LinuxSystem } from './linux-system.ts';
import {
  applyConfig,
  hasConfig,
  interruptionParameter,
  isValidSchib,
  type Subchannel,
} from './subchannel.ts';

/** Interruption subclass of I/O subchannels (asm/isc.h:IO_SCH_ISC). */
export const IO_SCH_ISC = 3;

const MSCH_TRIES = 5;
const MSCH_BUSY_DELAY: SimTime = 100 * NS_PER_US;
const HALT_TRIES = 3;
export const CLEAR_TRIES = 255;

/** Subchannel operations below the device state machine (cio.c). The caller holds the subchannel's lock. */

/** cio_update_schib: −ENODEV when the subchannel is gone, −EACCES when it is there without a valid device. */
export function* updateSchib(linux: LinuxSystem, self: Executor, sch: Subchannel): Steps<Errno> {
  const schib = linux.takeSchib();
  const cc = yield* linux.io.stsch(self, sch.schid, schib);
  const rc = cc !== 0 ? E.NODEV : isValidSchib(schib) ? E.OK : invalidSchib(linux);
  if (rc === E.OK || rc === E.ACCES) {
    copySchib(schib, sch.schib);
    linux.css.masksChanged(sch);
  }
  linux.giveBackSchib(schib);
  return rc;
}

const invalidSchib = (linux: LinuxSystem): Errno => (linux.features.invalidSchibKept ? E.ACCES : E.NODEV);

/** cio_commit_config: makes the subchannel have the values of `sch.config`. */
export function* commitConfig(linux: LinuxSystem, self: Executor, sch: Subchannel): Steps<Errno> {
  const schib = new Schib();
  if ((yield* linux.io.stsch(self, sch.schid, schib)) !== 0 || !isValidSchib(schib)) return E.NODEV;
  let rc: Errno = E.OK;
  for (let tries = 0; tries < MSCH_TRIES; tries++) {
    applyConfig(sch.config, schib);
    const cc = yield* linux.io.msch(self, sch.schid, schib);
    switch (cc) {
      case 0:
        if ((yield* linux.io.stsch(self, sch.schid, schib)) !== 0 || !isValidSchib(schib)) return E.NODEV;
        if (hasConfig(sch.config, schib)) {
          copySchib(schib, sch.schib);
          linux.css.masksChanged(sch);
          return E.OK;
        }
        rc = E.AGAIN;
        break;
      case 1:
        rc = E.BUSY;
        if ((yield* linux.io.tsch(self, sch.schid, new Irb())) !== 0) return rc;
        break;
      case 2:
        rc = E.BUSY;
        linux.sim.after(MSCH_BUSY_DELAY, self.priority, self.kind, self.target, 0);
        yield;
        break;
      default:
        return E.NODEV;
    }
  }
  return rc;
}

export function* enableSubchannel(linux: LinuxSystem, self: Executor, sch: Subchannel): Steps<Errno> {
  if ((yield* updateSchib(linux, self, sch)) !== E.OK) return E.NODEV;
  sch.config.ena = 1;
  sch.config.isc = IO_SCH_ISC;
  sch.config.intparm = interruptionParameter(sch.schid);
  return yield* commitConfig(linux, self, sch);
}

export function* disableSubchannel(linux: LinuxSystem, self: Executor, sch: Subchannel): Steps<Errno> {
  if ((yield* updateSchib(linux, self, sch)) !== E.OK) return E.NODEV;
  sch.config.ena = 0;
  return yield* commitConfig(linux, self, sch);
}

/** Fills the subchannel's ORB. A mask of 0 stands for all paths that are usable now. */
export function prepareOrb(sch: Subchannel, program: ChannelProgram, lpm: PathMask): void {
  sch.orb.program = program;
  sch.orb.transportMode = program.transport === true ? 1 : 0;
  sch.orb.lpm = lpm === 0 ? sch.lpm : lpm;
}

/** cio_start for I/O of the common I/O layer's own; `lpm` 0: all usable paths. 0, −EBUSY, −EACCES or −ENODEV. */
export function* startProgram(
  linux: LinuxSystem,
  self: Executor,
  sch: Subchannel,
  program: ChannelProgram,
  lpm: PathMask,
): Steps<Errno> {
  prepareOrb(sch, program, lpm);
  // Control I/O is no request of an application and carries no draws of one.
  sch.orb.hitDraw = 0;
  sch.orb.serviceDraw = 0;
  const cc = yield* linux.io.ssch(self, sch.schid, sch.orb);
  return yield* startAnswered(linux, self, sch, lpm, cc);
}

/** What a condition code of SSCH means; `requested` is the mask before 0 was replaced by all usable paths. */
export function* startAnswered(
  linux: LinuxSystem,
  self: Executor,
  sch: Subchannel,
  requested: PathMask,
  cc: ConditionCode,
): Steps<Errno> {
  if (cc === 0) {
    sch.schib.scsw.actl |= ACTL.START_PENDING;
    sch.device?.cmb?.started();
    return E.OK;
  }
  if (cc !== 3) return E.BUSY;
  // Condition code 3 says that no path of the mask was operational, so all of them go at once.
  sch.lpm = requested === 0 ? 0 : sch.lpm & ~requested;
  sch.reportMasks(linux.observer, linux.system);
  if ((yield* updateSchib(linux, self, sch)) !== E.OK) return E.NODEV;
  return sch.lpm !== 0 ? E.ACCES : E.NODEV;
}

export function* clearSubchannel(linux: LinuxSystem, self: Executor, sch: Subchannel): Steps<Errno> {
  if ((yield* linux.io.csch(self, sch.schid)) !== 0) return E.NODEV;
  sch.schib.scsw.actl |= ACTL.CLEAR_PENDING;
  return E.OK;
}

export function* haltSubchannel(linux: LinuxSystem, self: Executor, sch: Subchannel): Steps<Errno> {
  const cc = yield* linux.io.hsch(self, sch.schid);
  if (cc === 0) sch.schib.scsw.actl |= ACTL.HALT_PENDING;
  return cc === 0 ? E.OK : cc === 3 ? E.NODEV : E.BUSY;
}

/** cio_cancel: −EBUSY: status is pending; −EINVAL: there is nothing that could be cancelled any more. */
export function* cancelSubchannel(linux: LinuxSystem, self: Executor, sch: Subchannel): Steps<Errno> {
  switch (yield* linux.io.xsch(self, sch.schid)) {
    case 0:
      return (yield* updateSchib(linux, self, sch)) === E.OK ? E.OK : E.NODEV;
    case 1:
      return E.BUSY;
    case 2:
      return E.INVAL;
    default:
      return E.NODEV;
  }
}

/** cio_resume: −EBUSY: status is pending; −EINVAL: there is nothing to resume. */
export function* resumeSubchannel(linux: LinuxSystem, self: Executor, sch: Subchannel): Steps<Errno> {
  switch (yield* linux.io.rsch(self, sch.schid)) {
    case 0:
      sch.schib.scsw.actl |= ACTL.RESUME_PENDING;
      return E.OK;
    case 1:
      return E.BUSY;
    case 2:
      return E.INVAL;
    default:
      return E.NODEV;
  }
}

/**
 * cio_cancel_halt_clear: one step towards an idle subchannel. 0 when it is idle now; −EBUSY when an interruption will
 * come, after which (or after a time) the caller calls again; −ENODEV; −EIO out of tries. `retry.iretry` begins at 255.
 */
export function* cancelHaltClear(
  linux: LinuxSystem,
  self: Executor,
  sch: Subchannel,
  retry: { iretry: number },
): Steps<Errno> {
  if ((yield* updateSchib(linux, self, sch)) !== E.OK) return E.NODEV;
  if (sch.schib.pmcw.enabled === 0) return E.OK;
  const { actl } = sch.schib.scsw;
  if ((actl & (ACTL.HALT_PENDING | ACTL.CLEAR_PENDING)) === 0) {
    // A program in transport mode cannot be cancelled.
    const rc = sch.orb.transportMode === 1 ? E.INVAL : yield* cancelSubchannel(linux, self, sch);
    if (rc !== E.INVAL) return rc;
    retry.iretry = HALT_TRIES;
  }
  if ((actl & ACTL.CLEAR_PENDING) === 0) {
    if (retry.iretry > 0) {
      retry.iretry--;
      const rc = yield* haltSubchannel(linux, self, sch);
      if (rc !== E.BUSY) return rc === E.OK ? E.BUSY : rc;
    }
    retry.iretry = CLEAR_TRIES;
  }
  if (retry.iretry > 0) {
    retry.iretry--;
    const rc = yield* clearSubchannel(linux, self, sch);
    return rc === E.OK ? E.BUSY : rc;
  }
  assert(retry.iretry === 0, 'tries are counted down to zero');
  return E.IO;
}
