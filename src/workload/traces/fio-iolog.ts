import { NS_PER_MS, NS_PER_US, type SimTime } from '../../kernel/time.ts';
import { type DeviceNames, NO_DEVICE } from './device-names.ts';
import { NO_NUMBER, type RowCursor } from './row-cursor.ts';
import { type FioWaits, type FormatOptions, setExtent, type TraceFormat } from './trace-format.ts';
import { ROW, type RowResult, type TraceRecord } from './trace-row.ts';

/**
 * fio's iolog (fio HOWTO, "Trace file format"; architecture reference G.1).
 *
 *   fio version 2 iolog                    fio version 3 iolog
 *   /dev/dasda add                         0 /dev/dasda add
 *   /dev/dasda read 1048576 4096           1200 /dev/dasda read 1048576 4096
 *   /dev/dasda wait 250 0                  1460 /dev/dasda write 2097152 8192
 *
 * Version 3 tells microseconds since the start of the job. Version 2 tells waits, of which documentation and program of
 * fio have different ideas: the scenario decides.
 */
export class FioIolog implements TraceFormat {
  private readonly waitNs: number;
  private readonly waitsSinceStart: boolean;
  private version = 0;
  private clockNs: SimTime = 0;

  constructor({ waits }: FormatOptions) {
    this.waitNs = waitUnit(waits);
    this.waitsSinceStart = waits.endsWith('since-start');
  }

  read(row: RowCursor, record: TraceRecord, devices: DeviceNames): RowResult {
    if (this.version === 0) return this.header(row);
    if (this.version === 3) {
      row.word();
      const microseconds = row.whole('the time');
      if (microseconds === NO_NUMBER) return ROW.BROKEN;
      this.clockNs = microseconds * NS_PER_US;
    }
    row.word();
    const device = devices.number(row);
    if (device === NO_DEVICE) return ROW.BROKEN;
    row.word();
    const isWrite = row.wordIs('write');
    if (!isWrite && !row.wordIs('read')) return this.other(row);
    record.atNs = this.clockNs;
    record.device = device;
    record.write = isWrite;
    row.word();
    const offset = row.whole('the offset');
    if (offset === NO_NUMBER) return ROW.BROKEN;
    row.word();
    return setExtent(row, record, offset, row.whole('the length'), 1, 1);
  }

  private header(row: RowCursor): RowResult {
    row.word();
    if (!row.wordIs('fio')) return row.broken('is not the header of an iolog', HEADER_HINT);
    row.word();
    row.word();
    const version = row.whole('the version');
    if (version === NO_NUMBER) return ROW.BROKEN;
    if (version !== 2 && version !== 3) return row.broken(`version ${version} is unknown`, HEADER_HINT);
    this.version = version;
    return ROW.HEADER;
  }

  private other(row: RowCursor): RowResult {
    if (row.wordIs('add') || row.wordIs('open') || row.wordIs('close')) return ROW.FILE;
    if (row.wordIs('sync') || row.wordIs('datasync')) return ROW.FLUSH;
    if (row.wordIs('trim')) return ROW.DISCARD;
    if (!row.wordIs('wait') || this.version === 3) {
      const known = `known: read, write, trim, sync, datasync, add, open, close${this.version === 3 ? '' : ', wait'}`;
      return row.broken(`${row.quoted()} is no action of fio`, known);
    }
    row.word();
    const wait = row.whole('the wait');
    if (wait === NO_NUMBER) return ROW.BROKEN;
    const untilNs = wait * this.waitNs + (this.waitsSinceStart ? 0 : this.clockNs);
    if (untilNs > Number.MAX_SAFE_INTEGER) return row.broken('the waits are too long', 'look at their unit');
    this.clockNs = untilNs;
    return ROW.WAIT;
  }
}

const HEADER_HINT = 'the first row is "fio version 2 iolog" or "fio version 3 iolog"';

const waitUnit = (waits: FioWaits): number => (waits.startsWith('ms') ? NS_PER_MS : NS_PER_US);
