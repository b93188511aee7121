import type { FigureSpec } from '../output/figure.ts';

/** A table in the report; the first column names the row. */
export interface ReportTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns from the left that hold words; the rest holds numbers, which stand to the right. */
  readonly wordColumns: number;
}

/** An entry of a legend: colour and pattern are those of the kind of mark. */
export interface LegendEntry {
  readonly kind: string;
  readonly text: string;
}

/** What a horizontal axis of time shows, so that it can be zoomed: seconds of the run, or decades above 1 µs. */
export interface TimeAxis {
  readonly scale: 'linear' | 'log';
  readonly from: number;
  readonly to: number;
  /** Stretches worth a look, which a button goes to. */
  readonly views: readonly { readonly title: string; readonly from: number; readonly to: number }[];
}

export interface Figure {
  readonly id: string;
  readonly title: string;
  /** What is to be seen, for those who see it and for those who do not. */
  readonly caption: string;
  /** In the grammar of vega-lite, or drawn already. */
  readonly picture: { readonly spec: FigureSpec } | { readonly svg: string };
  readonly axis: TimeAxis | null;
  readonly legend: readonly LegendEntry[];
  /** The same in numbers. */
  readonly table: ReportTable;
}

/** Paragraphs may hold `code` and **strong** words. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly text: readonly string[];
  readonly tables: readonly ReportTable[];
  readonly figures: readonly Figure[];
}
