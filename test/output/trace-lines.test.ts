import { describe, expect, it } from 'vitest';
import { readTrace, type TraceLine } from '../../src/output/trace-lines.ts';
import { recording } from './print-events.ts';

const only = (text: string): TraceLine => {
  const { lines } = readTrace(text);
  expect(lines).toHaveLength(1);
  return lines[0];
};
const textOf = ({ event, fields }: TraceLine): string =>
  [event, ...fields.map(({ name, value }) => `${name}=${value}`)].join(' ');

const TSCH = 'schid=0.0.0001 cc=0 dcc=0 pno=0 fctl=0x4 actl=0x0 stctl=0x7 dstat=0xc cstat=0x0';

describe('readTrace', () => {
  it.each([
    ['ftrace', `         vfioccw-54      [000] d.h..     1.595173: s390_cio_tsch: ${TSCH}`],
    ['ftrace with scheduling bits', `     kworker/0:1-23   [001] d..h1    17.595173: s390_cio_tsch: ${TSCH}`],
    [
      'ftrace with thread groups',
      `     my task-a-1234  (   1200) [003] .N..1.   171.595173: s390_cio_tsch: ${TSCH}`,
    ],
    ['trace-cmd report', `          <idle>-0     [000]   171.595173: s390_cio_tsch:        ${TSCH}`],
    [
      'a console that stamps lines',
      `19:03:22    kworker/u16:1-23      .h..    17.595173: s390_cio_tsch: ${TSCH}`,
    ],
    ['the short form', `28.595173 kworker/u2:0-9 d.h.. cio_tsch ${TSCH}`],
  ])('reads %s', (_, line) => {
    const found = only(line);
    expect(textOf(found)).toBe(`cio_tsch ${TSCH}`);
    expect(found.timeUs! % 1_000_000).toBe(595_173);
    expect(found.cut).toBe(false);
  });

  it('reads every line of the recordings', () => {
    const lines = (name: string): number => readTrace(recording(name)).lines.length;
    expect(lines('qemu-linux/cold2.boot.guest.txt')).toBe(89);
    expect(lines('qemu-linux/cold2.boot.qemu.txt')).toBe(116);
    expect(lines('vfio-ccw/vfioccw.trace')).toBe(283);
    expect(lines('hercules-linux/1path.boot.guest-trace.txt')).toBe(103);
  });

  it("reads QEMU's log with and without time, and leaves guest addresses aside", () => {
    const text = 'css_io_interrupt CSS: I/O interrupt on sch fe.0.0000 (intparm 0x02002788, isc 0x3) ';
    const bare = only(text);
    expect(textOf(bare)).toBe(
      'css_io_interrupt text=CSS: I/O interrupt on sch fe.0.0000 (intparm *, isc 0x3)',
    );
    const stamped = only(`4711@1700000000.000042:${text.replace('0x02002788', '0x00000001')}`);
    expect(stamped.fields).toEqual(bare.fields);
    expect([bare.timeUs, stamped.timeUs]).toEqual([null, 1_700_000_000_000_042]);
  });

  it('names events of others', () => {
    const { kind, lines, others } = readTrace(
      '       swapper/0-1       [000] d....     1.000000: s390_diagnose: nr=0x258',
    );
    expect([kind, lines, [...others]]).toEqual([null, [], [['s390_diagnose', 1]]]);
  });

  it('passes over what is no trace', () => {
    expect(readTrace('# tracer: nop\n\nCRW0 reports slct=0\n[    7.2] crw_info : CRW\nDONE rc=0\n')).toEqual({
      kind: null,
      lines: [],
      others: new Map(),
    });
  });

  it('takes lines for cut that end in the middle', () => {
    const whole = `1.000001 init-1 d.... cio_tsch ${TSCH}`;
    for (const length of [40, 55, whole.length - 1, whole.length - 11]) {
      const { lines } = readTrace(`${whole}\n${whole.slice(0, length)}`);
      expect(
        lines.map(({ cut }) => cut),
        whole.slice(0, length),
      ).toEqual([false, true]);
    }
  });

  it('takes lines for cut whose beginning was eaten', () => {
    const { lines } = readTrace(recording('hercules-linux/1path.boot.guest-trace.txt'));
    expect(lines.filter(({ cut }) => cut)).toHaveLength(21);
    expect(lines.filter(({ cut }) => cut).every(({ timeUs }) => timeUs === null)).toBe(true);
  });

  it('does not take another kernel for a cut line', () => {
    const { lines } = readTrace(
      '1.000001 init-1 d.... cio_stcrw cc=0 slct=0 oflw=0 chn=1 rsc=3 erc=0x4 rsid=0x0\n' +
        '1.000002 init-1 d.... cio_stcrw cc=1 slct=0 oflw=0 chn=0 rsc=0 erc=0x0 rsid=0x0',
    );
    expect(lines.map(({ cut }) => cut)).toEqual([false, false]);
  });
});
