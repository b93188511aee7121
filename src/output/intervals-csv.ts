import type { IntervalRow } from '../observe/intervals.ts';
import { formatChpid, formatSubchannel } from '../zarch/ids.ts';
import { csvLine } from './csv.ts';
import type { Names } from './names.ts';

/** Columns of `intervals.csv`. Mean times in nanoseconds; `utilisation` is a ratio, `open` a mean number. */
export const INTERVAL_COLUMNS = [
  'from_ns',
  'to_ns',
  'kind',
  'system',
  'id',
  'operations',
  'rate_per_s',
  'response_ns',
  'iosq_ns',
  'pend_ns',
  'cmr_ns',
  'channel_busy_ns',
  'cu_busy_ns',
  'device_busy_ns',
  'disc_ns',
  'conn_ns',
  'interrupt_delay_ns',
  'utilisation',
  'mb_per_s',
  'open',
] as const;

export const intervalHeader = (): string => csvLine(INTERVAL_COLUMNS);

export function formatInterval(row: IntervalRow, names: Names): string {
  return csvLine([
    row.fromNs,
    row.toNs,
    row.kind,
    names.systems[row.system] ?? '',
    nameOf(row, names),
    row.operations,
    fixed(row.perSecond, 3),
    fixed(row.responseNs, 0),
    fixed(row.iosqNs, 0),
    fixed(row.pendNs, 0),
    fixed(row.cmrNs, 0),
    fixed(row.channelBusyNs, 0),
    fixed(row.cuBusyNs, 0),
    fixed(row.deviceBusyNs, 0),
    fixed(row.discNs, 0),
    fixed(row.connNs, 0),
    fixed(row.interruptDelayNs, 0),
    fixed(row.utilisation, 6),
    fixed(row.megabytesPerSecond, 3),
    fixed(row.open, 6),
  ]);
}

function nameOf({ kind, system, id }: IntervalRow, names: Names): string {
  switch (kind) {
    case 'device':
      return names.device(system, id) || formatSubchannel(id);
    case 'control-unit':
      return names.controlUnits[id];
    case 'path':
      return formatChpid(id);
  }
}

/** Nothing where there is no value. */
const fixed = (value: number, digits: number): string => (Number.isNaN(value) ? '' : value.toFixed(digits));
