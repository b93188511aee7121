import { stories } from './answer.ts';
import type { TimeBins } from './bins.ts';
import { listed } from './episode.ts';
import { instant, many, seconds, timeText } from './figures-of.ts';
import { type Lane, type LaneMark, lanesFigure } from './lanes.ts';
import { concernedSystems, firstOfEach, type ReportRun } from './report-run.ts';
import type { Activity } from './run-events.ts';
import type { Figure, LegendEntry, ReportTable, Section } from './section.ts';
import { folded } from './theme.ts';

/** Lanes for every system of so many runs; of more, only those systems that must learn of paths. */
const ALL_SYSTEMS_UP_TO = 2;
const LANE_HEIGHT = 40;
/** A view of a change shows this much before and after it, seconds. */
const VIEW = { before: 0.02, after: 0.5 };

/** Where in a lane what is drawn, as shares of its height. STSCH, where it was traced, takes the place of verification. */
export const BAND = {
  stale: { top: 0.08, bottom: 0.56 },
  told: { top: 0.6, bottom: 0.7 },
  report: { top: 0.72, bottom: 0.82 },
  stsch: { top: 0.84, bottom: 0.98 },
  verify: { top: 0.84, bottom: 0.98 },
} as const;

const STORM_LEGEND: readonly LegendEntry[] = [
  { kind: 'stale', text: 'devices with wrong masks' },
  { kind: 'told', text: 'kernel tells QEMU of a path' },
  { kind: 'report', text: 'channel report queued' },
  { kind: 'verify', text: 'path verification' },
  { kind: 'stsch', text: 'STSCH' },
];

const PATH_LEGEND: readonly LegendEntry[] = [
  { kind: 'there', text: 'in the configuration' },
  { kind: 'gone', text: 'gone' },
];

/** Only what is to be seen. */
export const legendOf = (marks: readonly LaneMark[]): LegendEntry[] =>
  [...PATH_LEGEND, ...STORM_LEGEND].filter(({ kind }) => marks.some((mark) => mark.kind === kind));

/** The run as a whole: a lane for each channel path, and one for each system of each run. */
export function timelineSection(runs: readonly ReportRun[]): Section | null {
  const shown = firstOfEach(runs).filter(({ events }) => events !== null);
  if (shown.length === 0) return null;
  const [first] = shown;
  const endNs = Math.max(...shown.map(({ manifest }) => manifest.endNs));
  const lanes: Lane[] = [];
  const marks: LaneMark[] = [];
  const rows: string[][] = [];
  pathLanes(first, endNs, lanes, marks, rows);
  for (const run of shown) {
    const systems =
      shown.length <= ALL_SYSTEMS_UP_TO
        ? run.scenario.systems.map(({ name }) => name)
        : concernedSystems(run);
    for (const system of systems)
      systemLane(run, system, systems.length > 1 || shown.length === 1, lanes, marks, rows);
  }
  const figure: Figure = {
    id: 'timeline',
    title: 'The whole run',
    caption:
      'One lane for each channel path: in the configuration, or gone. One for each system that must learn of it: height of the upper band is the number of its devices whose masks are wrong; below it are notifications, channel reports and path verification.',
    picture: {
      spec: lanesFigure({
        lanes,
        marks,
        rules: (first.events?.episodes ?? []).slice(0, 40).map(({ atNs }) => seconds(atNs)),
        scale: 'linear',
        from: 0,
        to: seconds(endNs),
        laneHeight: LANE_HEIGHT,
      }),
    },
    axis: { scale: 'linear', from: 0, to: seconds(endNs), views: viewsOf(first, seconds(endNs)) },
    legend: legendOf(marks),
    table: {
      title: 'The whole run in numbers',
      columns: ['lane', 'what', 'when or how much'],
      rows,
      wordColumns: 3,
    },
  };
  return {
    id: 'timeline',
    title: 'What happened',
    text: [],
    tables: [changesTable(first)],
    figures: [figure],
  };
}

function viewsOf(run: ReportRun, end: number): { title: string; from: number; to: number }[] {
  return stories(run, 4).map(({ episode }) => ({
    title: `${instant(episode.atNs)}: ${episode.title}`,
    from: Math.max(0, seconds(episode.atNs) - VIEW.before),
    to: Math.min(end, seconds(episode.atNs) + VIEW.after),
  }));
}

const MOST_CHANGES = 24;

function changesTable({ events }: ReportRun): ReportTable {
  const episodes = events?.episodes ?? [];
  const rows = episodes.slice(0, MOST_CHANGES).map(({ atNs, title, changes }) => {
    const systems = [...new Set(changes.map(({ system, what }) => (what === 'link' ? 'a link' : system)))];
    return [instant(atNs), title, listed(systems)];
  });
  const more = episodes.length - rows.length;
  const title =
    more > 0 ? `Changes of paths, the first ${MOST_CHANGES} of ${episodes.length}` : 'Changes of paths';
  return { title, columns: ['at', 'what', 'in the configuration of'], rows, wordColumns: 3 };
}

function pathLanes(run: ReportRun, endNs: number, lanes: Lane[], marks: LaneMark[], rows: string[][]): void {
  const changed = new Set((run.events?.changes ?? []).map(({ chpid }) => chpid));
  for (const chpid of chpidsOf(run)) {
    const lane = lanes.length;
    const spans = absences(run, chpid, endNs);
    const goneNs = spans.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0);
    lanes.push({ label: chpid, note: goneNs > 0 ? `gone for ${timeText(goneNs)}` : 'always there' });
    rows.push([
      chpid,
      'gone',
      spans.map(({ fromNs, toNs }) => `${instant(fromNs)} to ${instant(toNs)}`).join(', ') || 'never',
    ]);
    const bar = (fromNs: number, toNs: number, kind: 'there' | 'gone'): void => {
      const tip = `${chpid} ${kind === 'there' ? 'in the configuration' : 'gone'} from ${instant(fromNs)} to ${instant(toNs)}`;
      const [top, bottom] = kind === 'there' ? [0.42, 0.58] : [0.22, 0.78];
      if (toNs > fromNs)
        marks.push({ lane, top, bottom, from: seconds(fromNs), to: seconds(toNs), kind, tip });
    };
    let thereFrom = 0;
    for (const { fromNs, toNs } of changed.has(chpid) ? spans : []) {
      bar(thereFrom, fromNs, 'there');
      bar(fromNs, toNs, 'gone');
      thereFrom = toNs;
    }
    bar(thereFrom, endNs, 'there');
  }
}

/** Channel paths that lead to a control unit, in the order of the scenario. */
export const chpidsOf = ({ scenario, summary }: ReportRun): string[] =>
  scenario.machine.channelPaths.length > 0 ? summary.total.channelPaths.map(({ chpid }) => chpid) : [];

/** When a channel path, or a link of it, was away in the eyes of the first system that lost it. */
export function absences(
  { events }: ReportRun,
  chpid: string,
  endNs: number,
): { fromNs: number; toNs: number }[] {
  const changes = (events?.changes ?? []).filter((change) => change.chpid === chpid);
  const own = changes.filter(
    ({ system, what }) => system === changes[0]?.system && what === changes[0]?.what,
  );
  const spans: { fromNs: number; toNs: number }[] = [];
  let goneFrom = -1;
  for (const { atNs, isThere } of own) {
    if (!isThere && goneFrom < 0) goneFrom = atNs;
    if (!isThere || goneFrom < 0) continue;
    spans.push({ fromNs: goneFrom, toNs: atNs });
    goneFrom = -1;
  }
  if (goneFrom >= 0) spans.push({ fromNs: goneFrom, toNs: endNs });
  return spans;
}

function systemLane(
  run: ReportRun,
  system: string,
  isNamed: boolean,
  lanes: Lane[],
  marks: LaneMark[],
  rows: string[][],
): void {
  const { events, manifest } = run;
  if (events === null) return;
  const lane = lanes.length;
  const label = isNamed ? (run.name === '' ? system : `${run.name}: ${system}`) : run.name;
  const steps = events.beliefs.stepsOf(system)?.steps ?? [];
  const devices = events.beliefs.devicesOf(system);
  let staleNs = 0;
  steps.forEach(({ atNs, value }, at) => {
    const toNs = steps[at + 1]?.atNs ?? manifest.endNs;
    if (value === 0 || toNs <= atNs) return;
    staleNs += value * (toNs - atNs);
    const { top, bottom } = BAND.stale;
    marks.push({
      lane,
      top: bottom - (bottom - top) * (value / devices),
      bottom,
      from: seconds(atNs),
      to: seconds(toNs),
      kind: 'stale',
      tip: `${label}: masks of ${many(value, 'device')} wrong from ${instant(atNs)} to ${instant(toNs)}`,
    });
  });
  const activities = events.activities.get(system);
  const told = activities === undefined ? [] : (Object.entries(activities) as [Activity, TimeBins][]);
  const hasStsch = told.some(([activity, bins]) => activity === 'stsch' && [...bins].length > 0);
  for (const [activity, bins] of told) {
    if (activity === 'verify' && hasStsch) continue;
    let sum = 0;
    for (const { fromNs, toNs, count } of bins) {
      sum += count;
      const tip = `${label}: ${count} × ${ACTIVITY_TEXT[activity]} from ${instant(fromNs)}, within ${timeText(toNs - fromNs)}`;
      marks.push({ lane, ...BAND[activity], from: seconds(fromNs), to: seconds(toNs), kind: activity, tip });
    }
    if (sum > 0) rows.push([label, ACTIVITY_TEXT[activity], String(sum)]);
  }
  rows.push([label, 'wrong masks, sum over devices', timeText(staleNs)]);
  lanes.push({ label: folded(label), note: staleNs > 0 ? `${timeText(staleNs)} stale` : 'never stale' });
}

export const ACTIVITY_TEXT: Readonly<Record<Activity, string>> = {
  told: 'QEMU told',
  report: 'channel report',
  stsch: 'STSCH',
  verify: 'path verification',
};
