import type { FigureSpec } from '../output/figure.ts';
import { DECADES } from './log-time.ts';
import {
  FIGURE_CONFIG,
  FIGURE_SCHEMA,
  GRID,
  INK,
  kindScale,
  MARK,
  type MarkKind,
  MUTED,
  PLOT_WIDTH,
} from './theme.ts';

/** A stretch of time in a lane; `top` and `bottom` are shares of the lane's height. */
export interface LaneMark {
  readonly lane: number;
  readonly top: number;
  readonly bottom: number;
  readonly from: number;
  readonly to: number;
  readonly kind: MarkKind;
  readonly tip: string;
}

export interface Lane {
  readonly label: string;
  /** Stands to the right of the lane. */
  readonly note: string;
}

export interface LanesOptions {
  readonly lanes: readonly Lane[];
  readonly marks: readonly LaneMark[];
  /** Upright lines across all lanes. */
  readonly rules: readonly number[];
  readonly scale: 'linear' | 'log';
  readonly from: number;
  readonly to: number;
  /** Height of a lane in pixels. */
  readonly laneHeight: number;
}

const DECADE_NAMES = ['1 µs', '10 µs', '100 µs', '1 ms', '10 ms', '100 ms', '1 s', '10 s', '100 s'];

/** A figure with one lane per thing that time passes for. */
export function lanesFigure(options: LanesOptions): FigureSpec {
  const { lanes, marks, rules, laneHeight } = options;
  const kinds = (Object.keys(MARK) as MarkKind[]).filter((kind) => marks.some((mark) => mark.kind === kind));
  const y = yAxis(lanes);
  return {
    $schema: FIGURE_SCHEMA,
    config: FIGURE_CONFIG,
    width: PLOT_WIDTH,
    height: lanes.length * laneHeight,
    layer: [
      {
        name: 'side_lines',
        data: { values: lanes.map((_, lane) => ({ y: lane + 1 })) },
        mark: { type: 'rule', color: GRID, aria: false },
        encoding: { y },
      },
      {
        data: { values: marks.map(markRow) },
        mark: { type: 'rect', clip: true, strokeWidth: 0.6 },
        encoding: {
          x: { field: 'a', type: 'quantitative', ...xAxis(options) },
          x2: { field: 'b' },
          y: { ...y, field: 'y' },
          y2: { field: 'z' },
          fill: kindScale('k', kinds),
          stroke: kindScale('k', kinds),
          description: { field: 'd', type: 'nominal' },
        },
      },
      {
        name: 'side_notes',
        data: { values: lanes.map(({ note }, lane) => ({ y: lane + 0.5, note })) },
        mark: {
          type: 'text',
          align: 'left',
          baseline: 'middle',
          color: MUTED,
          lineBreak: '\n',
          lineHeight: 14,
          aria: false,
        },
        encoding: { x: { value: PLOT_WIDTH + 10 }, y, text: { field: 'note', type: 'nominal' } },
      },
      {
        data: { values: rules.map((at) => ({ at })) },
        mark: { type: 'rule', color: INK, strokeDash: [3, 3], opacity: 0.45, clip: true, aria: false },
        encoding: { x: { field: 'at', type: 'quantitative' } },
      },
    ],
  };
}

const markRow = ({ lane, top, bottom, from, to, kind, tip }: LaneMark): Record<string, string | number> => ({
  a: from,
  b: to,
  y: rounded(lane + top),
  z: rounded(lane + bottom),
  k: kind,
  d: tip,
});

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** Lanes from top to bottom; their names take the place of numbers. */
function yAxis(lanes: readonly Lane[]): Record<string, unknown> {
  return {
    field: 'y',
    type: 'quantitative',
    scale: { domain: [lanes.length, 0], nice: false, zero: false },
    axis: {
      title: null,
      values: lanes.map((_, lane) => lane + 0.5),
      labelExpr: `${JSON.stringify(lanes.map(({ label }) => label))}[floor(datum.value)]`,
      labelColor: INK,
      labelFontSize: 12,
      labelOverlap: false,
      grid: false,
      ticks: false,
      domain: false,
    },
  };
}

function xAxis({ scale, from, to }: LanesOptions): Record<string, unknown> {
  const shared = { scale: { domain: [from, to], nice: false, zero: false } };
  if (scale === 'linear')
    return { ...shared, axis: { title: 'simulated time, s', grid: false, tickCount: 10 } };
  const values = Array.from({ length: DECADES + 1 }, (_, decade) => decade).filter(
    (decade) => decade >= from && decade <= to,
  );
  const labelExpr = `${JSON.stringify(DECADE_NAMES)}[datum.value]`;
  const title = 'time since the change, logarithmic';
  return { ...shared, axis: { title, values, labelExpr, grid: true, gridDash: [1, 3] } };
}
