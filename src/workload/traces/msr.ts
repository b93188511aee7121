import { NS_PER_S } from '../../kernel/time.ts';
import { type DeviceNames, NO_DEVICE } from './device-names.ts';
import { NO_NUMBER, type RowCursor } from './row-cursor.ts';
import { setExtent, type TraceFormat } from './trace-format.ts';
import { ROW, type RowResult, type TraceRecord } from './trace-row.ts';

/** Digits of a file time below the second: it counts 100 ns. */
const BELOW_SECOND = 7;
const NS_PER_TICK = 100;
const NO_SECOND = -1;

/**
 * CSV of the Microsoft Research Cambridge traces (architecture reference G.1): file time, host, disk, `Read` or `Write`,
 * first byte, bytes, response time. The disk's name here is host and disk together, `hostA,2`.
 *
 *   133500000000000000,hostA,2,Read,81920000,8192,5210
 *
 * A file time has more digits than a number holds exactly, so seconds are counted from those of the first row.
 */
export class Msr implements TraceFormat {
  private firstSecond = NO_SECOND;

  read(row: RowCursor, record: TraceRecord, devices: DeviceNames): RowResult {
    row.field();
    if (row.wordIs('timestamp')) return ROW.HEADER;
    const atNs = this.time(row);
    if (atNs === null) return ROW.BROKEN;
    row.field();
    const hostStart = row.wordStart;
    row.field();
    row.wordStart = hostStart;
    const device = devices.number(row);
    if (device === NO_DEVICE) return ROW.BROKEN;
    row.field();
    const isWrite = row.wordIs('write');
    if (!isWrite && !row.wordIs('read')) {
      return row.broken(`${row.quoted()} is neither Read nor Write`, ROW_HINT);
    }
    record.atNs = atNs;
    record.device = device;
    record.write = isWrite;
    row.field();
    const offset = row.whole('the offset');
    if (offset === NO_NUMBER) return ROW.BROKEN;
    row.field();
    return setExtent(row, record, offset, row.whole('the size'), 1, 1);
  }

  /** Time since the second in which the first row lies, negative before it; null when there is none. */
  private time(row: RowCursor): number | null {
    const { wordStart, wordEnd } = row;
    const point = Math.max(wordStart, wordEnd - BELOW_SECOND);
    row.wordStart = point;
    const ticks = row.whole('the timestamp');
    row.wordStart = wordStart;
    row.wordEnd = point;
    const seconds = point === wordStart ? 0 : row.whole('the timestamp');
    row.wordEnd = wordEnd;
    if (ticks === NO_NUMBER || seconds === NO_NUMBER) return null;
    if (this.firstSecond === NO_SECOND) this.firstSecond = seconds;
    const atNs = (seconds - this.firstSecond) * NS_PER_S + ticks * NS_PER_TICK;
    if (Number.isSafeInteger(atNs)) return atNs;
    row.broken(`the timestamp ${row.quoted()} is too far from the first`, ROW_HINT);
    return null;
  }
}

const ROW_HINT = 'a row is timestamp,host,disk,Read or Write,offset,size,response time';
