import type { SimTime } from '../kernel/time.ts';
import { ESF } from '../zarch/irb.ts';
import {
  accumulate,
  countSample,
  countStart,
  MEASUREMENT_BLOCK_FORMATS,
  type MeasurementBlockFormat,
} from '../zarch/measurement-block.ts';
import { PROGRAM_INTERRUPTION } from '../zarch/program-interruption.ts';
import type { Storage } from '../zarch/storage.ts';
import type { MeasurementControl } from './channel-subsystem.ts';
import type { Subchannel } from './subchannel.ts';

/** The channel-subsystem timer advances every 128 µs. */
const TICK_NS: SimTime = 128_000;
/** It has 16 bits: an interval of 8.388608 s or more cannot be measured and is lost. */
const LOST_TICKS = 0x10000;
/** Largest device-connect time that an extended-status word holds; longer ones show as this. */
const LONGEST_CONNECT_TICKS = 0xffff;

/** Measurement-mode bits of the PMCW. */
const MODE = { BLOCK_UPDATE: 2, DEVICE_CONNECT_TIME: 1 } as const;
const FORMAT_0_BYTES = MEASUREMENT_BLOCK_FORMATS[0].bytes;

/** How many units of 128 µs lie between two instants: the difference of two readings of the timer. */
const ticksBetween = (from: SimTime, to: SimTime): number =>
  Math.floor(to / TICK_NS) - Math.floor(from / TICK_NS);

/**
 * Channel-subsystem monitoring of one image (Principles of Operation, "Channel-Subsystem Monitoring"). SCHM switches it
 * on for the image, MSCH for each subchannel; `Subchannel.measuring` says what both together come to, so that an
 * operation which is not measured costs one test. The measurement block is brought up to date when a start is accepted
 * and when its operation ends.
 */
export class ChannelMeasurement {
  /** Set by SCHM. */
  settings: MeasurementControl = { update: false, deviceConnectTime: false, key: 0, origin: 0 };
  private readonly storage: Storage;
  private readonly subchannels: readonly Subchannel[];

  constructor(storage: Storage, subchannels: readonly Subchannel[]) {
    this.storage = storage;
    this.subchannels = subchannels;
  }

  /** SET CHANNEL MONITOR. */
  control(settings: MeasurementControl): void {
    this.settings = { ...settings };
    for (const sch of this.subchannels) this.modified(sch);
  }

  /** MODIFY SUBCHANNEL may have changed what is measured. */
  modified(sch: Subchannel): void {
    const { update, deviceConnectTime } = this.settings;
    const asked = (update ? MODE.BLOCK_UPDATE : 0) | (deviceConnectTime ? MODE.DEVICE_CONNECT_TIME : 0);
    sch.measuring = sch.schib.pmcw.measurementMode & asked;
  }

  /** START or RESUME SUBCHANNEL was accepted, with `measuring` not zero. */
  started(sch: Subchannel): void {
    if ((sch.measuring & MODE.BLOCK_UPDATE) === 0) return;
    const block = this.block(sch);
    if (block >= 0) countStart(this.storage, block, formatOf(sch));
  }

  /** An operation ended or was suspended, and its times are known; before status is made pending. */
  ended(sch: Subchannel): void {
    const pendingAt = sch.acceptedAt;
    const connectedAt = pendingAt + sch.pendNs;
    const reconnectedAt = connectedAt + sch.disconnectTotalNs;
    const connectTicks = ticksBetween(reconnectedAt, reconnectedAt + sch.connectTotalNs);
    if ((sch.measuring & MODE.DEVICE_CONNECT_TIME) !== 0) {
      sch.connectTicks = Math.min(connectTicks, LONGEST_CONNECT_TICKS);
    }
    if ((sch.measuring & MODE.BLOCK_UPDATE) === 0) return;
    const block = this.block(sch);
    if (block < 0) return;
    const format = formatOf(sch);
    const queuedTo = pendingAt + sch.controlUnitBusyNs;
    countSample(this.storage, block, format);
    // In the order of MEASURED_TIMES. Channel end and device end come together, so no device is ever active only.
    this.add(block, format, 0, connectTicks);
    this.add(block, format, 1, ticksBetween(pendingAt, connectedAt));
    this.add(block, format, 2, ticksBetween(connectedAt, reconnectedAt));
    this.add(block, format, 3, ticksBetween(pendingAt, queuedTo));
    this.add(block, format, 5, ticksBetween(queuedTo, queuedTo + sch.deviceBusyNs));
    this.add(block, format, 6, ticksBetween(connectedAt - sch.commandResponseNs, connectedAt));
  }

  private add(block: number, format: MeasurementBlockFormat, position: number, ticks: number): void {
    if (ticks < LOST_TICKS) accumulate(this.storage, block, format, position, ticks);
  }

  /**
   * Address of the subchannel's measurement block; −1 when it cannot be stored into. Then the program is told with the
   * next status, and nothing more is stored until it enables the subchannel for measurement again.
   */
  private block(sch: Subchannel): number {
    const { pmcw, measurementBlock } = sch.schib;
    const { origin, key } = this.settings;
    const at =
      pmcw.measurementFormat1 === 1 ? measurementBlock : origin + FORMAT_0_BYTES * pmcw.measurementIndex;
    const access = this.storage.check(at, formatOf(sch).bytes, key, 'store');
    if (access === 0) return at;
    const isProtected = access === PROGRAM_INTERRUPTION.PROTECTION;
    sch.measurementCheck = isProtected ? ESF.MEASUREMENT_BLOCK_PROTECTION : ESF.MEASUREMENT_BLOCK_PROGRAM;
    pmcw.measurementMode &= ~MODE.BLOCK_UPDATE;
    sch.measuring &= ~MODE.BLOCK_UPDATE;
    return -1;
  }
}

const formatOf = (sch: Subchannel): MeasurementBlockFormat =>
  MEASUREMENT_BLOCK_FORMATS[sch.schib.pmcw.measurementFormat1 === 1 ? 1 : 0];
