import { type EventInformation, NOTIFICATION, notificationBit } from '../zarch/chsc.ts';

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

  /**
   * The oldest event of the types that a program asks for, null when there is none. A mask without any type is that of
   * programs which know of one type only.
   */
  store(notifications: number): EventInformation | null {
    const mask = notifications === 0 ? NOTIFICATION.TYPE_0 : notifications;
    const asked = (event: PendingEvent) => (notificationBit(event.notificationType) & mask) !== 0;
    const at = this.events.findIndex(asked);
    if (at < 0) return null;
    const [event] = this.events.splice(at, 1);
    const read = { ...event, more: this.events.some(asked), overflow: this.overflow };
    this.overflow = false;
    return read;
  }
}
