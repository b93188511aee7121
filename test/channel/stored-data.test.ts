import { describe, expect, it } from 'vitest';
import { B, CC, CD, IDA, MIDA, P, PCI, SLI, StoredMachine, type Word } from './stored-machine.ts';

const WHO = 'ff2107e8339002';

describe('indirect data addressing', () => {
  it('goes on where the words of a list say', () => {
    const test = new StoredMachine();
    test.store(B + 0x200, '00045ffc 00047000');
    expect(test.run([['senseid', SLI | IDA, 7, B + 0x200]])).toBe('4007 P+8 0c00 0');
    expect(test.load(0x45ffc, 4) + test.load(0x47000, 3)).toBe(WHO);
  });

  it.each<[string, object, string, string]>([
    ['blocks of 2 KiB in format 1', {}, '000457fc 00047000', '457fc'],
    ['blocks of 4 KiB in format 2', { idaw64: 1 }, '0000000000045ffc 0000000000047000', '45ffc'],
    [
      'blocks of 2 KiB in format 2',
      { idaw64: 1, idawBlock2k: 1 },
      '00000000000457fc 0000000000047800',
      '457fc',
    ],
  ])('has %s', (_what, orb, list, first) => {
    const test = new StoredMachine();
    test.store(B + 0x200, list);
    expect(test.run([['senseid', SLI | IDA, 7, B + 0x200]], orb)).toBe('4007 P+8 0c00 0');
    expect(test.load(Number.parseInt(first, 16), 4)).toBe(WHO.slice(0, 8));
    expect(test.load(list.endsWith('7800') ? 0x47800 : 0x47000, 3)).toBe(WHO.slice(8));
  });

  it.each<[string, object, number, string]>([
    ['a list on no word', {}, B + 0x202, '00000000'],
    ['a list of format-2 words on no doubleword', { idaw64: 1 }, B + 0x204, '00000000'],
    ['a first bit that must be zero', {}, B + 0x200, '80046000'],
    ['a second word inside of a block', {}, B + 0x200, '000457fc 00047001'],
    ['an address outside of storage', { idaw64: 1 }, B + 0x200, '0000000100000000'],
  ])('makes a program check of %s', (_what, orb, list, words) => {
    const test = new StoredMachine();
    test.store(list, words);
    expect(test.run([['senseid', SLI | IDA, 7, list]], orb)).toBe('4017 P+8 0020 0');
  });

  it('goes as far as there is storage', () => {
    const test = new StoredMachine({ options: { storageBytes: B + 0x1000 } });
    test.store(B, '00045ffc 00046000');
    expect(test.run([['senseid', SLI | IDA, 4]])).toBe('4007 P+8 0c00 0');
    expect(test.run([['senseid', SLI | IDA, 5]])).toBe('4017 P+8 0020 0');
    expect(test.run([['senseid', SLI, 4, 0x45ffc]])).toBe('4007 P+8 0c00 0');
    expect(test.run([['senseid', SLI, 5, 0x45ffc]])).toBe('4017 P+8 0020 0');
  });

  it('is bounded by the count when a list leads into itself', () => {
    const test = new StoredMachine();
    test.store(0x48000, '00048000');
    expect(test.run([['rcd', SLI | IDA, 0xffff, 0x48000]])).toBe('4007 P+8 0c00 65279');
    expect(test.load(0x48000, 4)).not.toBe('00048000');
  });
});

describe('modified indirect data addressing', () => {
  const midaw = { midaw: 1 };
  const list = (words: string): StoredMachine => {
    const test = new StoredMachine();
    test.store(B + 0x200, words);
    return test;
  };
  const run = (test: StoredMachine, count = 7): string =>
    test.run([['senseid', SLI | MIDA, count, B + 0x200]], midaw);

  it('takes areas of any length at any place, and passes over some', () => {
    const test = list(
      '0000000000 00 0003 0000000000046001 0000000000 40 0002 0000000000046fff 0000000000 80 0002 0000000000047ffe',
    );
    expect(run(test)).toBe('4007 P+8 0c00 0');
    expect([test.load(0x46001, 3), test.load(0x46fff, 2), test.load(0x47ffe, 2)]).toEqual([
      'ff2107',
      '0000',
      '9002',
    ]);
  });

  it.each([
    ['reserved bits', '0100000000 80 0007 0000000000046000'],
    ['reserved flags', '0000000000 81 0007 0000000000046000'],
    ['no count', '0000000000 00 0000 0000000000046000'],
    ['counts above the CCW', '0000000000 80 0008 0000000000046000'],
    ['counts below the CCW', '0000000000 80 0006 0000000000046000'],
    ['no last word', '0000000000 00 0007 0000000000046000'],
    ['an area over the end of a block', '0000000000 80 0007 0000000000046ffe'],
  ])('makes a program check of %s', (_what, words) => {
    expect(run(list(words))).toBe('4017 P+8 0020 0');
  });

  it('does not go with indirect addressing or the skip flag, and stands on a quadword', () => {
    for (const flags of [SLI | MIDA | IDA, SLI | MIDA | 0x10]) {
      expect(new StoredMachine().run([['senseid', flags, 7, B]], midaw)).toBe('4017 P+8 0020 0');
    }
    expect(new StoredMachine().run([['senseid', SLI | MIDA, 7, B + 8]], midaw)).toBe('4017 P+8 0020 0');
  });

  it('keeps its list inside one block', () => {
    const test = new StoredMachine();
    test.store(B + 0xff0, '0000000000 00 0003 0000000000046000 0000000000 80 0004 0000000000047000');
    expect(test.run([['senseid', SLI | MIDA, 7, B + 0xff0]], midaw)).toBe('4017 P+8 0020 0');
    expect(test.load(0x46000, 4)).toBe('ff210700');
  });

  it('interrupts when its data have moved', () => {
    const test = list('0000000000 a0 0007 0000000000046000');
    expect(run(test)).toBe('400f P+8 0c80 0');
  });
});

describe('address-limit checking', () => {
  const LIMIT = 0x50000;
  it.each<[string, number, number, string]>([
    ['below the limit, not below it is asked for', 1, LIMIT - 7, '4017 P+8 0020 0'],
    ['at the limit, not below it is asked for', 1, LIMIT, '4007 P+8 0c00 0'],
    ['below the limit, below it is asked for', 2, LIMIT - 7, '4007 P+8 0c00 0'],
    ['over the limit, below it is asked for', 2, LIMIT - 6, '4017 P+8 0020 0'],
    ['anywhere, nothing is asked for', 0, LIMIT - 6, '4007 P+8 0c00 0'],
  ])('%s', (_what, limitMode, address, expected) => {
    const test = new StoredMachine();
    test.enable({ limitMode });
    test.issue('sal', { address: LIMIT });
    expect(test.run([['senseid', SLI, 7, address]], { addressLimit: 1 })).toBe(expected);
    expect(test.run([['senseid', SLI, 7, address]], { addressLimit: 0 })).toMatch(/^4007/);
  });
});

/** DEFINE EXTENT over the volume and LOCATE RECORD for one operation on track 0. */
const EXTENT = B + 0x400;
const LOCATE = B + 0x440;
function located(test: StoredMachine, operation: '01' | '06', record: string, ...words: Word[]): Word[] {
  test.store(EXTENT, '80c00000 00000000 00000000 0000000e');
  test.store(LOCATE, `${operation}000001 00000000 00000000 ${record}000000`);
  return [['define_extent', CC, 16, EXTENT], ['locate_record', CC, 16, LOCATE], ...words];
}

describe('blocks', () => {
  const block = (digits: string): string => digits.repeat(8_192 / digits.length);
  const onTrack5 = (test: StoredMachine, operation: '01' | '06', command: Word): string => {
    test.store(EXTENT, '80c00000 00000000 00000000 0000000e');
    test.store(LOCATE, `${operation}000001 00000005 00000005 03000000`);
    return test.run([['define_extent', CC, 16, EXTENT], ['locate_record', CC, 16, LOCATE], command]);
  };

  it('hold what was written, and zeros behind a write that was short', () => {
    const test = new StoredMachine();
    test.store(0x46000, block('c1c2c3c4'));
    expect(onTrack5(test, '01', ['write', 0, 4096, 0x46000])).toBe('4007 P+18 0c00 0');
    expect(onTrack5(test, '06', ['read', 0, 4096, 0x47000])).toBe('4007 P+18 0c00 0');
    expect(test.load(0x47000, 4096)).toBe(block('c1c2c3c4'));
    expect(onTrack5(test, '01', ['write', SLI, 4, 0x46000])).toBe('4007 P+18 0c00 0');
    onTrack5(test, '06', ['read', 0, 4096, 0x47000]);
    expect(test.load(0x47000, 8)).toBe('c1c2c3c400000000');
  });

  it('are fetched while the device is away from the channel, when the cache does not have them', () => {
    const test = new StoredMachine({ hitRatio: 0 });
    const seen = new Set<number>();
    test.write(P, located(test, '06', '01', ['read', 0, 24]));
    test.start({ hitDraw: 0.5 });
    while ((test.schib().scsw.stctl & 1) === 0) {
      test.sim.run(test.sim.now + 1_000);
      seen.add(test.schib().scsw.actl);
    }
    expect([...seen]).toEqual([0x20, 6, 2, 0]);
    const { discNs, connNs, scsw } = test.test();
    expect([discNs, scsw.dstat]).toEqual([400_000, 0x0c]);
    // Staging 400 µs without the channel, the cache's 120 µs with it; the rest is the channel's, for two more CCWs.
    expect(connNs).toBeGreaterThan(120_000);
    expect(connNs).toBeLessThan(150_000);
  });
});

describe('data chaining', () => {
  /** Record 1 of track 0: key IPL1, then 24 bytes of data. */
  const read = (...words: Word[]): { test: StoredMachine; ended: string } => {
    const test = new StoredMachine();
    return { test, ended: test.run(located(test, '06', '01', ...words)) };
  };
  const whole = read(['read', 0, 24]).test.load(B, 24);

  it('brings one block into several areas', () => {
    const { test, ended } = read(['read', CD, 10], [0, 0, 14, B + 0x100]);
    expect(ended).toBe('4007 P+20 0c00 0');
    expect(test.load(B, 10) + test.load(B + 0x100, 14)).toBe(whole);
    expect(test.executed.slice(2)).toEqual(['+10/1 06', '+18/1 00']);
  });

  it.each<[string, readonly Word[], string]>([
    [
      'ends in the CCW in which the device ends',
      [
        ['read', CD, 10],
        [0, SLI, 20],
      ],
      '4007 P+20 0c00 6',
    ],
    [
      'indicates that block and areas differ',
      [
        ['read', CD, 10],
        [0, 0, 20],
      ],
      '4017 P+20 0c40 6',
    ],
    [
      'has no use for suppression before its last CCW',
      [
        ['read', CD | SLI, 30],
        [0, SLI, 20],
      ],
      '4017 P+18 0c40 6',
    ],
    [
      'turns to the next CCW when the count is used up',
      [
        ['read', CD, 24],
        [0, SLI, 20],
      ],
      '4007 P+20 0c00 20',
    ],
    [
      'goes through a transfer',
      [
        ['read', CD, 10],
        ['tic', 0, 0, P + 0x28],
        [0, 0, 0],
        [0, SLI, 20],
      ],
      '4007 P+30 0c00 6',
    ],
    [
      'finds an error when it gets there',
      [
        ['read', CD, 10],
        [0, SLI, 0],
      ],
      '4017 P+20 0020 0',
    ],
    [
      'does not mind an error that it does not get to',
      [
        ['read', CD, 24],
        [0, SLI, 0],
      ],
      '4017 P+18 0c40 0',
    ],
    [
      'may not be suspended',
      [
        ['read', CD, 10],
        [0, SLI | 0x02, 14],
      ],
      '4017 P+20 0020 0',
    ],
    [
      'goes on to command chaining',
      [
        ['read', CD, 10],
        [0, CC, 14],
        ['nop', SLI, 1],
      ],
      '4007 P+28 0c00 1',
    ],
  ])('%s', (_what, words, expected) => {
    expect(read(...words).ended).toBe(expected);
  });

  it('interrupts for a CCW that it gets to', () => {
    expect(read(['read', CD, 10], [0, PCI, 14]).ended).toBe('400f P+20 0c80 0');
  });

  it('is nothing that a storage control unit does for commands without a record', () => {
    expect(
      new StoredMachine().run([
        ['senseid', CD | SLI, 4],
        [0, SLI, 12],
      ]),
    ).toBe('4017 P+8 0e00 0');
  });

  it('takes one block from several areas, and a device that wants no more leaves the rest', () => {
    const test = new StoredMachine();
    test.store(B, '0102030405060708090a');
    test.store(B + 0x100, '0b0c0d0e0f10111213141516171819');
    expect(test.run(located(test, '01', '01', ['write', CD, 10], [0, SLI, 15, B + 0x100]))).toBe(
      '4007 P+20 0c00 1',
    );
    expect(test.run(located(test, '06', '01', ['read', 0, 24, B + 0x200]))).toBe('4007 P+18 0c00 0');
    expect(test.load(B + 0x200, 24)).toBe('0102030405060708090a0b0c0d0e0f101112131415161718');
  });

  it('does not run out of bounds when a chain leads into itself', () => {
    const test = new StoredMachine();
    const endless: Word[] = [
      ['write', CD, 1],
      ['tic', 0, 0, P + 0x10],
    ];
    expect(test.run(located(test, '01', '01', ...endless))).toBe('4017 P+18 0c40 1');
    // 24 bytes with a transfer between each two, and the word that is in use when no more are wanted.
    expect(test.executed.length).toBe(2 + 24 + 24 + 1);
  });
});
