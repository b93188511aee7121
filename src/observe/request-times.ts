import type { SubchannelId } from '../zarch/ids.ts';
import { BLOCK_BYTES, type BlockRequest, OUTCOME, type RequestOwner } from './block-request.ts';
import type { DeviceTable } from './device-table.ts';
import { Histogram, type HistogramSnapshot } from './histogram.ts';

/**
 * Response time and its components, in the vocabulary of RMF's device report. Metrics call them `io.<component>`; the
 * busy times and the command response are parts of pend, the interruption delay comes on top of the response of RMF but
 * is part of what the application sees.
 */
export const COMPONENTS = [
  'response',
  'iosq',
  'pend',
  'cmr',
  'channel_busy',
  'cu_busy',
  'device_busy',
  'disc',
  'conn',
  'interrupt_delay',
] as const;
export type Component = (typeof COMPONENTS)[number];

/** Numbers kept per device, each a sum over its requests. */
export const DEVICE_SUM = {
  completed: 0,
  failed: 1,
  bytesRead: 2,
  bytesWritten: 3,
  responseNs: 4,
  iosqNs: 5,
  pendNs: 6,
  cmrNs: 7,
  discNs: 8,
  connNs: 9,
  channelBusyNs: 10,
  cuBusyNs: 11,
  deviceBusyNs: 12,
  interruptDelayNs: 13,
} as const;
/** Rows are padded so that one lies in two cache lines. */
export const DEVICE_SUMS = 16;

export class RequestTimes {
  /** Who issued requests, in order of their first ended one, and its histograms, one per component. */
  readonly owners: RequestOwner[] = [];
  private readonly histograms: Histogram[][] = [];
  private readonly devices: DeviceTable;
  /** `DEVICE_SUMS` numbers per row of the device table. */
  sums = new Float64Array(64 * DEVICE_SUMS);

  constructor(devices: DeviceTable) {
    this.devices = devices;
  }

  ended(system: number, subchannel: SubchannelId, request: BlockRequest): void {
    const row = this.devices.row(system, subchannel);
    const at = row * DEVICE_SUMS;
    if (at >= this.sums.length) this.grow();
    const { sums } = this;
    if (request.outcome !== OUTCOME.COMPLETED) {
      sums[at + DEVICE_SUM.failed]++;
      return;
    }
    const responseNs = request.endNs - request.arrivalNs;
    sums[at + DEVICE_SUM.completed]++;
    sums[at + (request.write ? DEVICE_SUM.bytesWritten : DEVICE_SUM.bytesRead)] +=
      request.blockCount * BLOCK_BYTES;
    sums[at + DEVICE_SUM.responseNs] += responseNs;
    sums[at + DEVICE_SUM.iosqNs] += request.iosqNs;
    sums[at + DEVICE_SUM.pendNs] += request.pendNs;
    sums[at + DEVICE_SUM.cmrNs] += request.cmrNs;
    sums[at + DEVICE_SUM.discNs] += request.discNs;
    sums[at + DEVICE_SUM.connNs] += request.connNs;
    sums[at + DEVICE_SUM.channelBusyNs] += request.channelBusyNs;
    sums[at + DEVICE_SUM.cuBusyNs] += request.cuBusyNs;
    sums[at + DEVICE_SUM.deviceBusyNs] += request.deviceBusyNs;
    sums[at + DEVICE_SUM.interruptDelayNs] += request.interruptDelayNs;
    const histograms = this.histogramsOf(request.owner);
    histograms[0].record(responseNs);
    histograms[1].record(request.iosqNs);
    histograms[2].record(request.pendNs);
    histograms[3].record(request.cmrNs);
    histograms[4].record(request.channelBusyNs);
    histograms[5].record(request.cuBusyNs);
    histograms[6].record(request.deviceBusyNs);
    histograms[7].record(request.discNs);
    histograms[8].record(request.connNs);
    histograms[9].record(request.interruptDelayNs);
  }

  /** By owner and component. */
  snapshot(): TimesSnapshot {
    return this.histograms.map((components) => components.map((histogram) => histogram.snapshot()));
  }

  /** Response times so far, by owner. */
  responses(): HistogramSnapshot[] {
    return this.histograms.map(([response]) => response.snapshot());
  }

  /** A run has few workloads, so looking through them is faster than a map. */
  private histogramsOf(owner: RequestOwner): Histogram[] {
    const at = this.owners.indexOf(owner);
    if (at >= 0) return this.histograms[at];
    const histograms = COMPONENTS.map(() => new Histogram());
    this.owners.push(owner);
    this.histograms.push(histograms);
    return histograms;
  }

  private grow(): void {
    const grown = new Float64Array(this.sums.length * 2);
    grown.set(this.sums);
    this.sums = grown;
  }
}

export type TimesSnapshot = readonly (readonly HistogramSnapshot[])[];
