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

/** The same in nanoseconds, as the model knows them. */
interface ExactBlock extends MeasurementBlock {
  /** Operations whose times are known: QEMU tells none. */
  timed: number;
}

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
const nothingExact = (): ExactBlock => ({ ...nothing(), timed: 0 });

/** What Linux keeps for a device that is measured (`struct cmb_data`), and the exact times that the model knows. */
export class DeviceMeasurement {
  /** Address of the block that the channel subsystem updates. */
  readonly block: number;
  /** Last copy of it with the exact counterpart of that moment, and when it was made; −1 before the first. */
  last = nothing();
  lastExact = nothingExact();
  lastUpdate: SimTime = -1;
  startTime: SimTime = 0;
  /** Starts that were accepted, operations whose interruption was handled, and their times. */
  exact = nothingExact();

  constructor(block: number) {
    this.block = block;
  }

  reset(now: SimTime): void {
    this.last = nothing();
    this.lastExact = nothingExact();
    this.lastUpdate = -1;
    this.startTime = now;
    this.clearExact();
  }

  clearExact(): void {
    this.exact = nothingExact();
  }

  copy(storage: Storage, format: MeasurementBlockFormat, now: SimTime): void {
    this.last = fetchMeasurementBlock(storage, this.block, format);
    this.lastExact = { ...this.exact };
    this.lastUpdate = now;
  }

  /** A start was accepted. */
  started(): void {
    this.exact.ssch++;
  }

  /** The status of an operation that the block counts was taken. */
  ended(irb: Irb): void {
    const { exact } = this;
    exact.samples++;
    if (irb.statusAtNs === 0) return;
    exact.timed++;
    exact.deviceConnect += irb.connNs;
    exact.functionPending += irb.pendNs;
    exact.deviceDisconnect += irb.discNs;
    exact.controlUnitQueuing += irb.cuBusyNs;
    exact.deviceBusy += irb.deviceBusyNs;
    exact.initialCommandResponse += irb.cmrNs;
  }
}

/** A figure as the block tells it, and exact: both rounded down, as Linux does. Null is what cannot be known. */
export interface Measured {
  readonly measured: number;
  readonly exact: number | null;
}

/** The attributes of directory `cmf` of a device. */
export interface CmfAttributes {
  readonly format: 'basic' | 'extended';
  readonly sschRschCount: Measured;
  readonly sampleCount: Measured;
  /** Mean time between samples, ns; −1 without samples. */
  readonly avgSampleInterval: Measured;
  /** Share of the time in which the device was pending, connected or disconnected, in units of 0.1 %. */
  readonly avgUtilization: Measured;
  /** Mean times, ns. In the basic format without device-busy and initial-command-response time. */
  readonly avgTimes: ReadonlyMap<MeasuredTime, Measured>;
}

export function cmfAttributes(cmb: DeviceMeasurement, extended: boolean): CmfAttributes {
  const { last, lastExact: exact } = cmb;
  const elapsed = cmb.lastUpdate - cmb.startTime;
  const avgTimes = new Map<MeasuredTime, Measured>();
  for (const time of MEASURED_TIMES) {
    if (!extended && EXTENDED_ONLY.includes(time)) continue;
    avgTimes.set(time, {
      measured: mean(last[time] * UNIT_NS, last.samples) ?? 0,
      exact: mean(exact[time], exact.timed),
    });
  }
  return {
    format: extended ? 'extended' : 'basic',
    sschRschCount: { measured: last.ssch, exact: exact.ssch },
    sampleCount: { measured: last.samples, exact: exact.samples },
    avgSampleInterval: {
      measured: mean(elapsed, last.samples) ?? -1,
      exact: mean(elapsed, exact.samples),
    },
    avgUtilization: {
      measured: utilization(last, UNIT_NS, elapsed),
      exact: exact.timed === 0 ? null : utilization(exact, 1, elapsed),
    },
    avgTimes,
  };
}

const mean = (sum: number, count: number): number | null => (count === 0 ? null : Math.floor(sum / count));

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

/** One file of directory `cmf`. */
export interface CmfFile extends Measured {
  readonly name: string;
  readonly unit: 'ns' | '0.1 %' | 'starts' | 'samples';
}

/** The attributes by file name, in the order of the directory (cmf.c: cmf_attributes, cmf_attributes_ext). */
export function cmfFiles(attributes: CmfAttributes): CmfFile[] {
  return [
    { name: 'avg_sample_interval', unit: 'ns', ...attributes.avgSampleInterval },
    { name: 'avg_utilization', unit: '0.1 %', ...attributes.avgUtilization },
    { name: 'ssch_rsch_count', unit: 'starts', ...attributes.sschRschCount },
    { name: 'sample_count', unit: 'samples', ...attributes.sampleCount },
    ...Array.from(
      attributes.avgTimes,
      ([time, mean]): CmfFile => ({ name: CMF_TIME_NAMES[time], unit: 'ns', ...mean }),
    ),
  ];
}

/** The text of a file as `cat` shows it (cmb_show_attr, cmb_show_avg_utilization). */
export function cmfFileText({ unit, measured }: CmfFile): string {
  if (unit !== '0.1 %') return `${measured}`;
  return `${String(Math.floor(measured / 10)).padStart(2, '0')}.${measured % 10}%`;
}
