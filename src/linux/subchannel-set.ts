import { assert } from '../kernel/assert.ts';
import type { SubchannelId } from '../zarch/ids.ts';
import { NONE } from '../zarch/ids.ts';

const PER_SSID = 0x10000;
const WORDS_PER_SSID = PER_SSID / 32;

/** A set of subchannel ids of one image over its subchannel sets, as a bitmap (idset.c). Ascending order is by ssid, then number. */
export class SubchannelSet {
  /** Members. */
  size = 0;
  private readonly words: Uint32Array;

  constructor(subchannelSets: number) {
    this.words = new Uint32Array(subchannelSets * WORDS_PER_SSID);
  }

  has(schid: SubchannelId): boolean {
    return (this.words[schid >>> 5] & (1 << (schid & 31))) !== 0;
  }

  add(schid: SubchannelId): void {
    assert(schid < this.words.length * 32, 'a subchannel of a set that is not enabled');
    if (this.has(schid)) return;
    this.words[schid >>> 5] |= 1 << (schid & 31);
    this.size++;
  }

  /** Whether it was a member. */
  delete(schid: SubchannelId): boolean {
    if (schid >= this.words.length * 32 || !this.has(schid)) return false;
    this.words[schid >>> 5] &= ~(1 << (schid & 31));
    this.size--;
    return true;
  }

  /** All members of a set of the same size. */
  addAll(other: SubchannelSet): void {
    for (let word = 0; word < this.words.length; word++) {
      const added = other.words[word] & ~this.words[word];
      if (added === 0) continue;
      this.words[word] |= added;
      this.size += countBits(added);
    }
  }

  /** Every id that could exist. */
  fill(): void {
    this.words.fill(0xffffffff);
    this.size = this.words.length * 32;
  }

  /** Smallest member of subchannel set `ssid` that is not below `from`; −1 when there is none. */
  next(ssid: number, from: SubchannelId): SubchannelId {
    const end = (ssid + 1) * WORDS_PER_SSID;
    let word = from >>> 5;
    if (word >= end) return NONE;
    let bits = this.words[word] & (0xffffffff << (from & 31));
    while (bits === 0) {
      if (++word >= end) return NONE;
      bits = this.words[word];
    }
    return word * 32 + (31 - Math.clz32(bits & -bits));
  }

  /** Removes `schid` and all higher ids of its subchannel set. */
  deleteFrom(schid: SubchannelId): void {
    const end = ((schid >>> 16) + 1) * WORDS_PER_SSID;
    let removed = 0xffffffff << (schid & 31);
    for (let word = schid >>> 5; word < end; word++) {
      this.size -= countBits(this.words[word] & removed);
      this.words[word] &= ~removed;
      removed = 0xffffffff;
    }
  }
}

function countBits(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}
