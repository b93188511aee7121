import type { SimTime } from '../kernel/time.ts';
import { type Chpid, NONE, type SubchannelId } from '../zarch/ids.ts';
import type { DeviceTable } from './device-table.ts';
import { DEVICE_SUM, DEVICE_SUMS, type RequestTimes } from './request-times.ts';

/** What a channel path has measured of itself since the start of the run. */
export interface ChannelPathMeter {
  readonly chpid: Chpid;
  /** Programs started on it. */
  readonly operations: number;
  /** Time until `now` that its channel processor and its wire were busy, ns. */
  processorBusyBy(now: SimTime): SimTime;
  wireBusyBy(now: SimTime): SimTime;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Exchange-nanoseconds open so far. */
  openExchangeArea(now: SimTime): number;
  /** What it consists of, each with its busy time measured in two ways. */
  readonly servers: readonly ServerMeter[];
}

/** A server's busy time until `now` as the sum of the work it has done, and from when it began and ceased to work, ns. */
export interface ServerMeter {
  busyBy(now: SimTime): SimTime;
  busyPeriodsBy(now: SimTime): SimTime;
}

/**
 * One device, control unit or channel path in one interval, in the vocabulary of RMF; times are means in ns, NaN for
 * channel paths. A control unit is the sum of its devices as one system sees them: RMF's logical control unit.
 */
export interface IntervalRow {
  readonly fromNs: SimTime;
  readonly toNs: SimTime;
  readonly kind: 'device' | 'control-unit' | 'path';
  /** System number; −1 for channel paths, which all systems share. */
  readonly system: number;
  /** Subchannel, position of the control unit in the scenario, or channel path. */
  readonly id: number;
  readonly operations: number;
  readonly perSecond: number;
  readonly responseNs: number;
  readonly iosqNs: number;
  readonly pendNs: number;
  readonly cmrNs: number;
  readonly channelBusyNs: number;
  readonly cuBusyNs: number;
  readonly deviceBusyNs: number;
  readonly discNs: number;
  readonly connNs: number;
  readonly interruptDelayNs: number;
  /**
   * Share of the interval: a device's pend + disc + conn, the mean of a control unit's devices that were used, a channel
   * path's processor or wire, whichever was busier.
   */
  readonly utilisation: number;
  /** 10^6 bytes per second, read and written together. */
  readonly megabytesPerSecond: number;
  /** Mean number of open exchanges of a channel path, of requests in service at a device or control unit. */
  readonly open: number;
}

/** What intervals are made of. */
export interface IntervalSources {
  readonly times: RequestTimes;
  readonly devices: DeviceTable;
  /** Position of a device's control unit in the scenario; NONE: the device is virtual. */
  readonly controlUnitOf: (system: number, subchannel: SubchannelId) => number;
  readonly paths: readonly ChannelPathMeter[];
}

/** Devices of one control unit that one system has used in an interval. */
interface UnitSums {
  readonly system: number;
  readonly unit: number;
  readonly sums: Float64Array;
  devices: number;
}

const PATH_SUMS = 5;

/** Differences of the running sums at the ends of intervals. What was idle gets no row. */
export class Intervals {
  private readonly times: RequestTimes;
  private readonly devices: DeviceTable;
  private readonly controlUnitOf: IntervalSources['controlUnitOf'];
  private readonly paths: readonly ChannelPathMeter[];
  private startNs: SimTime;
  private deviceSums: Float64Array;
  private pathSums: Float64Array;

  /** The first interval begins now. */
  constructor(now: SimTime, { times, devices, controlUnitOf, paths }: IntervalSources) {
    this.times = times;
    this.controlUnitOf = controlUnitOf;
    this.devices = devices;
    this.paths = paths;
    this.startNs = now;
    this.deviceSums = times.sums.slice();
    this.pathSums = readMeters(paths, now);
  }

  /** Ends the interval and begins the next one. */
  end(now: SimTime): IntervalRow[] {
    const rows: IntervalRow[] = [];
    if (now === this.startNs) return rows;
    this.deviceRows(now, rows);
    const pathSums = readMeters(this.paths, now);
    this.paths.forEach((path, index) => {
      this.pathRow(path.chpid, index, pathSums, now, rows);
    });
    this.startNs = now;
    this.deviceSums = this.times.sums.slice();
    this.pathSums = pathSums;
    return rows;
  }

  /** Rows of the devices, then of the control units they belong to. */
  private deviceRows(now: SimTime, rows: IntervalRow[]): void {
    const units = new Map<string, UnitSums>();
    for (let row = 0; row < this.devices.length; row++) {
      const sums = this.grown(row);
      if (sums[DEVICE_SUM.completed] === 0) continue;
      const system = this.devices.systems[row];
      const id = this.devices.subchannels[row];
      rows.push(this.sumsRow('device', system, id, sums, 1, now));
      const unit = this.controlUnitOf(system, id);
      if (unit === NONE) continue;
      const key = `${system}/${unit}`;
      const known = units.get(key) ?? { system, unit, devices: 0, sums: new Float64Array(DEVICE_SUMS) };
      units.set(key, known);
      known.devices++;
      for (let sum = 0; sum < DEVICE_SUMS; sum++) known.sums[sum] += sums[sum];
    }
    for (const { system, unit, devices, sums } of units.values()) {
      rows.push(this.sumsRow('control-unit', system, unit, sums, devices, now));
    }
  }

  /** What the sums of a device have grown by in the interval. */
  private grown(row: number): Float64Array {
    const from = row * DEVICE_SUMS;
    return this.times.sums
      .slice(from, from + DEVICE_SUMS)
      .map((sum, at) => sum - (this.deviceSums[from + at] ?? 0));
  }

  private sumsRow(
    kind: 'device' | 'control-unit',
    system: number,
    id: number,
    sums: Float64Array,
    devices: number,
    now: SimTime,
  ): IntervalRow {
    const spanNs = now - this.startNs;
    const completed = sums[DEVICE_SUM.completed];
    const serviceNs = sums[DEVICE_SUM.pendNs] + sums[DEVICE_SUM.discNs] + sums[DEVICE_SUM.connNs];
    const bytes = sums[DEVICE_SUM.bytesRead] + sums[DEVICE_SUM.bytesWritten];
    return {
      fromNs: this.startNs,
      toNs: now,
      kind,
      system,
      id,
      operations: completed,
      perSecond: (completed * 1e9) / spanNs,
      responseNs: sums[DEVICE_SUM.responseNs] / completed,
      iosqNs: sums[DEVICE_SUM.iosqNs] / completed,
      pendNs: sums[DEVICE_SUM.pendNs] / completed,
      cmrNs: sums[DEVICE_SUM.cmrNs] / completed,
      channelBusyNs: sums[DEVICE_SUM.channelBusyNs] / completed,
      cuBusyNs: sums[DEVICE_SUM.cuBusyNs] / completed,
      deviceBusyNs: sums[DEVICE_SUM.deviceBusyNs] / completed,
      discNs: sums[DEVICE_SUM.discNs] / completed,
      connNs: sums[DEVICE_SUM.connNs] / completed,
      interruptDelayNs: sums[DEVICE_SUM.interruptDelayNs] / completed,
      utilisation: serviceNs / spanNs / devices,
      megabytesPerSecond: (bytes * 1e3) / spanNs,
      open: serviceNs / spanNs,
    };
  }

  private pathRow(chpid: Chpid, index: number, sums: Float64Array, now: SimTime, rows: IntervalRow[]): void {
    const spanNs = now - this.startNs;
    const grown = (sum: number): number =>
      sums[index * PATH_SUMS + sum] - this.pathSums[index * PATH_SUMS + sum];
    const operations = grown(0);
    if (operations === 0) return;
    rows.push({
      fromNs: this.startNs,
      toNs: now,
      kind: 'path',
      system: -1,
      id: chpid,
      operations,
      perSecond: (operations * 1e9) / spanNs,
      responseNs: Number.NaN,
      iosqNs: Number.NaN,
      pendNs: Number.NaN,
      cmrNs: Number.NaN,
      channelBusyNs: Number.NaN,
      cuBusyNs: Number.NaN,
      deviceBusyNs: Number.NaN,
      discNs: Number.NaN,
      connNs: Number.NaN,
      interruptDelayNs: Number.NaN,
      utilisation: Math.max(grown(1), grown(2)) / spanNs,
      megabytesPerSecond: (grown(3) * 1e3) / spanNs,
      open: grown(4) / spanNs,
    });
  }
}

/** Operations, processor and wire busy time, bytes, open exchanges of each path. */
function readMeters(paths: readonly ChannelPathMeter[], now: SimTime): Float64Array {
  const sums = new Float64Array(paths.length * PATH_SUMS);
  paths.forEach((path, index) => {
    sums.set(
      [
        path.operations,
        path.processorBusyBy(now),
        path.wireBusyBy(now),
        path.bytesRead + path.bytesWritten,
        path.openExchangeArea(now),
      ],
      index * PATH_SUMS,
    );
  });
  return sums;
}
