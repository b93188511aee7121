import { STATE_NAMES } from '../linux/device-state.ts';
import { EVENT, EVENT_NAMES, EVENT_TABLE } from '../observe/event-table.ts';
import { fieldParts, partValue } from '../observe/field-format.ts';
import type { ObservedSystem } from '../observe/layers.ts';
import type { ObservedSubchannel } from '../observe/path-times.ts';
import { EVENT_WORD, EVENT_WORDS, REQUEST_WORDS } from '../observe/trace-buffer.ts';
import { formatChpid, formatSubchannel } from '../zarch/ids.ts';
import { countPaths } from '../zarch/path-mask.ts';
import { type Notes, PerfettoEncoder } from './perfetto-encoder.ts';
import { PerfettoFlows } from './perfetto-flows.ts';
import { PerfettoRequests } from './perfetto-requests.ts';
import { OpenSlices, PerfettoTracks } from './perfetto-tracks.ts';

const MACHINE = 'machine';
/** States in which nothing is to be seen: a device is there and works, or is not yet used. */
const QUIET: readonly string[] = ['ONLINE', 'OFFLINE', 'NOT_OPER'];

/** One record, with what it is about by name. */
interface Told {
  readonly tNs: number;
  readonly event: number;
  readonly system: number;
  readonly subchannel: number;
  readonly chpid: number;
  readonly cc: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** Process and track of its instant. */
  readonly process: string;
  readonly track: string;
}

/**
 * The events of a run as a trace for Perfetto's viewer: a process for the machine, for each system and for each QEMU; in
 * it a track for each channel path, device and for the processors. A flow joins what belongs to one start.
 *
 *   machine   0.40: outages, open exchanges       lpar1 0.0.1000: start function ─ pending ─ connect ─ disconnect
 *   lpar1     0.0.1000: SSCH to TSCH, masks       0.0.1000 state: verification …     processors: interruptions
 */
export class PerfettoTrace {
  private readonly encoder: PerfettoEncoder;
  private readonly tracks: PerfettoTracks;
  private readonly open: OpenSlices;
  private readonly requests: PerfettoRequests;
  private flows = new PerfettoFlows([]);
  private readonly systems: readonly ObservedSystem[];
  /** Device of each subchannel, by system and subchannel. */
  private readonly devices = new Map<string, string>();
  /** Channel path that works for a subchannel of the machine, by its track. */
  private readonly connected = new Map<number, number>();
  private readonly levels = new Map<number, number>();
  /** Systems from whose configuration a channel path is missing, by CHPID. */
  private readonly missing = new Map<number, Set<number>>();

  /** `write` gets pieces of the file, only lent. */
  constructor(systems: readonly ObservedSystem[], write: (bytes: Uint8Array) => void) {
    this.systems = systems;
    this.encoder = new PerfettoEncoder(write);
    this.tracks = new PerfettoTracks(this.encoder);
    this.open = new OpenSlices(this.encoder);
    this.requests = new PerfettoRequests(this.encoder, this.tracks);
  }

  get packets(): number {
    return this.encoder.packets;
  }

  begin(subchannels: readonly ObservedSubchannel[]): void {
    this.flows = new PerfettoFlows(subchannels);
    for (const { system, subchannel, image, imageSubchannel, device } of subchannels) {
      this.devices.set(`${system} ${subchannel}`, device);
      if (image !== undefined && imageSubchannel !== undefined)
        this.devices.set(`${image} ${imageSubchannel}`, device);
    }
    for (const process of [MACHINE, ...this.systems.map(({ name }) => name)]) this.tracks.process(process);
  }

  addEvents(words: Float64Array, count: number): void {
    for (let at = 0; at < count * EVENT_WORDS; at += EVENT_WORDS) this.event(words, at);
  }

  addRequests(words: Float64Array, count: number): void {
    for (let at = 0; at < count * REQUEST_WORDS; at += REQUEST_WORDS) {
      this.requests.add(words, at, (system, subchannel) => [
        this.systemName(system),
        this.deviceName(system, subchannel),
      ]);
    }
  }

  flush(): void {
    this.encoder.flush();
  }

  private event(words: Float64Array, at: number): void {
    const told = this.told(words, at);
    switch (told.event) {
      case EVENT.ssch:
        this.started(told, words, at);
        break;
      case EVENT.tsch:
        this.fetched(told, words, at);
        break;
      case EVENT['io.connect']:
      case EVENT['io.reconnect']:
        this.connect(told);
        break;
      case EVENT['io.disconnect']:
        this.phase(told, 'disconnect');
        break;
      case EVENT['io.status']:
      case EVENT['io.path-lost']:
        this.instant(told, words, at);
        this.phase(told, '');
        break;
      case EVENT['chpid.unavailable']:
      case EVENT['chpid.available']:
        this.configured(told);
        break;
      case EVENT['link.down']:
      case EVENT['link.up']:
        this.link(told);
        break;
      case EVENT['device.state']:
        this.deviceState(told);
        break;
      case EVENT['path.masks']:
        this.masks(told);
        break;
      case EVENT['io.started']:
        this.queued(told, 1);
        break;
      case EVENT['io.completed']:
        this.queued(told, -1);
        break;
      case EVENT['io.failed']:
        this.instant(told, words, at);
        this.queued(told, -1);
        break;
      default:
        this.instant(told, words, at);
    }
  }

  private started(told: Told, words: Float64Array, at: number): void {
    const { tNs, system, subchannel, process, track } = told;
    if (told.cc !== 0) {
      this.instant(told, words, at);
      return;
    }
    const flow = this.flows.started(system, subchannel);
    const own = this.tracks.slices(process, track);
    this.open.endTo(0, tNs, own);
    this.open.begin(tNs, own, 'SSCH to TSCH', flow);
    // What a guest starts reaches the machine by its host.
    if (this.systems[system]?.layer !== 'host') return;
    const machine = this.machineTrack(told);
    this.endPhase(tNs, machine, 0);
    this.open.begin(tNs, machine, 'start function', flow);
    this.open.begin(tNs, machine, 'pending');
  }

  private fetched(told: Told, words: Float64Array, at: number): void {
    const { tNs, system, subchannel, process, track } = told;
    const flow = this.flows.at(system, subchannel);
    const ends = told.cc === 0 && this.flows.ended(system, subchannel);
    const own = this.tracks.slices(process, track);
    this.encoder.instant(tNs, own, 'tsch', flow, ends, notesOf(words, at));
    if (told.cc === 0) this.open.endTo(0, tNs, own);
  }

  private connect(told: Told): void {
    const machine = this.machineTrack(told);
    const chpid = told.chpid >= 0 ? told.chpid : (this.connected.get(machine) ?? -1);
    this.phase(told, chpid < 0 ? 'connect' : `connect ${formatChpid(chpid)}`);
    if (chpid < 0) return;
    this.connected.set(machine, chpid);
    this.count(told.tNs, this.exchanges(chpid), 1);
  }

  /** The next phase of a start function; none: it is over. */
  private phase(told: Told, name: string): void {
    const machine = this.machineTrack(told);
    this.endPhase(told.tNs, machine, name === '' ? 0 : 1);
    if (name !== '') this.open.begin(told.tNs, machine, name);
  }

  private endPhase(tNs: number, machine: number, depth: number): void {
    const chpid = this.connected.get(machine);
    if (chpid !== undefined) this.count(tNs, this.exchanges(chpid), -1);
    this.connected.delete(machine);
    this.open.endTo(depth, tNs, machine);
  }

  private exchanges(chpid: number): number {
    return this.tracks.counter(MACHINE, formatChpid(chpid), 'open exchanges');
  }

  /** Out of the configuration of any system. */
  private configured({ tNs, event, system, chpid, track }: Told): void {
    const missing = this.missing.get(chpid) ?? new Set();
    this.missing.set(chpid, missing);
    if (event === EVENT['chpid.unavailable']) missing.add(system);
    else missing.delete(system);
    const own = this.tracks.slices(MACHINE, track);
    if (missing.size === 0) this.open.endTo(0, tNs, own);
    else if (this.open.depth(own) === 0) this.open.begin(tNs, own, 'not configured');
  }

  private link({ tNs, event, track, b }: Told): void {
    const own = this.tracks.slices(MACHINE, `${track} to control unit ${b}`);
    this.open.endTo(0, tNs, own);
    if (event === EVENT['link.down']) this.open.begin(tNs, own, 'link down');
  }

  private deviceState({ tNs, process, track, b }: Told): void {
    const own = this.tracks.slices(process, `${track} state`);
    this.open.endTo(0, tNs, own);
    const state = STATE_NAMES[b];
    if (QUIET.includes(state)) return;
    this.open.begin(tNs, own, state === 'VERIFY' ? 'verification' : state.toLowerCase());
  }

  private masks({ tNs, process, track, a, b, c }: Told): void {
    for (const [name, mask] of [
      ['paths in lpm', a],
      ['paths in vpm', b],
      ['paths in opm', c],
    ] as const) {
      this.level(tNs, this.tracks.counter(process, track, name), countPaths(mask));
    }
  }

  private queued({ tNs, process, track }: Told, change: number): void {
    this.count(tNs, this.tracks.counter(process, track, 'requests'), change);
  }

  private count(tNs: number, counter: number, change: number): void {
    this.level(tNs, counter, (this.levels.get(counter) ?? 0) + change);
  }

  private level(tNs: number, counter: number, level: number): void {
    if (this.levels.get(counter) === level) return;
    this.levels.set(counter, level);
    this.encoder.counter(tNs, counter, level);
  }

  private instant(told: Told, words: Float64Array, at: number): void {
    const { tNs, event, system, subchannel, process, track } = told;
    const flow = subchannel < 0 || system < 0 ? 0 : this.flows.at(system, subchannel);
    const own = this.tracks.slices(process, track);
    this.encoder.instant(tNs, own, EVENT_NAMES[event], flow, false, notesOf(words, at));
  }

  private told(words: Float64Array, at: number): Told {
    const event = words[at + EVENT_WORD.event];
    const system = words[at + EVENT_WORD.system];
    const subchannel = words[at + EVENT_WORD.subchannel];
    const chpid = words[at + EVENT_WORD.chpid];
    const process = this.processOf(event, system);
    return {
      tNs: words[at + EVENT_WORD.time],
      event,
      system,
      subchannel,
      chpid,
      cc: words[at + EVENT_WORD.cc],
      a: words[at + EVENT_WORD.a],
      b: words[at + EVENT_WORD.b],
      c: words[at + EVENT_WORD.c],
      process,
      track: this.trackOf(event, process, system, subchannel, chpid),
    };
  }

  private processOf(event: number, system: number): string {
    const { layer } = EVENT_TABLE[EVENT_NAMES[event]];
    if (layer === 'machine' || system < 0) return MACHINE;
    return layer === 'vmm' ? `QEMU of ${this.systemName(system)}` : this.systemName(system);
  }

  private trackOf(event: number, process: string, system: number, subchannel: number, chpid: number): string {
    if (ON_PROCESSORS.includes(event)) return 'processors';
    if (subchannel >= 0) {
      const device = this.deviceName(system, subchannel);
      return process === MACHINE ? `${this.systemName(system)} ${device}` : device;
    }
    return chpid >= 0 ? formatChpid(chpid) : 'processors';
  }

  private machineTrack({ system, subchannel }: Told): number {
    const device = this.deviceName(system, subchannel);
    return this.tracks.slices(MACHINE, `${this.systemName(system)} ${device}`);
  }

  private systemName(system: number): string {
    return this.systems[system]?.name ?? MACHINE;
  }

  private deviceName(system: number, subchannel: number): string {
    return (
      this.devices.get(`${system} ${subchannel & 0x3ffff}`) ?? `subchannel ${formatSubchannel(subchannel)}`
    );
  }
}

/** What a CPU does rather than a device. */
const ON_PROCESSORS: readonly number[] = [
  EVENT.interrupt,
  EVENT['machine-check'],
  EVENT['vcpu.exit'],
  EVENT['qemu.ioinst'],
];

/** An event's own numbers with the digits of `events.csv`. */
function notesOf(words: Float64Array, at: number): Notes {
  const { a, b, c } = EVENT_TABLE[EVENT_NAMES[words[at + EVENT_WORD.event]]];
  const cc = words[at + EVENT_WORD.cc];
  const lpm = words[at + EVENT_WORD.lpm];
  const notes: Record<string, string> = {
    ...(cc >= 0 && { cc: String(cc) }),
    ...(lpm >= 0 && { lpm: lpm.toString(16).padStart(2, '0') }),
  };
  for (const [index, field] of [a, b, c].entries()) {
    for (const part of fieldParts(field)) {
      const value = partValue(words[at + EVENT_WORD.a + index], part);
      notes[part.name] =
        part.hexDigits === 0 || value < 0 ? String(value) : value.toString(16).padStart(part.hexDigits, '0');
    }
  }
  return notes;
}
