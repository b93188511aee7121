import { assert } from '../../kernel/assert.ts';
import type { Process, Steps } from '../../kernel/process.ts';
import { EVENT } from '../../observe/event-table.ts';
import { copyExtendedStatus, copyOrb, copySchib, copyScsw } from '../../zarch/block-copy.ts';
import { NONE } from '../../zarch/ids.ts';
import type { Irb } from '../../zarch/irb.ts';
import { FCTL } from '../../zarch/scsw.ts';
import { updateSchib } from '../cio.ts';
import { E, type Errno } from '../errno.ts';
import type { VfioDevice } from './device.ts';
import { VFIO_EVENT } from './fsm.ts';
import { pathsToShow } from './host-vary.ts';
import { fsmEvent } from './state-machine.ts';
import {
  type CommandRegion,
  type CrwRegion,
  type IoRegion,
  IRQ,
  REGION,
  type ReadableRegion,
  type SchibRegion,
  type WritableRegion,
} from './uapi.ts';

/** Reads and writes of regions (vfio_ccw_ops.c, vfio_ccw_async.c, vfio_ccw_chp.c). A writer does not wait for the mutex. */
export function* writeRegion(self: Process, device: VfioDevice, region: WritableRegion): Steps<Errno> {
  assert(device.regions.includes(region.index), 'user space writes regions that it has been offered');
  if (!device.mutex.tryAcquire()) return E.AGAIN;
  const { group } = device;
  if (group?.isBusy === true) yield* group.settled(self);
  const rc =
    region.index === REGION.IO
      ? yield* writeIo(self, device, region)
      : yield* writeCommand(self, device, region);
  group?.deviceChanged();
  device.mutex.release(device.linux.sim);
  return rc;
}

export function* readRegion(self: Process, device: VfioDevice, region: ReadableRegion): Steps<Errno> {
  assert(device.regions.includes(region.index), 'user space reads regions that it has been offered');
  switch (region.index) {
    case REGION.IO:
      return yield* readIo(self, device, region);
    case REGION.COMMAND:
      return yield* readCommand(self, device, region);
    case REGION.SCHIB:
      return yield* readSchib(self, device, region);
    case REGION.CRW:
      return yield* readReport(self, device, region);
  }
}

function* writeIo(self: Process, device: VfioDevice, region: IoRegion): Steps<Errno> {
  const { io } = device;
  const { fctl } = region.scsw;
  if (device.statusUnread) statusOverwritten(device, fctl);
  copyOrb(region.orb, io.orb);
  copyScsw(region.scsw, io.scsw);
  copyStatus(region.irb, io.irb);
  io.retCode = region.retCode;
  yield* fsmEvent(self, device, VFIO_EVENT.IO_REQ);
  return io.retCode;
}

/** Whatever becomes of the request, and whether it is taken at all: the region has been written. */
function statusOverwritten(device: VfioDevice, fctl: number): void {
  const lost = device.io.irb.scsw;
  device.statusUnread = false;
  device.linux.emit(overwrittenBy(fctl), device.subchannel, NONE, lost.fctl, lost.stctl, 0);
}

function overwrittenBy(fctl: number): number {
  if ((fctl & FCTL.START) !== 0) return EVENT['io-overwritten.start'];
  return (fctl & FCTL.HALT) !== 0 ? EVENT['io-overwritten.halt'] : EVENT['io-overwritten.clear'];
}

function* writeCommand(self: Process, device: VfioDevice, region: CommandRegion): Steps<Errno> {
  const { command } = device;
  command.command = region.command;
  command.retCode = region.retCode;
  yield* fsmEvent(self, device, VFIO_EVENT.ASYNC_REQ);
  return command.retCode;
}

function* readIo(self: Process, device: VfioDevice, region: IoRegion): Steps<Errno> {
  yield* device.mutex.acquire(self);
  device.statusUnread = false;
  copyStatus(device.io.irb, region.irb);
  region.retCode = device.io.retCode;
  device.mutex.release(device.linux.sim);
  return E.OK;
}

function* readCommand(self: Process, device: VfioDevice, region: CommandRegion): Steps<Errno> {
  yield* device.mutex.acquire(self);
  region.command = device.command.command;
  region.retCode = device.command.retCode;
  device.mutex.release(device.linux.sim);
  return E.OK;
}

/** Every read executes STORE SUBCHANNEL. */
function* readSchib(self: Process, device: VfioDevice, region: SchibRegion): Steps<Errno> {
  const { linux, sch } = device;
  yield* device.mutex.acquire(self);
  const rc = yield* updateSchib(linux, self, sch);
  if (rc === E.OK) {
    copySchib(sch.schib, region.schib);
    region.schib.pmcw.pam = pathsToShow(device.driver.hostVary, sch.schib.pmcw.pam, sch.opm);
  }
  device.mutex.release(linux.sim);
  return rc === E.OK ? E.OK : E.NODEV;
}

/** Older kernels take a report from the list before they have the mutex: two readers of one device do not exist. */
function* readReport(self: Process, device: VfioDevice, region: CrwRegion): Steps<Errno> {
  const relay = device.relay!;
  const word = yield* relay.read(self, device);
  yield* device.mutex.acquire(self);
  region.crw = word;
  device.mutex.release(device.linux.sim);
  device.linux.emit(EVENT['vfio_ccw.crw-read'], device.subchannel, NONE, word, 0, 0);
  if (relay.hasNews(device)) device.signal(IRQ.CRW);
  return E.OK;
}

export function copyStatus(from: Irb, to: Irb): void {
  copyScsw(from.scsw, to.scsw);
  copyExtendedStatus(from, to);
}
