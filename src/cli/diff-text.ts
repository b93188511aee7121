import type { ChangedValue } from '../experiment/changed-values.ts';
import type { RunEvent } from '../experiment/decoded-records.ts';
import type { RunDifference } from '../experiment/run-difference.ts';
import type { Step } from '../experiment/stepped-run.ts';
import { EVENT_TABLE, type EventName } from '../observe/event-table.ts';
import { fieldParts } from '../observe/field-format.ts';
import { formatTable } from '../output/table.ts';

/** What `chpsim diff` prints. */

const SHOWN_CHANGES = 20;
const LONGEST_VALUE = 60;
const SHOWN_RECORDS = 8;

/** What the scenarios of two runs differ in, apart from what they expect. */
export function changesText(changes: readonly ChangedValue[]): string {
  if (changes.length === 0) return 'scenario   the same\n';
  const rows = changes
    .slice(0, SHOWN_CHANGES)
    .map(({ path, left, right }) => [`  ${path}`, valueText(left), valueText(right)]);
  const hidden = changes.length - rows.length;
  return [
    'scenario   differs\n',
    formatTable(
      [
        { title: '  value', align: 'left' },
        { title: '- left', align: 'left' },
        { title: '+ right', align: 'left' },
      ],
      rows,
    ),
    hidden === 0 ? '' : `  … and ${hidden} more\n`,
  ].join('');
}

function valueText(json: string | null): string {
  if (json === null) return '(none)';
  return json.length <= LONGEST_VALUE ? json : `${json.slice(0, LONGEST_VALUE)}…`;
}

/** The share is rounded down, so that only equal runs agree to the full hundred. */
export const shareText = (same: number, events: number): string =>
  `${same} of ${events} events agree, from the beginning (${(Math.floor((same / Math.max(events, 1)) * 10_000) / 100).toFixed(2)} %)\n`;

export function differenceText({ before, left, right }: RunDifference): string {
  const alike = alikeRecords(left[0], right[0]);
  return [
    '\nfirst difference (- left, + right): number, time in ns, event, what it did\n',
    ...before.map((step) => stepText(' ', step, 0)),
    ...sideText('-', left, alike),
    ...sideText('+', right, alike),
  ].join('');
}

/** What both events at which the runs part have done before they differ. */
function alikeRecords(one: Step | undefined, other: Step | undefined): number {
  if (one === undefined || other === undefined) return 0;
  const differs = one.records.findIndex((record, at) => {
    const opposite = other.records[at];
    return opposite === undefined || recordText(record) !== recordText(opposite);
  });
  return differs < 0 ? one.records.length : differs;
}

const sideText = (mark: string, steps: readonly Step[], alike: number): string[] =>
  steps.length === 0
    ? [`${mark} (the run is over)\n`]
    : steps.map((step, at) => stepText(mark, step, at === 0 ? alike : 0));

/** Records of one event: some may be without number. The first `skipped` are told elsewhere, or of no interest. */
function stepText(mark: string, { event, tNs, name, target, records }: Step, skipped: number): string {
  const told = records.slice(skipped, skipped + SHOWN_RECORDS).map(recordText);
  const hidden = records.length - skipped - told.length;
  const lines = [
    `${mark} ${event}  ${tNs}  ${name} ${target}`,
    ...(skipped === 0 ? [] : [`${mark}     … ${skipped} the same in both`]),
    ...told.map((text) => `${mark}     ${text}`),
    ...(hidden === 0 ? [] : [`${mark}     … and ${hidden} more`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function recordText({ system, layer, event, subchannel, chpid, lpm, cc, fields }: RunEvent): string {
  return [
    system === '' ? layer : system,
    event,
    ...(subchannel === null ? [] : [subchannel]),
    ...(chpid === null ? [] : [`chpid=${chpid}`]),
    ...(lpm === null ? [] : [`lpm=${lpm.toString(16).padStart(2, '0')}`]),
    ...(cc === null ? [] : [`cc=${cc}`]),
    ...fieldsText(event, fields),
  ].join(' ');
}

/** With the digits of `events.csv`. */
function fieldsText(event: EventName, fields: RunEvent['fields']): string[] {
  const { a, b, c } = EVENT_TABLE[event];
  return [a, b, c].flatMap(fieldParts).map(({ name, hexDigits }) => {
    const value = fields[name];
    return `${name}=${hexDigits === 0 || value < 0 ? value : value.toString(16).padStart(hexDigits, '0')}`;
  });
}
