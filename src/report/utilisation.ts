import { grouped, instant, percent, seconds } from './figures-of.ts';
import { type Lane, type LaneMark, lanesFigure } from './lanes.ts';
import { firstOfEach, type ReportRun } from './report-run.ts';
import type { PathInterval } from './run-intervals.ts';
import type { Section } from './section.ts';

const LANE_HEIGHT = 26;
/** So many lanes are drawn lower, to be seen at once. */
const MANY_LANES = 24;
const LOW_LANE_HEIGHT = 18;
const INNER = { top: 0.1, bottom: 0.94 } as const;

interface Loaded {
  readonly run: ReportRun;
  readonly intervals: readonly PathInterval[];
}

/** How busy each channel path was in each interval, and how unevenly operations were spread over those that were there. */
export function utilisationSection(runs: readonly ReportRun[]): Section | null {
  const loaded = firstOfEach(runs).flatMap((run): Loaded[] =>
    run.paths === null || run.paths.intervals.length === 0 ? [] : [{ run, intervals: run.paths.intervals }],
  );
  if (loaded.length === 0) return null;
  const endNs = Math.max(...loaded.map(({ run }) => run.manifest.endNs));
  const busiest = Math.max(
    ...loaded.flatMap(({ intervals }) => intervals.map(({ utilisation }) => utilisation)),
    1e-9,
  );
  const most = Math.max(
    1,
    ...loaded.flatMap(({ intervals }) => imbalances(intervals).map(({ value }) => value - 1)),
  );
  const lanes: Lane[] = [];
  const marks: LaneMark[] = [];
  for (const { run, intervals } of loaded) {
    const name = loaded.length > 1 ? `${run.name}: ` : '';
    let heading = loaded.length > 1 ? `${run.name}  ` : '';
    const chpids = [...new Set(intervals.map(({ chpid }) => chpid))].sort();
    for (const chpid of chpids) {
      const own = intervals.filter((interval) => interval.chpid === chpid);
      for (const { fromNs, toNs, utilisation, operations } of own) {
        const tip = `${name}${chpid} from ${instant(fromNs)}: ${percent(utilisation)} busy, ${operations} operations`;
        const top = INNER.bottom - (INNER.bottom - INNER.top) * (utilisation / busiest);
        marks.push({
          lane: lanes.length,
          top,
          bottom: INNER.bottom,
          from: seconds(fromNs),
          to: seconds(toNs),
          kind: 'busy',
          tip,
        });
      }
      const total = run.summary.total.channelPaths.find((path) => path.chpid === chpid);
      lanes.push({
        label: `${heading}${chpid}`,
        note: total === undefined ? '' : `${percent(total.utilisation)} busy`,
      });
      heading = '';
    }
    for (const { fromNs, toNs, value } of imbalances(intervals)) {
      const tip = `${name}imbalance from ${instant(fromNs)}: ${value.toFixed(2)}`;
      const top = INNER.bottom - (INNER.bottom - INNER.top) * ((value - 1) / most);
      marks.push({
        lane: lanes.length,
        top,
        bottom: INNER.bottom,
        from: seconds(fromNs),
        to: seconds(toNs),
        kind: 'uneven',
        tip,
      });
    }
    lanes.push({
      label: 'imbalance',
      note: `up to ${Math.max(1, ...imbalances(intervals).map(({ value }) => value)).toFixed(2)}`,
    });
  }
  return {
    id: 'utilisation',
    title: 'Load of the channel paths',
    text: [],
    tables: [],
    figures: [
      {
        id: 'utilisation',
        title: 'Utilisation and imbalance by interval',
        caption: `Height of a bar: utilisation of the channel path in the interval; a full lane is ${percent(busiest)}. Imbalance: operations of the busiest channel path over the mean of those that had any; no bar is 1, a full lane ${(1 + most).toFixed(2)}.`,
        picture: {
          spec: lanesFigure({
            lanes,
            marks,
            rules: (loaded[0].run.events?.episodes ?? []).slice(0, 40).map(({ atNs }) => seconds(atNs)),
            scale: 'linear',
            from: 0,
            to: seconds(endNs),
            laneHeight: lanes.length > MANY_LANES ? LOW_LANE_HEIGHT : LANE_HEIGHT,
          }),
        },
        axis: { scale: 'linear', from: 0, to: seconds(endNs), views: [] },
        legend: [
          { kind: 'busy', text: 'utilisation' },
          { kind: 'uneven', text: 'imbalance above 1' },
        ],
        table: {
          title: 'Channel paths over whole runs',
          columns: ['run', 'CHPID', 'utilisation', 'operations'],
          rows: loaded.flatMap(({ run }) =>
            run.summary.total.channelPaths.map(({ chpid, utilisation, operations }) => [
              run.name,
              chpid,
              percent(utilisation),
              grouped(operations),
            ]),
          ),
          wordColumns: 2,
        },
      },
    ],
  };
}

/** Operations of the busiest path over the mean of those that had any, per interval. */
function imbalances(intervals: readonly PathInterval[]): { fromNs: number; toNs: number; value: number }[] {
  const byTime = new Map<number, PathInterval[]>();
  for (const interval of intervals) {
    const together = byTime.get(interval.fromNs);
    if (together === undefined) byTime.set(interval.fromNs, [interval]);
    else together.push(interval);
  }
  return [...byTime.values()].flatMap((together) => {
    const operations = together.map((interval) => interval.operations);
    const sum = operations.reduce((total, one) => total + one, 0);
    if (sum === 0 || together.length < 2) return [];
    return [
      {
        fromNs: together[0].fromNs,
        toNs: together[0].toNs,
        value: (Math.max(...operations) * together.length) / sum,
      },
    ];
  });
}
