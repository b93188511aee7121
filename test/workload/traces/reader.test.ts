import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DeviceNames, MAX_DEVICES } from '../../../src/workload/traces/device-names.ts';
import {
  detectFormat,
  TRACE_FORMAT_NAMES,
  type TraceFormatName,
} from '../../../src/workload/traces/formats.ts';
import { RowCursor } from '../../../src/workload/traces/row-cursor.ts';
import { SKIP_NAMES } from '../../../src/workload/traces/trace-row.ts';
import { optionsFor, type ReadTrace, readTrace, textTrace } from './text-trace.ts';

const FOLDER = 'scenarios/traces';
const FILES = [
  ['orders.iolog2', 'fio'],
  ['orders.iolog3', 'fio'],
  ['orders.blkparse', 'blkparse'],
  ['orders.spc', 'spc'],
  ['orders.msr.csv', 'msr'],
  ['orders.disksim', 'disksim'],
] as const;

/** What does not depend on how a format names devices and where its time begins. */
function story({ records }: ReadTrace): object[] {
  const order = new Map<number, number>();
  const [{ atNs: originNs }] = records;
  return records.map(({ atNs, device, ...others }) => {
    if (!order.has(device)) order.set(device, order.size);
    return { ...others, sinceNs: atNs - originNs, device: order.get(device) };
  });
}

const readFile = (file: string, format: TraceFormatName): ReadTrace =>
  readTrace(textTrace(readFileSync(`${FOLDER}/${file}`, 'utf8')), optionsFor(format));

describe('the same second in every format', () => {
  const reference = story(readFile('orders.spc', 'spc'));

  test.each(FILES)('%s', (file, format) => {
    expect(detectFormat(textTrace(readFileSync(`${FOLDER}/${file}`)))).toBe(format);
    const read = readFile(file, format);
    expect(read.problems).toEqual([]);
    expect(read.records).toHaveLength(240);
    expect(story(read)).toEqual(reference);
    expect(accounted(read)).toBe(read.rows);
  });
});

/** Every row is used, skipped, or in error. */
const accounted = ({ records, skipped, problems }: ReadTrace): number =>
  records.length + problems.length + Object.values(skipped).reduce((sum, count) => sum + count, 0);

describe('rows', () => {
  test('may end with CR LF, and the last one with nothing', () => {
    const { records, rows } = readTrace(textTrace('0,8,512,r,0.5\r\n0,16,512,w,0.6'), optionsFor('spc'));
    expect(records).toHaveLength(2);
    expect(rows).toBe(2);
  });

  test('come in any pieces', () => {
    const bytes = readFileSync(`${FOLDER}/orders.blkparse`);
    const whole = readTrace(textTrace(bytes), optionsFor('blkparse'));
    expect(readTrace(textTrace(bytes, 7), optionsFor('blkparse'))).toEqual(whole);
  });

  test('are no longer than a line of text', () => {
    const { problems } = readTrace(textTrace(`0,8,512,r,0.5\n${'x'.repeat(5000)}`), optionsFor('spc'));
    expect(problems).toEqual(['2:1: has a row of more than 4096 bytes']);
  });

  test('that never end are given up as well', () => {
    const endless = { read: (_: number, into: Uint8Array) => into.fill(0x30).length };
    expect(readTrace(endless, optionsFor('spc')).problems).toEqual([
      '1:1: has a row of more than 4096 bytes',
    ]);
  });

  test('are given up after ten broken ones', () => {
    const { problems, rows } = readTrace(textTrace('nonsense\n'.repeat(50)), optionsFor('disksim'));
    expect(problems).toHaveLength(10);
    expect(rows).toBe(10);
  });
});

describe('times out of order', () => {
  const TEXT = '0,8,512,r,0.5\n0,16,512,r,0.7\n0,24,512,r,0.6\n0,32,512,r,0.6\n';

  test('are put in order within the window, equal ones as they stand', () => {
    const { records } = readTrace(textTrace(TEXT), optionsFor('spc', { window: 2 }));
    expect(records.map(({ firstByte }) => firstByte / 512)).toEqual([8, 24, 32, 16]);
  });

  test('are an error beyond it', () => {
    const { problems } = readTrace(textTrace(TEXT), optionsFor('spc', { window: 1 }));
    expect(problems).toEqual([
      '3:1: is 100000000 ns earlier than a request that lies 1 requests before it',
      '4:1: is 100000000 ns earlier than a request that lies 1 requests before it',
    ]);
  });

  test('are sorted stably wherever no row is further from its place than the window', () => {
    const displaced = fc
      .array(fc.record({ at: fc.nat(50), jitter: fc.nat(3) }), { maxLength: 60 })
      .map((rows) => rows.map(({ at, jitter }, index) => ({ at, key: index + jitter, index })))
      // Sorted by time, then shuffled by at most three places.
      .map((rows) => {
        const sorted = rows.toSorted((one, other) => one.at - other.at || one.index - other.index);
        const moved = sorted.map((row, place) => ({ ...row, key: place + (row.key - row.index) }));
        return moved.toSorted((one, other) => one.key - other.key);
      });
    fc.assert(
      fc.property(displaced, (rows) => {
        const text = rows.map(({ at }, place) => `0,${place},512,r,${at}\n`).join('');
        const { records, problems } = readTrace(textTrace(text), optionsFor('spc', { window: 5 }));
        const expected = rows
          .map(({ at }, place) => ({ at, place }))
          .toSorted((one, other) => one.at - other.at || one.place - other.place);
        expect(problems).toEqual([]);
        expect(records.map(({ firstByte }) => firstByte / 512)).toEqual(expected.map(({ place }) => place));
      }),
    );
  });
});

describe('whatever stands in a file', () => {
  const words = [
    'fio',
    'version',
    '2',
    '3',
    'iolog',
    '8,0',
    '94,5',
    'Q',
    'D',
    'R',
    'W',
    '+',
    'read',
    'wait',
    'CPU0',
  ];
  const token = fc.oneof(
    fc.constantFrom(...words, '0.5', '1e9', '99999999999999999999', '-1', '#', '(', 'r', 'w', 'Read', ''),
    fc.nat().map(String),
    fc.string({ maxLength: 12 }),
  );
  const row = fc
    .tuple(fc.constantFrom(' ', ',', '\t', '  '), fc.array(token, { maxLength: 9 }))
    .map(([gap, tokens]) => tokens.join(gap));
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.array(row, { maxLength: 20 }).map((rows) => new TextEncoder().encode(rows.join('\n'))),
  );

  test.each(TRACE_FORMAT_NAMES)('as %s: each row is used, skipped, or an error with its place', (format) => {
    fc.assert(
      fc.property(garbage, fc.integer({ min: 1, max: 64 }), (bytes, most) => {
        const read = readTrace(textTrace(bytes, most), optionsFor(format));
        expect(accounted(read)).toBe(read.rows);
        for (const problem of read.problems) expect(problem).toMatch(/^[1-9]\d*:[1-9]\d*: \P{Cc}+$/u);
        for (const { atNs, firstByte, bytes: length } of read.records) {
          expect(Number.isSafeInteger(atNs) && Number.isSafeInteger(firstByte + length)).toBe(true);
          expect(length).toBeGreaterThan(0);
        }
        expect(() => detectFormat(textTrace(bytes))).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });

  test.each(FILES)('%s with one byte changed is read or refused with a place', (file, format) => {
    const bytes = new Uint8Array(readFileSync(`${FOLDER}/${file}`)).subarray(0, 4000);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
        const changed = bytes.slice();
        changed[at] = byte;
        const read = readTrace(textTrace(changed), optionsFor(format));
        expect(accounted(read)).toBe(read.rows);
        for (const problem of read.problems) expect(problem).toMatch(/^\d+:\d+: /);
      }),
    );
  });
});

describe('devices', () => {
  test('are numbered in the order in which they come', () => {
    const names = new DeviceNames();
    const cursor = new RowCursor();
    const encoder = new TextEncoder();
    const numberOf = (name: string): number => {
      const bytes = encoder.encode(name);
      cursor.place(bytes, 0, bytes.length, 1);
      cursor.word();
      return names.number(cursor);
    };
    const all = Array.from({ length: 1000 }, (_, at) => `/dev/mapper/volume${at}`);
    expect(all.map(numberOf)).toEqual([...all.keys()]);
    expect(all.toReversed().map(numberOf)).toEqual([...all.keys()].reverse());
    expect(names.names).toEqual(all);
    for (let at = 1000; at < MAX_DEVICES; at++) numberOf(`x${at}`);
    expect(numberOf('one-too-many')).toBe(-1);
    expect(cursor.problem?.message).toBe(`there are more than ${MAX_DEVICES} devices`);
  });
});

test('every reason has one name', () => {
  expect(new Set(SKIP_NAMES).size).toBe(SKIP_NAMES.length);
});
