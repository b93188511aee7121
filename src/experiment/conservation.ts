import { assert } from '../kernel/assert.ts';
import type { SimTime } from '../kernel/time.ts';
import { EVENT } from '../observe/event-table.ts';
import type { RunFigures } from './run-figures.ts';

/**
 * Laws that hold at the end of every run. A law that does not hold is a defect of the simulator, never a result:
 *
 *   requests started = completed + failed + in progress
 *   channel reports generated = read + lost + pending
 *   I/O: Little's law, mean number in progress = rate · mean response time
 *   a channel path's processor and wire are never busy for longer than the run
 */
export function assertConserved(run: RunFigures, now: SimTime): void {
  const { counts, inFlight } = run.observer;
  assert(run.lost >= 0, `${-run.lost} requests ended more often than they were started`);
  assert(inFlight.count >= 0, 'more requests ended than were started');
  for (const [system, image] of run.final!.images.entries()) {
    const { reportsQueued, reportsRead, reportsLost, reportsPending } = image;
    assert(
      reportsQueued === reportsRead + reportsPending,
      `image ${system}: ${reportsQueued} channel reports queued, ${reportsRead} read, ${reportsPending} pending`,
    );
    const read = counts.of(EVENT.stcrw, system, 0);
    assert(
      read === reportsRead,
      `image ${system}: STCRW gave ${read} channel reports, ${reportsRead} left the queue`,
    );
    const lost = counts.of(EVENT['crw.lost'], system, -1);
    assert(
      lost === reportsLost,
      `image ${system}: ${lost} lost channel reports were told, ${reportsLost} were lost`,
    );
  }
  if (now === 0) return;
  const { meanInProgress, rateTimesResponse } = inFlight.little(now);
  const difference = Math.abs(meanInProgress - rateTimesResponse);
  assert(
    difference <= ROUNDING * Math.max(1, meanInProgress),
    `Little's law: ${meanInProgress} requests in progress, ${rateTimesResponse} from rate and response time`,
  );
}

/** Both sides of Little's law are sums of integers; only sums beyond 2^53 are rounded. */
const ROUNDING = 1e-9;
