import protobuf from 'protobufjs';

/** The fields of perfetto.protos that a trace of this program has, with their published numbers. */
const PROTO = `
syntax = "proto2";
message Trace { repeated TracePacket packet = 1; }
message TracePacket {
  optional uint64 timestamp = 8;
  optional uint32 trusted_packet_sequence_id = 10;
  optional TrackEvent track_event = 11;
  optional TrackDescriptor track_descriptor = 60;
}
message TrackDescriptor {
  optional uint64 uuid = 1;
  optional string name = 2;
  optional ProcessDescriptor process = 3;
  optional uint64 parent_uuid = 5;
  optional CounterDescriptor counter = 8;
}
message ProcessDescriptor { optional int32 pid = 1; optional string process_name = 6; }
message CounterDescriptor { optional int32 unit = 3; }
message TrackEvent {
  repeated DebugAnnotation debug_annotations = 4;
  enum Type { TYPE_UNSPECIFIED = 0; TYPE_SLICE_BEGIN = 1; TYPE_SLICE_END = 2; TYPE_INSTANT = 3; TYPE_COUNTER = 4; }
  optional Type type = 9;
  optional uint64 track_uuid = 11;
  optional string name = 23;
  optional int64 counter_value = 30;
  repeated fixed64 flow_ids = 47;
  repeated fixed64 terminating_flow_ids = 48;
}
message DebugAnnotation { optional string string_value = 6; optional string name = 10; }
`;

const Trace = protobuf.parse(PROTO, { keepCase: true }).root.lookupType('Trace');

/** What happens on a track. */
export interface ReadEvent {
  readonly tNs: number;
  readonly type: 'begin' | 'end' | 'instant' | 'counter';
  /** `process / track`, with the tracks between them. */
  readonly track: string;
  readonly name: string;
  readonly value: number;
  readonly flows: readonly number[];
  readonly endingFlows: readonly number[];
  readonly notes: Readonly<Record<string, string>>;
}

interface Packet {
  readonly timestamp?: number;
  readonly track_event?: {
    readonly type: number;
    readonly track_uuid: number;
    readonly name?: string;
    readonly counter_value?: number;
    readonly flow_ids?: readonly number[];
    readonly terminating_flow_ids?: readonly number[];
    readonly debug_annotations?: readonly { readonly name: string; readonly string_value: string }[];
  };
  readonly track_descriptor?: {
    readonly uuid: number;
    readonly name?: string;
    readonly parent_uuid?: number;
    readonly process?: { readonly pid: number; readonly process_name: string };
  };
}

const TYPES = ['begin', 'end', 'instant', 'counter'] as const;

/** Reads a trace as its viewer does: by time, equal times as they stand in the file. */
export function readPerfetto(bytes: Uint8Array): { tracks: string[]; events: ReadEvent[] } {
  const { packet = [] } = Trace.toObject(Trace.decode(bytes), { longs: Number, arrays: false }) as {
    packet?: Packet[];
  };
  const names = new Map<number, string>();
  const events: ReadEvent[] = [];
  for (const { timestamp = 0, track_event: event, track_descriptor: track } of packet) {
    if (track !== undefined) {
      const parent = track.parent_uuid === undefined ? '' : `${names.get(track.parent_uuid)} / `;
      if (names.has(track.uuid)) throw new Error(`track ${track.uuid} is described twice`);
      names.set(track.uuid, parent + (track.process?.process_name ?? track.name));
    }
    if (event === undefined) continue;
    const name = names.get(event.track_uuid);
    if (name === undefined)
      throw new Error(`track ${event.track_uuid} was not described before its first event`);
    events.push({
      tNs: timestamp,
      type: TYPES[event.type - 1],
      track: name,
      name: event.name ?? '',
      value: event.counter_value ?? 0,
      flows: event.flow_ids ?? [],
      endingFlows: event.terminating_flow_ids ?? [],
      notes: Object.fromEntries(
        (event.debug_annotations ?? []).map((note) => [note.name, note.string_value]),
      ),
    });
  }
  return { tracks: [...names.values()], events: events.sort((a, b) => a.tNs - b.tNs) };
}

export interface ReadSlice {
  readonly track: string;
  readonly name: string;
  readonly depth: number;
  readonly fromNs: number;
  /** Null: it had not ended. */
  readonly toNs: number | null;
}

/** Pairs begins and ends; an end without a begin is an error. */
export function slicesOf(events: readonly ReadEvent[]): ReadSlice[] {
  const open = new Map<string, { name: string; fromNs: number }[]>();
  const slices: ReadSlice[] = [];
  for (const { type, track, name, tNs } of events) {
    const stack = open.get(track) ?? [];
    open.set(track, stack);
    if (type === 'begin') stack.push({ name, fromNs: tNs });
    if (type !== 'end') continue;
    const slice = stack.pop();
    if (slice === undefined) throw new Error(`nothing is open on ${track} at ${tNs} ns`);
    slices.push({ ...slice, track, depth: stack.length, toNs: tNs });
  }
  for (const [track, stack] of open) {
    for (const [depth, slice] of stack.entries()) slices.push({ ...slice, track, depth, toNs: null });
  }
  return slices;
}
