import type { EventInformation } from '../zarch/chsc.ts';

/** What an event says before it is read; `more` and `overflow` depend on the queue at that moment. */
export type PendingEvent = Omit<EventInformation, 'more' | 'overflow'>;

/** Event information of one image (CHSC "store event information"), oldest first. Overflow is told with the next read. */
export class EventInformationQueue {
  private readonly events: PendingEvent[] = [];
  private readonly depth: number;
  private overflow = false;

  constructor(depth: number) {
    this.depth = depth;
  }

  get pending(): number {
    return this.events.length;
  }

  push(event: PendingEvent): void {
    if (this.events.length >= this.depth) this.overflow = true;
    else this.events.push(event);
  }

  /** The oldest event, null when there is none. */
  store(): EventInformation | null {
    const event = this.events.shift();
    if (event === undefined) return null;
    const read = { ...event, more: this.events.length > 0, overflow: this.overflow };
    this.overflow = false;
    return read;
  }
}
