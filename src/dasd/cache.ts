import { MAX_RECORD_BYTES } from './geometry.ts';

/** Which tracks a control unit holds in storage. A track is named by its device's index and its track number. */
export interface TrackCache {
  /** Whether the track is held. A miss stages it when `load`; `hitDraw` is the request's uniform. */
  access(device: number, track: number, load: boolean, hitDraw: number): boolean;
}

/** No tracks at all: a request hits with a given probability, decided by the draw that it carries. */
export class HitRatioCache implements TrackCache {
  private readonly hitRatio: number;

  constructor(hitRatio: number) {
    this.hitRatio = hitRatio;
  }

  access(_device: number, _track: number, _load: boolean, hitDraw: number): boolean {
    return hitDraw < this.hitRatio;
  }
}

const NIL = -1;

/**
 * Track slots in order of last use: the least recently used track gives way. Slots are indices of typed arrays; a hash
 * table with chains finds them, a doubly linked list keeps the order. Every access takes constant time.
 */
export class LruTrackCache implements TrackCache {
  /** Tracks that the cache can hold: one slot holds the data of a full track. */
  readonly capacity: number;
  private readonly keys: Float64Array;
  private readonly chain: Int32Array;
  private readonly newer: Int32Array;
  private readonly older: Int32Array;
  private readonly buckets: Int32Array;
  private readonly mask: number;
  private newest = NIL;
  private oldest = NIL;
  private used = 0;

  constructor(bytes: number) {
    this.capacity = Math.max(1, Math.floor(bytes / MAX_RECORD_BYTES));
    let buckets = 1;
    while (buckets < 2 * this.capacity) buckets *= 2;
    this.mask = buckets - 1;
    this.buckets = new Int32Array(buckets).fill(NIL);
    this.keys = new Float64Array(this.capacity);
    this.chain = new Int32Array(this.capacity);
    this.newer = new Int32Array(this.capacity);
    this.older = new Int32Array(this.capacity);
  }

  access(device: number, track: number, load: boolean): boolean {
    const key = track * 256 + device;
    const bucket = this.bucketOf(device, track);
    for (let slot = this.buckets[bucket]; slot !== NIL; slot = this.chain[slot]) {
      if (this.keys[slot] !== key) continue;
      if (slot !== this.newest) {
        this.unlink(slot);
        this.link(slot);
      }
      return true;
    }
    if (load) this.stage(key, bucket);
    return false;
  }

  private stage(key: number, bucket: number): void {
    let slot = this.used;
    if (slot < this.capacity) {
      this.used++;
    } else {
      slot = this.oldest;
      this.unlink(slot);
      this.forget(slot);
    }
    this.keys[slot] = key;
    this.chain[slot] = this.buckets[bucket];
    this.buckets[bucket] = slot;
    this.link(slot);
  }

  /** Takes a slot out of its hash chain. */
  private forget(slot: number): void {
    const key = this.keys[slot];
    const track = Math.floor(key / 256);
    const bucket = this.bucketOf(key - track * 256, track);
    if (this.buckets[bucket] === slot) {
      this.buckets[bucket] = this.chain[slot];
      return;
    }
    let before = this.buckets[bucket];
    while (this.chain[before] !== slot) before = this.chain[before];
    this.chain[before] = this.chain[slot];
  }

  private link(slot: number): void {
    this.older[slot] = this.newest;
    this.newer[slot] = NIL;
    if (this.newest === NIL) this.oldest = slot;
    else this.newer[this.newest] = slot;
    this.newest = slot;
  }

  private unlink(slot: number): void {
    const newer = this.newer[slot];
    const older = this.older[slot];
    if (newer === NIL) this.newest = older;
    else this.older[newer] = older;
    if (older === NIL) this.oldest = newer;
    else this.newer[older] = newer;
  }

  private bucketOf(device: number, track: number): number {
    const mixed = Math.imul(track ^ Math.imul(device + 1, 0x85ebca6b), 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) & this.mask;
  }
}
