import type { SimTime } from '../kernel/time.ts';
import type { RequestOwner } from './block-request.ts';
import { type HistogramSnapshot, histogramBetween } from './histogram.ts';
import type { RequestTimes } from './request-times.ts';

/** Response times of the requests that were answered in one interval, ns, by who issued them. */
export interface ResponseInterval {
  readonly fromNs: SimTime;
  readonly toNs: SimTime;
  readonly owners: readonly { readonly owner: RequestOwner; readonly responses: HistogramSnapshot }[];
}

/** Differences of the running histograms at the ends of intervals. */
export class ResponseIntervals {
  private readonly times: RequestTimes;
  private startNs: SimTime;
  private earlier: readonly HistogramSnapshot[];

  /** The first interval begins now. */
  constructor(now: SimTime, times: RequestTimes) {
    this.times = times;
    this.startNs = now;
    this.earlier = times.responses();
  }

  /** Ends the interval and begins the next one. */
  end(now: SimTime): ResponseInterval {
    const { startNs, earlier, times } = this;
    this.startNs = now;
    this.earlier = times.responses();
    return {
      fromNs: startNs,
      toNs: now,
      owners: this.earlier.map((responses, at) => ({
        owner: times.owners[at],
        responses: histogramBetween(earlier[at] ?? null, responses),
      })),
    };
  }
}
