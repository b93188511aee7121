import { type DeviceNames, NO_DEVICE } from './device-names.ts';
import { NO_NUMBER, type RowCursor } from './row-cursor.ts';
import { type FormatOptions, SECTOR_BYTES, setExtent, type TraceFormat } from './trace-format.ts';
import { ROW, type RowResult, type TraceRecord } from './trace-row.ts';

const NS_DIGITS = 9;
const LETTER = { D: 0x44, F: 0x46, R: 0x52, W: 0x57 } as const;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * Text of blkparse in its own format (blkparse(1), "DEFAULT FORMAT"; architecture reference G.1): device, processor,
 * sequence, seconds, process, action, kind, first sector, number of sectors.
 *
 *   94,0    1       42     0.001204000   812  D   R 2048 + 8 [fio]
 *
 * A request leaves several rows; those of one action are replayed, so that each request comes once. Behind the events
 * blkparse prints totals.
 */
export class Blkparse implements TraceFormat {
  private readonly action: string;
  private inTotals = false;

  constructor({ events }: FormatOptions) {
    this.action = events.toLowerCase();
  }

  read(row: RowCursor, record: TraceRecord, devices: DeviceNames): RowResult {
    row.word();
    if (this.inTotals) return ROW.TOTALS;
    if (!isDevice(row)) return this.totals(row);
    const device = devices.number(row);
    if (device === NO_DEVICE) return ROW.BROKEN;
    row.word();
    if (row.whole('the processor') === NO_NUMBER) return ROW.BROKEN;
    row.word();
    if (row.whole('the sequence number') === NO_NUMBER) return ROW.BROKEN;
    row.word();
    const atNs = row.decimal('the time', NS_DIGITS);
    if (atNs === NO_NUMBER) return ROW.BROKEN;
    row.word();
    if (row.whole('the process') === NO_NUMBER) return ROW.BROKEN;
    row.word();
    if (row.wordStart === row.wordEnd) return row.broken('the action is missing', 'the row is not whole');
    if (!row.wordIs(this.action)) return ROW.OTHER_ACTION;
    record.atNs = atNs;
    record.device = device;
    return readRequest(row, record);
  }

  /** `CPU0 (94,0):` or `Total (94,0):` */
  private totals(row: RowCursor): RowResult {
    const { bytes, wordStart, wordEnd } = row;
    const isProcessor = wordEnd - wordStart > 3 && bytes[wordStart] === 0x43 && bytes[wordStart + 1] === 0x50;
    if (!isProcessor && !row.wordIs('total')) {
      return row.broken(
        `${row.quoted()} is no device`,
        'a row begins with major and minor number, as in 94,0',
      );
    }
    this.inTotals = true;
    return ROW.TOTALS;
  }
}

/** Kind of the request (blktrace.c:blk_fill_rwbs), first sector, `+`, number of sectors. */
function readRequest(row: RowCursor, record: TraceRecord): RowResult {
  row.word();
  if (row.wordStart === row.wordEnd)
    return row.broken('the kind of request is missing', 'the row is not whole');
  if (row.wordHas(LETTER.D)) return ROW.DISCARD;
  const isWrite = row.wordHas(LETTER.W);
  if (!isWrite && !row.wordHas(LETTER.R)) return row.wordHas(LETTER.F) ? ROW.FLUSH : ROW.NO_BLOCKS;
  record.write = isWrite;
  const isFlush = row.wordHas(LETTER.F);
  row.word();
  // A flush that writes nothing names no sector.
  if (isFlush && !startsWithDigit(row)) return ROW.FLUSH;
  const sector = row.whole('the sector');
  if (sector === NO_NUMBER) return ROW.BROKEN;
  row.word();
  // A command of its own (SG_IO): its length in bytes, then the command in parentheses.
  if (row.wordStart < row.wordEnd && row.bytes[row.wordStart] === 0x28) return ROW.NO_BLOCKS;
  if (!row.wordIs('+')) return row.broken('"+" is missing between sector and length', 'the row is not whole');
  row.word();
  return setExtent(row, record, sector, row.whole('the number of sectors'), SECTOR_BYTES, SECTOR_BYTES);
}

/** Whether the last word is a major and a minor number, `94,0`. */
function isDevice({ bytes, wordStart, wordEnd }: RowCursor): boolean {
  let commas = 0;
  for (let index = wordStart; index < wordEnd; index++) {
    if (bytes[index] === COMMA && index > wordStart && index < wordEnd - 1) commas++;
    else if (!isDigit(bytes[index])) return false;
  }
  return commas === 1;
}

const startsWithDigit = ({ bytes, wordStart, wordEnd }: RowCursor): boolean =>
  wordStart < wordEnd && isDigit(bytes[wordStart]);

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;
