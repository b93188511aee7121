import { countPaths } from '../zarch/path-mask.ts';
import type { TracedEvent } from './ftrace-events.ts';
import { isSchib, isStart } from './traced-subchannels.ts';

/** What the starts of a subchannel were for. */
export interface StartsByPurpose {
  /** Requests of applications, as far as a trace tells. */
  readonly requests: readonly TracedEvent[];
  /** Recognition and path verification, by the common I/O layer and by the driver. */
  readonly verification: number;
  /** The driver's own, until a device that was enabled in the trace first pauses. */
  readonly bringUp: number;
  /** Taken back by XSCH, HSCH or CSCH, and so started once more. */
  readonly cancelled: number;
}

/** A device is up when it has done nothing for so long. */
const PAUSE_US = 100_000;
/** SENSE and SET PATH GROUP ID, and a try again, on each path. */
const STARTS_PER_PATH = 3;
/** Where flags do not tell: what follows status so closely is done by the one who has fetched it. */
const SAME_INTERRUPTION_US = 50;
const STOPS: readonly string[] = ['cio_xsch', 'cio_hsch', 'cio_csch'];

type Purpose = 'request' | 'verification' | 'bring-up' | 'cancelled';

/** Tells the starts of one subchannel apart by what stands around them. */
export function startsByPurpose(events: readonly TracedEvent[]): StartsByPurpose {
  const purposes = new Map<TracedEvent, Purpose>();
  const verification = new Verification();
  const bringUp = new BringUp();
  /** Under way: no status has been fetched since. */
  let running: TracedEvent | null = null;
  for (const [at, event] of events.entries()) {
    if (isStart(event)) {
      running = event;
      const isCheck = verification.start(event);
      purposes.set(event, bringUp.start(event) ? 'bring-up' : isCheck ? 'verification' : 'request');
    } else if (event.event === 'cio_tsch') running = null;
    else if (STOPS.includes(event.event) && event.fields['cc'] === 0 && running !== null) {
      purposes.set(running, 'cancelled');
      running = null;
    } else if (isSchib(event)) {
      bringUp.schib(event);
      if (event.event !== 'cio_stsch') continue;
      for (const start of verification.look(event, events[at - 1])) purposes.set(start, 'verification');
    }
  }
  const count = (purpose: Purpose): number => [...purposes.values()].filter((own) => own === purpose).length;
  return {
    requests: [...purposes].filter(([, purpose]) => purpose === 'request').map(([event]) => event),
    verification: count('verification'),
    bringUp: count('bring-up'),
    cancelled: count('cancelled'),
  };
}

/**
 * The common I/O layer looks at a subchannel before it verifies paths, and again in the interruption with which the
 * verification ends (device_fsm.c:ccw_device_verify_done); in between the driver starts nothing. A device that is busy when
 * it is looked at is verified from the interruption that ends this, after another look:
 *
 *   STSCH                              SSCH  interruption, TSCH, SSCH  …  interruption, TSCH, STSCH
 *   STSCH  interruption, TSCH, STSCH,  SSCH  …
 *
 * After that the driver reads the configuration data of each path that is new (dasd_eckd.c:do_pe_handler_work), as soon as
 * it gets to it: so many of the next starts are its own.
 */
class Verification {
  /** Starts since the subchannel was looked at; null: nobody has, or there were too many for a verification. */
  private starts: TracedEvent[] | null = null;
  private most = 0;
  private pam: number | null = null;
  /** Paths that are new, and of which the driver has not read the configuration data. */
  private gained = 0;
  private unread = 0;

  /** Whether the driver reads configuration data. */
  start(event: TracedEvent): boolean {
    if (this.starts !== null) {
      this.starts.push(event);
      if (this.starts.length > this.most) this.starts = null;
      return false;
    }
    if (this.unread === 0) return false;
    this.unread--;
    return true;
  }

  /** The subchannel is looked at; gives the starts of a verification that ends so. */
  look(event: TracedEvent, before: TracedEvent | undefined): readonly TracedEvent[] {
    const starts = this.starts ?? [];
    if (isInInterruption(event, before)) {
      if (starts.length === 0) return [];
      this.starts = null;
      this.unread += this.gained;
      this.gained = 0;
      return starts;
    }
    const { pim, pam } = event.fields;
    this.gained += countPaths(pam & ~(this.pam ?? pam));
    this.pam = pam;
    this.starts = starts;
    this.most = STARTS_PER_PATH * Math.max(1, countPaths(pim & pam));
    return [];
  }
}

/** A device that is enabled in the trace is brought up: recognized, set online, read by its driver. */
class BringUp {
  private enabled: boolean | null = null;
  private goesOn = false;
  private lastUs = 0;

  /** Whether this start belongs to it. */
  start({ timeUs }: TracedEvent): boolean {
    if (timeUs - this.lastUs >= PAUSE_US) this.goesOn = false;
    this.lastUs = timeUs;
    return this.goesOn;
  }

  schib({ event, fields, timeUs }: TracedEvent): void {
    if (event === 'cio_msch' && this.enabled === false && fields['ena'] === 1) {
      this.goesOn = true;
      this.lastUs = timeUs;
    }
    this.enabled = fields['ena'] === 1;
  }
}

/** Whether it was stored in the interruption that has just fetched status. */
function isInInterruption(event: TracedEvent, before: TracedEvent | undefined): boolean {
  if (event.inInterruption !== null) return event.inInterruption;
  return before?.event === 'cio_tsch' && event.timeUs - before.timeUs <= SAME_INTERRUPTION_US;
}
