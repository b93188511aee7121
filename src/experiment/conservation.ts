import { assert } from '../kernel/assert.ts';
import type { SimTime } from '../kernel/time.ts';
import type { EventCounts } from '../observe/event-counts.ts';
import { EVENT } from '../observe/event-table.ts';
import type { ServerMeter } from '../observe/intervals.ts';
import type { GuestAccount, HostAccount } from '../scenario/final-accounts.ts';
import { formatChpid } from '../zarch/ids.ts';
import type { RunFigures } from './run-figures.ts';

/**
 * Laws that hold at the end of every run. A law that does not hold is a defect of the simulator, never a result:
 *
 *   requests started = completed + failed + in progress
 *   channel reports generated = read + lost + pending
 *   reports that a host's kernel keeps for guests = read + pending, in all lists together
 *   words that a QEMU has queued = fetched by STCRW + withdrawn + pending
 *   pages pinned for a guest = pages of its programs in progress
 *   I/O: Little's law, mean number in progress = rate · mean response time
 *   channel paths: utilisation law, share of time busy = rate · mean service time, and at most 1
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
    const read = fetched(run, system);
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
  for (const host of run.final!.hosts ?? []) assertReportsKept(host, counts);
  for (const guest of run.final!.guests ?? []) assertGuest(guest, run);
  for (const { chpid, servers } of run.channelPaths) {
    for (const [at, server] of servers.entries())
      assertUtilisation(`${formatChpid(chpid)}/${at}`, server, now);
  }
  if (now === 0) return;
  const { meanInProgress, rateTimesResponse } = inFlight.little(now);
  const difference = Math.abs(meanInProgress - rateTimesResponse);
  assert(
    difference <= ROUNDING * Math.max(1, meanInProgress),
    `Little's law: ${meanInProgress} requests in progress, ${rateTimesResponse} from rate and response time`,
  );
}

function assertReportsKept(host: HostAccount, counts: EventCounts): void {
  const { system, reportsTaken, reportsStored, reportsWaiting } = host;
  const told = counts.of(EVENT['vfio_ccw.crw'], system, -1);
  assert(told === reportsTaken, `host ${system}: ${told} reports kept were told, ${reportsTaken} were kept`);
  assert(
    reportsStored === reportsWaiting,
    `host ${system}: ${reportsStored} reports have storage and were not read, ${reportsWaiting} wait`,
  );
}

/** Reports that STCRW has given a system; those that its kernel was made to find come from no queue. */
const fetched = ({ observer, final }: RunFigures, system: number): number =>
  observer.counts.of(EVENT.stcrw, system, 0) - (final?.reportsInjected?.[system] ?? 0);

function assertGuest(guest: GuestAccount, run: RunFigures): void {
  const { counts } = run.observer;
  const { system, reportsQueued, reportsFetched, reportsWithdrawn, reportsPending } = guest;
  assert(
    reportsQueued === reportsFetched + reportsWithdrawn + reportsPending,
    `guest ${system}: ${reportsQueued} words queued, ${reportsFetched} fetched, ${reportsWithdrawn} withdrawn, ${reportsPending} pending`,
  );
  const told = counts.of(EVENT['qemu.css_crw'], system, -1) - counts.of(EVENT['vmm.crw-lost'], system, -1);
  assert(told === reportsQueued, `guest ${system}: ${told} words were told, ${reportsQueued} were queued`);
  const stcrw = fetched(run, system);
  // The answer to the last one may be on its way: one thread of the guest fetches reports.
  assert(
    stcrw === reportsFetched || stcrw === reportsFetched - 1,
    `guest ${system}: STCRW gave ${stcrw} words, ${reportsFetched} left the queue`,
  );
  const { pagesPinned, pagesInUse, pagesForgotten } = guest;
  assert(
    pagesPinned === pagesInUse + pagesForgotten,
    `guest ${system}: ${pagesPinned} pages pinned, ${pagesInUse} in use, ${pagesForgotten} forgotten`,
  );
}

/** Both sides are whole nanoseconds: time seen busy, and the sum of the work of all jobs, which is rate · mean · time. */
function assertUtilisation(name: string, server: ServerMeter, now: SimTime): void {
  const periods = server.busyPeriodsBy(now);
  const work = server.busyBy(now);
  assert(periods === work, `utilisation law of ${name}: busy for ${periods} ns with ${work} ns of work`);
  assert(work >= 0 && work <= now, `${name} was busy for ${work} ns of ${now} ns`);
}

/** Both sides of Little's law are sums of integers; only sums beyond 2^53 are rounded. */
const ROUNDING = 1e-9;
