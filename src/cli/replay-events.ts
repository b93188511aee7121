import { CHECKPOINT_EVENTS, type RunResult, simulate } from '../experiment/simulate.ts';
import type { Manifest } from '../output/manifest.ts';
import { formatTime } from '../output/table.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import { EventPrinter } from './event-printer.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Interrupt } from './interrupt.ts';
import { buildAgain } from './manifest-file.ts';
import { Progress, type ProgressMode } from './progress.ts';
import { whereEventsDiffer } from './replay-comparison.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** What is wanted of a replay besides the comparison of a whole run. */
export interface ReplayOptions {
  /** Kernel event after which the replay stops, counted from 1; null: the end of the run. */
  readonly untilEvent: number | null;
  /** Whether the events are printed on stdout. */
  readonly events: boolean;
  readonly progress: ProgressMode;
}

/** Runs without files, up to the event asked for or where the recorded run ended; prints the events when asked to. */
export async function replayEvents(
  terminal: Terminal,
  manifest: Manifest,
  { untilEvent, events, progress: mode }: ReplayOptions,
  interrupt: Interrupt,
): Promise<RunResult> {
  const recorded = manifest.scenario.resolved as ResolvedScenario;
  // A crash or a difference is looked for here, so nothing is left out that the recorded run was not asked for.
  const scenario: ResolvedScenario = { ...recorded, trace: { ...recorded.trace, level: 'all', filter: [] } };
  const printer = events ? new EventPrinter(terminal, scenario) : null;
  const progress = new Progress(terminal, mode, `replay ${scenario.name}`, manifest.endNs);
  const wasInterrupted = manifest.termination === 'interrupted';
  const lastEvent = untilEvent ?? (wasInterrupted ? manifest.eventCount : null);
  try {
    return await simulate(scenario, buildAgain(terminal, manifest), {
      sink: printer,
      ...(manifest.untilNs === null ? {} : { until: manifest.untilNs }),
      ...(lastEvent === null ? {} : { untilEvent: lastEvent }),
      onProgress: progress.show,
      shouldStop: () => interrupt.came() || (events && terminal.readerLeft()),
    });
  } finally {
    progress.end();
    printer?.finish();
  }
}

/** An event that the recorded run did not have cannot be gone to. */
export function checkUntilEvent(untilEvent: number | null, { eventCount }: Manifest): void {
  if (untilEvent === null || untilEvent <= eventCount) return;
  throw new UsageError(`--until-event ${untilEvent}: the run has ${eventCount} events`);
}

/** Compares a replay that stopped at an event with what was recorded up to there. */
export function compareUpTo(
  say: (text: string) => void,
  untilEvent: number,
  recorded: Manifest,
  replayed: RunResult,
): ExitCode {
  const { endNs, eventCount, fingerprint } = replayed;
  say(`event ${eventCount} at ${endNs} ns (${formatTime(endNs)}), fingerprint ${fingerprint}\n`);
  const { every, checkpoints, events } = recorded.fingerprint;
  if (every !== CHECKPOINT_EVENTS) {
    say(`different: recorded is a checkpoint every ${every} events, not every ${CHECKPOINT_EVENTS}\n`);
    return EXIT.DIFFERENT;
  }
  const passed = Math.floor(eventCount / every);
  const expected = checkpoints.slice(0, passed);
  const found = replayed.checkpoints.slice(0, passed);
  const isSame = expected.length === found.length && expected.every((value, at) => value === found[at]);
  if (!isSame) {
    say(`different: ${whereEventsDiffer({ every, checkpoints: expected }, found)}`);
    return EXIT.DIFFERENT;
  }
  if (eventCount < untilEvent) {
    say(`different: the run ends here, recorded are ${recorded.eventCount} events\n`);
    return EXIT.DIFFERENT;
  }
  // The end of the run is a checkpoint too.
  if (eventCount === recorded.eventCount && fingerprint !== events) {
    say(`different: recorded ${events}; the first difference is after event ${passed * every}\n`);
    return EXIT.DIFFERENT;
  }
  say(sameUpTo(eventCount === recorded.eventCount ? eventCount : passed * every, every));
  return EXIT.OK;
}

const sameUpTo = (event: number, every: number): string =>
  event === 0
    ? `nothing to compare: the first checkpoint is at event ${every}\n`
    : `same: the first ${event} events\n`;
