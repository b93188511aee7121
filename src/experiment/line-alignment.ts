import type { TraceLine } from '../output/trace-lines.ts';
import { ALONE, align } from './alignment.ts';

/** When lines of two sides, by their positions, may stand opposite each other. */
export interface LineRelation {
  /** Both are whole and say the same. */
  same(left: number, right: number): boolean;
  /** One is cut and could have been the other. */
  mayBeSame(left: number, right: number): boolean;
}

/**
 * Aligns the lines of two traces so that as few whole lines as possible stand alone. A cut line that stands alone costs
 * nothing, so a pair of whole lines is worth two, and a whole line opposite a cut one is worth one: whole lines take part
 * in the alignment as two halves, cut lines as a second half.
 */
export function alignLines(
  left: readonly TraceLine[],
  right: readonly TraceLine[],
  relation: LineRelation,
): Int32Array {
  const isWhole = ({ cut }: TraceLine): boolean => !cut;
  if (left.every(isWhole) && right.every(isWhole)) {
    return align(left.length, right.length, (i, j) => relation.same(i, j));
  }
  const leftHalves = halvesOf(left);
  const rightHalves = halvesOf(right);
  const partners = align(leftHalves.length, rightHalves.length, (i, j) => {
    const one = leftHalves[i];
    const other = rightHalves[j];
    if (one.isFirst !== other.isFirst) return false;
    const cuts = Number(left[one.line].cut) + Number(right[other.line].cut);
    if (cuts === 0) return relation.same(one.line, other.line);
    return cuts === 1 && relation.mayBeSame(one.line, other.line);
  });
  return linePartners(left.length, leftHalves, rightHalves, partners);
}

interface Half {
  readonly line: number;
  readonly isFirst: boolean;
}

const halvesOf = (lines: readonly TraceLine[]): Half[] =>
  lines.flatMap(({ cut }, line) => {
    const second = { line, isFirst: false };
    return cut ? [second] : [{ line, isFirst: true }, second];
  });

/** Halves of one line may have found different partners of the same worth: then the first of them counts. */
function linePartners(
  lines: number,
  leftHalves: readonly Half[],
  rightHalves: readonly Half[],
  partners: Int32Array,
): Int32Array {
  const result = new Int32Array(lines).fill(ALONE);
  let taken = -1;
  leftHalves.forEach(({ line }, at) => {
    if (partners[at] === ALONE || result[line] !== ALONE) return;
    const partner = rightHalves[partners[at]].line;
    if (partner <= taken) return;
    result[line] = partner;
    taken = partner;
  });
  return result;
}
