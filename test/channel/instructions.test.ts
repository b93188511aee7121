import { describe, expect, it } from 'vitest';
import { CHSC, ChscBlock, FACILITY_MULTIPLE_IMAGES } from '../../src/zarch/chsc.ts';
import { NONE, subchannelId } from '../../src/zarch/ids.ts';
import { encodeIoInterruptionCode, IoInterruptionCode } from '../../src/zarch/interruption-code.ts';
import { Irb } from '../../src/zarch/irb.ts';
import { Schib } from '../../src/zarch/schib.ts';
import { storeWord } from '../../src/zarch/word-layout.ts';
import { TestMachine } from './test-machine.ts';

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

function enableImages(test: TestMachine): void {
  const block = new ChscBlock();
  block.command = CHSC.ENABLE_FACILITY;
  block.operation = FACILITY_MULTIPLE_IMAGES;
  test.issue('chsc', 0, block);
  expect(block.response).toBe(1);
}

describe('MODIFY SUBCHANNEL', () => {
  it('takes what a program may change and ignores the rest', () => {
    const test = new TestMachine();
    const before = test.stsch(0);
    const operand = new Schib();
    Object.assign(operand.pmcw, {
      intparm: 0xcafebabe,
      isc: 5,
      enabled: 1,
      limitMode: 2,
      measurementMode: 3,
      multipath: 1,
      timing: 1,
      deviceNumberValid: 0,
      deviceNumber: 0x7777,
      lpm: 0x55,
      pnom: 0xff,
      lpum: 0x55,
      pim: 0xff,
      measurementIndex: 0x1234,
      pom: 0xf0,
      pam: 0xff,
      subchannelType: 3,
      measurementFormat1: 1,
      extendedMeasurement: 1,
      concurrentSense: 1,
    });
    operand.pmcw.chpids.fill(0x77);
    operand.scsw.stctl = 0x1f;
    operand.scsw.fctl = 7;
    operand.measurementBlock = 0x1000;
    expect(test.issue('msch', 0, operand)).toBe(0);

    const { pmcw, scsw, measurementBlock } = test.stsch(0);
    expect(pmcw).toMatchObject({
      intparm: 0xcafebabe,
      isc: 5,
      enabled: 1,
      limitMode: 2,
      measurementMode: 3,
      multipath: 1,
      lpm: 0x55,
      measurementIndex: 0x1234,
      pom: 0xf0,
      measurementFormat1: 1,
      extendedMeasurement: 1,
      concurrentSense: 1,
    });
    expect(measurementBlock).toBe(0x1000);
    const { timing, deviceNumberValid, deviceNumber, pnom, lpum, pim, pam, chpids, subchannelType } =
      before.pmcw;
    expect(pmcw).toMatchObject({
      timing,
      deviceNumberValid,
      deviceNumber,
      pnom,
      lpum,
      pim,
      pam,
      chpids,
      subchannelType,
    });
    expect(scsw).toEqual(before.scsw);
  });

  it('changes nothing on a subchannel without a device, with cc 0', () => {
    const test = new TestMachine();
    test.machine.devices.detach(test.image, test.image.subchannels[0]);
    const operand = new Schib();
    operand.pmcw.enabled = 1;
    operand.pmcw.intparm = 7;
    expect(test.issue('msch', 0, operand)).toBe(0);
    expect(test.stsch(0).pmcw).toMatchObject({ enabled: 0, intparm: 0, deviceNumberValid: 0 });
    expect(test.ssch(0)).toBe(3);
  });
});

describe('TEST SUBCHANNEL', () => {
  it('shows with cc 1 what the subchannel is doing', () => {
    const test = new TestMachine();
    test.enable(0);
    test.ssch(0);
    const { cc, irb } = test.tsch(0);
    expect({ cc, fctl: irb.scsw.fctl, actl: irb.scsw.actl }).toEqual({ cc: 1, fctl: 4, actl: 0x20 });
    expect(test.stsch(0).scsw.fctl).toBe(4);
  });
});

describe('TEST PENDING INTERRUPTION', () => {
  it('takes the condition but not the status', () => {
    const test = new TestMachine();
    test.enable(0);
    test.ssch(0);
    test.runFor(1_000_000);
    const code = new IoInterruptionCode();
    expect(test.issue('tpi', 0, { iscMask: 0x7f, code })).toBe(0);
    expect(test.issue('tpi', 0, { iscMask: 0x80, code })).toBe(1);
    expect(hex(encodeIoInterruptionCode(code))).toBe('000100000000000000000000');
    expect(test.issue('tpi', 0, { iscMask: 0xff, code })).toBe(0);
    expect(test.image.interrupts.takeIo()).toBe(NONE);
    expect(test.tsch(0).cc).toBe(0);
    expect(test.tsch(0).cc).toBe(1);
  });
});

describe('STORE CHANNEL PATH STATUS', () => {
  it('shows the channel paths that carry an operation', () => {
    const test = new TestMachine();
    const status = new Uint8Array(32).fill(0xee);
    test.issue('stcps', 0, status);
    expect(hex(status)).toBe('00'.repeat(32));
    test.enable(0);
    test.ssch(0, 0x40);
    test.runFor(60_000);
    test.issue('stcps', 0, status);
    expect(hex(status)).toBe(`${'00'.repeat(8)}40${'00'.repeat(23)}`);
  });
});

describe('image numbers', () => {
  it('are refused until the program has enabled the facility', () => {
    const test = new TestMachine();
    const { operandRules } = test.image;
    expect(operandRules.subchannel(0x00010001)).toBe(1);
    expect(operandRules.subchannel(0x00090001)).toBe(NONE);
    expect(operandRules.subchannel(0x01010000)).toBe(NONE);
    expect(operandRules.isValidChannelPath(0x00010040)).toBe(false);
    expect(operandRules.isValidChannelPath(0x00000140)).toBe(false);
    enableImages(test);
    expect(operandRules.subchannel(0x00010001)).toBe(1);
    expect(operandRules.subchannel(0x00090001)).toBe(1);
    expect(operandRules.subchannel(0x01010000)).toBe(NONE);
  });

  it('name the program’s own image; nothing of another one is there', () => {
    const test = new TestMachine({ cssid: 2 });
    enableImages(test);
    const { operandRules } = test.image;
    const own = operandRules.subchannel(0x02090001);
    expect(test.issue('stsch', own, new Schib())).toBe(0);
    const other = operandRules.subchannel(0x03090001);
    expect(other).not.toBe(NONE);
    for (const instruction of ['hsch', 'csch', 'xsch', 'rsch'] as const) {
      expect(test.issue(instruction, other, null)).toBe(3);
    }
    expect(test.issue('stsch', other, new Schib())).toBe(3);
    expect(test.issue('tsch', other, new Irb())).toBe(3);
    expect(operandRules.isValidChannelPath(0x00020040)).toBe(true);
    expect(operandRules.isValidChannelPath(0x00000040)).toBe(false);
    expect(test.issue('rchp', 0x240, null)).toBe(0);
  });

  it('come with interruptions as soon as the program knows of them', () => {
    const test = new TestMachine({ cssid: 2 });
    enableImages(test);
    test.image.interrupts.post(subchannelId(0, 0, 1), 3);
    const code = new IoInterruptionCode();
    test.issue('tpi', 0, { iscMask: 0xff, code });
    expect(hex(encodeIoInterruptionCode(code))).toBe('020900010000000018000000');
  });
});

describe('interruptions of several CPUs', () => {
  it('go to the lowest-numbered CPU that is enabled, else to the first that opens its mask', () => {
    const test = new TestMachine();
    const { interrupts } = test.image;
    const told: string[] = [];
    interrupts.program = {
      ioInterruptionPending: (cpu) => told.push(`io ${cpu}`),
      machineCheckPending: (cpu) => told.push(`machine check ${cpu}`),
    };
    interrupts.enable(0x00, false, 0);
    interrupts.enable(0x10, true, 2);
    interrupts.enable(0x10, true, 1);
    interrupts.post(7, 3);
    interrupts.postMachineCheck();
    expect(told).toEqual(['io 1', 'machine check 1']);
    expect(interrupts.takeIo(0)).toBe(NONE);
    expect(interrupts.takeMachineCheck(0)).toBe(false);
    expect(interrupts.takeMachineCheck(2)).toBe(true);
    expect(interrupts.takeMachineCheck(1)).toBe(false);
    expect(interrupts.takeIo(1)).toBe(7);

    interrupts.post(8, 0);
    expect(told).toHaveLength(2);
    interrupts.enable(0xff, false, 0);
    expect(told.at(-1)).toBe('io 0');
    expect(interrupts.takeIo(0)).toBe(8);
  });

  it('are offered to another CPU when the one that was told closes its mask', () => {
    const test = new TestMachine();
    const { interrupts } = test.image;
    const told: string[] = [];
    interrupts.enable(0x80, true, 0);
    interrupts.enable(0x80, true, 1);
    interrupts.program = {
      ioInterruptionPending: (cpu) => told.push(`io ${cpu}`),
      machineCheckPending: (cpu) => told.push(`machine check ${cpu}`),
    };
    interrupts.post(7, 0);
    interrupts.postMachineCheck();
    interrupts.enable(0, false, 0);
    expect(told).toEqual(['io 0', 'machine check 0', 'io 1', 'machine check 1']);
    interrupts.enable(0, false, 1);
    expect(interrupts.takeIo(1)).toBe(NONE);
    interrupts.enable(0x80, true, 0);
    expect(told.slice(-2)).toEqual(['io 0', 'machine check 0']);
  });
});

describe('CHANNEL SUBSYSTEM CALL with a block in storage', () => {
  const call = (test: TestMachine, ...words: number[]): Uint8Array => {
    const block = new ChscBlock();
    block.bytes = new Uint8Array(4096);
    for (const [at, word] of words.entries()) storeWord(block.bytes, 4 * at, word);
    expect(test.issue('chsc', 0, block)).toBe(0);
    const length = words[0] >>> 16;
    return block.bytes.slice(length, length + 64);
  };

  it('describes channel paths and subchannels', () => {
    const test = new TestMachine({ paths: 2 });
    expect(hex(call(test, 0x00100002, 0x00000040, 0x000000ff, 0).slice(0, 24))).toBe(
      '0018000100000000' + '80001b4000000000' + '80001b4100000000',
    );
    expect(hex(call(test, 0x00100004, 1, 1, 0).slice(0, 24))).toBe(
      '0028000100000000c0011001c0c000014041000000000000',
    );
  });

  it('refuses what it does not know, with the response code that says why', () => {
    const test = new TestMachine();
    const response = (...words: number[]) => hex(call(test, ...words).slice(0, 4));
    expect(response(0x00107777, 0, 0, 0)).toBe('00080002');
    expect(response(0x00180002, 0x40, 0x40, 0, 0, 0)).toBe('00080003');
    expect(response(0x00100002, 0x80000040, 0x40, 0)).toBe('00080003');
    expect(response(0x00100002, 0x00000041, 0x40, 0)).toBe('00080003');
    expect(response(0x00100002, 0x01000040, 0x40, 0)).toBe('00080007');
    expect(response(0x00100002, 0x00010040, 0x40, 0)).toBe('00080008');
    expect(response(0x00100002, 0x20010040, 0x40, 0)).toBe('00080008');
    expect(response(0x0010000e, 0, 0, 0)).toBe('00080005');
  });

  it('enables subchannel sets where the machine has them', () => {
    const request = [0x04000031, 2];
    expect(hex(call(new TestMachine(), ...request).slice(0, 4))).toBe('00080101');
    const test = new TestMachine({ options: { subchannelSets: 4 } });
    expect(hex(call(test, ...request).slice(0, 4))).toBe('00080001');
    expect(test.image.enabledSets).toBe(4);
  });
});
