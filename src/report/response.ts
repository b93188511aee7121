import type { FigureSpec } from '../output/figure.ts';
import { grouped, instant, seconds, timeText } from './figures-of.ts';
import { firstOfEach, type ReportRun } from './report-run.ts';
import { RESPONSE_PARTS, type RequestBin } from './run-requests.ts';
import type { Figure, Section } from './section.ts';
import { FIGURE_CONFIG, FIGURE_SCHEMA, INK, kindScale, PLOT_WIDTH } from './theme.ts';

const ROW_HEIGHT = { percentiles: 72, parts: 60 } as const;
const MS_LABEL = "format(datum.value, '~g') + ' ms'";
/** As `folded` has it. */
const NAME_OF_RUN = "length(datum.run) > 26 ? replace(datum.run, '.', '\\n.') : datum.run";
const PERCENTILES = ['p50', 'p95', 'p99'] as const;

interface Measured {
  readonly run: ReportRun;
  readonly bins: readonly RequestBin[];
}

/** How long requests took, over time and by component. */
export function responseSection(runs: readonly ReportRun[]): Section | null {
  const measured = firstOfEach(runs).flatMap((run): Measured[] =>
    run.requests === null ? [] : [{ run, bins: run.requests.bins }],
  );
  if (measured.length === 0) return null;
  const endNs = Math.max(...measured.map(({ run }) => run.manifest.endNs));
  return {
    id: 'response',
    title: 'Response times',
    text: [],
    tables: [],
    figures: [percentilesFigure(measured, endNs), partsFigure(measured, endNs)],
  };
}

function percentilesFigure(measured: readonly Measured[], endNs: number): Figure {
  const values = measured.flatMap(({ run, bins }) =>
    bins.flatMap(({ fromNs, toNs, response }) =>
      PERCENTILES.map((kind) => ({
        run: run.name,
        kind,
        t: seconds((fromNs + toNs) / 2),
        ms: response[kind] / 1e6,
      })),
    ),
  );
  return {
    id: 'percentiles',
    title: 'Percentiles of the response time',
    caption:
      'Median, 95th and 99th percentile of the requests that ended within each piece of the run, on a logarithmic scale.',
    picture: {
      spec: facets(measured, ROW_HEIGHT.percentiles, {
        values,
        mark: { type: 'line', strokeWidth: 1.4, clip: true, aria: false },
        encoding: {
          x: timeAxis(endNs),
          y: {
            field: 'ms',
            type: 'quantitative',
            scale: { type: 'log', nice: true },
            axis: { title: null, tickCount: 3, grid: true, labelExpr: MS_LABEL, labelOverlap: 'greedy' },
          },
          stroke: kindScale('kind', PERCENTILES),
          strokeDash: {
            field: 'kind',
            type: 'nominal',
            legend: null,
            scale: {
              domain: [...PERCENTILES],
              range: [
                [1, 0],
                [6, 3],
                [2, 2],
              ],
            },
          },
        },
        rules: rulesOf(measured),
      }),
    },
    axis: { scale: 'linear', from: 0, to: seconds(endNs), views: [] },
    legend: [
      { kind: 'p50', text: 'median' },
      { kind: 'p95', text: '95th percentile' },
      { kind: 'p99', text: '99th percentile' },
    ],
    table: {
      title: 'Response times of whole runs',
      columns: ['run', 'requests', 'mean', 'median', '95 %', '99 %', '99.9 %', 'longest'],
      rows: measured.map(({ run }) => {
        const time = run.summary.total.times['io.response'];
        const text = (ns: number | null | undefined): string =>
          ns === null || ns === undefined ? '–' : timeText(ns);
        return [
          run.name,
          grouped(time?.count ?? 0),
          ...[time?.mean, time?.p50, time?.p95, time?.p99, time?.p999, time?.max].map(text),
        ];
      }),
      wordColumns: 1,
    },
  };
}

function partsFigure(measured: readonly Measured[], endNs: number): Figure {
  const values = measured.flatMap(({ run, bins }) => bins.flatMap((bin) => stackedParts(run.name, bin)));
  const columns = ['iosq', 'pend', 'disc', 'conn'].map((name) => `io.${name}`);
  return {
    id: 'components',
    title: 'Mean response time by component',
    caption:
      'IOSQ: waiting in the driver. PEND: started, the first command not yet accepted. DISC: the device works without the channel. CONN: connected. The rest is the interruption and its handling. Each run has a scale of its own.',
    picture: {
      spec: facets(measured, ROW_HEIGHT.parts, {
        values,
        mark: { type: 'rect', clip: true, strokeWidth: 0 },
        encoding: {
          x: timeAxis(endNs),
          x2: { field: 'u' },
          y: {
            field: 'low',
            type: 'quantitative',
            axis: { title: null, tickCount: 2, grid: true, labelExpr: MS_LABEL },
          },
          y2: { field: 'high' },
          fill: kindScale('kind', RESPONSE_PARTS),
          description: { field: 'tip', type: 'nominal' },
        },
        rules: rulesOf(measured),
        hasOwnScales: true,
      }),
    },
    axis: { scale: 'linear', from: 0, to: seconds(endNs), views: [] },
    legend: RESPONSE_PARTS.map((kind) => ({
      kind,
      text: kind === 'other' ? 'interruption and the rest' : kind,
    })),
    table: {
      title: 'Mean components of whole runs',
      columns: ['run', 'IOSQ', 'PEND', 'DISC', 'CONN', 'response'],
      rows: measured.map(({ run }) => [
        run.name,
        ...[...columns, 'io.response'].map((name) => {
          const mean = run.summary.total.times[name]?.mean;
          return mean === null || mean === undefined ? '–' : timeText(mean);
        }),
      ]),
      wordColumns: 1,
    },
  };
}

/** Components on top of each other in the order in which they come, in milliseconds. */
function stackedParts(name: string, { fromNs, toNs, parts }: RequestBin): Record<string, string | number>[] {
  let low = 0;
  return RESPONSE_PARTS.map((kind) => {
    const high = low + parts[kind] / 1e6;
    const tip = `${name}, ${instant(Math.round(fromNs / 1e6) * 1e6)}: ${kind} ${timeText(parts[kind])}`;
    const row = { run: name, kind, t: seconds(fromNs), u: seconds(toNs), low, high, tip };
    low = high;
    return row;
  });
}

const MOST_RULES = 20;

const rulesOf = ([{ run }]: readonly Measured[]): number[] =>
  (run.events?.episodes ?? []).slice(0, MOST_RULES).map(({ atNs }) => seconds(atNs));

const timeAxis = (endNs: number): Record<string, unknown> => ({
  field: 't',
  type: 'quantitative',
  scale: { domain: [0, seconds(endNs)], nice: false },
  axis: { title: 'simulated time, s', grid: false, tickCount: 10 },
});

interface Facet {
  readonly values: readonly Record<string, unknown>[];
  readonly mark: Record<string, unknown>;
  readonly encoding: Record<string, unknown>;
  readonly rules: readonly number[];
  /** Each run has an upright axis for itself. */
  readonly hasOwnScales?: boolean;
}

/** The same picture for every run, one below the other. */
function facets(
  measured: readonly Measured[],
  height: number,
  { values, mark, encoding, rules, hasOwnScales }: Facet,
): FigureSpec {
  const { x } = encoding as { x: { scale: unknown } };
  return {
    $schema: FIGURE_SCHEMA,
    config: { ...FIGURE_CONFIG, facet: { spacing: 18 } },
    data: { values },
    facet: {
      row: {
        field: 'run',
        type: 'nominal',
        sort: measured.map(({ run }) => run.name),
        header: null,
      },
    },
    resolve: hasOwnScales === true ? { scale: { y: 'independent' } } : { axis: { y: 'independent' } },
    spec: {
      width: PLOT_WIDTH,
      height,
      layer: [
        { mark, encoding },
        {
          name: 'side_runs',
          transform: [
            { aggregate: [], groupby: ['run'] },
            { calculate: NAME_OF_RUN, as: 'name' },
          ],
          mark: { type: 'text', align: 'right', baseline: 'middle', color: INK, fontSize: 12, aria: false },
          encoding: { x: { value: -64 }, y: { value: height / 2 }, text: { field: 'name', type: 'nominal' } },
        },
        {
          data: { values: rules.map((at) => ({ at })) },
          mark: { type: 'rule', color: INK, strokeDash: [3, 3], opacity: 0.45, clip: true, aria: false },
          encoding: { x: { field: 'at', type: 'quantitative', scale: x.scale } },
        },
      ],
    },
  };
}
