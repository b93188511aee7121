import type { Process, Steps } from '../kernel/process.ts';
import { type EventHandle, NO_EVENT } from '../kernel/simulation.ts';
import { NS_PER_S, type SimTime } from '../kernel/time.ts';
import { formatBusId } from '../zarch/ids.ts';
import type { Irb } from '../zarch/irb.ts';
import { MEASUREMENT_BLOCK_FORMATS, type MeasurementBlockFormat } from '../zarch/measurement-block.ts';
import { ACTL, FCTL, STCTL } from '../zarch/scsw.ts';
import type { Storage } from '../zarch/storage.ts';
import { commitConfig, updateSchib } from './cio.ts';
import { type CmfAttributes, cmfAttributes, DeviceMeasurement } from './cmf-attributes.ts';
import type { CioDevice } from './device.ts';
import { DEV_STATE, type DevState } from './device-state.ts';
import { E, type Errno } from './errno.ts';
import type { Executor } from './ioasm.ts';
import type { LinuxSystem } from './linux-system.ts';

/** General characteristic "extended measurement block" (asm/css_chars.h: ext_mb). */
const EXTENDED_MEASUREMENT_BLOCK = 48;
/** `pmcw.mme`: measurement-block update. */
const MME_BLOCK_UPDATE = 2;
/** How long a change of the subchannel waits for its I/O to end (CMF_TIMEOUT). */
const CMF_TIMEOUT: SimTime = 10 * NS_PER_S;
/** Blocks of the basic format stand in one array of this many (module parameter `maxchannels`). */
const MAX_CHANNELS = 1024;
/** Where the model puts the blocks in real storage; nothing else of Linux is there. */
const AREA = 0x0100_0000;

/** Module parameter `format`: which blocks are used. */
export type CmfFormat = 'basic' | 'extended' | 'auto';

/** What waits in a device until its next interruption (`cmb_wait`). */
export interface CmfWait {
  readonly attempt: (self: Executor) => Steps<Errno>;
  readonly process: Process;
  timer: EventHandle;
}

/** What the measurement of a device had come to at one moment. */
export interface CmfReading {
  readonly system: string;
  /** Its bus id. */
  readonly device: string;
  /** When its measurement began, or began again. */
  readonly fromNs: SimTime;
  readonly toNs: SimTime;
  readonly attributes: CmfAttributes;
}

/** Answer of a wait that took too long; all others are 0 or an error that STSCH or MSCH gave. */
const TIMED_OUT = 1;

/**
 * Channel measurement of one Linux (cmf.c): blocks that the channel subsystem updates, one for each device whose
 * measurement is switched on.
 *
 *   enable ─► [first one: SCHM] ─► MSCH with the block ─► … ─► readAttributes: STSCH, copy when no start is in progress
 *
 * What finds the subchannel busy waits in state CMFCHANGE or CMFUPDATE for the device's next interruption.
 */
export class ChannelMeasurement {
  private readonly linux: LinuxSystem;
  private readonly storage: Storage;
  private readonly asked: CmfFormat;
  /** Devices by the position of their block. */
  private readonly devices: (CioDevice | null)[] = [];
  /** What was asked for, and what blocks held when the measurement of a device ended or began again; in order. */
  private readonly readings: CmfReading[] = [];

  /** `format`: the module parameter; without it, extended blocks are taken where the machine has them. */
  constructor(linux: LinuxSystem, storage: Storage, format: CmfFormat = 'auto') {
    this.linux = linux;
    this.storage = storage;
    this.asked = format;
    linux.measurement = this;
  }

  /** Writing 1 to `cmb_enable` (enable_cmf). A device that is measured already starts again from zero. */
  *enable(self: Process, device: CioDevice): Steps<Errno> {
    if (device.cmb !== null) {
      this.keep(device, device.cmb);
      this.reset(device.cmb);
      return E.OK;
    }
    const position = this.freePosition();
    if (!this.isExtended && position >= MAX_CHANNELS) return E.NOMEM;
    if (this.devices.every((each) => each === null)) yield* this.activate(self, true);
    this.devices[position] = device;
    const cmb = new DeviceMeasurement(AREA + position * this.format.bytes);
    device.cmb = cmb;
    this.reset(cmb);
    const rc = yield* this.set(self, device, MME_BLOCK_UPDATE);
    if (rc !== E.OK) yield* this.free(self, device);
    return rc;
  }

  /** Writing 0 to `cmb_enable` (disable_cmf). */
  *disable(self: Process, device: CioDevice): Steps<Errno> {
    const { cmb } = device;
    if (cmb === null) return E.NODEV;
    const rc = yield* this.set(self, device, 0);
    if (rc !== E.OK) return rc;
    this.keep(device, cmb);
    yield* this.free(self, device);
    return rc;
  }

  /** A device that was disconnected works again, perhaps on another subchannel (cmf_reenable). It starts from zero. */
  *reenable(self: Process, device: CioDevice): Steps {
    if (device.cmb === null) return;
    this.keep(device, device.cmb);
    this.reset(device.cmb);
    yield* this.set(self, device, MME_BLOCK_UPDATE);
  }

  /** The attributes in directory `cmf`, from one copy of the block (cmf_readall); null when there is no copy to be had. */
  *readAttributes(self: Process, device: CioDevice): Steps<CmfAttributes | null> {
    const { cmb } = device;
    if (cmb === null) return null;
    const rc = yield* this.patiently(self, device, DEV_STATE.CMFUPDATE, 0, (executor) =>
      this.copyBlock(executor, device),
    );
    if (rc !== E.OK) return null;
    const reading = this.reading(device, cmb);
    this.readings.push(reading);
    return reading.attributes;
  }

  /** Every reading of the run, which ends now: those made so far, and what the blocks of measured devices hold. */
  readingsAtEnd(): CmfReading[] {
    const measured = this.devices.filter((device) => device !== null);
    for (const device of measured) this.copy(device.cmb!);
    return [...this.readings, ...measured.map((device) => this.reading(device, device.cmb!))];
  }

  /** Keeps what a block holds before it is given up. Linux itself would not look. */
  private keep(device: CioDevice, cmb: DeviceMeasurement): void {
    this.copy(cmb);
    this.readings.push(this.reading(device, cmb));
  }

  private copy(cmb: DeviceMeasurement): void {
    cmb.copy(this.storage, this.format, this.linux.sim.now);
  }

  private reading({ ssid, deviceNumber }: CioDevice, cmb: DeviceMeasurement): CmfReading {
    return {
      system: this.linux.name,
      device: formatBusId(0, ssid, deviceNumber),
      fromNs: cmb.startTime,
      toNs: cmb.lastUpdate,
      attributes: cmfAttributes(cmb, this.isExtended),
    };
  }

  private get isExtended(): boolean {
    if (this.asked !== 'auto') return this.asked === 'extended';
    return this.linux.hasGeneral(EXTENDED_MEASUREMENT_BLOCK);
  }

  private get format(): MeasurementBlockFormat {
    return MEASUREMENT_BLOCK_FORMATS[this.isExtended ? 1 : 0];
  }

  private freePosition(): number {
    const free = this.devices.indexOf(null);
    return free < 0 ? this.devices.length : free;
  }

  /** cmf_activate. Extended blocks need no origin. */
  private *activate(self: Process, on: boolean): Steps {
    const origin = on && !this.isExtended ? AREA : 0;
    yield* this.linux.io.schm(self, { update: on, deviceConnectTime: false, key: 0, origin });
  }

  private *free(self: Process, device: CioDevice): Steps {
    this.devices[this.devices.indexOf(device)] = null;
    device.cmb = null;
    if (this.devices.every((each) => each === null)) yield* this.activate(self, false);
  }

  /** cmf_generic_reset. */
  private reset(cmb: DeviceMeasurement): void {
    this.storage.store(cmb.block, new Uint8Array(this.format.bytes));
    cmb.reset(this.linux.sim.now);
  }

  /** set_schib_wait. */
  private set(self: Process, device: CioDevice, mme: number): Steps<Errno> {
    const { config } = device.sch;
    const block = mme === 0 ? 0 : device.cmb!.block;
    config.mme = mme;
    config.mbfc = this.isExtended ? 1 : 0;
    if (this.isExtended) config.mba = block;
    else config.mbi = block === 0 ? 0 : (block - AREA) / this.format.bytes;
    return this.patiently(self, device, DEV_STATE.CMFCHANGE, CMF_TIMEOUT, (executor) =>
      this.setSchib(executor, device),
    );
  }

  private *setSchib(self: Executor, device: CioDevice): Steps<Errno> {
    const rc = yield* commitConfig(this.linux, self, device.sch);
    // What ended before was nothing that the block counts.
    if (rc === E.OK && device.sch.config.mme !== 0) device.cmb?.clearExact();
    // Measurement of a subchannel that is gone has been switched off.
    return rc === E.NODEV && device.sch.config.mme === 0 ? E.OK : rc;
  }

  /** cmf_copy_block: not while a start function is in progress, because the block then changes. */
  private *copyBlock(self: Executor, device: CioDevice): Steps<Errno> {
    const { sch, cmb } = device;
    if ((yield* updateSchib(this.linux, self, sch)) !== E.OK) return E.NODEV;
    const { fctl, actl, stctl } = sch.schib.scsw;
    const isWorking = (actl & (ACTL.DEVICE_ACTIVE | ACTL.SUBCHANNEL_ACTIVE)) !== 0;
    const mayChange = (actl & ACTL.SUSPENDED) === 0 && isWorking && (stctl & STCTL.SECONDARY) === 0;
    if ((fctl & FCTL.START) !== 0 && mayChange) return E.BUSY;
    this.copy(cmb!);
    return E.OK;
  }

  /** Tries; when the subchannel is busy, tries again at the device's next interruption. `timeoutNs` 0: waits for ever. */
  private *patiently(
    self: Process,
    device: CioDevice,
    state: DevState,
    timeoutNs: SimTime,
    attempt: (self: Executor) => Steps<Errno>,
  ): Steps<Errno> {
    const { sim } = this.linux;
    const { lock } = device.sch;
    yield* lock.acquire(self);
    let rc = yield* attempt(self);
    if (rc === E.BUSY && device.state === DEV_STATE.ONLINE) {
      device.transition(state);
      const timer =
        timeoutNs === 0 ? NO_EVENT : sim.after(timeoutNs, self.priority, self.kind, self.target, TIMED_OUT);
      device.cmfWait = { attempt, process: self, timer };
      lock.release(sim);
      rc = yield* self.wait();
      yield* lock.acquire(self);
      device.cmfWait = null;
      if (rc === TIMED_OUT) {
        rc = E.TIME;
        if (device.state === state) device.transition(DEV_STATE.ONLINE);
      }
    }
    lock.release(sim);
    return rc;
  }
}

/** ccw_device_change_cmfstate, ccw_device_update_cmfblock: the interruption that a change or a copy waited for. */
export function* retryMeasurement(self: Executor, device: CioDevice): Steps {
  const wait = device.cmfWait;
  if (wait === null) return;
  device.cmfWait = null;
  const { sim } = device.linux;
  sim.cancel(wait.timer);
  const rc = yield* wait.attempt(self);
  sim.post(0, wait.process.priority, wait.process.kind, wait.process.target, rc);
}

/** The operation that a status ends is one that the measurement block counts: its exact times belong beside it. */
export const endsSample = ({ scsw }: Irb): boolean =>
  (scsw.fctl & FCTL.START) !== 0 &&
  ((scsw.stctl & STCTL.PRIMARY) !== 0 || (scsw.actl & ACTL.SUSPENDED) !== 0);
