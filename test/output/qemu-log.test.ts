import { describe, expect, it } from 'vitest';
import { IO_INSTRUCTIONS, type IoInstruction } from '../../src/channel/channel-subsystem.ts';
import type { EventName } from '../../src/observe/event-table.ts';
import { QEMU_LOG_EVENTS, type QemuLogEvent } from '../../src/output/qemu-log-events.ts';
import { QemuLog } from '../../src/output/qemu-trace.ts';
import { type Emitted, numberOf, print, recording } from './print-events.ts';

const QEMU_RECORDINGS = [
  'qemu-linux/cold2.boot.qemu.txt',
  'qemu-linux/hot-spaced-2.readd.qemu.txt',
  'qemu-linux/vary/cmb-enable-0100.qemu.txt',
  'instructions/kut-css-virtio-net.qemu-trace',
];

describe("QEMU's log", () => {
  function logLines(events: readonly Emitted[], startNs = 0): string[] {
    let text = '';
    print(
      new QemuLog(1, (bytes) => {
        text += new TextDecoder().decode(bytes);
      }),
      events,
      startNs,
    );
    return text.split('\n').slice(0, -1);
  }

  it('tells process and time, and every event that the recordings have not', () => {
    const lines = logLines(
      [
        { event: 'qemu.css_crw', numbers: [0x03040001 + 0x10000000] },
        { event: 'qemu.css_io_interrupt', subchannel: 0xfe * 0x40000 + 7, numbers: [0x10000, 3, 1] },
        { event: 'qemu.css_adapter_interrupt', numbers: [6] },
        { event: 'qemu.css_assign_subch', subchannel: 0xfe * 0x40000, numbers: [0x1234, 0] },
        { event: 'qemu.css_enable_facility', numbers: [0] },
        { event: 'qemu.ioinst_chp_id', chpid: 0x5a, numbers: [IO_INSTRUCTIONS.indexOf('rchp')] },
        { event: 'qemu.virtio_ccw_set_ind', numbers: [4096, 0, 1] },
        { event: 'qemu.qemu_s390_suppress_airq', numbers: [1, 6] },
        { event: 'qemu.qemu_s390_airq_suppressed', numbers: [1, 6] },
        { event: 'machine-check' },
      ],
      2_000_000_000,
    );
    expect(lines).toEqual(
      [
        'css_crw CSS: queueing crw: rsc=0x3, erc=0x4, rsid=0x1 (chained)',
        'css_io_interrupt CSS: I/O interrupt on sch fe.0.0007 (intparm 0x00010000, isc 0x3) (unsolicited)',
        'css_adapter_interrupt CSS: adapter I/O interrupt (isc 0x6)',
        'css_assign_subch CSS: deassign fe.0.0000 (devno 0x1234)',
        'css_enable_facility CSS: enable mcsse',
        'ioinst_chp_id IOINST: rchp (0.5a)',
        'virtio_ccw_set_ind VIRTIO-CCW: indicator at 4096: 0x0->0x1',
        'qemu_s390_suppress_airq flic: for isc 0x6, suppress airq by modifying ais mode from Single-Interruption Mode to NO-Interruptions Mode',
        'qemu_s390_airq_suppressed flic: adapter I/O interrupt suppressed (type 0x1 isc 0x6)',
      ].map((text) => `1@2.000000:${text}`),
    );
  });

  it.each(QEMU_RECORDINGS)('prints what %s tells in the same words', (name) => {
    const recorded = recording(name).split('\n').slice(0, -1);
    const events = recorded.map((line) => {
      const event = line.slice(0, line.indexOf(' '));
      expect(QEMU_LOG_EVENTS[event as QemuLogEvent].matches(line.slice(event.length + 1)), line).toBe(true);
      return qemuEvent(event, line);
    });
    const lines = logLines(events).map((line) => line.replace('1@0.000000:', ''));
    expect(lines).toEqual(recorded);
  });
});

/** The event behind a line of QEMU's log. */
function qemuEvent(name: string, line: string): Emitted {
  const event = `qemu.${name}` as EventName;
  const numbers = [...line.matchAll(/0x([0-9a-f]+)/g)].map(([, digits]) => Number.parseInt(digits, 16));
  const [, place] = /([0-9a-f]+\.[0-9a-f]\.[0-9a-f]{4})/.exec(line) ?? [];
  const subchannel = place === undefined ? -1 : numberOf(place);
  const instruction = (/IOINST: ([a-z]+)/.exec(line)?.[1] ?? '') as IoInstruction;
  switch (name) {
    case 'ioinst':
    case 'ioinst_sch_id':
      return { event, subchannel, numbers: [IO_INSTRUCTIONS.indexOf(instruction)] };
    case 'css_crw': {
      const [rsc, erc, rsid] = numbers;
      const chained = line.includes('(chained)') ? 0x10000000 : 0;
      return { event, numbers: [chained + rsc * 0x1000000 + erc * 0x10000 + rsid] };
    }
    case 'css_chpid_add': {
      const [, cssid, chpid] = /chpid ([0-9a-f]+)\.([0-9a-f]{2})/.exec(line)!;
      return { event, chpid: Number.parseInt(`${cssid}${chpid}`, 16), numbers };
    }
    case 'ioinst_chp_id': {
      const [, cssid, chpid] = /\(([0-9a-f]+)\.([0-9a-f]{2})\)/.exec(line)!;
      const id = Number.parseInt(`${cssid}${chpid}`, 16);
      return { event, chpid: id, numbers: [IO_INSTRUCTIONS.indexOf(instruction)] };
    }
    case 'css_new_image':
      return { event, numbers: [numbers[0], line.includes('(default)') ? 1 : 0] };
    case 'css_assign_subch':
      return { event, subchannel, numbers: [numbers[0], line.includes(' assign ') ? 1 : 0] };
    case 'css_enable_facility':
      return { event, numbers: [line.endsWith('mss') ? 2 : 0] };
    case 'virtio_ccw_new_device':
      return { event, subchannel, numbers: [numbers[0], line.includes('(user') ? 1 : 0] };
    default:
      return { event, subchannel, numbers };
  }
}
