import { assert } from '../kernel/assert.ts';

/** Differences within one stretch that are looked for exactly; beyond, a good alignment is taken for the best. */
const EXACT_DIFFERENCES = 1_000;

/** Partner of an element that has none. */
export const ALONE = -1;

type Same = (left: number, right: number) => boolean;

/**
 * Lays two sequences beside each other so that as many elements as possible stand opposite their like (a longest common
 * subsequence). Gives the position on the right of each element on the left, or ALONE. `same` may be any relation.
 *
 * Myers' O(ND) method in linear space: from both ends of the edit graph towards each other; where the two meet, the
 * problem falls into two smaller ones.
 */
export function align(left: number, right: number, same: Same): Int32Array {
  const partners = new Int32Array(left).fill(ALONE);
  const meeting = new Meeting(left + right, same);
  const boxes: Box[] = [{ left: 0, leftEnd: left, right: 0, rightEnd: right }];
  for (let box = boxes.pop(); box !== undefined; box = boxes.pop()) {
    pairEnds(box, partners, same);
    if (box.left === box.leftEnd || box.right === box.rightEnd) continue;
    const { x, y } = meeting.pointIn(box);
    boxes.push(
      { ...box, leftEnd: box.left + x, rightEnd: box.right + y },
      { ...box, left: box.left + x, right: box.right + y },
    );
  }
  return partners;
}

/** A part of the edit graph: left elements from … up to `leftEnd`, right elements from … up to `rightEnd`. */
interface Box {
  left: number;
  leftEnd: number;
  right: number;
  rightEnd: number;
}

function pairEnds(box: Box, partners: Int32Array, same: Same): void {
  while (box.left < box.leftEnd && box.right < box.rightEnd && same(box.left, box.right)) {
    partners[box.left++] = box.right++;
  }
  while (box.left < box.leftEnd && box.right < box.rightEnd && same(box.leftEnd - 1, box.rightEnd - 1)) {
    partners[--box.leftEnd] = --box.rightEnd;
  }
}

/** A point of a box: `x` left and `y` right elements are before it. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** A diagonal that cannot be reached inside the box. */
const NOWHERE = -1;

/** Looks for a point in the middle of a best way through a box whose first and last elements differ. */
class Meeting {
  private readonly same: Same;
  /** By diagonal x − y, from either end: the farthest x that so many differences lead to. */
  private readonly forward: Int32Array;
  private readonly backward: Int32Array;
  /** Index of diagonal 0. */
  private readonly origin: number;
  private box: Box = { left: 0, leftEnd: 0, right: 0, rightEnd: 0 };
  private width = 0;
  private height = 0;

  constructor(elements: number, same: Same) {
    this.same = same;
    this.origin = Math.min(EXACT_DIFFERENCES, elements) + 1;
    this.forward = new Int32Array(2 * this.origin + 1);
    this.backward = new Int32Array(2 * this.origin + 1);
  }

  pointIn(box: Box): Point {
    this.box = box;
    this.width = box.leftEnd - box.left;
    this.height = box.rightEnd - box.right;
    const { forward, backward, origin } = this;
    // With an odd number of differences the way from the start is one longer than the way from the end.
    const isOdd = ((this.width - this.height) & 1) !== 0;
    for (let differences = 0; differences < origin; differences++) {
      const ahead = this.advance(forward, differences, this.sameFromStart, isOdd ? backward : null, 1);
      if (ahead !== null) return ahead;
      const back = this.advance(backward, differences, this.sameFromEnd, isOdd ? null : forward, 0);
      if (back !== null) return { x: this.width - back.x, y: this.height - back.y };
    }
    return this.farthest(origin - 1);
  }

  private readonly sameFromStart: Same = (x, y) => this.same(this.box.left + x, this.box.right + y);

  private readonly sameFromEnd: Same = (x, y) =>
    this.same(this.box.leftEnd - 1 - x, this.box.rightEnd - 1 - y);

  /**
   * Goes on by one difference on every diagonal. Gives the point, seen from this end, at which `other` was met, which came
   * from the other end and has taken `behind` differences less.
   */
  private advance(
    reach: Int32Array,
    differences: number,
    same: Same,
    other: Int32Array | null,
    behind: number,
  ): Point | null {
    const { origin, width, height } = this;
    reach[origin - differences - 1] = NOWHERE;
    reach[origin + differences + 1] = NOWHERE;
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      const at = origin + diagonal;
      let x = differences === 0 ? 0 : this.oneFurther(reach, diagonal);
      if (x !== NOWHERE) while (x < width && x - diagonal < height && same(x, x - diagonal)) x++;
      reach[at] = x;
      if (x === NOWHERE || other === null) continue;
      const opposite = width - height - diagonal;
      if (Math.abs(opposite) > differences - behind) continue;
      const come = other[origin + opposite];
      if (come !== NOWHERE && come >= width - x) return { x, y: x - diagonal };
    }
    return null;
  }

  /** Where a diagonal is entered from its neighbours: a left element alone leads right, a right element alone down. */
  private oneFurther(reach: Int32Array, diagonal: number): number {
    const below = reach[this.origin + diagonal - 1];
    const above = reach[this.origin + diagonal + 1];
    const right = below === NOWHERE || below === this.width ? NOWHERE : below + 1;
    const down = above === NOWHERE || above - diagonal > this.height ? NOWHERE : above;
    return Math.max(right, down);
  }

  private farthest(differences: number): Point {
    const { forward, origin } = this;
    let best: Point = { x: 0, y: 0 };
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      const x = forward[origin + diagonal];
      if (x !== NOWHERE && 2 * x - diagonal > best.x + best.y) best = { x, y: x - diagonal };
    }
    assert(best.x + best.y > 0, 'an alignment goes on');
    return best;
  }
}
