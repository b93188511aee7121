import type { SimTime } from '../kernel/time.ts';
import type { BlockRequest } from './block-request.ts';

/**
 * Requests in progress over time, measured at the events themselves. Little's law compares it with the response times
 * that the requests carry: both sides are exact, so any stamp that is wrong shows.
 */
export class InFlight {
  /** Requests started and not ended. */
  count = 0;
  /** Sum over requests of the time in progress so far, of those that have ended: from the events, and from their stamps. */
  private areaNs = 0;
  private changedAt: SimTime = 0;
  private responseNs = 0;
  /** Sum of start times minus arrival times of ended requests: what those in progress have started at. */
  private openStartNs = 0;

  started(now: SimTime): void {
    this.advance(now);
    this.count++;
    this.openStartNs += now;
  }

  ended(now: SimTime, request: BlockRequest): void {
    this.advance(now);
    this.count--;
    this.openStartNs -= request.arrivalNs;
    this.responseNs += request.endNs - request.arrivalNs;
  }

  /** Mean number in progress from the events, and λ·W from the stamps plus what is still in progress: equal by law. */
  little(now: SimTime): { readonly meanInProgress: number; readonly rateTimesResponse: number } {
    this.advance(now);
    const open = this.count * now - this.openStartNs;
    return { meanInProgress: this.areaNs / now, rateTimesResponse: (this.responseNs + open) / now };
  }

  private advance(now: SimTime): void {
    this.areaNs += this.count * (now - this.changedAt);
    this.changedAt = now;
  }
}
