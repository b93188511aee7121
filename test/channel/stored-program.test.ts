import { describe, expect, it } from 'vitest';
import { B, CC, CD, esw, P, SKIP, SLI, StoredMachine, SUSPEND, status, type Word } from './stored-machine.ts';

/** Results of engines of two families for these programs are the same; the harness of the recordings runs them all. */
describe('a program in storage', () => {
  const bench = (): StoredMachine => new StoredMachine();

  it('ends with channel end and device end behind its last CCW', () => {
    const test = bench();
    expect(
      test.run([
        ['nop', CC | SLI, 1],
        ['senseid', SLI, 16],
      ]),
    ).toBe('4007 P+10 0c00 0');
    expect(test.load(B, 8)).toBe('ff2107e833900200');
    expect(test.executed).toEqual(['+0/1 03', '+8/1 e4']);
  });

  it('leaves the count of an immediate command, and none that the device used up', () => {
    expect(bench().run([['nop', SLI, 1]])).toBe('4007 P+8 0c00 1');
    expect(bench().run([['nop', SLI, 0]])).toBe('4007 P+8 0c00 0');
    expect(bench().run([['senseid', SLI, 0]])).toBe('4007 P+8 0c00 0');
  });

  it('shows itself while it runs', () => {
    const test = bench();
    test.write(P, [['senseid', SLI, 16]]);
    test.start();
    expect(test.schib().scsw).toMatchObject({ fctl: 4, actl: 0x20, stctl: 0 });
    test.sim.run(60_000);
    expect(test.schib().scsw).toMatchObject({ fctl: 4, actl: 0x06, stctl: 0, ccwAddress: P + 8 });
    expect([test.start(), test.issue('rsch', null), test.issue('xsch', null)]).toEqual([2, 2, 2]);
  });

  it('stores the path of a check in the extended status', () => {
    const test = bench();
    test.run([['nop', SLI, 1]]);
    test.write(P, [[0, SLI, 1]]);
    test.start();
    test.wait();
    const irb = test.test();
    expect([status(irb), esw(irb)]).toEqual(['4017 P+8 0020 0', '00800000']);
  });
});

describe('program check', () => {
  const TIC = (address: number): Word => ['tic', 0, 0, address];
  const NOP: Word = ['nop', SLI, 1];
  const CHAINED: Word = ['nop', CC | SLI, 1];

  it.each<[string, readonly Word[], string]>([
    ['command without meaning', [[0x00, SLI, 1]], '4017 P+8 0020 0'],
    ['command without meaning, chained', [CHAINED, [0x10, SLI, 1]], '4017 P+10 0020 0'],
    ['format-1 command 18', [CHAINED, [0x18, 0, 0, P]], '4017 P+10 0020 0'],
    ['transfer with flags', [CHAINED, ['tic', CC, 0, P]], '4017 P+10 0020 0'],
    ['transfer with a count', [CHAINED, ['tic', 0, 1, P]], '4017 P+10 0020 0'],
    ['transfer to a transfer', [CHAINED, TIC(P + 0x10), TIC(P + 0x18), NOP], '4017 P+18 0020 0'],
    ['transfer to no doubleword', [CHAINED, TIC(P + 0x24)], '4017 P+10 0020 0'],
    ['suspend flag that the ORB does not allow', [['nop', SLI | SUSPEND, 1]], '4017 P+8 0020 0'],
    ['modified indirection that the ORB does not allow', [['nop', SLI | 0x01, 1]], '4017 P+8 0020 0'],
    ['no count while data chaining', [['read', CD | SLI, 0], NOP], '4017 P+8 0020 0'],
    ['data outside of storage', [['senseid', SLI, 16, 0x7ffffff8]], '4017 P+8 0020 0'],
  ])('%s', (_what, words, expected) => {
    expect(new StoredMachine().run(words)).toBe(expected);
  });

  it('does not matter where there is no path', () => {
    const test = new StoredMachine();
    test.write(P, [[0, SLI, 1]]);
    test.start({ lpm: 0x01 });
    test.wait();
    expect(test.test().scsw).toMatchObject({ cc: 3, stctl: 0x17 });
  });

  it('goes before everything else where the program itself is not in storage or on no doubleword', () => {
    const test = new StoredMachine();
    expect(test.run([NOP], { programAddress: P + 4 })).toBe('4017 P+c 0020 0');
    expect(test.run([NOP], { programAddress: 0x7ffffffc })).toBe('4017 00000004 0020 0');
    expect(test.run([NOP], { programAddress: 0x01000000, format1: 0 })).toBe('4017 01000008 0020 0');
    expect(test.executed).toEqual([]);
  });

  it('spares a transfer that comes first, flags of a transfer in format 0, and its reserved byte', () => {
    expect(new StoredMachine().run([TIC(P + 0x10), CHAINED, NOP])).toBe('4007 P+18 0c00 1');
    const test = new StoredMachine();
    expect(test.run([CHAINED, [0x58, 0xff, 9, P + 0x18], NOP, NOP], { format1: 0 })).toBe('4007 P+20 0c00 1');
  });

  it('comes to a format-0 command without a count', () => {
    expect(new StoredMachine().run([['nop', SLI, 0]], { format1: 0 })).toBe('4017 P+8 0020 0');
  });

  it('comes to a format-0 address behind 16 MiB, and to a first bit that must be zero', () => {
    const test = new StoredMachine();
    expect(test.run([['senseid', SLI, 16, 0xfffff8]], { format1: 0 })).toBe('4017 P+8 0020 0');
    expect(test.load(0xfffff8, 8)).toBe('ff2107e833900200');
    test.store(P, 'e4200010 80045000');
    test.start();
    test.wait();
    expect(status(test.test())).toBe('4017 P+8 0020 0');
  });

  it('ends a program that has no end, when it has run long enough', () => {
    const test = new StoredMachine();
    expect(test.run([CHAINED, TIC(P)])).toMatch(/^4017 P\+\w+ 0020 0$/);
    expect(test.executed.length).toBe(1_000);
    expect(test.sim.now).toBeGreaterThan(500 * 10_000);
  });
});

describe('protection check', () => {
  /** Every block of the test has key 3, but for one. */
  function keyed(block: number, key: number): StoredMachine {
    const test = new StoredMachine();
    for (const at of [P, B]) test.image.storage.setKey(at, at === block ? key : 0x30);
    return test;
  }

  it('comes to a program that may not be fetched', () => {
    expect(keyed(P, 0x58).run([['nop', SLI, 1]], { key: 3 })).toBe('4017 P+8 0010 0');
    expect(keyed(P, 0x50).run([['nop', SLI, 1]], { key: 3 })).toMatch(/^4007/);
    expect(keyed(P, 0x58).run([['nop', SLI, 1]], { key: 0 })).toMatch(/^4007/);
  });

  it('comes to data that may not be stored, behind those that may', () => {
    const test = keyed(B, 0x50);
    expect(test.run([['senseid', SLI, 16, B - 4]], { key: 3 })).toBe('4017 P+8 0010 0');
    expect(test.load(B - 4, 8)).toBe('ff2107e800000000');
  });

  it('comes to output that may not be fetched, if the device wants it', () => {
    const output: Word = ['define_extent', SLI, 24, B - 16];
    expect(keyed(B, 0x58).run([output], { key: 3 })).toBe('4007 P+8 0c00 8');
    expect(keyed(B, 0x58).run([['define_extent', SLI, 16, B - 8]], { key: 3 })).toBe('4017 P+8 0010 0');
  });

  it('does not concern data that are skipped', () => {
    expect(keyed(B, 0x50).run([['senseid', SLI | SKIP, 16]], { key: 3 })).toBe('4007 P+8 0c00 0');
  });
});

describe('incorrect length', () => {
  it.each<[string, readonly Word[], object, string]>([
    ['block shorter than the count', [['snid', 0, 16]], {}, '4017 P+8 0c40 4'],
    ['block longer than the count', [['senseid', 0, 7]], {}, '4017 P+8 0c40 0'],
    ['the same suppressed', [['senseid', SLI, 7]], {}, '4007 P+8 0c00 0'],
    ['immediate command in format 1', [['nop', 0, 1]], {}, '4017 P+8 0c40 1'],
    ['the same in suppression mode', [['nop', 0, 1]], { incorrectLengthSuppression: 1 }, '4007 P+8 0c00 1'],
    ['immediate command in format 0', [['nop', 0, 1]], { format1: 0 }, '4007 P+8 0c00 1'],
    [
      'it ends command chaining',
      [
        ['snid', CC, 11],
        ['nop', SLI, 1],
      ],
      {},
      '4017 P+8 0c40 0',
    ],
    [
      'suppressed it does not',
      [
        ['snid', CC | SLI, 11],
        ['nop', SLI, 1],
      ],
      {},
      '4007 P+10 0c00 1',
    ],
  ])('%s', (_what, words, orb, expected) => {
    expect(new StoredMachine().run(words, orb)).toBe(expected);
  });
});
