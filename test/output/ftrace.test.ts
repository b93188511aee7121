import { describe, expect, it } from 'vitest';
import type { EventName } from '../../src/observe/event-table.ts';
import { FtraceText } from '../../src/output/ftrace.ts';
import { readTrace } from '../../src/output/trace-lines.ts';
import { TRACEPOINTS } from '../../src/output/tracepoints.ts';
import { type Emitted, numberOf, print, recording } from './print-events.ts';

const GUEST_RECORDINGS = [
  'qemu-linux/cold2.boot.guest.txt',
  'qemu-linux/hot-stopburst-2.add.guest.txt',
  'qemu-linux/crw-injection/inject.inj-chp00-init.guest.txt',
  'qemu-linux/vary/vary-chp00-off.guest.txt',
  'vfio-ccw/vfioccw.trace',
];
const PROCESS = { kind: 'resume', target: 4, name: 'lpar1.kmcheck' };

function ftraceLines(
  events: readonly Emitted[],
  { running = PROCESS, tracesSubchannelType = true, tracesVfioCcw = true, startNs = 0 } = {},
): string[] {
  let text = '';
  const system = { name: 'lpar1', tracesSubchannelType, tracesVfioCcw };
  print(
    new FtraceText(
      system,
      () => running,
      (bytes) => {
        text += new TextDecoder().decode(bytes);
      },
    ),
    events,
    startNs,
  );
  return text.split('\n').slice(HEADER_LINES, -1);
}
const HEADER_LINES = 10;

const texts = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/^.*?: s390_/, ''));

describe('ftrace text', () => {
  it('begins as the kernel begins it and tells task, context and time', () => {
    let text = '';
    print(
      new FtraceText(
        { name: 'lpar1', tracesSubchannelType: true, tracesVfioCcw: true },
        () => PROCESS,
        (bytes) => {
          text += new TextDecoder().decode(bytes);
        },
      ),
      [{ event: 'stcrw', cc: 0, numbers: [0x04060040] }],
      2_300_085_999,
    );
    const lines = text.split('\n');
    const recorded = recording('vfio-ccw/vfioccw.trace').split('\n');
    expect(lines[0]).toBe(recorded[0]);
    // The number of entries and processors stands between the first lines of the kernel's.
    expect(lines.slice(2, HEADER_LINES)).toEqual(recorded.slice(4, HEADER_LINES + 2));
    expect(lines[HEADER_LINES]).toBe(
      '         kmcheck-5       [000] .....     2.300085: s390_cio_stcrw: cc=0 slct=0 oflw=0 chn=0 rsc=4 anc=0 erc=0x6 rsid=0x40',
    );
  });

  it('puts what interrupts under the idle task', () => {
    const contextOf = (name: string): string =>
      ftraceLines([{ event: 'ssch', subchannel: 1, cc: 0 }], { running: { kind: name, target: 0, name } })[0];
    expect(contextOf('lpar1.interruption')).toMatch(/^ {10}<idle>-0 {7}\[000\] d\.h\.\. /);
    expect(contextOf('lpar1.bottom-half')).toMatch(/^ {10}<idle>-0 {7}\[000\] \.\.s\.\. /);
  });

  it('keeps only as much of a name as a task has', () => {
    const running = { kind: 'resume', target: 122, name: 'lpar1.0.0.1000 path verification' };
    const [line] = ftraceLines([{ event: 'ssch', subchannel: 1, cc: 0 }], { running });
    expect(line).toMatch(/^ 0\.0\.1000-path-v-123 {5}\[000\]/);
  });

  it('shows the CHPIDs that a subchannel had last', () => {
    const stsch = (subchannel: number): Emitted => ({ event: 'stsch', subchannel, cc: 0 });
    const chpids = (subchannel: number, first: number): Emitted => ({
      event: 'subchannel.chpids',
      subchannel,
      numbers: [first, 0xff],
    });
    const lines = ftraceLines([
      chpids(1, 0x40414243),
      stsch(1),
      stsch(2),
      chpids(1, 0x50000000),
      stsch(1),
      { event: 'stsch', subchannel: 1, cc: 3 },
    ]);
    expect(lines.map((line) => line.replace(/.*chpids=/, ''))).toEqual([
      '40414243000000ff',
      '0000000000000000',
      '50000000000000ff',
      '0000000000000000',
    ]);
  });

  it('shows the enabled bit as subchannel type where the kernel does', () => {
    const enabled: Emitted = { event: 'msch', subchannel: 0, cc: 0, numbers: [1 << 19] };
    expect(ftraceLines([enabled])[0]).toContain('ena=1 st=0');
    expect(ftraceLines([enabled], { tracesSubchannelType: false })[0]).toContain('ena=1 st=1');
  });

  it('prints instructions for channel paths and without operands', () => {
    const lines = ftraceLines([
      { event: 'rchp', chpid: 0x4a, cc: 2 },
      { event: 'chsc', cc: 0, numbers: [0x31, 0x101] },
      { event: 'interrupt', subchannel: 0x10002, numbers: [3] },
      { event: 'machine-check' },
    ]);
    expect(texts(lines)).toEqual([
      'cio_rchp: chpid=0.4a cc=2',
      'cio_chsc: code=0x0031 cc=0 rcode=0x0101',
      'cio_interrupt: schid=0.1.0002 isc=3 type=0',
    ]);
  });

  it('prints what vfio-ccw does as it was recorded', () => {
    const lines = ftraceLines([
      { event: 'vfio_ccw.fsm_event', subchannel: 0, numbers: [2, 1] },
      { event: 'vfio_ccw.fsm_io_request', subchannel: 0, numbers: [4, -22, 3] },
      { event: 'vfio_ccw.fsm_io_request', subchannel: 0, numbers: [4, -95, 1] },
      { event: 'vfio_ccw.fsm_async_request', subchannel: 0, numbers: [4, -22] },
      { event: 'vfio_ccw.chp_event', subchannel: 0, chpid: 0, numbers: [0x80, 3] },
    ]);
    const recorded = recording('vfio-ccw/vfioccw.trace');
    expect(lines.length).toBe(5);
    for (const line of lines) expect(recorded).toContain(line.replace(/^.*?(vfio_ccw_)/, '$1'));
  });

  it('has no tracepoints of vfio-ccw where the kernel has none', () => {
    const lines = ftraceLines(
      [
        { event: 'vfio_ccw.fsm_event', subchannel: 0, numbers: [2, 1] },
        { event: 'ssch', subchannel: 0, cc: 0 },
        { event: 'vfio_ccw.fsm_io_request', subchannel: 0, numbers: [4, -22, 3] },
      ],
      { tracesVfioCcw: false },
    );
    expect(texts(lines)).toEqual(['cio_ssch: schid=0.0.0000 cc=0']);
  });

  it.each(GUEST_RECORDINGS)('has the formats of %s', (name) => {
    const { lines } = readTrace(recording(name));
    expect(lines.length).toBeGreaterThan(10);
    for (const { event, fields } of lines) {
      const text = fields.map((field) => `${field.name}=${field.value}`).join(' ');
      const format = TRACEPOINTS[`s390_${event}` as keyof typeof TRACEPOINTS] ?? TRACEPOINTS[event as never];
      expect(format.matches(text), text).toBe(true);
    }
  });

  it('has no tracepoints of vfio-ccw where the kernel has none', () => {
    const lines = ftraceLines(
      [
        { event: 'vfio_ccw.fsm_event', subchannel: 0, numbers: [2, 1] },
        { event: 'ssch', subchannel: 0, cc: 0 },
        { event: 'vfio_ccw.fsm_io_request', subchannel: 0, numbers: [4, -22, 3] },
      ],
      { tracesVfioCcw: false },
    );
    expect(texts(lines)).toEqual(['cio_ssch: schid=0.0.0000 cc=0']);
  });

  it.each(GUEST_RECORDINGS)('prints what %s tells in the same words', (name) => {
    const told = readTrace(recording(name)).lines.filter(({ event }) => event.startsWith('cio_'));
    const events = told.flatMap(({ event, fields }) => {
      const value = (wanted: string): string | undefined => fields.find((one) => one.name === wanted)?.value;
      const field = (name: string): number => numberOf(name === 'dev' ? `0x${value(name)}` : value(name));
      return eventsOf(event, field);
    });
    const again = readTrace(ftraceLines(events).join('\n')).lines;
    const recorded = told.filter(({ event }) => event !== 'cio_adapter_int');
    expect(again.map(({ event, fields }) => ({ event, fields }))).toEqual(
      recorded.map(({ event, fields }) => ({ event, fields })),
    );
  });
});

/** The events behind a line of a recording, with their numbers packed by hand. */
function eventsOf(event: string, field: (name: string) => number): Emitted[] {
  const common = { subchannel: field('schid'), cc: field('cc') };
  switch (event) {
    case 'cio_stsch':
    case 'cio_msch': {
      const device = (field('ena') * 8 + field('st') * 2 + field('dnv')) * 0x10000 + field('dev');
      const masks = field('lpm') * 0x1000000 + field('pnom') * 0x10000 + field('lpum') * 0x100 + field('pim');
      const name = event === 'cio_stsch' ? 'stsch' : 'msch';
      return [
        { event: 'subchannel.chpids', subchannel: field('schid'), numbers: [field('chpids'), 0] },
        { event: name, ...common, numbers: [device, masks, field('pam') * 0x100 + field('pom')] },
      ];
    }
    case 'cio_tsch': {
      const control = field('fctl') * 0x1000 + field('actl') * 0x20 + field('stctl');
      const packed = field('dcc') * 0x20000 + field('pno') * 0x10000 + control;
      return [{ event: 'tsch', ...common, numbers: [packed, field('dstat'), field('cstat')] }];
    }
    case 'cio_stcrw': {
      const flags = field('slct') * 0x40 + field('oflw') * 0x20 + field('chn') * 0x10 + field('rsc');
      const word = flags * 0x1000000 + field('anc') * 0x800000 + field('erc') * 0x10000 + field('rsid');
      return [{ event: 'stcrw', cc: field('cc'), numbers: [word] }];
    }
    case 'cio_chsc':
      return [{ event: 'chsc', cc: field('cc'), numbers: [field('code'), field('rcode')] }];
    case 'cio_interrupt':
      return [{ event: 'interrupt', subchannel: field('schid'), numbers: [field('isc')] }];
    case 'cio_adapter_int':
      return [];
    default:
      return [{ event: event.replace('cio_', '') as EventName, ...common }];
  }
}
