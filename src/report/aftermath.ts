import { type MainStory, type RunStory, runStory, sameEpisode, stories } from './answer.ts';
import type { Aftermath } from './episode.ts';
import { grouped, instant, many, timeText } from './figures-of.ts';
import { type Lane, type LaneMark, lanesFigure } from './lanes.ts';
import { logPosition } from './log-time.ts';
import { concernedSystems, firstOfEach, type ReportRun } from './report-run.ts';
import { ACTIVITIES } from './run-events.ts';
import type { Figure, Section } from './section.ts';
import { folded } from './theme.ts';
import { ACTIVITY_TEXT, BAND, legendOf } from './timeline.ts';

/** More changes than this are not looked at one by one. */
const MOST_STORIES = 4;
const LANE_HEIGHT = 48;
/** What is told within a microsecond of the change is drawn at its edge. */
const FROM = 0;

/** What followed on each change that the scenario is about, all runs below each other. */
export function aftermathSection(runs: readonly ReportRun[]): Section | null {
  const shown = firstOfEach(runs).filter(({ events }) => events !== null);
  const told = shown.length === 0 ? [] : stories(shown[0], MOST_STORIES);
  if (told.length === 0) return null;
  return {
    id: 'aftermath',
    title: 'What each change set off',
    text: [
      'Time runs logarithmically from the change, so that the first sign of it, the storm and those who never learn are in one picture. A band that ends has learned; one that reaches the right edge never did.',
    ],
    tables: [],
    figures: told.map((story, at) => storyFigure(shown, story, at + 1)),
  };
}

function storyFigure(runs: readonly ReportRun[], story: MainStory, number: number): Figure {
  const { episode, phase } = story;
  const to = logPosition(Math.max(1_000_000, episode.endNs - episode.atNs));
  const lanes: Lane[] = [];
  const marks: LaneMark[] = [];
  const rows: string[][] = [];
  for (const run of runs) {
    const same = sameEpisode(run, episode);
    const whole = runStory(run, story);
    if (same === null || whole === null) continue;
    const systems = concernedSystems(run);
    const images = run.scenario.systems.map(({ name }) => name).filter((name) => !systems.includes(name));
    for (const system of systems) {
      const label = systems.length > 1 ? `${run.name}: ${system}` : run.name;
      const aftermath = same.of(system);
      const devices = run.events?.beliefs.devicesOf(system) ?? 0;
      laneMarks(label, lanes.length, aftermath, devices, to, marks);
      for (const image of images) toldMarks(label, lanes.length, same.of(image), marks);
      lanes.push({
        label: folded(label),
        note: `${noteOf(aftermath)}\n${many(aftermath.counts.report, 'report')}, ${stschOf(whole)} STSCH`,
      });
    }
    rows.push([
      run.name,
      grouped(whole.told),
      grouped(whole.reports),
      grouped(whole.verifications),
      stschOf(whole),
      grouped(whole.mostWrong),
      whole.knownNs === null ? 'never' : timeText(whole.knownNs),
    ]);
  }
  return {
    id: `change-${number}`,
    title: `${instant(episode.atNs)}: ${episode.title}${phase === '' ? '' : ` (${phase})`}`,
    caption: `Devices with wrong masks in each run, and what was done about it, from the change at ${instant(episode.atNs)} until the next one.`,
    picture: {
      spec: lanesFigure({ lanes, marks, rules: [], scale: 'log', from: FROM, to, laneHeight: LANE_HEIGHT }),
    },
    axis: { scale: 'log', from: FROM, to, views: [] },
    legend: legendOf(marks),
    table: {
      title: `After ${instant(episode.atNs)}`,
      columns: [
        'run',
        'QEMU told',
        'reports',
        'verifications',
        'STSCH',
        'devices with wrong masks',
        'all known after',
      ],
      rows,
      wordColumns: 1,
    },
  };
}

/** Of the phase, which is the time after the change where the scenario names one. */
const stschOf = ({ run, span }: RunStory): string =>
  grouped(span.counts[run.hasGuest ? 'guest.stsch' : 'host.stsch'] ?? 0);

function noteOf({ mostWrong, knownNs }: Aftermath): string {
  if (mostWrong === 0) return 'never wrong';
  return knownNs === null ? 'never known' : `known after ${timeText(knownNs)}`;
}

function laneMarks(
  label: string,
  lane: number,
  aftermath: Aftermath,
  devices: number,
  to: number,
  marks: LaneMark[],
): void {
  const { wrong, counts } = aftermath;
  const { top, bottom } = BAND.stale;
  wrong.forEach(({ position, value }, at) => {
    const end = wrong[at + 1]?.position ?? to;
    if (value === 0 || end <= position) return;
    const tip = `${label}: masks of ${many(value, 'device')} wrong`;
    const height = (bottom - top) * (value / Math.max(1, devices));
    marks.push({
      lane,
      top: bottom - height,
      bottom,
      from: rounded(position),
      to: rounded(end),
      kind: 'stale',
      tip,
    });
  });
  for (const activity of ACTIVITIES) {
    const isHidden = activity === 'verify' && counts.stsch > 0;
    if (counts[activity] > 0 && !isHidden) binMarks(label, lane, aftermath, activity, marks);
  }
}

/** Notifications go from the host's kernel to QEMU; they stand in the lane of its guest. */
function toldMarks(label: string, lane: number, host: Aftermath, marks: LaneMark[]): void {
  binMarks(label, lane, host, 'told', marks);
}

function binMarks(
  label: string,
  lane: number,
  aftermath: Aftermath,
  activity: (typeof ACTIVITIES)[number],
  marks: LaneMark[],
): void {
  for (const { from, to, count } of aftermath.histogram(activity)) {
    const tip = `${label}: ${count} × ${ACTIVITY_TEXT[activity]}`;
    marks.push({ lane, ...BAND[activity], from, to, kind: activity, tip });
  }
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
