import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blockBytes,
  CommandAreaHeader,
  DeviceCommand,
  decodeDeviceCommand,
  decodeHeader,
  encodeCommandBlock,
  HEADER_BYTES,
  SERVICE_ACTION,
  transportCount,
  transportCountOf,
} from '../../src/zarch/tccb.ts';
import { commandBytes, commandWordsOf, decodeTcw, encodeTcw, TCW_BYTES, Tcw } from '../../src/zarch/tcw.ts';
import { checkBytesBehind, decodeTidaw, encodeTidaw, TIDAW_FLAG, Tidaw } from '../../src/zarch/tidaw.ts';
import {
  decodeTsb,
  encodeTsb,
  INTERROGATE_FLAG,
  REASON,
  TSB_FLAG,
  TSB_FORMAT,
  Tsb,
} from '../../src/zarch/tsb.ts';

/** Bytes as a dump shows them. */
const dump = (text: string): Uint8Array =>
  Uint8Array.from(text.replace(/\s/g, '').match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const address = fc.integer({ min: 0, max: 2 ** 53 - 1 });
const word = fc.integer({ min: 0, max: 0xffffffff });
const bit = fc.integer({ min: 0, max: 1 });

/** What Linux' DASD driver builds to read one block of 4 KiB (itcw.c, dasd_eckd.c: prepare_itcw). */
const READ_TCW = dump(`
  00040000 004e0000  00000000 00000000  00000000 00047000  00000000 00048000
  00000000 00049000  00000000 00001000  00000000 00000000  00000000 00000000`);

describe('TCW', () => {
  it('of a read through a list, with a control block of 96 bytes', () => {
    const tcw = decodeTcw(READ_TCW);
    expect(tcw).toMatchObject({ format: 0, inputIndirect: 1, outputIndirect: 0, read: 1, write: 0 });
    expect(tcw).toMatchObject({ inputAddress: 0x47000, statusAddress: 0x48000, commandsAddress: 0x49000 });
    expect(tcw).toMatchObject({ inputCount: 0x1000, outputCount: 0, interrogateAddress: 0 });
    // Header, one command with 64 bytes of control data, trailer.
    expect(commandBytes(tcw)).toBe(16 + 8 + 64 + 8);
    expect(commandWordsOf(96)).toBe(19);
    expect(encodeTcw(tcw)).toEqual(READ_TCW);
  });

  it.each([
    ['format', 3, '', 0xc0000000, 0],
    ['inputIndirect', 1, 'input TIDA', 0x00040000, 0],
    ['commandsIndirect', 1, 'TCCB TIDA', 0x00020000, 0],
    ['outputIndirect', 1, 'output TIDA', 0x00010000, 0],
    ['tidawFormat', 3, '', 0x0000c000, 0],
    ['commandWords', 63, '', 0, 0x00fc0000],
    ['read', 1, '', 0, 0x00020000],
    ['write', 1, '', 0, 0x00010000],
  ])('keeps %s %i in its place', (field, value, _, first, second) => {
    const view = new DataView(encodeTcw(Object.assign(new Tcw(), { [field]: value })).buffer);
    expect([view.getUint32(0), view.getUint32(4)]).toEqual([first, second]);
  });

  it('comes back from its bytes', () => {
    const fields = fc.record({
      inputIndirect: bit,
      commandsIndirect: bit,
      outputIndirect: bit,
      commandWords: fc.integer({ min: 0, max: 63 }),
      read: bit,
      write: bit,
      outputAddress: address,
      inputAddress: address,
      statusAddress: address,
      commandsAddress: address,
      outputCount: word,
      inputCount: word,
      interrogateAddress: word,
    });
    fc.assert(
      fc.property(fields, (given) => {
        const tcw = Object.assign(new Tcw(), given);
        expect(decodeTcw(encodeTcw(tcw))).toEqual(tcw);
        expect(encodeTcw(tcw)).toHaveLength(TCW_BYTES);
      }),
    );
  });
});

describe('TIDAW', () => {
  it('has its flags first and its address last', () => {
    const tidaw = Object.assign(new Tidaw(), { flags: 0x88, count: 0x1000, address: 0x1_2345_6000 });
    expect(encodeTidaw(tidaw)).toEqual(dump('88000000 00001000 00000001 23456000'));
    expect(TIDAW_FLAG.LAST | TIDAW_FLAG.INSERT_CHECK).toBe(0x88);
    const back = new Tidaw();
    expect(decodeTidaw(encodeTidaw(tidaw), back)).toBe(true);
    expect(back).toEqual(tidaw);
  });

  it.each(['04000000', '00000100', '00800000'])(
    'is refused with %s, where reserved bits are one',
    (first) => {
      expect(decodeTidaw(dump(`${first} 00001000 00000000 00045000`), new Tidaw())).toBe(false);
    },
  );

  it('has check bytes fill up the words of the data in front of them', () => {
    expect([4096, 4097, 4098, 4099].map(checkBytesBehind)).toEqual([4, 7, 6, 5]);
  });
});

/** SENSE ID of 16 bytes, and a chain of two: four bytes of control data, then a read. */
const SENSE_ID_BLOCK = dump(`7f000000 00000014 1ffe0000 00000000  e4000000 00000010  00000000 00000014`);
const CHAIN = dump(`
  7f000000 00000020 1ffe0000 00000000  47400004 00000000 01020304  06000000 00001000  00000000 00001004`);

describe('TCCB', () => {
  it('of one command', () => {
    const command = Object.assign(new DeviceCommand(), { command: 0xe4, count: 16 });
    expect(encodeCommandBlock([command], transportCountOf(16))).toEqual(SENSE_ID_BLOCK);
    const header = decodeHeader(SENSE_ID_BLOCK);
    expect(header).toMatchObject({ format: 0x7f, length: 20, serviceAction: 0x1ffe, priority: 0 });
    expect(blockBytes(header)).toBe(SENSE_ID_BLOCK.length);
    expect(transportCount(SENSE_ID_BLOCK, SENSE_ID_BLOCK.length - 8)).toBe(20);
  });

  it('chains commands, each with its control data', () => {
    const locate = Object.assign(new DeviceCommand(), { command: 0x47, controlData: dump('01020304') });
    const read = Object.assign(new DeviceCommand(), { command: 0x06, count: 4096 });
    expect(encodeCommandBlock([locate, read], transportCountOf(4096))).toEqual(CHAIN);
    const back = new DeviceCommand();
    expect(decodeDeviceCommand(CHAIN, HEADER_BYTES, back)).toBe(true);
    expect(back).toMatchObject({ command: 0x47, flags: 0x40, count: 0, controlData: dump('01020304') });
    expect(decodeDeviceCommand(CHAIN, HEADER_BYTES + 12, back)).toBe(true);
    expect(back).toMatchObject({ command: 0x06, flags: 0, count: 4096 });
  });

  it('of an interrogate operation says so in its header', () => {
    const command = Object.assign(new DeviceCommand(), { command: 0x40 });
    const block = encodeCommandBlock([command], 0, {
      serviceAction: SERVICE_ACTION.INTERROGATE,
      priority: 9,
    });
    expect(block.subarray(0, 16)).toEqual(dump('7f000000 00000014 1fff0009 00000000'));
    expect(decodeHeader(block, new CommandAreaHeader()).serviceAction).toBe(SERVICE_ACTION.INTERROGATE);
  });

  it('comes back, whatever it consists of', () => {
    const commands = fc.array(
      fc.record({
        command: fc.integer({ min: 0, max: 255 }),
        count: word,
        controlData: fc.uint8Array({ maxLength: 20 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(commands, word, (given, count) => {
        const block = encodeCommandBlock(
          given.map((fields) => Object.assign(new DeviceCommand(), fields)),
          count,
        );
        let at = 16;
        for (const fields of given) {
          const back = new DeviceCommand();
          expect(decodeDeviceCommand(block, at, back)).toBe(true);
          expect(back).toMatchObject(fields);
          at += 8 + Math.ceil(fields.controlData.length / 4) * 4;
        }
        expect(block.length).toBe(at + 8);
        expect(transportCount(block, at)).toBe(count);
      }),
    );
  });
});

describe('TSB', () => {
  it('of I/O status with times has no sense data unless there are any', () => {
    const tsb = Object.assign(new Tsb(), {
      format: TSB_FORMAT.IO_STATUS,
      flags: TSB_FLAG.OFFSET_VALID | TSB_FLAG.COUNT_VALID | TSB_FLAG.TIMES_VALID,
      commandOffset: 12,
      residual: 0x200,
      deviceTime: 150,
      deferTime: 3,
    });
    const head = '20d1000c 00000200 00000000 00000096 00000003 00000000 00000000 00000000';
    expect(encodeTsb(tsb)).toEqual(dump(`${head}${'00'.repeat(32)}`));
    tsb.hasSense = true;
    tsb.sense[0] = 0x80;
    expect(encodeTsb(tsb)).toEqual(dump(`40${head.slice(2)} 80${'00'.repeat(31)}`));
  });

  it('of a program check that the device has found', () => {
    const tsb = Object.assign(new Tsb(), { format: TSB_FORMAT.PROGRAM_CHECK, reason: REASON.HEADER });
    tsb.qualifier[0] = 1;
    const area = '00000004 01000000 00000000 00000000 00000000';
    expect(encodeTsb(tsb)).toEqual(dump(`20020000 00000000 00000000 ${area} ${'00'.repeat(32)}`));
  });

  it('of an interrogate operation', () => {
    const tsb = Object.assign(new Tsb(), {
      format: TSB_FORMAT.INTERROGATE,
      stateFlags: INTERROGATE_FLAG.CONTROL_UNIT_STATE | INTERROGATE_FLAG.OPERATION_STATE,
      controlUnitState: 1,
      deviceState: 2,
      operationState: 3,
      deviceLevel: 0xcafebabe,
    });
    const area = '00a00102 03000000 00000000 00000000 00000000 cafebabe';
    expect(encodeTsb(tsb)).toEqual(dump(`40030000 00000000 00000000 ${area} ${'00'.repeat(28)}`));
    expect(decodeTsb(encodeTsb(tsb))).toEqual(tsb);
  });

  it('comes back in each format', () => {
    const fields = fc.record({
      flags: fc.constantFrom(0, 0x80, 0xf0),
      commandOffset: fc.integer({ min: 0, max: 0xffff }),
      residual: word,
    });
    const times = fc.record({ deviceTime: word, deferTime: word, queueTime: word, deviceBusyTime: word });
    const check = fc.record({ reason: fc.integer({ min: 0, max: 255 }), hasSense: fc.boolean() });
    fc.assert(
      fc.property(fields, times, check, (common, io, programCheck) => {
        for (const area of [
          { format: TSB_FORMAT.NONE },
          { format: TSB_FORMAT.IO_STATUS, ...io },
          { format: TSB_FORMAT.PROGRAM_CHECK, ...programCheck },
        ]) {
          const tsb = Object.assign(new Tsb(), common, area);
          expect(decodeTsb(encodeTsb(tsb))).toEqual(tsb);
        }
      }),
    );
  });
});
