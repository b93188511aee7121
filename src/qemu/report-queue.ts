import { type Crw, decodeCrw, withOverflow } from '../zarch/crw.ts';

/** Who is told that the channel-report machine check is to be made pending. */
export type Announce = () => void;

/**
 * Channel reports that wait for STCRW (css.c:css_crw_add_to_queue, css_do_stcrw). The queue has no limit of its own. One machine
 * check announces them, and another is made only after STCRW has found the queue empty: fetching the last report is not
 * enough.
 */
export class ReportQueue {
  /** Words so far: queued, fetched by STCRW, and taken back or forgotten. */
  queued = 0;
  fetched = 0;
  withdrawn = 0;
  private words = new Uint32Array(16);
  private first = 0;
  private length = 0;
  private armed = true;
  private readonly announce: Announce;

  constructor(announce: Announce) {
    this.announce = announce;
  }

  get pending(): number {
    return this.length;
  }

  /** The next report makes a machine check pending (do_crw_mchk). */
  get isArmed(): boolean {
    return this.armed;
  }

  add(word: number): void {
    this.queued++;
    this.append(word);
    if (!this.armed) return;
    this.armed = false;
    this.announce();
  }

  /** Takes over what the queue of another QEMU held; its machine check, if one is pending, comes another way, or not at all. */
  takeOver(words: readonly number[], armed: boolean): void {
    this.length = 0;
    for (const word of words) this.append(word);
    this.armed = armed;
  }

  /** The counts of words go on where those of the queue before stopped; what it held and this one does not is withdrawn. */
  continueCounts(before: ReportQueue): void {
    this.queued = before.queued;
    this.fetched = before.fetched;
    this.withdrawn = before.withdrawn + before.length - this.length;
  }

  /** Reports behind the newest one have been lost. */
  overflowed(): void {
    const newest = this.slot(this.length - 1);
    if (this.length > 0) this.words[newest] = withOverflow(this.words[newest]);
  }

  /** STCRW: condition code 0 with the oldest report, or 1 with zeros. */
  store(into: Crw): 0 | 1 {
    if (this.length === 0) {
      decodeCrw(0, into);
      this.armed = true;
      return 1;
    }
    decodeCrw(this.words[this.first], into);
    this.first = this.slot(1);
    this.length--;
    this.fetched++;
    return 0;
  }

  /** Words that have not been fetched, oldest first. */
  waiting(): number[] {
    return Array.from({ length: this.length }, (_, at) => this.words[this.slot(at)]);
  }

  /** Takes back the word that waits at this place. What was announced stays so. */
  remove(at: number): void {
    for (let later = at + 1; later < this.length; later++) {
      this.words[this.slot(later - 1)] = this.words[this.slot(later)];
    }
    this.length--;
    this.withdrawn++;
  }

  /** STCRW finds no place for what it fetched. A report goes back to the front; that there was none has been seen. */
  storeFailed(): void {
    if (this.length === 0) this.armed = true;
  }

  reset(): void {
    this.withdrawn += this.length;
    this.length = 0;
    this.armed = true;
  }

  private append(word: number): void {
    if (this.length === this.words.length) this.grow();
    this.words[this.slot(this.length++)] = word;
  }

  private slot(at: number): number {
    return (this.first + at) & (this.words.length - 1);
  }

  private grow(): void {
    const { words } = this;
    const grown = new Uint32Array(words.length * 2);
    for (let at = 0; at < this.length; at++) grown[at] = words[this.slot(at)];
    this.words = grown;
    this.first = 0;
  }
}
