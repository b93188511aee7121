import type { Process, Steps } from '../kernel/process.ts';
import { WaitQueue } from '../kernel/process.ts';
import { EVENT } from '../observe/event-table.ts';
import { NONE, ssidOf } from '../zarch/ids.ts';
import { firstPath, type PathMask } from '../zarch/path-mask.ts';
import { type CcwDriver, PE } from './ccw-driver.ts';
import { commitConfig, disableSubchannel } from './cio.ts';
import { CioDevice } from './device.ts';
import { recognize, triggerReprobe } from './device-recognition.ts';
import { DEV_STATE } from './device-state.ts';
import { goOffline } from './device-verify.ts';
import { E, type Errno } from './errno.ts';
import { IO_SCH, type IoSchAction } from './io-subchannel.ts';
import type { LinuxSystem } from './linux-system.ts';
import { quiesce } from './set-online.ts';
import type { Subchannel } from './subchannel.ts';

/** The ccw devices and their drivers: coming, going, and moving between subchannels (the bus half of device.c). */
export class CcwBus {
  /** All devices that were ever recognized, in that order. */
  readonly devices: CioDevice[] = [];
  private readonly linux: LinuxSystem;
  private readonly drivers: readonly CcwDriver[];
  /** Registered devices by subchannel set and device number. */
  private readonly byNumber = new Map<number, CioDevice>();
  private driversReady = false;
  /** First recognitions that have not ended (ccw_device_init_count). */
  private inRecognition = 0;
  private readonly recognized: WaitQueue;

  constructor(linux: LinuxSystem, drivers: readonly CcwDriver[]) {
    this.linux = linux;
    this.drivers = drivers;
    this.recognized = new WaitQueue(linux.sim);
  }

  find(ssid: number, deviceNumber: number): CioDevice | undefined {
    return this.byNumber.get(ssid * 0x10000 + deviceNumber);
  }

  /** The drivers are loaded: they get the devices that are there, and later each one that comes. */
  bindDrivers(): void {
    this.driversReady = true;
    for (const device of this.devices) {
      if (device.registered) this.bind(device);
    }
  }

  *waitUntilRecognized(self: Process): Steps {
    yield* this.recognized.until(self, () => this.inRecognition === 0);
  }

  recognitionEnded(device: CioDevice): void {
    if (!device.firstRecognition) return;
    device.firstRecognition = false;
    this.inRecognition--;
    if (this.inRecognition === 0) this.recognized.wake();
  }

  /** The part of io_subchannel_sch_event that needs process context: devices leave, arrive or move. */
  *reorganize(self: Process, sch: Subchannel, device: CioDevice | null, action: IoSchAction): Steps<Errno> {
    switch (action) {
      case IO_SCH.ORPH_UNREG:
      case IO_SCH.ORPH_CDEV:
      case IO_SCH.ORPH_ATTACH:
        yield* this.moveToOrphanage(self, device!);
        break;
      case IO_SCH.UNREG_CDEV:
      case IO_SCH.UNREG_ATTACH:
        sch.device = null;
        yield* this.unregister(self, device!);
        break;
    }
    switch (action) {
      case IO_SCH.ORPH_UNREG:
      case IO_SCH.UNREG:
        yield* this.linux.css.unregister(self, sch);
        break;
      case IO_SCH.ORPH_ATTACH:
      case IO_SCH.UNREG_ATTACH:
      case IO_SCH.ATTACH:
        yield* this.attach(self, sch);
        break;
    }
    return E.OK;
  }

  /** ccw_device_todo. */
  *deviceTodo(self: Process, device: CioDevice): Steps {
    const { todo } = device;
    device.todo = 'nothing';
    switch (todo) {
      case 'nothing':
        return;
      case 'enable-measurement':
        yield* this.linux.measurement!.reenable(self, device);
        return;
      case 'rebind':
        return yield* this.rebind(self, device);
      case 'register':
        return yield* this.register(self, device);
      case 'unregister-evaluate':
        if (!device.orphan) this.linux.css.scheduleEvaluation(device.sch.schid);
        return yield* this.remove(self, device);
      case 'unregister':
        return yield* this.remove(self, device);
    }
  }

  endpointSecurityEvent(device: CioDevice, mask: PathMask): void {
    if (!this.linux.features.endpointSecurity) return;
    const events = this.linux.pathEvents;
    events.fill(PE.NONE);
    events[firstPath(mask)] = PE.PATH_FCES_EVENT;
    device.pathEvent(events);
  }

  /** io_subchannel_remove: the subchannel goes, and what is left on it with it. */
  *subchannelRemoved(self: Process, sch: Subchannel): Steps {
    const { device } = sch;
    if (device !== null) {
      yield* quiesce(self, device);
      sch.device = null;
      device.transition(DEV_STATE.NOT_OPER);
      yield* this.unregister(self, device);
    }
    sch.config.intparm = 0;
    yield* commitConfig(this.linux, self, sch);
  }

  /** A device under this number may wait in the orphanage; otherwise a new one is recognized. */
  private *attach(self: Process, sch: Subchannel): Steps {
    const device = this.find(ssidOf(sch.schid), sch.schib.pmcw.deviceNumber);
    if (device === undefined) return yield* this.create(self, sch);
    if (!(yield* this.moveTo(self, device, sch))) return;
    yield* sch.lock.acquire(self);
    yield* triggerReprobe(self, device);
    sch.lock.release(this.linux.sim);
  }

  private *create(self: Process, sch: Subchannel): Steps {
    const device = new CioDevice(this.linux, sch, this.devices.length);
    this.devices.push(device);
    device.firstRecognition = true;
    this.inRecognition++;
    sch.device = device;
    yield* sch.lock.acquire(self);
    yield* recognize(self, device);
    sch.lock.release(this.linux.sim);
  }

  /** io_subchannel_register: a recognized device becomes known, and gets its driver. */
  private *register(self: Process, device: CioDevice): Steps {
    if (device.sch.registered && device.sch.device === device) {
      yield* this.linux.css.updateDescription(self, device.sch);
      if (device.registered) {
        if (device.driver === null) this.bind(device);
        device.recognitionOver = true;
        return device.wake();
      }
      device.registered = true;
      this.byNumber.set(device.ssid * 0x10000 + device.deviceNumber, device);
      if (this.driversReady) this.bind(device);
      device.recognitionOver = true;
      device.wake();
    }
    this.recognitionEnded(device);
  }

  private bind(device: CioDevice): void {
    for (const driver of this.drivers) {
      if (!driver.matches(device.cuType, device.devType)) continue;
      device.driver = driver;
      driver.probe(device);
      this.linux.deviceBound(device);
      return;
    }
  }

  private *rebind(self: Process, device: CioDevice): Steps {
    yield* letGo(self, device);
    device.driver = null;
    device.online = false;
    this.bind(device);
  }

  /** A device that nobody wants to keep. In older kernels its subchannel goes too. */
  private *remove(self: Process, device: CioDevice): Steps {
    if (device.orphan || this.linux.features.subchannelOutlivesDevice) {
      if (device.sch.device === device) device.sch.device = null;
      return yield* this.unregister(self, device);
    }
    yield* this.linux.css.unregister(self, device.sch);
  }

  /** ccw_device_unregister: the device is forgotten. */
  private *unregister(self: Process, device: CioDevice): Steps {
    if (!device.registered) return;
    device.registered = false;
    this.byNumber.delete(device.ssid * 0x10000 + device.deviceNumber);
    yield* this.release(self, device);
  }

  /**
   * The `unbind` attribute: the device stays, offline and without a driver. Whether applications have it open is not asked,
   * as it is when it is set offline.
   */
  *unbind(self: Process, device: CioDevice): Steps {
    yield* this.release(self, device);
    yield* quiesce(self, device);
  }

  /** ccw_device_remove: the driver lets go, and the device goes offline. */
  private *release(self: Process, device: CioDevice): Steps {
    yield* letGo(self, device);
    if (device.online) {
      device.online = false;
      this.linux.emit(EVENT['device.offline'], device.sch.schid, NONE, 0, 0, 0);
      yield* device.sch.lock.acquire(self);
      const rc = yield* goOffline(self, device);
      device.sch.lock.release(this.linux.sim);
      if (rc === E.OK) yield* device.waitUntil(self, () => device.settled);
    }
    device.stopTimer();
    device.driver = null;
    if (device.cmb !== null) yield* this.linux.measurement!.disable(self, device);
  }

  /** ccw_device_move_to_orph. */
  private *moveToOrphanage(self: Process, device: CioDevice): Steps {
    const { sch } = device;
    if (sch.schib.pmcw.enabled === 1) yield* disableSubchannel(this.linux, self, sch);
    sch.device = null;
    device.orphan = true;
    this.linux.css.scheduleEvaluation(sch.schid);
  }

  /** ccw_device_move_to_sch: false when the device cannot leave its old subchannel. */
  private *moveTo(self: Process, device: CioDevice, sch: Subchannel): Steps<boolean> {
    const old = device.sch;
    if (!device.orphan && old !== sch) {
      const enabled = old.schib.pmcw.enabled === 1;
      if (enabled && (yield* disableSubchannel(this.linux, self, old)) === E.BUSY) return false;
      old.device = null;
      this.linux.css.scheduleEvaluation(old.schid);
    }
    device.orphan = false;
    device.sch = sch;
    sch.device = device;
    yield* this.linux.css.updateDescription(self, sch);
    return true;
  }
}

function* letGo(self: Process, device: CioDevice): Steps {
  const { driver } = device;
  if (driver?.remove !== undefined) yield* driver.remove(self, device);
}
