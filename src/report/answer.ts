import { failures } from '../experiment/compared-run.ts';
import type { SpanSummary } from '../experiment/summary.ts';
import { type Episode, listed } from './episode.ts';
import { grouped, instant, many, timeText } from './figures-of.ts';
import { concernedSystems, firstOfEach, type ReportRun } from './report-run.ts';

/** The change that a report is about, and the figures of the time after it. */
export interface MainStory {
  readonly episode: Episode;
  /** Empty where the scenario names no phase that begins with it. */
  readonly phase: string;
}

/** A moment is worth a sentence when it is so many times worse than others. */
const NOTABLE = 2;

/** What begins a phase is what the scenario is about: its cause and effect lie close together. */
const BEGINS_WITHIN_NS = 2_000_000_000;

/** Episodes worth a closer look: those that begin phases, else the first ones after warming up. */
export function stories(run: ReportRun, most: number): MainStory[] {
  if (run.events === null) return [];
  const { phases, warmupNs } = run.scenario;
  const { episodes } = run.events;
  const begun = phases.flatMap(({ name, fromNs }) => {
    const episode = episodes.find(({ atNs }) => atNs >= fromNs && atNs - fromNs <= BEGINS_WITHIN_NS);
    return episode === undefined ? [] : [{ episode, phase: name }];
  });
  const apart = begun.filter(
    ({ episode }, at) => begun.findIndex((other) => other.episode === episode) === at,
  );
  if (apart.length > 0) return apart.slice(0, most);
  return episodes
    .filter(({ atNs }) => atNs >= warmupNs)
    .slice(0, most)
    .map((episode) => ({ episode, phase: '' }));
}

/** The same episode in another run of the scenario: faults come at the same times. */
export function sameEpisode(run: ReportRun, { atNs }: Episode): Episode | null {
  return run.events?.episodes.find((episode) => episode.atNs === atNs) ?? null;
}

/** What one run has to say of an episode: the system that learned last speaks for all. */
export interface RunStory {
  readonly run: ReportRun;
  readonly mostWrong: number;
  /** Null: somebody never learned. */
  readonly knownNs: number | null;
  readonly told: number;
  readonly reports: number;
  readonly verifications: number;
  readonly span: SpanSummary;
}

export function runStory(run: ReportRun, { episode, phase }: MainStory): RunStory | null {
  const same = sameEpisode(run, episode);
  if (same === null) return null;
  const all = concernedSystems(run).map((system) => same.of(system));
  const concerned = all.filter(({ mostWrong }) => mostWrong > 0);
  const told = run.scenario.systems.reduce((sum, { name }) => sum + same.of(name).counts.told, 0);
  const sum = (value: (one: (typeof all)[number]) => number): number =>
    all.reduce((total, one) => total + value(one), 0);
  return {
    run,
    mostWrong: sum((one) => one.mostWrong),
    knownNs: concerned.some(({ knownNs }) => knownNs === null)
      ? null
      : Math.max(0, ...concerned.map(({ knownNs }) => knownNs ?? 0)),
    told,
    reports: sum(({ counts }) => counts.report),
    verifications: sum(({ counts }) => counts.verify),
    span: run.summary.phases[phase] ?? run.summary.total,
  };
}

/** What was found, in a few sentences. */
export function answer(runs: readonly ReportRun[]): string[] {
  const shown = firstOfEach(runs);
  const story = shown.length === 0 ? undefined : stories(shown[0], 1)[0];
  const parts = story === undefined ? [] : pathSentences(shown, story);
  return [...parts, ...requestSentences(runs), ...checkSentences(runs)];
}

function pathSentences(runs: readonly ReportRun[], main: MainStory): string[] {
  const told = runs.flatMap((run) => runStory(run, main) ?? []).filter(({ mostWrong }) => mostWrong > 0);
  const begin = `At ${instant(main.episode.atNs)} **${main.episode.title}**`;
  if (told.length === 0) return [`${begin}, and no system's masks were wrong for it.`];
  if (told.length === 1) return [`${begin}: ${ofOne(told[0])}.`];
  const learned = told
    .filter(({ knownNs }) => knownNs !== null)
    .sort((a, b) => (a.knownNs ?? 0) - (b.knownNs ?? 0));
  const never = told.filter(({ knownNs }) => knownNs === null);
  const sentences: string[] = [];
  if (learned.length > 0) {
    const [first] = learned;
    sentences.push(`${begin}. **${first.run.name}** knew of it first: ${ofOne(first)}.`);
    const costliest = [...learned].sort((a, b) => costOf(b) - costOf(a))[0];
    if (costOf(costliest) > costOf(first)) {
      const equal = learned.filter((other) => costOf(other) === costOf(costliest));
      const names = listed(equal.map(({ run }) => `**${run.name}**`));
      sentences.push(`It cost most under ${names}: ${ofOne(costliest)}.`);
    }
  }
  if (never.length > 0) {
    const names = listed(never.map(({ run }) => `**${run.name}**`));
    const worst = Math.max(...never.map(({ mostWrong }) => mostWrong));
    const prefix = learned.length === 0 ? `${begin}. ` : '';
    sentences.push(
      `${prefix}Under ${names} it was never learned: up to ${many(worst, 'device')} had wrong masks until the next change.`,
    );
  }
  return sentences;
}

/** Instructions that the system which had to learn spent on looking. */
const lookedAt = ({ run, span }: RunStory): number =>
  span.counts[run.hasGuest ? 'guest.stsch' : 'host.stsch'] ?? 0;
const costOf = (story: RunStory): number => lookedAt(story);

function ofOne(story: RunStory): string {
  const { knownNs, mostWrong, reports } = story;
  const known =
    knownNs === null
      ? `masks of ${many(mostWrong, 'device')} were still wrong at the next change`
      : `${mostWrong === 1 ? 'the one device' : `all ${grouped(mostWrong)} devices`} had right masks after ${timeText(knownNs)}`;
  const exits = story.run.hasGuest
    ? `, ${many(story.span.counts['guest.exit'] ?? 0, 'exit')} from the guest`
    : '';
  return `${known}, for ${many(reports, 'channel report')} and ${grouped(lookedAt(story))} STSCH${exits}`;
}

function requestSentences(runs: readonly ReportRun[]): string[] {
  const asked = runs.filter(({ summary }) => (summary.total.counts['io.started'] ?? 0) > 0);
  if (asked.length === 0) return [];
  const bad = asked.filter(
    ({ summary }) => (summary.total.counts['io.failed'] ?? 0) + (summary.total.counts['io.lost'] ?? 0) > 0,
  );
  const sentences =
    bad.length === 0
      ? [`No request failed and none was lost${asked.length > 1 ? ', in any run' : ''}.`]
      : [`Requests failed or were lost under ${listed([...new Set(bad.map(({ name }) => `**${name}**`))])}.`];
  return [...sentences, ...responseSentences(asked), ...peakSentences(asked)];
}

function responseSentences(asked: readonly ReportRun[]): string[] {
  const responses = asked.flatMap((run) => {
    const p99 = run.summary.total.times['io.response']?.p99;
    return p99 === null || p99 === undefined ? [] : [{ name: run.name, p99 }];
  });
  responses.sort((a, b) => a.p99 - b.p99);
  const [best, worst] = [responses[0], responses.at(-1)];
  if (best === undefined || worst === undefined) return [];
  const times =
    worst.p99 > best.p99
      ? `The 99th percentile of response times lay between ${timeText(best.p99)} (**${best.name}**) and ${timeText(worst.p99)} (**${worst.name}**).`
      : `The 99th percentile of response times was ${timeText(best.p99)}.`;
  return [times];
}

/** A storm of some hundred milliseconds disappears in the percentiles of a run, but not in those of its worst moment. */
function peakSentences(asked: readonly ReportRun[]): string[] {
  const peaks = asked.flatMap(({ name, requests }) => {
    const bins = [...(requests?.bins ?? [])].sort((a, b) => b.response.p99 - a.response.p99);
    const [peak] = bins;
    const usual = bins[Math.floor(bins.length / 2)];
    return peak === undefined || usual === undefined ? [] : [{ name, peak, usual: usual.response.p99 }];
  });
  peaks.sort((a, b) => a.peak.response.p99 - b.peak.response.p99);
  const [least, most] = [peaks[0], peaks.at(-1)];
  if (least === undefined || most === undefined || most.peak.response.p99 < NOTABLE * most.usual) return [];
  const { peak } = most;
  const where = `between ${instant(Math.round(peak.fromNs / 1e6) * 1e6)} and ${instant(Math.round(peak.toNs / 1e6) * 1e6)}`;
  const other =
    least === most ? '' : `; under **${least.name}** it never exceeded ${timeText(least.peak.response.p99)}`;
  return [
    `At the worst moment, ${where} under **${most.name}**, it was ${timeText(peak.response.p99)} instead of the usual ${timeText(most.usual)}${other}.`,
  ];
}

function checkSentences(runs: readonly ReportRun[]): string[] {
  const failed = runs.filter(({ summary }) => failures(summary).length > 0);
  const checks = runs.reduce(
    (sum, { summary }) => sum + summary.thresholds.length + summary.expectations.length,
    0,
  );
  if (checks === 0) return [];
  if (failed.length === 0) return [`All ${grouped(checks)} expectations and thresholds were met.`];
  return [
    `Expectations or thresholds were missed under ${listed([...new Set(failed.map(({ name }) => `**${name}**`))])}.`,
  ];
}
