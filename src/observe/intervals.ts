import type { SimTime } from '../kernel/time.ts';
import type { Chpid } from '../zarch/ids.ts';
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

/** One device or channel path in one interval, in the vocabulary of RMF; times are means in ns, NaN without requests. */
export interface IntervalRow {
  readonly fromNs: SimTime;
  readonly toNs: SimTime;
  readonly kind: 'device' | 'path';
  /** System number; −1 for channel paths, which all systems share. */
  readonly system: number;
  /** Subchannel or channel path. */
  readonly id: number;
  readonly operations: number;
  readonly perSecond: number;
  readonly responseNs: number;
  readonly iosqNs: number;
  readonly pendNs: number;
  readonly cmrNs: number;
  readonly discNs: number;
  readonly connNs: number;
  /** Share of the interval: a device's pend + disc + conn, a channel path's processor or wire, whichever was busier. */
  readonly utilisation: number;
  /** 10^6 bytes per second, read and written together. */
  readonly megabytesPerSecond: number;
  /** Mean number of open exchanges of a channel path, of requests in service at a device. */
  readonly open: number;
}

const PATH_SUMS = 5;

/** Differences of the running sums at the ends of intervals. Idle devices and channel paths get no row. */
export class Intervals {
  private readonly times: RequestTimes;
  private readonly devices: DeviceTable;
  private readonly paths: readonly ChannelPathMeter[];
  private startNs: SimTime;
  private deviceSums: Float64Array;
  private pathSums: Float64Array;

  /** The first interval begins now. */
  constructor(now: SimTime, times: RequestTimes, devices: DeviceTable, paths: readonly ChannelPathMeter[]) {
    this.times = times;
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
    for (let row = 0; row < this.devices.length; row++) this.deviceRow(row, now, rows);
    const pathSums = readMeters(this.paths, now);
    this.paths.forEach((path, index) => {
      this.pathRow(path.chpid, index, pathSums, now, rows);
    });
    this.startNs = now;
    this.deviceSums = this.times.sums.slice();
    this.pathSums = pathSums;
    return rows;
  }

  private deviceRow(row: number, now: SimTime, rows: IntervalRow[]): void {
    const spanNs = now - this.startNs;
    const grown = (sum: number): number =>
      this.times.sums[row * DEVICE_SUMS + sum] - (this.deviceSums[row * DEVICE_SUMS + sum] ?? 0);
    const completed = grown(DEVICE_SUM.completed);
    if (completed === 0) return;
    const serviceNs = grown(DEVICE_SUM.pendNs) + grown(DEVICE_SUM.discNs) + grown(DEVICE_SUM.connNs);
    const bytes = grown(DEVICE_SUM.bytesRead) + grown(DEVICE_SUM.bytesWritten);
    rows.push({
      fromNs: this.startNs,
      toNs: now,
      kind: 'device',
      system: this.devices.systems[row],
      id: this.devices.subchannels[row],
      operations: completed,
      perSecond: (completed * 1e9) / spanNs,
      responseNs: grown(DEVICE_SUM.responseNs) / completed,
      iosqNs: grown(DEVICE_SUM.iosqNs) / completed,
      pendNs: grown(DEVICE_SUM.pendNs) / completed,
      cmrNs: grown(DEVICE_SUM.cmrNs) / completed,
      discNs: grown(DEVICE_SUM.discNs) / completed,
      connNs: grown(DEVICE_SUM.connNs) / completed,
      utilisation: serviceNs / spanNs,
      megabytesPerSecond: (bytes * 1e3) / spanNs,
      open: serviceNs / spanNs,
    });
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
      discNs: Number.NaN,
      connNs: Number.NaN,
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
