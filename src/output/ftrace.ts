import { RESUME } from '../kernel/process.ts';
import type { RunningEvent } from '../kernel/simulation.ts';
import { EVENT, type EventName } from '../observe/event-table.ts';
import { EVENT_WORD } from '../observe/trace-buffer.ts';
import { IO_REQUEST_INFO } from '../observe/vfio-events.ts';
import { decodeCrw } from '../zarch/crw.ts';
import { cssidOf, ssidOf, subchannelNumberOf } from '../zarch/ids.ts';
import { unpackDevice, unpackPamPom, unpackPathMasks, unpackScswControl } from '../zarch/packed-fields.ts';
import { TextBuffer, traceTime } from './text-buffer.ts';
import { TRACEPOINTS, type Tracepoint } from './tracepoints.ts';

/** The system whose Linux prints the trace. */
export interface TracedSystem {
  readonly name: string;
  /** Older kernels print the enabled bit in its place (`traceSubchannelType` of the kernel's features). */
  readonly tracesSubchannelType: boolean;
  /** Older kernels have no tracepoints in vfio-ccw (`traceVfioCcw`). */
  readonly tracesVfioCcw: boolean;
}

/**
 * Event records of one system as the text of Linux' tracepoints, in the form in which ftrace prints its buffer:
 *
 *          kmcheck-5       [000] .....     2.300085: s390_cio_stcrw: cc=0 slct=0 …
 *
 * Processors are not told apart, and of the flags only the context is told: `h` interruption, `s` timer or bottom half.
 */
export class FtraceText {
  lines = 0;
  private readonly system: TracedSystem;
  private readonly text: TextBuffer;
  private readonly runningEvent: (running: number) => RunningEvent;
  /** Task and flags of a line, by what ran. */
  private readonly tasks = new Map<number, { readonly head: string; readonly flags: string }>();
  /** By subchannel, as the SCHIB stored last has them. */
  private readonly chpids = new Map<number, string>();

  constructor(
    system: TracedSystem,
    runningEvent: (running: number) => RunningEvent,
    flushTo: (bytes: Uint8Array) => void,
  ) {
    this.system = system;
    this.runningEvent = runningEvent;
    this.text = new TextBuffer(flushTo);
    for (const line of HEADER) this.text.line(line);
  }

  /** The record of an event of this system. */
  add(words: Float64Array, at: number): void {
    const event = words[at + EVENT_WORD.event];
    if (event === EVENT['subchannel.chpids']) this.noteChpids(words, at);
    const tracepoint = TRACEPOINT_OF.get(event);
    if (tracepoint === undefined || !this.has(tracepoint)) return;
    const { head, flags } = this.taskOf(words[at + EVENT_WORD.running]);
    const time = traceTime(words[at + EVENT_WORD.time]).padStart(TIME_WIDTH);
    const text = TRACEPOINTS[tracepoint].print(this.values(tracepoint, words, at));
    this.text.line(`${head} [000] ${flags} ${time}: ${tracepoint}: ${text}`);
    this.lines++;
  }

  flush(): void {
    this.text.flush();
  }

  private has(tracepoint: Tracepoint): boolean {
    return this.system.tracesVfioCcw || !tracepoint.startsWith('vfio_ccw_');
  }

  private noteChpids(words: Float64Array, at: number): void {
    const halves = [words[at + EVENT_WORD.a], words[at + EVENT_WORD.b]];
    const text = halves.map((half) => half.toString(16).padStart(8, '0')).join('');
    this.chpids.set(words[at + EVENT_WORD.subchannel], text);
  }

  private values(tracepoint: Tracepoint, words: Float64Array, at: number): (number | string)[] {
    const cc = words[at + EVENT_WORD.cc];
    const a = words[at + EVENT_WORD.a];
    switch (tracepoint) {
      case 's390_cio_stsch':
      case 's390_cio_msch':
        return [...subchannelOf(words, at), cc, ...this.schib(words, at)];
      case 's390_cio_tsch':
        return [...subchannelOf(words, at), cc, ...irb(words, at)];
      case 's390_cio_rchp': {
        const chpid = words[at + EVENT_WORD.chpid];
        return [chpid >>> 8, chpid & 0xff, cc];
      }
      case 's390_cio_chsc':
        return [a, cc, words[at + EVENT_WORD.b]];
      case 's390_cio_interrupt':
        return [...subchannelOf(words, at), a, IO_SUBCHANNEL];
      case 's390_cio_adapter_int':
        return [a];
      case 's390_cio_stcrw':
        return [cc, ...crw(a)];
      case 'vfio_ccw_chp_event':
      case 'vfio_ccw_fsm_event':
      case 'vfio_ccw_fsm_async_request':
        return [...subchannelOf(words, at), a, words[at + EVENT_WORD.b]];
      case 'vfio_ccw_fsm_io_request': {
        const info = IO_REQUEST_INFO[words[at + EVENT_WORD.c]];
        return [...subchannelOf(words, at), a, words[at + EVENT_WORD.b], info];
      }
      default:
        return [...subchannelOf(words, at), cc];
    }
  }

  private schib(words: Float64Array, at: number): (number | string)[] {
    const { ena, st, dnv, dev } = unpackDevice(words[at + EVENT_WORD.a]);
    const { lpm, pnom, lpum, pim } = unpackPathMasks(words[at + EVENT_WORD.b]);
    const { pam, pom } = unpackPamPom(words[at + EVENT_WORD.c]);
    const shownType = this.system.tracesSubchannelType ? st : ena;
    // STSCH with another condition code than 0 stored nothing.
    const wasStored = words[at + EVENT_WORD.event] !== EVENT.stsch || words[at + EVENT_WORD.cc] === 0;
    const chpids = wasStored ? (this.chpids.get(words[at + EVENT_WORD.subchannel]) ?? '0') : '0';
    return [ena, shownType, dnv, dev, lpm, pnom, lpum, pim, pam, pom, chpids];
  }

  private taskOf(running: number): { readonly head: string; readonly flags: string } {
    const known = this.tasks.get(running);
    if (known !== undefined) return known;
    const task = describeTask(this.runningEvent(running), this.system.name);
    this.tasks.set(running, task);
    return task;
  }
}

/** Type of the subchannel in the interruption code: only I/O subchannels interrupt. */
const IO_SUBCHANNEL = 0;
/** Five digits of seconds, six behind the point. */
const TIME_WIDTH = 12;
const COMM_WIDTH = 16;
const PID_WIDTH = 7;

const TRACEPOINT_BY_EVENT: Partial<Record<EventName, Tracepoint>> = {
  stsch: 's390_cio_stsch',
  msch: 's390_cio_msch',
  tsch: 's390_cio_tsch',
  ssch: 's390_cio_ssch',
  csch: 's390_cio_csch',
  hsch: 's390_cio_hsch',
  xsch: 's390_cio_xsch',
  rsch: 's390_cio_rsch',
  rchp: 's390_cio_rchp',
  chsc: 's390_cio_chsc',
  interrupt: 's390_cio_interrupt',
  stcrw: 's390_cio_stcrw',
  'vfio_ccw.chp_event': 'vfio_ccw_chp_event',
  'vfio_ccw.fsm_event': 'vfio_ccw_fsm_event',
  'vfio_ccw.fsm_async_request': 'vfio_ccw_fsm_async_request',
  'vfio_ccw.fsm_io_request': 'vfio_ccw_fsm_io_request',
};
const TRACEPOINT_OF: ReadonlyMap<number, Tracepoint> = new Map(
  Object.entries(TRACEPOINT_BY_EVENT).map(([name, tracepoint]) => [EVENT[name as EventName], tracepoint]),
);

function subchannelOf(words: Float64Array, at: number): number[] {
  const id = words[at + EVENT_WORD.subchannel];
  return [cssidOf(id), ssidOf(id), subchannelNumberOf(id)];
}

function irb(words: Float64Array, at: number): number[] {
  const { dcc, pno, fctl, actl, stctl } = unpackScswControl(words[at + EVENT_WORD.a]);
  return [dcc, pno, fctl, actl, stctl, words[at + EVENT_WORD.b], words[at + EVENT_WORD.c]];
}

function crw(word: number): number[] {
  const { solicited, overflow, chained, rsc, ancillary, erc, rsid } = decodeCrw(word);
  return [solicited, overflow, chained, rsc, ancillary, erc, rsid];
}

/**
 * Threads have names and numbers of their own. Everything else interrupts whatever runs, which is not told, and so stands
 * under the idle task.
 */
function describeTask({ kind, target, name }: RunningEvent, system: string): { head: string; flags: string } {
  const own = name.startsWith(`${system}.`) ? name.slice(system.length + 1) : name;
  if (kind === RESUME) return { head: taskHead(own.replaceAll(' ', '-'), target + 1), flags: '.....' };
  const isInterruption = own === 'interruption' || own === 'answer';
  return { head: taskHead('<idle>', 0), flags: isInterruption ? 'd.h..' : '..s..' };
}

/** Names of tasks have at most 15 characters (TASK_COMM_LEN). */
const taskHead = (name: string, pid: number): string =>
  `${name.slice(0, COMM_WIDTH - 1).padStart(COMM_WIDTH)}-${String(pid).padEnd(PID_WIDTH)}`;

/** The kernel also tells the number of entries, which is known only at the end. */
const HEADER = [
  '# tracer: nop',
  '#',
  '#                                _-----=> irqs-off/BH-disabled',
  '#                               / _----=> need-resched',
  '#                              | / _---=> hardirq/softirq',
  '#                              || / _--=> preempt-depth',
  '#                              ||| / _-=> migrate-disable',
  '#                              |||| /     delay',
  '#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION',
  '#              | |         |   |||||     |         |',
];
