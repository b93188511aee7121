import type { SimTime } from '../kernel/time.ts';
import type { SubchannelId } from '../zarch/ids.ts';
import type { BlockRequest } from './block-request.ts';

/** Where full buffers go. The arrays are only lent; a record is `EVENT_WORDS` or `REQUEST_WORDS` numbers. */
export interface TraceSink {
  events(records: Float64Array, count: number): void;
  requests(records: Float64Array, count: number): void;
}

/** Positions of an event's numbers in its record. */
export const EVENT_WORD = {
  time: 0,
  seq: 1,
  event: 2,
  system: 3,
  subchannel: 4,
  chpid: 5,
  lpm: 6,
  cc: 7,
  a: 8,
  b: 9,
  c: 10,
  /** What ran, as `Simulation.running` tells it. */
  running: 11,
} as const;
export const EVENT_WORDS = 12;

/** Positions of an ended request's numbers in its record. */
export const REQUEST_WORD = {
  id: 0,
  system: 1,
  subchannel: 2,
  application: 3,
  write: 4,
  firstBlock: 5,
  blockCount: 6,
  arrivalNs: 7,
  startNs: 8,
  endNs: 9,
  iosqNs: 10,
  pendNs: 11,
  cmrNs: 12,
  channelBusyNs: 13,
  cuBusyNs: 14,
  deviceBusyNs: 15,
  discNs: 16,
  connNs: 17,
  interruptDelayNs: 18,
  chpid: 19,
  lpum: 20,
  retries: 21,
  outcome: 22,
} as const;
export const REQUEST_WORDS = 23;

const CAPACITY = 4096;

/** Collects records of fixed size; they are formatted only when the buffer is full, away from the simulation's hot path. */
export class TraceBuffer {
  private readonly sink: TraceSink;
  private readonly eventWords = new Float64Array(CAPACITY * EVENT_WORDS);
  private eventCount = 0;
  private readonly requestWords = new Float64Array(CAPACITY * REQUEST_WORDS);
  private requestCount = 0;

  constructor(sink: TraceSink) {
    this.sink = sink;
  }

  event(
    time: SimTime,
    seq: number,
    event: number,
    system: number,
    subchannel: number,
    chpid: number,
    lpm: number,
    cc: number,
    a: number,
    b: number,
    c: number,
    running: number,
  ): void {
    const { eventWords: words } = this;
    const at = this.eventCount * EVENT_WORDS;
    words[at] = time;
    words[at + 1] = seq;
    words[at + 2] = event;
    words[at + 3] = system;
    words[at + 4] = subchannel;
    words[at + 5] = chpid;
    words[at + 6] = lpm;
    words[at + 7] = cc;
    words[at + 8] = a;
    words[at + 9] = b;
    words[at + 10] = c;
    words[at + 11] = running;
    if (++this.eventCount === CAPACITY) this.flushEvents();
  }

  request(system: number, subchannel: SubchannelId, request: BlockRequest): void {
    const { requestWords: words } = this;
    const at = this.requestCount * REQUEST_WORDS;
    words[at] = request.id;
    words[at + 1] = system;
    words[at + 2] = subchannel;
    words[at + 3] = request.application;
    words[at + 4] = request.write ? 1 : 0;
    words[at + 5] = request.firstBlock;
    words[at + 6] = request.blockCount;
    words[at + 7] = request.arrivalNs;
    words[at + 8] = request.startNs;
    words[at + 9] = request.endNs;
    words[at + 10] = request.iosqNs;
    words[at + 11] = request.pendNs;
    words[at + 12] = request.cmrNs;
    words[at + 13] = request.channelBusyNs;
    words[at + 14] = request.cuBusyNs;
    words[at + 15] = request.deviceBusyNs;
    words[at + 16] = request.discNs;
    words[at + 17] = request.connNs;
    words[at + 18] = request.interruptDelayNs;
    words[at + 19] = request.chpid;
    words[at + 20] = request.lpum;
    words[at + 21] = request.retries;
    words[at + 22] = request.outcome;
    if (++this.requestCount === CAPACITY) this.flushRequests();
  }

  /** Records are handed over once, even to a sink that throws. */
  flush(): void {
    this.flushEvents();
    this.flushRequests();
  }

  private flushEvents(): void {
    const count = this.eventCount;
    this.eventCount = 0;
    if (count > 0) this.sink.events(this.eventWords, count);
  }

  private flushRequests(): void {
    const count = this.requestCount;
    this.requestCount = 0;
    if (count > 0) this.sink.requests(this.requestWords, count);
  }
}
