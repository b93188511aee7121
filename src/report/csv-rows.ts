import fs from 'node:fs';
import { OutputError } from '../output/output-error.ts';

const CHUNK_BYTES = 1 << 20;

/**
 * Reads a CSV file piece by piece, for `io.csv` may be far larger than memory, and hands over the named columns of each
 * row. The array of values is used again for the next row.
 */
export function eachRow<Column extends string>(
  file: string,
  columns: readonly Column[],
  take: (values: readonly string[]) => void,
): void {
  let wanted: number[] | null = null;
  const values = columns.map(() => '');
  eachLine(file, (line) => {
    const fields = line.includes('"') ? quotedFields(line) : line.split(',');
    if (wanted === null) {
      wanted = columns.map((column) => fields.indexOf(column));
      const missing = columns.find((column) => !fields.includes(column));
      if (missing !== undefined) throw new OutputError(`${file} has no column ${missing}`);
      return;
    }
    for (let at = 0; at < wanted.length; at++) values[at] = fields[wanted[at]] ?? '';
    take(values);
  });
}

function eachLine(file: string, take: (line: string) => void): void {
  OutputError.guard(`cannot read ${file}`, () => {
    const descriptor = fs.openSync(file, 'r');
    try {
      const decoder = new TextDecoder();
      const chunk = new Uint8Array(CHUNK_BYTES);
      let rest = '';
      for (;;) {
        const bytes = fs.readSync(descriptor, chunk);
        const lines = (rest + decoder.decode(chunk.subarray(0, bytes), { stream: bytes > 0 })).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) take(line);
        if (bytes === 0) break;
      }
      if (rest !== '') take(rest);
    } finally {
      fs.closeSync(descriptor);
    }
  });
}

const FIELD = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g;

const quotedFields = (line: string): string[] =>
  Array.from(line.matchAll(FIELD), ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
