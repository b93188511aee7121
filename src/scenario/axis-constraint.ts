import { type AxisKind, axisKind, axisNumber } from './axis-kind.ts';
import { suggest } from './nearest.ts';
import { type Parsed, parsed, refused } from './parsed.ts';

/** `machine.crwQueueDepth <= 8`, `a != b`: which points of a sweep there are. */
export interface AxisConstraint {
  readonly left: Side;
  readonly operator: Operator;
  readonly right: Side;
  /** As what both sides are read. */
  readonly kind: AxisKind;
}

/** The value of an axis, by its path, or a value that is written out. */
export type Side = { readonly axis: string } | { readonly text: string };

const OPERATORS = ['==', '!=', '<=', '>=', '<', '>'] as const;
type Operator = (typeof OPERATORS)[number];

/** `values`: the texts of each axis by its path. */
export function parseConstraint(
  text: string,
  values: ReadonlyMap<string, readonly string[]>,
): Parsed<AxisConstraint> {
  const match = /^(.+?)\s*(==|!=|<=|>=|<|>)\s*(.+)$/.exec(text.trim());
  if (match === null)
    return refused(`"${text}" is no comparison`, 'write for instance machine.crwQueueDepth <= 8');
  const [, first, operator, second] = match;
  const left = sideOf(first, values);
  const right = sideOf(second, values);
  if (!('axis' in left) && !('axis' in right)) {
    return refused(`"${text}" names no axis`, suggest(first, [...values.keys()]));
  }
  const kind = axisKind([...textsOf(left, values), ...textsOf(right, values)]);
  const isOrder = operator !== '==' && operator !== '!=';
  if (isOrder && kind.parse === null) {
    return refused(`"${text}" compares what has no order`, 'texts can only be == or !=');
  }
  return parsed({ left, operator: operator as Operator, right, kind });
}

/** `textOf`: the value of an axis at a point. */
export function meets(constraint: AxisConstraint, textOf: (axis: string) => string): boolean {
  const { left, operator, right, kind } = constraint;
  const numberOf = (side: Side): number | string =>
    axisNumber(kind, 'axis' in side ? textOf(side.axis) : side.text);
  return compare(numberOf(left), operator, numberOf(right));
}

const sideOf = (text: string, values: ReadonlyMap<string, readonly string[]>): Side =>
  values.has(text) ? { axis: text } : { text };

const textsOf = (side: Side, values: ReadonlyMap<string, readonly string[]>): readonly string[] =>
  'axis' in side ? values.get(side.axis)! : [side.text];

function compare(left: number | string, operator: Operator, right: number | string): boolean {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    case '<':
      return left < right;
    case '>':
      return left > right;
  }
}
