import { resized } from '../kernel/grow.ts';

/**
 * Extents of one volume that programs in progress use. Programs that only read go side by side; one that may write has
 * its extent to itself, as DEFINE EXTENT has announced it.
 */
export class ExtentsInUse {
  private owners = new Int32Array(8);
  private first = new Int32Array(8);
  private last = new Int32Array(8);
  private writes = new Int32Array(8);
  private length = 0;

  /** Whether a program with this extent must wait for one that is in progress. */
  excludes(first: number, last: number, writes: boolean): boolean {
    for (let at = 0; at < this.length; at++) {
      const isApart = last < this.first[at] || first > this.last[at];
      if (!isApart && (writes || this.writes[at] === 1)) return true;
    }
    return false;
  }

  enter(owner: number, first: number, last: number, writes: boolean): void {
    if (this.length === this.owners.length) this.grow();
    const at = this.length++;
    this.owners[at] = owner;
    this.first[at] = first;
    this.last[at] = last;
    this.writes[at] = writes ? 1 : 0;
  }

  leave(owner: number): void {
    const at = this.owners.indexOf(owner);
    const end = --this.length;
    this.owners[at] = this.owners[end];
    this.first[at] = this.first[end];
    this.last[at] = this.last[end];
    this.writes[at] = this.writes[end];
    this.owners[end] = NOBODY;
  }

  private grow(): void {
    const room = 2 * this.length;
    this.owners = resized(this.owners, room);
    this.first = resized(this.first, room);
    this.last = resized(this.last, room);
    this.writes = resized(this.writes, room);
  }
}

const NOBODY = -1;
