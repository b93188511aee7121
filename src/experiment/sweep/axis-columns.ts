import type { ParquetColumn } from '../../output/parquet.ts';
import { type AxisKind, axisColumnKind, axisNumber } from '../../scenario/axis-kind.ts';
import type { SweepAxis } from '../../scenario/sweep-plan.ts';
import type { SweepPoint } from './points.ts';

/** An axis as a column: quantities as numbers in the unit that ends the name, all else as it is written. */
export interface AxisColumn extends ParquetColumn {
  readonly kind: AxisKind;
}

export function axisColumns(axes: readonly SweepAxis[]): AxisColumn[] {
  return axes.map(({ path, values }) => {
    const kind = axisColumnKind(
      path,
      values.map(({ text }) => text),
    );
    return { name: `${path}${kind.suffix}`, type: typeOf(kind), kind };
  });
}

/** What a point has in the columns. */
export const axisCells = (columns: readonly AxisColumn[], { values }: SweepPoint): (string | number)[] =>
  columns.map(({ kind }, at) => axisNumber(kind, values[at].text));

function typeOf({ parse, isWhole }: AxisKind): ParquetColumn['type'] {
  if (parse === null) return 'text';
  return isWhole ? 'integer' : 'number';
}
