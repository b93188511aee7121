import { REQUEST_WORD } from '../observe/trace-buffer.ts';
import type { PerfettoEncoder } from './perfetto-encoder.ts';
import type { PerfettoTracks } from './perfetto-tracks.ts';

/** Parts of the time that a request was in service, in the order in which most of it passes. */
const PARTS = [
  ['pending', REQUEST_WORD.pendNs],
  ['disconnect', REQUEST_WORD.discNs],
  ['connect', REQUEST_WORD.connNs],
  ['interruption', REQUEST_WORD.interruptDelayNs],
] as const;

type Place = (system: number, subchannel: number) => readonly [process: string, device: string];

/**
 * Application requests from their start to their end, each with the parts of its time. They are known when they have
 * ended; a device that has several in service at once has a track for each.
 */
export class PerfettoRequests {
  private readonly encoder: PerfettoEncoder;
  private readonly tracks: PerfettoTracks;
  /** By device: when each of its tracks is free again. */
  private readonly lanes = new Map<string, number[]>();

  constructor(encoder: PerfettoEncoder, tracks: PerfettoTracks) {
    this.encoder = encoder;
    this.tracks = tracks;
  }

  /** The request in the record that begins at `at`. */
  add(words: Float64Array, at: number, place: Place): void {
    const [process, device] = place(words[at + REQUEST_WORD.system], words[at + REQUEST_WORD.subchannel]);
    const endNs = words[at + REQUEST_WORD.endNs];
    const fromNs = words[at + REQUEST_WORD.startNs];
    // A request that was never started has been in nobody's service.
    if (fromNs < words[at + REQUEST_WORD.arrivalNs] || fromNs > endNs) return;
    const track = this.trackFor(process, device, fromNs, endNs);
    this.encoder.begin(fromNs, track, words[at + REQUEST_WORD.write] === 1 ? 'write' : 'read');
    let now = fromNs;
    for (const [name, word] of PARTS) {
      const until = Math.min(now + Math.max(words[at + word], 0), endNs);
      if (until > now) {
        this.encoder.begin(now, track, name);
        this.encoder.end(until, track);
      }
      now = until;
    }
    this.encoder.end(endNs, track);
  }

  private trackFor(process: string, device: string, fromNs: number, endNs: number): number {
    const key = `${process}\n${device}`;
    const lanes = this.lanes.get(key) ?? [];
    this.lanes.set(key, lanes);
    const free = lanes.findIndex((until) => until <= fromNs);
    const lane = free < 0 ? lanes.length : free;
    lanes[lane] = endNs;
    const name = lane === 0 ? `${device} requests` : `${device} requests ${lane + 1}`;
    return this.tracks.slices(process, name);
  }
}
