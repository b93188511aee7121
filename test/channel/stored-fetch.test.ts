import { describe, expect, it } from 'vitest';
import { B, CC, P, PCI, SLI, StoredMachine, type Word } from './stored-machine.ts';

/** SENSE ID over the CCW that follows it: the program changes itself. Its reply begins with FF. */
const SELF_CHANGING: readonly Word[] = [
  ['senseid', CC | SLI, 1, P + 8],
  ['nop', SLI, 1],
];

describe('fetching a program', () => {
  it('word by word, the next one is fetched as the one before has left it', () => {
    const test = new StoredMachine();
    expect(test.run(SELF_CHANGING, { prefetch: 0 })).toBe('4017 P+10 0e00 0');
    expect(test.executed).toEqual(['+0/1 e4', '+8/2 ff']);
  });

  it('ahead, the stale one is carried out', () => {
    const test = new StoredMachine();
    expect(test.run(SELF_CHANGING, { prefetch: 1 })).toBe('4007 P+10 0c00 1');
    expect(test.executed).toEqual(['+0/1 e4', '+8/1 03']);
    expect(test.load(P + 8, 1)).toBe('ff');
  });

  it.each([
    [1, ['+0/1 e4', '+8/1 e4', '+10/2 03']],
    [2, ['+0/1 e4', '+8/1 e4', '+10/1 03']],
  ])(
    'ahead as far as the machine goes (%d), which a program sees that is changed under way',
    (fetchAhead, executed) => {
      const test = new StoredMachine({
        options: { programs: { fetchAhead, ccwLimit: 100, fetchNs: 1_000 } },
      });
      const ASK: Word = ['senseid', CC | SLI, 16];
      test.write(P, [ASK, ASK, ['nop', SLI, 1]]);
      test.start();
      test.sim.run(50_000);
      test.write(P + 0x10, [['nop', SLI, 1]]);
      test.wait();
      expect(test.executed).toEqual(executed);
    },
  );

  it('through a transfer, which takes effect like any other word', () => {
    const test = new StoredMachine();
    test.write(P + 0x20, [['nop', SLI, 1]]);
    expect(
      test.run([
        ['nop', CC | SLI, 1],
        ['tic', 0, 0, P + 0x20],
      ]),
    ).toBe('4007 P+28 0c00 1');
    expect(test.executed).toEqual(['+0/1 03', '+8/1 08', '+20/1 03']);
  });

  it('finds a loop legal, and its end when somebody breaks it', () => {
    const test = new StoredMachine({
      options: { programs: { fetchAhead: 4, ccwLimit: 1_000_000, fetchNs: 1_000 } },
    });
    test.write(P, [
      ['nop', CC | SLI, 1],
      ['tic', 0, 0, P],
    ]);
    test.start();
    test.sim.run(5_000_000);
    expect(test.schib().scsw).toMatchObject({ fctl: 4, actl: 6, stctl: 0 });
    test.write(P, [['nop', SLI, 1]]);
    expect(test.wait()).toBe(true);
    expect(test.test().scsw).toMatchObject({ stctl: 7, ccwAddress: P + 8 });
    expect(test.sim.now).toBeLessThan(7_000_000);
  });

  it('tells of a program-controlled interruption while the program goes on', () => {
    const test = new StoredMachine();
    test.write(P, [
      ['nop', CC | SLI | PCI, 1],
      ['senseid', CC | SLI, 16],
      ['nop', SLI, 1],
    ]);
    test.start();
    test.wait();
    const first = test.test().scsw;
    expect(first).toMatchObject({ fctl: 4, actl: 6, stctl: 9, cstat: 0x80, dstat: 0, ccwAddress: P + 8 });
    expect(test.schib().scsw).toMatchObject({ fctl: 4, actl: 6, stctl: 0 });
    test.wait();
    expect(test.test().scsw).toMatchObject({
      fctl: 4,
      actl: 0,
      stctl: 7,
      cstat: 0,
      dstat: 0x0c,
      ccwAddress: P + 0x18,
    });
  });

  it('tells of it together with the ending when nobody looked', () => {
    const test = new StoredMachine();
    test.write(P, [['nop', SLI | PCI, 1, B]]);
    test.start();
    test.sim.run(10_000_000);
    expect(test.test().scsw).toMatchObject({ fctl: 4, actl: 0, stctl: 0xf, cstat: 0x80, dstat: 0x0c });
    expect(test.image.interrupts.posted - test.image.interrupts.presented).toBe(2);
    expect(test.issue('tpi', { iscMask: 0xff, code: { subchannel: 0, intparm: 0, isc: 0 } as never })).toBe(
      0,
    );
  });
});
