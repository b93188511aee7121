import type { CmfReading } from '../linux/cmf.ts';
import { type CmfFile, cmfFiles } from '../linux/cmf-attributes.ts';
import { formatCsv } from './csv.ts';

/** Columns of `measurement.csv`: one row per reading and file of directory `cmf`. */
export const MEASUREMENT_COLUMNS = [
  'system',
  'device',
  'from_ns',
  'to_ns',
  'format',
  'attribute',
  'value',
  'unit',
  'exact',
  'samples',
] as const;

/** One file of directory `cmf` at one moment. */
export interface MeasurementRow {
  readonly system: string;
  readonly device: string;
  /** Span that was measured, ns. */
  readonly fromNs: number;
  readonly toNs: number;
  readonly format: 'basic' | 'extended';
  readonly attribute: string;
  /** The number that Linux shows. */
  readonly value: number;
  /** Of `value` and `exact`. */
  readonly unit: 'ns' | '%' | 'starts' | 'samples';
  /** The same from exact times and counts; null where there are none. */
  readonly exact: number | null;
  /** Operations that the block counted: what `value` rests on. */
  readonly samples: number;
}

export const measurementRows = (readings: readonly CmfReading[]): MeasurementRow[] =>
  readings.flatMap((reading) => cmfFiles(reading.attributes).map((file) => rowOf(reading, file)));

function rowOf({ system, device, fromNs, toNs, attributes }: CmfReading, file: CmfFile): MeasurementRow {
  const { format, sampleCount } = attributes;
  const figure = { attribute: file.name, ...figureOf(file), samples: sampleCount.measured };
  return { system, device, fromNs, toNs, format, ...figure };
}

function figureOf({ unit, measured, exact }: CmfFile): Pick<MeasurementRow, 'value' | 'unit' | 'exact'> {
  if (unit !== '0.1 %') return { value: measured, unit, exact };
  return { value: measured / 10, unit: '%', exact: exact === null ? null : exact / 10 };
}

export const formatMeasurements = (rows: readonly MeasurementRow[]): string =>
  formatCsv({
    columns: MEASUREMENT_COLUMNS,
    rows: rows.map(({ fromNs, toNs, exact, ...others }) => ({
      ...others,
      from_ns: fromNs,
      to_ns: toNs,
      exact: exact ?? '',
    })),
  });
