import { type AxisConstraint, meets } from '../../scenario/axis-constraint.ts';
import type { AxisValue, SweepAxis, SweepDimension, SweepPlan } from '../../scenario/sweep-plan.ts';

/** One scenario that a sweep makes: a value for every axis. */
export interface SweepPoint {
  /** From 1, in the order of the plan: the last axis changes fastest. */
  readonly number: number;
  /** In the order of `axesOf`. */
  readonly values: readonly AxisValue[];
}

/** Points beyond which somebody has forgotten what multiplies. */
export const MOST_POINTS = 1_000_000;

export const axesOf = ({ dimensions }: SweepPlan): readonly SweepAxis[] => dimensions.flat();

/** How many points there would be without constraints. */
export const gridSize = ({ dimensions }: SweepPlan): number =>
  dimensions.reduce((product, dimension) => product * lengthOf(dimension), 1);

/** The points that meet all constraints, counted in the order of the grid. */
export function pointsOf(plan: SweepPlan): SweepPoint[] {
  const { dimensions, constraints } = plan;
  const positions = new Map(axesOf(plan).map(({ path }, at) => [path, at]));
  const points: SweepPoint[] = [];
  const size = gridSize(plan);
  for (let cell = 0; cell < size; cell++) {
    const values = valuesAt(dimensions, cell);
    if (isWanted(constraints, values, positions)) points.push({ number: points.length + 1, values });
  }
  return points;
}

/** A cell's number is written with one digit for each dimension, the last one the lowest. */
function valuesAt(dimensions: readonly SweepDimension[], cell: number): AxisValue[] {
  const digits: number[] = [];
  let rest = cell;
  for (const dimension of dimensions.toReversed()) {
    const length = lengthOf(dimension);
    digits.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return dimensions.flatMap((dimension, at) => dimension.map(({ values }) => values[digits[at]]));
}

function isWanted(
  constraints: readonly AxisConstraint[],
  values: readonly AxisValue[],
  positions: ReadonlyMap<string, number>,
): boolean {
  const textOf = (axis: string): string => values[positions.get(axis)!].text;
  return constraints.every((constraint) => meets(constraint, textOf));
}

/** Axes that go together have equally many values. */
const lengthOf = (dimension: SweepDimension): number => dimension[0].values.length;
