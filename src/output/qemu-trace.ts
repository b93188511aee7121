import { IO_INSTRUCTIONS } from '../channel/channel-subsystem.ts';
import { EVENT_NAMES } from '../observe/event-table.ts';
import { EVENT_WORD } from '../observe/trace-buffer.ts';
import { FACILITY_MULTIPLE_SUBCHANNEL_SETS } from '../zarch/chsc.ts';
import { decodeCrw } from '../zarch/crw.ts';
import { cssidOf, ssidOf, subchannelNumberOf } from '../zarch/ids.ts';
import { QEMU_LOG_EVENTS, type QemuLogEvent } from './qemu-log-events.ts';
import { TextBuffer, traceTime } from './text-buffer.ts';

/**
 * Event records of one virtual machine as QEMU's log has them with `-trace` and `-msg timestamp=on`; the process number
 * is the system's.
 *
 *   1@2.300085:ioinst_sch_id IOINST: stsch (0.0.0000)
 */
export class QemuLog {
  lines = 0;
  private readonly process: number;
  private readonly text: TextBuffer;

  constructor(process: number, flushTo: (bytes: Uint8Array) => void) {
    this.process = process;
    this.text = new TextBuffer(flushTo);
  }

  /** The record of any event; true when it was one of QEMU's. */
  add(words: Float64Array, at: number): void {
    const event = LOG_EVENT_OF[words[at + EVENT_WORD.event]];
    if (event === null) return;
    const time = traceTime(words[at + EVENT_WORD.time]);
    const text = QEMU_LOG_EVENTS[event].print(valuesOf(event, words, at));
    this.text.line(`${this.process}@${time}:${event} ${text}`);
    this.lines++;
  }

  flush(): void {
    this.text.flush();
  }
}

const PREFIX = 'qemu.';
/** By event number. */
const LOG_EVENT_OF: readonly (QemuLogEvent | null)[] = EVENT_NAMES.map((name) =>
  name.startsWith(PREFIX) ? (name.slice(PREFIX.length) as QemuLogEvent) : null,
);

export const isQemuEvent = (event: number): boolean => LOG_EVENT_OF[event] !== null;

function valuesOf(event: QemuLogEvent, words: Float64Array, at: number): (number | string)[] {
  const a = words[at + EVENT_WORD.a];
  const b = words[at + EVENT_WORD.b];
  const c = words[at + EVENT_WORD.c];
  switch (event) {
    case 'css_enable_facility':
      return [a === FACILITY_MULTIPLE_SUBCHANNEL_SETS ? 'mss' : 'mcsse'];
    case 'css_crw': {
      const { rsc, erc, rsid, chained } = decodeCrw(a);
      return [rsc, erc, rsid, chained === 1 ? '(chained)' : ''];
    }
    case 'css_chpid_add':
      return [...channelPathOf(words, at), a];
    case 'css_new_image':
      return [a, b === 1 ? '(default)' : ''];
    case 'css_assign_subch':
      return [b === 1 ? 'assign' : 'deassign', ...subchannelOf(words, at), a];
    case 'css_io_interrupt':
      return [...subchannelOf(words, at), a, b, c === 1 ? '(unsolicited)' : ''];
    case 'css_adapter_interrupt':
      return [a];
    case 'css_do_sic':
    case 'qemu_s390_airq_suppressed':
    case 'ioinst_chsc_cmd':
      return [a, b];
    case 'virtio_ccw_interpret_ccw':
      return [...subchannelOf(words, at), a];
    case 'virtio_ccw_new_device':
      return [...subchannelOf(words, at), a, b === 1 ? 'user-configured' : 'auto-configured'];
    case 'virtio_ccw_set_ind':
      return [a, b, c];
    case 'ioinst':
      return [IO_INSTRUCTIONS[a]];
    case 'ioinst_sch_id':
      return [IO_INSTRUCTIONS[a], ...subchannelOf(words, at)];
    case 'ioinst_chp_id':
      return [IO_INSTRUCTIONS[a], ...channelPathOf(words, at)];
    case 'qemu_s390_suppress_airq':
      return [b, 'Single-Interruption Mode', 'NO-Interruptions Mode'];
  }
}

function subchannelOf(words: Float64Array, at: number): number[] {
  const id = words[at + EVENT_WORD.subchannel];
  return [cssidOf(id), ssidOf(id), subchannelNumberOf(id)];
}

function channelPathOf(words: Float64Array, at: number): number[] {
  const chpid = words[at + EVENT_WORD.chpid];
  return [chpid >>> 8, chpid & 0xff];
}
