import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreementOf, compareTraces, TraceError } from '../../src/experiment/trace-comparison.ts';
import { recording } from '../output/print-events.ts';

const PERRN = recording('qemu-linux/crw-injection/inject.inj-chp00-perrn.guest.txt');
const BOOT = recording('hercules-linux/1path.boot.guest-trace.txt');
const QEMU = recording('qemu-linux/cold2.boot.qemu.txt');

const ssch = (subchannel: number): string =>
  `1.000000 init-1 d.... cio_ssch schid=0.0.${String(subchannel).padStart(4, '0')} cc=0`;

/** Whole lines that must stand alone, by trying everything; a cut line may stand opposite any line of its subchannel. */
function fewestAlone(
  [left, ...lefts]: readonly { subchannel: number; cut: boolean }[],
  [right, ...rights]: readonly { subchannel: number; cut: boolean }[],
): number {
  const cost = (line: { cut: boolean }): number => (line.cut ? 0 : 1);
  if (left === undefined) return [right, ...rights].reduce((sum, line) => sum + (line ? cost(line) : 0), 0);
  if (right === undefined) return [left, ...lefts].reduce((sum, line) => sum + cost(line), 0);
  const apart = Math.min(
    cost(left) + fewestAlone(lefts, [right, ...rights]),
    cost(right) + fewestAlone([left, ...lefts], rights),
  );
  return left.subchannel === right.subchannel ? Math.min(apart, fewestAlone(lefts, rights)) : apart;
}

describe('compareTraces', () => {
  it('finds a trace equal to itself at another time, in other threads and in the other form', () => {
    const again = PERRN.replaceAll(
      /^([\d.]+) \S+ \S+ (\w+) /gm,
      (_, time, event) => `      kworker/0:1-9       [001] .N...   1${time}: s390_${event}: `,
    );
    expect(compareTraces(PERRN, again)).toMatchObject({
      kind: 'ftrace',
      equal: true,
      recorded: 18,
      run: 18,
      agreed: 18,
      share: 1,
      firstDifference: -1,
      changedFields: [],
    });
  });

  it('lets a missing line make no other differ', () => {
    const lines = PERRN.split('\n');
    const comparison = compareTraces(PERRN, lines.toSpliced(4, 1).join('\n'));
    expect(comparison).toMatchObject({ equal: false, recorded: 18, run: 17, agreed: 17 });
    expect(comparison.share).toBeCloseTo(17 / 18);
    const { recorded, run } = comparison.pairs[comparison.firstDifference];
    expect([recorded?.event, run]).toEqual(['cio_stsch', null]);
    expect(comparison.events.find(({ event }) => event === 'cio_stsch')).toEqual({
      event: 'cio_stsch',
      recorded: 8,
      run: 7,
      agreed: 7,
    });
  });

  it('names the field that makes lines differ', () => {
    const comparison = compareTraces(PERRN, PERRN.replaceAll('pom=0xff', 'pom=0x7f'));
    expect(comparison.agreed).toBe(10);
    expect(comparison.changedFields).toEqual([
      { event: 'cio_stsch', field: 'pom', lines: 8, recorded: '0xff', run: '0x7f' },
    ]);
  });

  it('leaves fields aside that one kernel does not print, and names them', () => {
    const older = PERRN.replaceAll(/ chpids=\w+/g, '');
    expect(compareTraces(PERRN, older)).toMatchObject({
      equal: true,
      onlyRecordedFields: ['cio_stsch chpids'],
      onlyRunFields: [],
    });
    expect(compareTraces(older, PERRN)).toMatchObject({ equal: true, onlyRunFields: ['cio_stsch chpids'] });
  });

  it('counts cut lines neither way', () => {
    // The console ate CPU, flags and time together with the first letters of the event.
    const mended = BOOT.replaceAll(/(-\d+) +390_cio/g, '$1       [000] d....    17.000000: s390_cio');
    expect(mended).not.toBe(BOOT);
    expect(compareTraces(BOOT, mended)).toMatchObject({ equal: true, recorded: 82, run: 82, cut: 21 });
    const without = BOOT.split('\n')
      .filter((line) => !line.includes(' 390_cio'))
      .join('\n');
    expect(compareTraces(BOOT, without)).toMatchObject({ equal: true, recorded: 82, cut: 21 });
    const other = mended.replace('dev=0123', 'dev=0124');
    expect(compareTraces(BOOT, other).equal).toBe(false);
  });

  it('lets no cut line hide what follows it', () => {
    const cut = `${ssch(1)}\n${ssch(2).slice(0, -3)}\n${ssch(3)}`;
    expect(compareTraces(cut, `${ssch(1)}\n${ssch(2)}\n${ssch(3)}`).equal).toBe(true);
    expect(compareTraces(cut, `${ssch(1)}\n${ssch(2)}\n${ssch(4)}`)).toMatchObject({
      equal: false,
      agreed: 1,
      cut: 1,
    });
  });

  it('lets as few whole lines as possible stand alone, however lines are cut', () => {
    const line = fc.record({ subchannel: fc.nat({ max: 2 }), cut: fc.boolean() });
    const trace = fc.array(line, { maxLength: 7 });
    const textOf = (lines: readonly { subchannel: number; cut: boolean }[]): string =>
      [ssch(9), ...lines.map(({ subchannel, cut }) => ssch(subchannel).slice(0, cut ? -5 : undefined))].join(
        '\n',
      );
    fc.assert(
      fc.property(trace, trace, (left, right) => {
        const { recorded, run, agreed } = compareTraces(textOf(left), textOf(right));
        expect(recorded - agreed + run - agreed).toBe(fewestAlone(left, right));
      }),
      { numRuns: 300 },
    );
  });

  it("compares QEMU's logs without addresses", () => {
    const elsewhere = QEMU.replaceAll(/intparm 0x0/g, 'intparm 0x1');
    expect(elsewhere).not.toBe(QEMU);
    expect(compareTraces(QEMU, elsewhere)).toMatchObject({ kind: 'qemu', equal: true, recorded: 116 });
    expect(compareTraces(QEMU, QEMU.replace('isc 0x3', 'isc 0x4'))).toMatchObject({
      agreed: 115,
      changedFields: [],
    });
  });

  it('takes only the events and the time that are asked for', () => {
    const events = ['s390_cio_ssch', 'cio_tsch'];
    expect(compareTraces(PERRN, PERRN, { events })).toMatchObject({ equal: true, recorded: 4 });
    const spanned = compareTraces(PERRN, PERRN, { fromUs: 28_326_491, toUs: 28_326_536 });
    expect(spanned).toMatchObject({ recorded: 18, run: 3, agreed: 3 });
  });

  it('finds two silent traces equal, and one silent trace different', () => {
    expect(compareTraces('\n', '# tracer: nop\n')).toMatchObject({ kind: null, equal: true, share: 1 });
    expect(compareTraces('', PERRN)).toMatchObject({ kind: 'ftrace', equal: false, share: 0, recorded: 0 });
  });

  it('refuses to compare different kinds', () => {
    expect(() => compareTraces(PERRN, QEMU)).toThrow(TraceError);
  });

  it('counts every line of both sides exactly once, whatever they are', () => {
    const trace = fc.array(fc.nat({ max: 4 }), { maxLength: 25 });
    fc.assert(
      fc.property(trace, trace, (left, right) => {
        const comparison = compareTraces(left.map(ssch).join('\n'), right.map(ssch).join('\n'));
        const { pairs, agreed } = comparison;
        expect(pairs.flatMap(({ recorded }) => recorded?.line ?? [])).toEqual(left.map((_, at) => at + 1));
        expect(pairs.flatMap(({ run }) => run?.line ?? [])).toEqual(right.map((_, at) => at + 1));
        expect(agreed).toBe(pairs.filter((pair) => agreementOf(pair) === 'agrees').length);
        expect(comparison.equal).toBe(left.join() === right.join());
      }),
    );
  });
});
