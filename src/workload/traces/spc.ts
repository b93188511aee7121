import { type DeviceNames, NO_DEVICE } from './device-names.ts';
import { NO_NUMBER, type RowCursor } from './row-cursor.ts';
import { SECTOR_BYTES, setExtent, type TraceFormat } from './trace-format.ts';
import { ROW, type RowResult, type TraceRecord } from './trace-row.ts';

const NS_DIGITS = 9;

/**
 * The Storage Performance Council's trace format, that of the UMass repository (architecture reference G.1): application
 * storage unit, first sector, bytes, `r` or `w`, seconds; further fields say nothing that is needed here.
 *
 *   0,4096000,8192,r,0.125000
 */
export class Spc implements TraceFormat {
  read(row: RowCursor, record: TraceRecord, devices: DeviceNames): RowResult {
    row.field();
    const device = devices.number(row);
    if (device === NO_DEVICE) return ROW.BROKEN;
    row.field();
    const sector = row.whole('the address');
    if (sector === NO_NUMBER) return ROW.BROKEN;
    row.field();
    const result = setExtent(row, record, sector, row.whole('the size'), SECTOR_BYTES, 1);
    if (result === ROW.BROKEN) return result;
    row.field();
    const isWrite = row.wordIs('w');
    if (!isWrite && !row.wordIs('r')) return row.broken(`${row.quoted()} is neither r nor w`, ROW_HINT);
    row.field();
    const atNs = row.decimal('the time', NS_DIGITS);
    if (atNs === NO_NUMBER) return ROW.BROKEN;
    record.atNs = atNs;
    record.device = device;
    record.write = isWrite;
    return result;
  }
}

const ROW_HINT = 'a row is unit,address,size,r or w,seconds';
