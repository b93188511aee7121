import { EVENT_NAMES } from '../../observe/event-table.ts';
import { SELECTION_NAMES } from '../../pathing/specification.ts';
import { METRIC_NAMES } from '../../scenario/metrics.ts';
import { TRACE_EVENTS } from '../diff-trace-command.ts';
import { TOPICS } from '../explain-command.ts';

/** What may stand for an option's value or an argument. */
export type CompletedValue =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** Files with one of these endings, without the dot, and folders on the way to them; no endings: all files. */
  | { readonly kind: 'files'; readonly endings: readonly string[] }
  | { readonly kind: 'folders' }
  /** Nobody can tell: a number, a time, a name from a scenario. */
  | { readonly kind: 'free' };

export const wordsOf = (words: readonly string[]): CompletedValue => ({ kind: 'words', words });
const FILES: CompletedValue = { kind: 'files', endings: [] };

/** By the name that help gives a value: what is called the same is completed the same in every command. */
const VALUES: Readonly<Record<string, CompletedValue>> = {
  scenario: { kind: 'files', endings: ['yaml', 'yml'] },
  // Folders of runs, and their manifests; compare takes scenarios in their place.
  run: FILES,
  manifest: FILES,
  left: FILES,
  right: FILES,
  recording: FILES,
  file: FILES,
  folder: { kind: 'folders' },
  metric: wordsOf(METRIC_NAMES),
  pattern: wordsOf(METRIC_NAMES),
  event: wordsOf(EVENT_NAMES),
  tracepoint: wordsOf(TRACE_EVENTS),
  policy: wordsOf(SELECTION_NAMES),
  topic: wordsOf(TOPICS),
};

export const valueNamed = (name: string): CompletedValue => VALUES[name] ?? { kind: 'free' };
