import { describe, expect, test } from 'vitest';
import { ChscBlock } from '../../src/zarch/chsc.ts';
import { CHSC_AT, enabledRig, QemuRig, RNG, TERMINAL } from './rig.ts';

const SCSC = 0x10;
const SCPD = 0x02;
const SDA = 0x31;

describe('CHANNEL SUBSYSTEM CALL', () => {
  test.each([8, 0x14, 0x1000])('a request of %i bytes is an operand exception', (length) => {
    expect(enabledRig().chsc(length, SCSC, [], 1)).toBe('pgm 15');
  });

  test('a block that is not on a page is a specification exception', () => {
    const rig = enabledRig();
    expect(rig.run({ do: 'chsc', at: CHSC_AT + 8 })).toBe('pgm 6');
  });

  test.each([0x04, 0x33, 0x34, 0x4c, 0xffff])('command %i is not there', (command) => {
    expect(enabledRig().chsc(0x10, command, [], 2)).toBe('00080004.00000000');
  });

  test('store channel-subsystem characteristics', () => {
    const rig = enabledRig();
    expect(rig.chsc(0x10, SCSC, [], 2)).toBe('0ff00001.00000000');
    expect(rig.words(CHSC_AT + 0x18, 4)).toBe('03000000.00079000.00000000.00080000');
    expect(rig.words(CHSC_AT + 0x18 + 2040, 4)).toBe('40000000.00000000.00000000.00040000');
  });

  test.each([
    ['length', 0x18, SCSC, [], 3],
    ['format', 0x10, SCSC, [0x00010000], 7],
    ['an image without the m bit', 0x10, SCSC, [0x00000100], 8],
    ['an image that is not there', 0x10, SCSC, [0x20000300], 8],
    ['the default image', 0x10, SCSC, [0x2000fe00], 1],
    ['reserved bits', 0x10, SCSC, [0x00000001], 3],
    ['reserved words', 0x10, SCSC, [0, 0, 1], 3],
    ['reserved bits', 0x10, SCPD, [0x80000000], 3],
    ['format', 0x10, SCPD, [0x01000000], 7],
    ['an image without the m bit', 0x10, SCPD, [0x00010000], 8],
    ['the default image', 0x10, SCPD, [0x20fe0000, 0xff], 1],
    ['last before first', 0x10, SCPD, [0x00000002, 0x00000001], 3],
    ['length', 0x10, SDA, [2], 3],
    ['reserved bits', 0x400, SDA, [0x00010002], 3],
    ['format', 0x400, SDA, [0x01000002], 7],
    ['operation', 0x400, SDA, [1], 3],
    ['operation', 0x400, SDA, [2], 1],
  ])('%s of a request', (_name, length, command, words, response) => {
    const found = enabledRig().chsc(length, command, words, 1);
    expect(Number.parseInt(found.slice(4), 16)).toBe(response);
  });

  describe('store channel-path description', () => {
    const rig = new QemuRig({}, RNG, TERMINAL);

    test('format 0 has two words for each path in use', () => {
      expect(rig.chsc(0x10, SCPD, [0, 0xff], 6)).toBe(
        '00180001.00000000.80003200.00000000.80001a01.00000000',
      );
    });

    test('the C bit asks for format 1, which the response names', () => {
      expect(rig.chsc(0x10, SCPD, [0x10000001, 1], 4)).toBe('00280001.00000001.80001a01.00000000');
    });

    test('formats above 1 describe nothing', () => {
      expect(rig.chsc(0x10, SCPD, [0x00000200, 0xff], 2)).toBe('00080001.00000002');
    });

    test('image 0 with the m bit is not the default image', () => {
      expect(rig.chsc(0x10, SCPD, [0x20000000, 0xff], 2)).toBe('00080001.00000000');
    });
  });

  test('a request that is given in fields is answered in fields', () => {
    const rig = new QemuRig({}, RNG, TERMINAL);
    const block = new ChscBlock();
    block.command = SCPD;
    block.last = 0xff;
    block.format = 1;
    rig.css.issue({ charge() {} }, 'chsc', 0, block, { kind: 0, target: 0, priority: 0 });
    expect(block.response).toBe(1);
    expect(block.pathDescriptions.map(({ chpid, type }) => [chpid, type])).toEqual([
      [0, 0x32],
      [1, 0x1a],
    ]);
    expect(rig.events.slice(-2)).toEqual(['ioinst - a 0 0', 'ioinst_chsc_cmd - 2 10 0']);
  });
});

test('instructions are traced where QEMU does it: some before their operands are checked', () => {
  const rig = enabledRig();
  rig.events.length = 0;
  rig.tsch(0x00010000, 0x1101);
  rig.stsch(0x00010000, 0x1001);
  rig.run({ do: 'schm', register1: 2, register2: 1 });
  rig.rchp(0x00010000);
  rig.rchp(0x100);
  rig.chsc(8, SCSC, [], 1);
  rig.signal('hsch', 0xfe090000);
  rig.stcrw();
  expect(rig.events.map((event) => event.replace(/ 0 0$/, ''))).toEqual([
    'ioinst_sch_id 0 7',
    'ioinst - c',
    'ioinst_chp_id 100 9',
    'ioinst - a',
    `ioinst_sch_id ${(0xfe * 0x40000).toString(16)} 1`,
    `css_io_interrupt ${(0xfe * 0x40000).toString(16)} 0 3 0`,
  ]);
});
