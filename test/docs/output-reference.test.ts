import { describe, expect, test } from 'vitest';
import { IO_INSTRUCTIONS } from '../../src/channel/channel-subsystem.ts';
import { COMPARISON_COLUMNS } from '../../src/experiment/comparison-columns.ts';
import { MESSAGES } from '../../src/linux/dasd/definitions.ts';
import { STATE_NAMES } from '../../src/linux/device-state.ts';
import { EVENT_NAMES, EVENT_TABLE } from '../../src/observe/event-table.ts';
import { fieldParts } from '../../src/observe/field-format.ts';
import { COUNT_COLUMNS } from '../../src/output/counts-csv.ts';
import { EVENT_COLUMNS } from '../../src/output/events-csv.ts';
import { INTERVAL_COLUMNS } from '../../src/output/intervals-csv.ts';
import { IO_COLUMNS } from '../../src/output/io-csv.ts';
import { MEASUREMENT_COLUMNS } from '../../src/output/measurement-csv.ts';
import { METRICS, TIMES } from '../../src/scenario/metrics.ts';
import { TestTerminal } from '../cli/test-terminal.ts';
import { codeOf, plain, type Table, tablesOf } from './markdown.ts';

/** docs/output.md describes every file of a run: each column and field, each event and metric. */
const tables = tablesOf('docs/output.md');
const tableOf = (heading: string, first: string): Table =>
  tables.find(({ heading: at, columns }) => at === heading && columns[0] === first)!;
const namesIn = (heading: string, first: string): string[] =>
  tableOf(heading, first).rows.map(([name]) => plain(name));

describe('docs/output.md', () => {
  test.each([
    ['counts.csv', COUNT_COLUMNS],
    ['events.csv', EVENT_COLUMNS],
    ['intervals.csv', INTERVAL_COLUMNS],
    ['io.csv', IO_COLUMNS],
    ['measurement.csv', MEASUREMENT_COLUMNS],
  ])('lists the columns of %s in their order', (file, columns) => {
    expect(namesIn(file, 'column')).toEqual(columns);
  });

  test('lists the columns of the comparison with titles and meanings', () => {
    const { rows } = tableOf('The comparison of several runs', 'column');
    expect(rows.map(([name, title, , , meaning]) => [plain(name), title, meaning])).toEqual(
      COMPARISON_COLUMNS.map(({ name, title, doc }) => [name, title.join(' ').trim(), doc]),
    );
  });

  test('gives nanoseconds as the unit of every column that ends in _ns', () => {
    const units = tables
      .filter(({ columns }) => columns[0] === 'column')
      .flatMap(({ rows }) => rows.filter(([name]) => plain(name).endsWith('_ns')).map(([, unit]) => unit));
    expect(new Set(units)).toEqual(new Set(['ns']));
  });

  test('lists the fields of the files that a run writes as JSON', async () => {
    const terminal = new TestTerminal();
    await terminal.chpsim('run', 'scenarios/vary.yaml', '--out', 'out');
    for (const file of ['summary.json', 'manifest.json']) {
      const path = [...terminal.files.files.keys()].find((name) => name.endsWith(file))!;
      const text = new TextDecoder().decode(terminal.files.files.get(path)!);
      expect(namesIn(file, 'field'), file).toEqual(Object.keys(JSON.parse(text)));
    }
  });

  test('describes every event as the event table does', () => {
    const rows = tableOf('events.csv', 'event').rows.map(([event, layer, level, detail, meaning]) => [
      plain(event),
      layer,
      level,
      codeOf(detail),
      meaning,
    ]);
    const events = EVENT_NAMES.map((name) => {
      const { layer, level, a, b, c, doc } = EVENT_TABLE[name];
      const detail = [a, b, c].flatMap(fieldParts).map((part) => part.name);
      return [name, layer === 'system' ? 'host' : layer, level, detail, doc];
    });
    expect(rows).toEqual(events);
  });

  test.each([
    ['device state', STATE_NAMES],
    ['message', MESSAGES],
    ['instruction', IO_INSTRUCTIONS],
  ])('tells what each number of a %s means', (what, names) => {
    const table = tables.find(({ columns }) => columns[1].startsWith(`${what} (`))!;
    expect(table.rows).toEqual(names.map((name, number) => [String(number), name]));
  });

  test('describes every metric as "explain" does', () => {
    const rows = [
      ...tableOf('Counts', 'count').rows.map(([name, , meaning]) => [plain(name), meaning]),
      ...tableOf('Others', 'metric').rows.map(([name, , , meaning]) => [plain(name), meaning]),
    ];
    const described = METRICS.filter(
      ({ name, doc }) =>
        !doc.startsWith('Channel command ') &&
        // Guests have the counts of partitions under another first word.
        !name.startsWith('guest.') &&
        !TIMES[name.replace(/\.\w+$/, '')],
    );
    expect(new Map(rows as [string, string][])).toEqual(
      new Map(described.map(({ name, doc }) => [name, doc])),
    );
    expect(
      tableOf('Times', 'time').rows.map(([name, labels, meaning]) => [plain(name), labels, meaning]),
    ).toEqual(Object.entries(TIMES).map(([name, { labels, doc }]) => [name, labels.join(', '), doc]));
  });
});
