import { type DeviceNames, NO_DEVICE } from './device-names.ts';
import { NO_NUMBER, type RowCursor } from './row-cursor.ts';
import { SECTOR_BYTES, setExtent, type TraceFormat } from './trace-format.ts';
import { ROW, type RowResult, type TraceRecord } from './trace-row.ts';

/** Digits of a nanosecond below the millisecond. */
const BELOW_MS = 6;

/**
 * DiskSim's ASCII format (architecture reference G.1): milliseconds, device, first sector, sectors, flags, of which the
 * lowest bit says that the request reads.
 *
 *   12.204000 0 81920 8 1
 */
export class Disksim implements TraceFormat {
  read(row: RowCursor, record: TraceRecord, devices: DeviceNames): RowResult {
    row.word();
    const atNs = row.decimal('the time', BELOW_MS);
    if (atNs === NO_NUMBER) return ROW.BROKEN;
    row.word();
    const device = devices.number(row);
    if (device === NO_DEVICE) return ROW.BROKEN;
    row.word();
    const sector = row.whole('the block');
    if (sector === NO_NUMBER) return ROW.BROKEN;
    row.word();
    const result = setExtent(row, record, sector, row.whole('the size'), SECTOR_BYTES, SECTOR_BYTES);
    if (result === ROW.BROKEN) return result;
    row.word();
    const flags = lowestDigit(row);
    if (flags < 0) {
      return row.broken(`${row.quoted()} are no flags`, 'a row is time device block size flags');
    }
    record.atNs = atNs;
    record.device = device;
    record.write = flags % 2 === 0;
    return result;
  }
}

/** Flags are printed in hex, with or without `0x`; the lowest digit has the bit that is wanted. −1: no flags. */
function lowestDigit({ bytes, wordStart, wordEnd }: RowCursor): number {
  const hasPrefix =
    wordEnd - wordStart > 2 && bytes[wordStart] === 0x30 && (bytes[wordStart + 1] | 0x20) === 0x78;
  let digit = -1;
  for (let index = hasPrefix ? wordStart + 2 : wordStart; index < wordEnd; index++) {
    digit = hexDigit(bytes[index]);
    if (digit < 0) return -1;
  }
  return digit;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}
