import { changesOf } from '../experiment/changed-fields.ts';
import { agreementOf, type TraceComparison, type TracePair } from '../experiment/trace-comparison.ts';
import { formatTable } from '../output/table.ts';
import { PROSE_FIELD, type TraceKind, type TraceLine } from '../output/trace-lines.ts';

/** What `diff-trace` prints of a comparison; `context` lines around the first difference. */
export function diffTraceText(
  comparison: TraceComparison,
  recording: string,
  run: string,
  context: number,
): string {
  const { equal, recorded, run: ran, agreed, share } = comparison;
  return [
    `recording  ${recorded} events in ${recording}\n`,
    `run        ${ran} events in ${run}\n`,
    `${equal ? 'equal    ' : 'different'}  ${agreed} of ${Math.max(recorded, ran)} agree (${percent(share)})\n`,
    leftAside(comparison),
    firstDifference(comparison, context),
    eventTable(comparison),
    fieldTable(comparison),
  ].join('');
}

/** Rounded down, so that only equal traces agree to the full hundred. */
const percent = (share: number): string => `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`;

function leftAside({ cut, onlyRecordedFields, onlyRunFields, otherEvents }: TraceComparison): string {
  const others = [...otherEvents].map(([event, count]) => `${event} (${count})`);
  const notes = [
    cut === 0 ? '' : `${cut} ${cut === 1 ? 'line that is' : 'lines that are'} cut, or opposite one that is`,
    others.length === 0 ? '' : `events of the recording that are not compared: ${others.join(', ')}`,
    onlyRecordedFields.length === 0
      ? ''
      : `fields that only the recording prints: ${onlyRecordedFields.join(', ')}`,
    onlyRunFields.length === 0 ? '' : `fields that only the run prints: ${onlyRunFields.join(', ')}`,
  ];
  return notes
    .filter((note) => note !== '')
    .map((note) => `left aside ${note}\n`)
    .join('');
}

function firstDifference({ kind, pairs, firstDifference: at }: TraceComparison, context: number): string {
  if (at < 0) return '';
  let end = at;
  while (end < pairs.length && agreementOf(pairs[end]) === 'differs') end++;
  const recorded = pairs.slice(at, end).flatMap((pair) => pair.recorded ?? []);
  const run = pairs.slice(at, end).flatMap((pair) => pair.run ?? []);
  const rows = [
    ...pairs.slice(Math.max(0, at - context), at).map((pair) => pairRow(kind, pair)),
    ...someOf('-', recorded, kind, context),
    ...someOf('+', run, kind, context),
    ...changeNote(recorded[0], run[0]),
    ...pairs.slice(end, end + context).map((pair) => pairRow(kind, pair)),
  ];
  const places = [
    recorded.length === 0 ? '' : `- recording, line ${recorded[0].line}`,
    run.length === 0 ? '' : `+ run, line ${run[0].line}`,
  ];
  return `\nfirst difference (${places.filter((place) => place !== '').join('; ')})\n${rows.join('')}`;
}

function pairRow(kind: TraceKind | null, pair: TracePair): string {
  const line = (pair.run ?? pair.recorded)!;
  switch (agreementOf(pair)) {
    case 'agrees':
      return row(' ', line, kind);
    case 'cut':
      return row('~', line, kind);
    case 'differs':
      return row(pair.recorded === null ? '+' : '-', line, kind);
  }
}

function someOf(mark: string, lines: readonly TraceLine[], kind: TraceKind | null, most: number): string[] {
  const shown = lines.slice(0, Math.max(1, most)).map((line) => row(mark, line, kind));
  const hidden = lines.length - shown.length;
  return hidden === 0 ? shown : [...shown, `${mark} … and ${hidden} more\n`];
}

function row(mark: string, { timeUs, event, fields }: TraceLine, kind: TraceKind | null): string {
  const time = timeUs === null ? '' : (timeUs / US_PER_S).toFixed(6);
  const text = fields.map(({ name, value }) => (kind === 'qemu' ? value : `${name}=${value}`)).join(' ');
  return `${mark} ${time.padStart(TIME_WIDTH)} ${event} ${text}`.trimEnd().concat('\n');
}

const US_PER_S = 1_000_000;
const TIME_WIDTH = 12;

/** What differs between two lines of the same event, which may be long. */
function changeNote(recorded: TraceLine | undefined, run: TraceLine | undefined): string[] {
  if (recorded === undefined || run === undefined || recorded.event !== run.event) return [];
  const changed = changesOf(recorded.fields, run.fields)
    .filter(({ name }) => name !== PROSE_FIELD)
    .map(({ name, recorded: one, run: other }) => `${name} ${one} / ${other}`);
  return changed.length === 0 ? [] : [`  differs in ${changed.join(', ')}\n`];
}

function eventTable({ events }: TraceComparison): string {
  if (events.length === 0) return '';
  const table = formatTable(
    [
      { title: 'event', align: 'left' },
      { title: 'recording', align: 'right' },
      { title: 'run', align: 'right' },
      { title: 'agree', align: 'right' },
    ],
    events.map(({ event, recorded, run, agreed }) => [event, String(recorded), String(run), String(agreed)]),
  );
  return `\n${table}`;
}

function fieldTable({ changedFields: fields }: TraceComparison): string {
  if (fields.length === 0) return '';
  const rows = fields.map(({ event, field, lines, recorded, run }) => [
    event,
    field,
    String(lines),
    recorded,
    run,
  ]);
  return `\nfields that differ, and the first such values\n${formatTable(
    [
      { title: 'event', align: 'left' },
      { title: 'field', align: 'left' },
      { title: 'lines', align: 'right' },
      { title: 'recording', align: 'left' },
      { title: 'run', align: 'left' },
    ],
    rows,
  )}`;
}
