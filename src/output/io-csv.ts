import { OUTCOME } from '../observe/block-request.ts';
import { REQUEST_WORD, REQUEST_WORDS } from '../observe/trace-buffer.ts';
import { csvLine } from './csv.ts';
import { FastCsv } from './fast-csv.ts';
import { chpidBytes, fieldBytes, IdentifierBytes, type Names, subchannelBytes } from './names.ts';

/** Columns of `io.csv`: one row per application request, in the order in which requests ended. */
export const IO_COLUMNS = [
  'request',
  'system',
  'device',
  'subchannel',
  'application',
  'operation',
  'block',
  'blocks',
  'arrival_ns',
  'start_ns',
  'end_ns',
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
  'chpid',
  'lpum',
  'retries',
  'outcome',
] as const;

const ROW_BYTES = 1024;
const READ = fieldBytes('read');
const WRITE = fieldBytes('write');
const COMPLETED = fieldBytes('completed');
const FAILED = fieldBytes('failed');

/** Turns records of ended requests into rows. */
export class IoCsv {
  rows = 0;
  private readonly csv: FastCsv;
  private readonly systems: readonly Uint8Array[];
  private readonly devices: readonly IdentifierBytes[];
  private readonly subchannels = subchannelBytes();
  private readonly chpids = chpidBytes();

  constructor(names: Names, flushTo: (bytes: Uint8Array) => void) {
    this.csv = new FastCsv(flushTo);
    this.systems = names.systems.map(fieldBytes);
    this.devices = names.systems.map((_, system) => new IdentifierBytes((id) => names.device(system, id)));
    this.csv.bytes(new TextEncoder().encode(csvLine(IO_COLUMNS)));
  }

  add(records: Float64Array, count: number): void {
    for (let record = 0; record < count; record++) this.row(records, record * REQUEST_WORDS);
    this.rows += count;
  }

  flush(): void {
    this.csv.flush();
  }

  private row(words: Float64Array, at: number): void {
    const { csv } = this;
    const system = words[at + REQUEST_WORD.system];
    const subchannel = words[at + REQUEST_WORD.subchannel];
    csv.reserve(ROW_BYTES);
    csv.integer(words[at + REQUEST_WORD.id]);
    csv.comma();
    csv.bytes(this.systems[system]);
    csv.comma();
    csv.bytes(this.devices[system].of(subchannel));
    csv.comma();
    csv.bytes(this.subchannels.of(subchannel));
    csv.comma();
    csv.integer(words[at + REQUEST_WORD.application]);
    csv.comma();
    csv.bytes(words[at + REQUEST_WORD.write] === 1 ? WRITE : READ);
    csv.comma();
    this.integers(words, at + REQUEST_WORD.firstBlock, at + REQUEST_WORD.endNs);
    csv.integer(words[at + REQUEST_WORD.endNs] - words[at + REQUEST_WORD.arrivalNs]);
    csv.comma();
    this.integers(words, at + REQUEST_WORD.iosqNs, at + REQUEST_WORD.interruptDelayNs);
    csv.bytes(this.chpids.of(words[at + REQUEST_WORD.chpid]));
    csv.comma();
    if (words[at + REQUEST_WORD.lpum] > 0) csv.hex(words[at + REQUEST_WORD.lpum], 2);
    csv.comma();
    csv.integer(words[at + REQUEST_WORD.retries]);
    csv.comma();
    csv.bytes(words[at + REQUEST_WORD.outcome] === OUTCOME.COMPLETED ? COMPLETED : FAILED);
    csv.endRow();
  }

  /** Consecutive words, each followed by a comma; the columns stand in the order of the record. */
  private integers(words: Float64Array, first: number, last: number): void {
    const { csv } = this;
    for (let at = first; at <= last; at++) {
      csv.integer(words[at]);
      csv.comma();
    }
  }
}
