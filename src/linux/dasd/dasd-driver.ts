import { assert } from '../../kernel/assert.ts';
import type { Process, Steps } from '../../kernel/process.ts';
import { type BlockRequest, OUTCOME } from '../../observe/block-request.ts';
import { type DeviceNumber, ssidOf } from '../../zarch/ids.ts';
import type { Irb } from '../../zarch/irb.ts';
import type { PathMask } from '../../zarch/path-mask.ts';
import { type CcwDevice, type CcwDriver, CIO } from '../ccw-driver.ts';
import { E, type Errno } from '../errno.ts';
import { reloadAlias } from './alias-reload.ts';
import { BlockQueue } from './block-queue.ts';
import { bottomHalf } from './bottom-half.ts';
import { DasdDevice } from './dasd-device.ts';
import { type DasdDriverOptions, DasdShared } from './dasd-shared.ts';
import { MESSAGE, STATE, STOPPED } from './definitions.ts';
import { interruption } from './interruption.ts';
import { LogicalControlUnits } from './logical-control-unit.ts';
import { scanPartitions } from './partition-scan.ts';
import { handlePathEvent, resetPaths } from './path-events.ts';
import { groupingOptions } from './path-grouping.ts';
import { verifyPaths } from './path-verification.ts';
import { checkCharacteristics } from './recognition.ts';
import { release, reserve, sensePathGroup, stealLock, unconditionalReserve } from './reservation.ts';
import { revalidateServer } from './server-validation.ts';
import { flushQueue } from './shutdown.ts';
import { lastPathGone, pathOperational } from './start-io.ts';
import { requeueAll } from './transport-fallback.ts';
import { analyseVolume } from './volume-analysis.ts';
import { Worker } from './worker.ts';

/** Control-unit and device types of ECKD disks that are known to the driver (dasd_eckd_ids). */
const CONTROL_UNIT_TYPES = [0x3990, 0x2105, 0x2107, 0x1750];
const DEVICE_TYPE = 0x3390;

/**
 * The DASD driver for ECKD disks (drivers/s390/block/dasd*.c), of one system.
 */
export class DasdDriver implements CcwDriver {
  readonly name = 'dasd-eckd';
  /** In the order in which they were bound; a device's `index` is its position. */
  readonly devices: DasdDevice[] = [];
  private readonly shared: DasdShared;
  private readonly units = new LogicalControlUnits();
  /** By `CcwDevice.index`. */
  private readonly bound: (DasdDevice | undefined)[] = [];
  private readonly byNumber = new Map<number, DasdDevice>();

  constructor(options: DasdDriverOptions) {
    const { sim, system } = options;
    const { devices } = this;
    const name = (event: string): string => `dasd.${system}.${event}`;
    const events = {
      bottomHalf: sim.defineEvent(name('bottom-half'), (index) => bottomHalf(devices[index])),
      deviceTimer: sim.defineEvent(name('timer'), (index) => timerExpired(devices[index])),
      blockTimer: sim.defineEvent(name('block-timer'), (index) => timerExpired(devices[index])),
      blockStart: sim.defineEvent(name('block-start'), (index) => devices[index].block!.start()),
    };
    this.shared = new DasdShared(options, events, devices);
  }

  /** The device with this number, in the given subchannel set. */
  dasd(deviceNumber: DeviceNumber, ssid = 0): DasdDevice | undefined {
    return this.byNumber.get(ssid * 0x10000 + deviceNumber);
  }

  /** Takes an application's request. It is given back to its owner exactly once, completed or failed. */
  submit(device: DasdDevice, request: BlockRequest): void {
    assert(request.outcome === OUTCOME.IN_FLIGHT, 'a request was submitted after its end');
    device.block ??= new BlockQueue(device);
    device.block.submit(request);
  }

  matches(cuType: number, devType: number): boolean {
    return devType === DEVICE_TYPE && CONTROL_UNIT_TYPES.includes(cuType);
  }

  probe(cdev: CcwDevice): void {
    Object.assign(cdev.options, groupingOptions(this.shared.grouping));
    const device = new DasdDevice(this.shared, this.devices.length, cdev);
    const label = `dasd ${this.shared.system}.${cdev.deviceNumber.toString(16)}`;
    device.verification = new Worker(`${label} path verification`, this.shared, (self) =>
      verifyPaths(self, device),
    );
    device.validation = new Worker(`${label} server validation`, this.shared, (self) =>
      revalidateServer(self, device),
    );
    device.reload = new Worker(`${label} alias reload`, this.shared, (self) =>
      reloadAlias(self, device, this.units),
    );
    device.requeue = new Worker(`${label} requeue`, this.shared, (self) => requeueAll(self, device));
    this.devices.push(device);
    this.bound[cdev.index] = device;
    this.byNumber.set(ssidOf(cdev.subchannel) * 0x10000 + cdev.deviceNumber, device);
  }

  handler(cdev: CcwDevice, intparm: number, irb: Irb, error: Errno): void {
    interruption(this.of(cdev), intparm, irb, error);
  }

  /** `dasd_generic_notify`. */
  notify(cdev: CcwDevice, event: number): boolean {
    const device = this.of(cdev);
    if (device.state === STATE.NEW) return false;
    switch (event) {
      case CIO.GONE:
      case CIO.BOXED:
      case CIO.NO_PATH:
        device.paths.allGone();
        device.pathsChanged();
        return lastPathGone(device);
      case CIO.OPER:
        if (device.paths.opm !== 0) pathOperational(device);
        return true;
      default:
        return false;
    }
  }

  pathEvent(cdev: CcwDevice, events: Uint8Array): void {
    const device = this.of(cdev);
    if (device.state !== STATE.NEW) handlePathEvent(device, events);
  }

  /** `dasd_generic_set_online`: 0 also for a volume that is not formatted; its state tells. */
  *setOnline(self: Process, cdev: CcwDevice): Steps<Errno> {
    const device = this.of(cdev);
    device.offline = false;
    device.clearStopped(device.stopped);
    device.state = STATE.KNOWN;
    const rc = yield* checkCharacteristics(self, device, this.units);
    if (rc !== E.OK) {
      yield* this.putOutOfUse(self, device);
      return rc;
    }
    device.state = STATE.BASIC;
    if (device.isAlias) {
      this.units.of(device, device.uid!).add(device);
      device.state = STATE.ONLINE;
      device.message(MESSAGE.ONLINE);
      return E.OK;
    }
    const layout = yield* analyseVolume(self, device);
    if (layout === 'cdl' || layout === 'ldl') {
      device.state = STATE.READY;
      yield* scanPartitions(self, device);
    } else {
      device.state = STATE.UNFMT;
    }
    this.units.of(device, device.uid!).add(device);
    if (device.state === STATE.READY) {
      device.state = STATE.ONLINE;
      device.block ??= new BlockQueue(device);
      device.message(MESSAGE.ONLINE);
    }
    return E.OK;
  }

  /** `dasd_generic_set_offline`: what still waits is given back as failed. */
  *setOffline(self: Process, cdev: CcwDevice): Steps<Errno> {
    const device = this.of(cdev);
    if (device.uid !== null) this.units.of(device, device.uid).remove(device);
    yield* this.putOutOfUse(self, device);
    return E.OK;
  }

  /** `dasd_generic_remove`: as setting it offline, for a device that will not come back. */
  *remove(self: Process, cdev: CcwDevice): Steps {
    const device = this.of(cdev);
    if (device.state === STATE.NEW || device.offline) return;
    yield* this.setOffline(self, cdev);
  }

  /** Administrator's actions; −ENODEV for a device that is not in use. */
  reserve(self: Process, device: DasdDevice): Steps<Errno> {
    return reserve(self, device);
  }

  release(self: Process, device: DasdDevice): Steps<Errno> {
    return release(self, device);
  }

  stealLock(self: Process, device: DasdDevice): Steps<Errno> {
    return stealLock(self, device);
  }

  unconditionalReserve(self: Process, device: DasdDevice): Steps<Errno> {
    return unconditionalReserve(self, device);
  }

  /** Stores the path-group record of one of the paths `lpm` (0: any operational one) in `record`, 12 bytes. */
  snid(self: Process, device: DasdDevice, lpm: PathMask, record: Uint8Array): Steps<Errno> {
    return sensePathGroup(self, device, lpm, record);
  }

  /** Verifies paths again that were taken out of use: those of `lpm`, or all (0). sysfs `path_reset`. */
  resetPaths(device: DasdDevice, lpm: PathMask): void {
    resetPaths(device, lpm);
  }

  private *putOutOfUse(self: Process, device: DasdDevice): Steps {
    device.offline = true;
    yield* flushQueue(self, device);
    device.state = STATE.NEW;
    device.block?.flush();
    device.clearStopped(device.stopped);
    device.paths.allGone();
    device.uid = null;
    device.configuration = null;
    device.pathRecords.fill(null);
    device.attentions.length = 0;
    device.isReserved = false;
    device.lockStolen = false;
    device.reservationState = 'none';
  }

  private of(cdev: CcwDevice): DasdDevice {
    const device = this.bound[cdev.index];
    assert(device !== undefined, 'a device is not bound to the DASD driver');
    return device;
  }
}

/** Time is over: of the running request, of a delayed start, or of a stop that error recovery asked for. */
function timerExpired(device: DasdDevice): void {
  device.clearStopped(STOPPED.PENDING);
  device.scheduleBottomHalf();
}
