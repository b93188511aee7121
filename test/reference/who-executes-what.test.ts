import { describe, expect, test } from 'vitest';
import { INSTRUCTION_PROBES } from '../../src/reference/instruction-probes.ts';
import { ScriptProbes } from '../../src/reference/script-probe.ts';
import { type InstructionRow, rowOf } from '../../src/reference/who-executes-what.ts';

/** Cells that the sources state, beside what the probes find. */
const scripts = new ScriptProbes();
const row = (title: string): InstructionRow =>
  rowOf(
    INSTRUCTION_PROBES.find(({ instruction, form }) => `${instruction} ${form}`.trim() === title)!,
    scripts,
  );
const cell = ({ passedThrough }: InstructionRow, kernel: string, qemu: string): string =>
  passedThrough.get(kernel)!.get(qemu)!;

describe('who executes what', () => {
  test.each(['hsch', 'csch'])('%s reaches the host with a command region: Linux 5.2 and QEMU 4.1', (name) => {
    const stop = row(name);
    expect(cell(stop, '4.17', '2.10')).toBe('emulated');
    expect(cell(stop, '4.17', '10.2')).toBe('emulated');
    expect(cell(stop, '2026-07', '2.12')).toBe('emulated');
    expect(cell(stop, '5.7', '4.1')).toBe('passed on (command region)');
    expect(cell(stop, '2026-07', '10.2')).toBe('passed on (command region)');
  });

  test('a start is passed on by every pair', () => {
    const start = row('ssch');
    expect(new Set([...start.passedThrough.values()].flatMap((cells) => [...cells.values()]))).toEqual(
      new Set(['passed on (I/O region)']),
    );
    expect(start.native).toBe('executed');
    expect(start.zvm).toBe('passed on');
  });

  test('an ORB without prefetch is refused by QEMU until 5.0, then by kernels until 5.7', () => {
    const start = row('ssch no prefetch');
    expect(cell(start, '2026-07', '4.1')).toBe('refused (unit exception)');
    expect(cell(start, '4.17', '5.1')).toBe('refused (unit exception, I/O region -EOPNOTSUPP)');
    expect(cell(start, '5.7', '5.1')).toBe('passed on (I/O region)');
  });

  test('kernels translate IDAWs of format 1 from 6.3 on', () => {
    const start = row('ssch format-1 IDAWs');
    expect(cell(start, '6.1', '10.2')).toMatch(/^refused .*EOPNOTSUPP/);
    expect(cell(start, '6.16', '10.2')).toBe('passed on (I/O region)');
  });

  test("STSCH looks at the host's subchannel where both have the SCHIB region: Linux 5.8 and QEMU 5.1", () => {
    const store = row('stsch');
    expect(cell(store, '5.7', '10.2')).toBe('emulated');
    expect(cell(store, '2026-07', '4.1')).toBe('emulated');
    expect(cell(store, '5.10', '5.1')).toBe('emulated (SCHIB region, host STSCH)');
  });

  test('RSCH becomes a second start, which the suspended subchannel of the host refuses', () => {
    expect(cell(row('rsch'), '2026-07', '10.2')).toBe('refused (cc 2, I/O region -EBUSY, host SSCH cc 2)');
  });

  test('XSCH is never passed on by QEMU, but by CP', () => {
    const cancel = row('xsch');
    expect(cell(cancel, '2026-07', '10.2')).toBe('emulated');
    expect(cancel.zvm).toBe('passed on');
  });

  test('TPI is answered in KVM, and channel paths of the host are not reset for guests', () => {
    expect(cell(row('tpi'), '4.17', '2.10')).toBe('in KVM');
    expect(cell(row('rchp'), '2026-07', '10.2')).toBe('refused (cc 3)');
  });
});
