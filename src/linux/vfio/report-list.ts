import type { Process, Steps } from '../../kernel/process.ts';
import type { SimTime } from '../../kernel/time.ts';
import { withOverflow } from '../../zarch/crw.ts';

/** An element of a list in the kernel (`struct list_head`). The head of a list is one too. */
class Link {
  word = 0;
  next: Link = this;
  previous: Link = this;
}

/**
 * The channel reports of one device, oldest first (`private->crw`). It has no limit, and nothing is ever put together.
 *
 * For years it was changed without a lock of its own: under the subchannel's lock where a report is added, without any
 * where one is read. So it is kept as the kernel keeps it, as links between elements, and without the lock the steps of
 * `list_add_tail` and `list_del` take place one after the other: two that overlap can lose an element, or leave a list
 * that is empty for ever.
 */
export class ReportList {
  private added = 0;
  private taken = 0;
  private readonly head = new Link();
  private readonly isLocked: boolean;
  private readonly stepNs: SimTime;

  /** `stepNs`: time between reading the links of an element and changing them, where there is no lock. */
  constructor(isLocked: boolean, stepNs: SimTime) {
    this.isLocked = isLocked;
    this.stepNs = stepNs;
  }

  get isEmpty(): boolean {
    return this.head.next === this.head;
  }

  /** The words that a reader will find. */
  get words(): number[] {
    const words: number[] = [];
    for (let at = this.head.next; at !== this.head; at = at.next) words.push(at.word);
    return words;
  }

  /** Words that were added and not taken: storage that the list holds, whether or not a reader will ever find it. */
  get held(): number {
    return this.added - this.taken;
  }

  /** Words that were added, and that nobody has taken or will ever find. */
  get lost(): number {
    return this.held - this.words.length;
  }

  /** list_add_tail. */
  *add(self: Process, word: number): Steps {
    const { head } = this;
    const link = new Link();
    link.word = word;
    const { previous } = head;
    this.added++;
    yield* this.step(self);
    head.previous = link;
    link.next = head;
    link.previous = previous;
    previous.next = link;
  }

  /** Reports behind the newest one have been lost. */
  overflowed(): void {
    const newest = this.head.previous;
    if (newest !== this.head) newest.word = withOverflow(newest.word);
  }

  /** Takes the oldest word; zero when there is none (list_first_entry_or_null, list_del). */
  *take(self: Process): Steps<number> {
    if (this.isEmpty) return 0;
    const first = this.head.next;
    const { next, previous } = first;
    yield* this.step(self);
    next.previous = previous;
    previous.next = next;
    this.taken++;
    return first.word;
  }

  private *step(self: Process): Steps {
    // No processor is given away between the steps, so they only take time.
    if (!this.isLocked && this.stepNs > 0) yield* self.sleep(this.stepNs);
  }
}
