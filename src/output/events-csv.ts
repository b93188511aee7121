import { EVENT_NAMES, EVENT_TABLE } from '../observe/event-table.ts';
import { type FieldPart, fieldParts, partValue } from '../observe/field-format.ts';
import { layerOf, type ObservedSystem } from '../observe/layers.ts';
import { EVENT_WORD, EVENT_WORDS } from '../observe/trace-buffer.ts';
import { csvLine } from './csv.ts';
import { FastCsv } from './fast-csv.ts';
import { chpidBytes, fieldBytes, subchannelBytes } from './names.ts';

/** Columns of `events.csv`; `detail` holds the event's own numbers as `name=value` pairs, named by the event table. */
export const EVENT_COLUMNS = [
  't_ns',
  'seq',
  'layer',
  'system',
  'event',
  'subchannel',
  'chpid',
  'lpm',
  'cc',
  'detail',
] as const;

/** Longest row: identifiers and numbers are short, names of systems are limited by the scenario. */
const ROW_BYTES = 1024;
const encoder = new TextEncoder();
const EQUALS = encoder.encode('=');

/** Turns event records into rows. */
export class EventsCsv {
  rows = 0;
  private readonly csv: FastCsv;
  private readonly subchannels = subchannelBytes();
  private readonly chpids = chpidBytes();
  /** By event and system: layer, system and event name, which stand side by side. */
  private readonly heads: Uint8Array[][];
  private readonly details: EncodedPart[][][];

  constructor(systems: readonly ObservedSystem[], flushTo: (bytes: Uint8Array) => void) {
    this.csv = new FastCsv(flushTo);
    this.heads = EVENT_NAMES.map((name, event) =>
      [-1, ...systems.keys()].map((system) =>
        encoder.encode(
          csvLine([layerOf(event, system, systems), systems[system]?.name ?? '', name]).trimEnd(),
        ),
      ),
    );
    this.details = EVENT_NAMES.map((name) => {
      const { a, b, c } = EVENT_TABLE[name];
      return [a, b, c].map((field) => fieldParts(field).map(encodePart));
    });
    this.csv.bytes(encoder.encode(csvLine(EVENT_COLUMNS)));
  }

  add(records: Float64Array, count: number): void {
    for (let record = 0; record < count; record++) this.row(records, record * EVENT_WORDS);
    this.rows += count;
  }

  flush(): void {
    this.csv.flush();
  }

  private row(words: Float64Array, at: number): void {
    const { csv } = this;
    const event = words[at + EVENT_WORD.event];
    csv.reserve(ROW_BYTES);
    csv.integer(words[at + EVENT_WORD.time]);
    csv.comma();
    csv.integer(words[at + EVENT_WORD.seq]);
    csv.comma();
    csv.bytes(this.heads[event][words[at + EVENT_WORD.system] + 1]);
    csv.comma();
    csv.bytes(this.subchannels.of(words[at + EVENT_WORD.subchannel]));
    csv.comma();
    csv.bytes(this.chpids.of(words[at + EVENT_WORD.chpid]));
    csv.comma();
    if (words[at + EVENT_WORD.lpm] >= 0) csv.hex(words[at + EVENT_WORD.lpm], 2);
    csv.comma();
    if (words[at + EVENT_WORD.cc] >= 0) csv.integer(words[at + EVENT_WORD.cc]);
    csv.comma();
    this.detail(this.details[event], words, at + EVENT_WORD.a);
    csv.endRow();
  }

  private detail(fields: readonly EncodedPart[][], words: Float64Array, at: number): void {
    const { csv } = this;
    let first = true;
    for (let field = 0; field < fields.length; field++) {
      const value = words[at + field];
      for (const { label, part } of fields[field]) {
        if (!first) csv.space();
        first = false;
        csv.bytes(label);
        csv.bytes(EQUALS);
        if (part.hexDigits > 0) csv.hex(partValue(value, part), part.hexDigits);
        else csv.integer(partValue(value, part));
      }
    }
  }
}

interface EncodedPart {
  readonly label: Uint8Array;
  readonly part: FieldPart;
}

const encodePart = (part: FieldPart): EncodedPart => ({ label: fieldBytes(part.name), part });
