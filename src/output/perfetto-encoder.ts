/**
 * Writes the packets of a Perfetto trace (perfetto.protos.Trace) as bytes: tracks, and slices, instants, counters and flows
 * on them. Only the fields that are used have a number here, those of trace_packet.proto, track_descriptor.proto,
 * track_event.proto and debug_annotation.proto.
 *
 *   packet ──► buffer of 64 KiB ──► file
 */
export class PerfettoEncoder {
  private buffer = new Uint8Array(PIECE_BYTES);
  private length = 0;
  private readonly flushTo: (bytes: Uint8Array) => void;
  /** Packets so far. */
  packets = 0;

  /** `flushTo` gets full buffers, only lent. */
  constructor(flushTo: (bytes: Uint8Array) => void) {
    this.flushTo = flushTo;
  }

  /** Describes a process, which holds tracks. Ids of processes and tracks are of one kind, and unique. */
  process(id: number, pid: number, name: string): void {
    this.packet(() => {
      this.message(PACKET.trackDescriptor, () => {
        this.number(DESCRIPTOR.uuid, id);
        this.message(DESCRIPTOR.process, () => {
          this.number(PROCESS.pid, pid);
          this.text(PROCESS.name, name);
        });
      });
    });
  }

  /** Describes a track in a process, or below another track. */
  track(id: number, parent: number, name: string, isCounter: boolean): void {
    this.packet(() => {
      this.message(PACKET.trackDescriptor, () => {
        this.number(DESCRIPTOR.uuid, id);
        this.text(DESCRIPTOR.name, name);
        this.number(DESCRIPTOR.parent, parent);
        if (isCounter) this.message(DESCRIPTOR.counter, () => this.number(COUNTER.unit, UNIT_COUNT));
      });
    });
  }

  /** A slice begins; the flow (0: none) goes through it, and ends in it when `ends`. */
  begin(tNs: number, track: number, name: string, flow = 0, ends = false): void {
    this.event(tNs, track, TYPE.begin, name, flow, ends);
  }

  /** The innermost open slice of the track ends. */
  end(tNs: number, track: number): void {
    this.event(tNs, track, TYPE.end, '', 0, false);
  }

  /** `notes`: what a click on it shows. */
  instant(tNs: number, track: number, name: string, flow = 0, ends = false, notes: Notes = {}): void {
    this.event(tNs, track, TYPE.instant, name, flow, ends, notes);
  }

  counter(tNs: number, track: number, value: number): void {
    this.packet(() => {
      this.number(PACKET.timestamp, tNs);
      this.message(PACKET.trackEvent, () => {
        this.number(EVENT.type, TYPE.counter);
        this.number(EVENT.track, track);
        this.number(EVENT.counterValue, value);
      });
    });
  }

  /** Hands over what is left. */
  flush(): void {
    if (this.length > 0) this.flushTo(this.buffer.subarray(0, this.length));
    this.length = 0;
  }

  private event(
    tNs: number,
    track: number,
    type: number,
    name: string,
    flow: number,
    ends: boolean,
    notes: Notes = {},
  ): void {
    this.packet(() => {
      this.number(PACKET.timestamp, tNs);
      this.message(PACKET.trackEvent, () => {
        this.number(EVENT.type, type);
        this.number(EVENT.track, track);
        if (name !== '') this.text(EVENT.name, name);
        for (const note in notes) {
          this.message(EVENT.annotation, () => {
            this.text(ANNOTATION.name, note);
            this.text(ANNOTATION.text, notes[note]);
          });
        }
        if (flow !== 0) this.fixed64(ends ? EVENT.endingFlow : EVENT.flow, flow);
      });
    });
  }

  /** All packets are of one sequence: their order in the file settles that of equal times. */
  private packet(fields: () => void): void {
    if (this.length > PIECE_BYTES - PACKET_ROOM) this.flush();
    this.message(TRACE_PACKET, () => {
      this.number(PACKET.sequence, 1);
      fields();
    });
    this.packets++;
  }

  /** A message: its length, which is known afterwards only, is written with four bytes whatever it is. */
  private message(field: number, fields: () => void): void {
    this.varint(field * 8 + WIRE.bytes);
    const at = this.length;
    this.length += LENGTH_BYTES;
    fields();
    let rest = this.length - at - LENGTH_BYTES;
    for (let byte = 0; byte < LENGTH_BYTES; byte++) {
      this.buffer[at + byte] = (rest & 0x7f) | (byte < LENGTH_BYTES - 1 ? 0x80 : 0);
      rest >>>= 7;
    }
  }

  private number(field: number, value: number): void {
    this.varint(field * 8 + WIRE.varint);
    this.varint(value);
  }

  private fixed64(field: number, value: number): void {
    this.varint(field * 8 + WIRE.fixed64);
    let rest = value;
    for (let byte = 0; byte < 8; byte++) {
      this.buffer[this.length++] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }

  private text(field: number, value: string): void {
    this.varint(field * 8 + WIRE.bytes);
    const bytes = encoder.encode(value.length > TEXT_LIMIT ? value.slice(0, TEXT_LIMIT) : value);
    this.varint(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** A whole number from 0 up to 2^53. */
  private varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.buffer[this.length++] = (rest % 0x80) | 0x80;
    this.buffer[this.length++] = rest;
  }
}

export type Notes = Readonly<Record<string, string>>;

const encoder = new TextEncoder();
const PIECE_BYTES = 1 << 16;
/** A packet is always shorter: it has at most a dozen texts. */
const PACKET_ROOM = 1 << 14;
const TEXT_LIMIT = 200;
const LENGTH_BYTES = 4;

const WIRE = { varint: 0, fixed64: 1, bytes: 2 } as const;
const TRACE_PACKET = 1;
const PACKET = { timestamp: 8, sequence: 10, trackEvent: 11, trackDescriptor: 60 } as const;
const DESCRIPTOR = { uuid: 1, name: 2, process: 3, parent: 5, counter: 8 } as const;
const PROCESS = { pid: 1, name: 6 } as const;
const COUNTER = { unit: 3 } as const;
const UNIT_COUNT = 2;
const EVENT = {
  annotation: 4,
  type: 9,
  track: 11,
  name: 23,
  counterValue: 30,
  flow: 47,
  endingFlow: 48,
} as const;
const TYPE = { begin: 1, end: 2, instant: 3, counter: 4 } as const;
const ANNOTATION = { text: 6, name: 10 } as const;
