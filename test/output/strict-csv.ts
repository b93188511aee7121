/**
 * Reads CSV as RFC 4180 has it, with LF, and accepts nothing else: for tests that promise files which any program can
 * read. It shares no line with what writes them.
 */
export interface StrictTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function strictCsv(bytes: Uint8Array): StrictTable {
  if (bytes[0] === 0xef && bytes[1] === 0xbb) throw new Error('a byte-order mark');
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  if (!text.endsWith('\n')) throw new Error('the last row does not end');
  const records: string[][] = [];
  let record: string[] = [];
  for (let at = 0; at < text.length; ) {
    const { field, end } = text[at] === '"' ? quoted(text, at) : plain(text, at);
    record.push(field);
    const after = text[end];
    if (after !== ',' && after !== '\n')
      throw new Error(`row ${records.length + 1}: something follows a field`);
    if (after === '\n') {
      records.push(record);
      record = [];
    }
    at = end + 1;
    if (after === ',' && text[at] === undefined) throw new Error('the last row does not end');
  }
  const [columns, ...rows] = records;
  if (columns === undefined) throw new Error('no header');
  if (new Set(columns).size < columns.length || columns.includes(''))
    throw new Error('names of columns repeat');
  const uneven = rows.findIndex(({ length }) => length !== columns.length);
  if (uneven >= 0)
    throw new Error(`row ${uneven + 2} has ${rows[uneven].length} fields, not ${columns.length}`);
  return { columns, rows };
}

function plain(text: string, from: number): { field: string; end: number } {
  let end = from;
  while (text[end] !== ',' && text[end] !== '\n') end++;
  const field = text.slice(from, end);
  if (/["\r]/.test(field)) throw new Error(`a quote or CR in a field without quotes: ${field}`);
  return { field, end };
}

function quoted(text: string, from: number): { field: string; end: number } {
  let field = '';
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] !== '"') field += text[at];
    else if (text[at + 1] === '"') {
      field += '"';
      at++;
    } else return { field, end: at + 1 };
  }
  throw new Error('a quote is never closed');
}
