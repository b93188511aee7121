import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvField, csvLine, formatCsv } from '../../src/output/csv.ts';
import { FastCsv } from '../../src/output/fast-csv.ts';

/** Collects what a FastCsv flushes. */
function collector() {
  let text = '';
  const csv = new FastCsv((bytes) => {
    text += new TextDecoder().decode(bytes);
  });
  return {
    csv,
    text: () => {
      csv.flush();
      return text;
    },
  };
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(csvField(text));
const integers = fc.oneof(
  fc.integer({ min: -1, max: 20_000 }),
  fc.maxSafeInteger(),
  fc.constantFrom(0, 9, 10, 99, 100, 999_999_999, 1_000_000_000, 4_294_967_296, Number.MAX_SAFE_INTEGER),
);

describe('the byte writer', () => {
  it('writes the same bytes as csv-stringify, whatever the texts and numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(integers, fc.string(), integers), { maxLength: 40 }), (rows) => {
        const { csv, text } = collector();
        for (const [first, name, last] of rows) {
          csv.reserve(1024);
          csv.integer(first);
          csv.comma();
          csv.bytes(bytesOf(name));
          csv.comma();
          csv.integer(last);
          csv.endRow();
        }
        expect(text()).toBe(stringify(rows, { record_delimiter: '\n' }));
      }),
    );
  });

  it('writes masks and codes with all their digits', () => {
    const { csv, text } = collector();
    csv.hex(0xf0, 2);
    csv.space();
    csv.hex(0x0a, 2);
    csv.space();
    csv.hex(0x80f40a01, 8);
    csv.space();
    csv.hex(5, 4);
    expect(text()).toBe('f0 0a 80f40a01 0005');
  });

  it('loses nothing when its buffer is full', () => {
    const { csv, text } = collector();
    const rows = 300_000;
    let expected = '';
    for (let row = 0; row < rows; row++) {
      csv.reserve(32);
      csv.integer(row);
      csv.endRow();
      expected += `${row}\n`;
    }
    expect(text()).toBe(expected);
  });
});

describe('tables', () => {
  it('have a header, line feeds and quotes only where they must be', () => {
    const text = formatCsv({
      columns: ['name', 'value'],
      rows: [
        { name: 'plain', value: 1 },
        { name: 'a,b', value: 2 },
        { name: 'say "no"', value: 3 },
        { name: '', value: 4 },
      ],
    });
    expect(text).toBe('name,value\nplain,1\n"a,b",2\n"say ""no""",3\n,4\n');
  });

  it('write one row like the whole table does', () => {
    expect(csvLine(['x', 1, 'a,b'])).toBe('x,1,"a,b"\n');
    expect(csvField('a,b')).toBe('"a,b"');
    expect(csvField('')).toBe('');
  });
});
