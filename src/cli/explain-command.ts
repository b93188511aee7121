import { COMPARISON_COLUMNS } from '../experiment/comparison-columns.ts';
import { EVENT_NAMES, EVENT_TABLE, type EventName } from '../observe/event-table.ts';
import { fieldParts } from '../observe/field-format.ts';
import { findMetric, METRIC_NAMES } from '../scenario/metrics.ts';
import { suggest } from '../scenario/nearest.ts';
import { EXIT, EXIT_MEANINGS, type ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Errors by the word that a message begins with, or the name that a program sees. */
const ERRORS: Readonly<Record<string, string>> = {
  ScenarioError:
    'The scenario is not valid or cannot be read. The message gives file, line, column, place and what to do; exit code 2, or 5 when the file cannot be read.',
  UsageError: 'The command line makes no sense; exit code 2.',
  OutputError: 'Results cannot be written or read; exit code 5. Nothing of an unfinished run is left.',
  defect:
    'An assertion of the simulator did not hold, or it met an error of its own; exit code 1. The message gives event number, time and seed, and the line that repeats the run.',
  undecided:
    'A threshold rests on too few samples to say anything: a percentile needs one beyond it (p99: 100). It fails unless minSamples allows it; exit code 3.',
};

/** `chpsim explain`: what an event, metric, column of a comparison, error or exit code is. */
export function explainCommand(terminal: Terminal, topic: string): ExitCode {
  const known = explainEvent(topic) + explainMetric(topic) + explainError(topic);
  const text = known === '' ? explainColumn(topic) : known;
  if (text === '') throw new UsageError(unknownTopic(topic));
  terminal.out(text);
  return EXIT.OK;
}

function explainEvent(topic: string): string {
  if (!EVENT_NAMES.includes(topic as EventName)) return '';
  const { layer, count, level, a, b, c, doc } = EVENT_TABLE[topic as EventName];
  const fields = [a, b, c]
    .flatMap(fieldParts)
    .map(({ name, hexDigits }) => (hexDigits > 0 ? `${name} (hex)` : name));
  const lines = [
    `event ${topic}: ${doc}`,
    `  layer    ${layer === 'system' ? 'host or guest, as the system is' : layer}`,
    `  recorded ${level === 'all' ? 'with --trace all' : 'with --trace events and all'}`,
    `  counted  ${count === '' ? 'not' : `as ${layer === 'system' ? 'host' : layer}.${count}`}`,
    `  detail   ${fields.length === 0 ? 'none' : fields.join(', ')}`,
  ];
  return `${lines.join('\n')}\n`;
}

function explainMetric(topic: string): string {
  const metric = findMetric(topic);
  if (metric === undefined) return '';
  const lines = [
    `metric ${metric.name}: ${metric.doc}`,
    `  kind     ${metric.kind}${metric.unit === '' ? '' : `, in ${metric.unit}`}`,
    `  labels   ${metric.labels.length === 0 ? 'none' : metric.labels.join(', ')}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Columns by the name that programs see and by the title that people do. */
function explainColumn(topic: string): string {
  const column = COMPARISON_COLUMNS.find(
    ({ name, title }) => name === topic || title.join(' ').trim() === topic,
  );
  return column === undefined ? '' : `column ${column.name}: ${column.doc.replaceAll('`', '')}\n`;
}

function explainError(topic: string): string {
  if (Object.hasOwn(ERRORS, topic)) return `${topic}: ${ERRORS[topic]}\n`;
  if (!Object.hasOwn(EXIT_MEANINGS, topic)) return '';
  return `exit code ${topic}: ${EXIT_MEANINGS[Number(topic) as ExitCode]}\n`;
}

/** Everything that can be explained, except columns by their titles. */
export const TOPICS: readonly string[] = [
  ...new Set([
    ...EVENT_NAMES,
    ...METRIC_NAMES,
    ...Object.keys(ERRORS),
    ...COMPARISON_COLUMNS.map(({ name }) => name),
  ]),
  ...Object.keys(EXIT_MEANINGS),
];

const unknownTopic = (topic: string): string => `nothing is called "${topic}"; ${suggest(topic, TOPICS)}`;
