import type { SubchannelId } from '../zarch/ids.ts';

/**
 * The interruptions of one subclass, in the order in which they were queued; a ring that grows. A subchannel may stand in
 * it more than once.
 */
export class PendingInterruptions {
  length = 0;
  private subchannels = new Int32Array(64);
  private intparms = new Uint32Array(64);
  private first = 0;

  push(subchannel: SubchannelId, intparm: number): void {
    if (this.length === this.subchannels.length) this.grow();
    const slot = this.slot(this.length++);
    this.subchannels[slot] = subchannel;
    this.intparms[slot] = intparm;
  }

  subchannel(at: number): SubchannelId {
    return this.subchannels[this.slot(at)];
  }

  intparm(at: number): number {
    return this.intparms[this.slot(at)];
  }

  remove(at: number): void {
    if (at === 0) {
      this.first = this.slot(1);
      this.length--;
      return;
    }
    this.length--;
    for (let behind = at; behind < this.length; behind++) this.copy(behind + 1, behind);
  }

  /** The one of the subchannel that was queued first; false: it has none here. */
  removeFirst(subchannel: SubchannelId): boolean {
    for (let at = 0; at < this.length; at++) {
      if (this.subchannel(at) !== subchannel) continue;
      this.remove(at);
      return true;
    }
    return false;
  }

  removeAll(subchannel: SubchannelId): void {
    let kept = 0;
    for (let at = 0; at < this.length; at++) {
      if (this.subchannel(at) !== subchannel) this.copy(at, kept++);
    }
    this.length = kept;
  }

  clear(): void {
    this.length = 0;
  }

  private copy(from: number, to: number): void {
    this.subchannels[this.slot(to)] = this.subchannels[this.slot(from)];
    this.intparms[this.slot(to)] = this.intparms[this.slot(from)];
  }

  private slot(at: number): number {
    return (this.first + at) & (this.subchannels.length - 1);
  }

  private grow(): void {
    const subchannels = new Int32Array(this.subchannels.length * 2);
    const intparms = new Uint32Array(subchannels.length);
    for (let at = 0; at < this.length; at++) {
      subchannels[at] = this.subchannel(at);
      intparms[at] = this.intparm(at);
    }
    this.subchannels = subchannels;
    this.intparms = intparms;
    this.first = 0;
  }
}
