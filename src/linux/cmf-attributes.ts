import type { SimTime } from '../kernel/time.ts';
import type { Irb } from '../zarch/irb.ts';
import {
  fetchMeasurementBlock,
  MEASURED_TIMES,
  type MeasuredTime,
  type MeasurementBlock,
  type MeasurementBlockFormat,
} from '../zarch/measurement-block.ts';
import type { Storage } from '../zarch/storage.ts';

/** One unit of a measurement block. */
const UNIT_NS: SimTime = 128_000;
/** Times that only blocks of the extended format have. */
const EXTENDED_ONLY: readonly MeasuredTime[] = ['deviceBusy', 'initialCommandResponse'];

const nothing = (): MeasurementBlock => ({
  ssch: 0,
  samples: 0,
  deviceConnect: 0,
  functionPending: 0,
  deviceDisconnect: 0,
  controlUnitQueuing: 0,
  deviceActiveOnly: 0,
  deviceBusy: 0,
  initialCommandResponse: 0,
});

/** What Linux keeps for a device that is measured (`struct cmb_data`), and the exact times that the model knows. */
export class DeviceMeasurement {
  /** Address of the block that the channel subsystem updates. */
  readonly block: number;
  /** Last copy of it, and when that was made; −1 before the first. */
  last = nothing();
  lastUpdate: SimTime = -1;
  startTime: SimTime = 0;
  /** Operations whose status was taken, and their times in nanoseconds. */
  readonly exact = nothing();

  constructor(block: number) {
    this.block = block;
  }

  reset(now: SimTime): void {
    this.last = nothing();
    this.lastUpdate = -1;
    this.startTime = now;
    Object.assign(this.exact, nothing());
  }

  copy(storage: Storage, format: MeasurementBlockFormat, now: SimTime): void {
    this.last = fetchMeasurementBlock(storage, this.block, format);
    this.lastUpdate = now;
  }

  /** The status of an operation that the block counts was taken. */
  ended(irb: Irb): void {
    const { exact } = this;
    exact.samples++;
    exact.deviceConnect += irb.connNs;
    exact.functionPending += irb.pendNs;
    exact.deviceDisconnect += irb.discNs;
    exact.controlUnitQueuing += irb.cuBusyNs;
    exact.deviceBusy += irb.deviceBusyNs;
    exact.initialCommandResponse += irb.cmrNs;
  }
}

/** Mean of a time, ns, rounded down: as the block tells it, and exact. */
interface MeasuredMean {
  readonly measured: number;
  readonly exact: number;
}

/** The attributes of directory `cmf` of a device. */
export interface CmfAttributes {
  readonly format: 'basic' | 'extended';
  readonly sschRschCount: number;
  readonly sampleCount: number;
  /** Mean time between samples, ns; −1 without samples. */
  readonly avgSampleInterval: number;
  /** Share of the time in which the device was pending, connected or disconnected, in units of 0.1 %. */
  readonly avgUtilization: MeasuredMean;
  /** In the basic format without device-busy and initial-command-response time. */
  readonly avgTimes: ReadonlyMap<MeasuredTime, MeasuredMean>;
}

export function cmfAttributes(cmb: DeviceMeasurement, extended: boolean): CmfAttributes {
  const { last, exact } = cmb;
  const elapsed = cmb.lastUpdate - cmb.startTime;
  const mean = (sum: number, count: number) => (count === 0 ? 0 : Math.floor(sum / count));
  const avgTimes = new Map<MeasuredTime, MeasuredMean>();
  for (const time of MEASURED_TIMES) {
    if (!extended && EXTENDED_ONLY.includes(time)) continue;
    avgTimes.set(time, {
      measured: mean(last[time] * UNIT_NS, last.samples),
      exact: mean(exact[time], exact.samples),
    });
  }
  return {
    format: extended ? 'extended' : 'basic',
    sschRschCount: last.ssch,
    sampleCount: last.samples,
    avgSampleInterval: last.samples === 0 ? -1 : Math.floor(elapsed / last.samples),
    avgUtilization: {
      measured: utilization(last, UNIT_NS, elapsed),
      exact: utilization(exact, 1, elapsed),
    },
    avgTimes,
  };
}

function utilization(block: MeasurementBlock, unitNs: SimTime, elapsed: SimTime): number {
  const busy = (block.deviceConnect + block.functionPending + block.deviceDisconnect) * unitNs;
  return elapsed === 0 ? 0 : Math.floor((busy * 1000) / elapsed);
}

/** Names of the times in sysfs. */
const CMF_TIME_NAMES: Readonly<Record<MeasuredTime, string>> = {
  deviceConnect: 'avg_device_connect_time',
  functionPending: 'avg_function_pending_time',
  deviceDisconnect: 'avg_device_disconnect_time',
  controlUnitQueuing: 'avg_control_unit_queuing_time',
  deviceActiveOnly: 'avg_device_active_only_time',
  deviceBusy: 'avg_device_busy_time',
  initialCommandResponse: 'avg_initial_command_response_time',
};

/** The attributes as `cat` shows them, by file name (cmb_show_attr, cmb_show_avg_utilization). */
export function sysfsAttributes(attributes: CmfAttributes): ReadonlyMap<string, string> {
  const { measured } = attributes.avgUtilization;
  const percent = Math.floor(measured / 10);
  const files = new Map([
    ['avg_sample_interval', `${attributes.avgSampleInterval}`],
    ['avg_utilization', `${String(percent).padStart(2, '0')}.${measured % 10}%`],
    ['ssch_rsch_count', `${attributes.sschRschCount}`],
    ['sample_count', `${attributes.sampleCount}`],
  ]);
  for (const [time, mean] of attributes.avgTimes) files.set(CMF_TIME_NAMES[time], `${mean.measured}`);
  return files;
}
