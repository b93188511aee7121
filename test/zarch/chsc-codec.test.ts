import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHSC, ChscBlock, type EventInformation } from '../../src/zarch/chsc.ts';
import {
  decodeRequest,
  encodeResponse,
  isWellFormed,
  type RequestRules,
} from '../../src/zarch/chsc-codec.ts';

/** Takes every request of these commands. */
const ANYTHING: RequestRules = {
  unknownCommand: 2,
  commands: Object.fromEntries(Object.values(CHSC).map((command) => [command, () => 0])),
};

/** A block of 4096 bytes that begins with these words; what the program left behind them is not zero. */
function blockOf(...words: number[]): Uint8Array {
  const bytes = new Uint8Array(4096).fill(0xee);
  const view = new DataView(bytes.buffer);
  for (let word = 0; word < words[0] >>> 18; word++) view.setUint32(4 * word, words[word] ?? 0);
  return bytes;
}

function decoded(...words: number[]): ChscBlock {
  const block = new ChscBlock();
  expect(decodeRequest(blockOf(...words), block, ANYTHING)).toBe(0);
  return block;
}

const hex = (bytes: Uint8Array, from: number, to: number): string =>
  [...bytes.subarray(from, to)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

function response(words: number[], data: Partial<ChscBlock>): Uint8Array {
  const bytes = blockOf(...words);
  const block = new ChscBlock();
  decodeRequest(bytes, block, ANYTHING);
  encodeResponse(Object.assign(block, { response: 1 }, data), bytes);
  return bytes;
}

describe('requests', () => {
  it('describe channel paths 40 to 43 in format 1 of image 2', () => {
    const block = decoded(0x00100002, 0x30020140, 0x00000043, 0);
    expect(block).toMatchObject({
      command: 2,
      multipleCss: 1,
      cBit: 1,
      cssid: 2,
      format: 1,
      first: 0x40,
      last: 0x43,
    });
  });

  it('describe subchannels 0012 to 0021 of set 3', () => {
    expect(decoded(0x00100004, 0x00300012, 0x00000021, 0)).toMatchObject({
      ssid: 3,
      first: 0x12,
      last: 0x21,
    });
  });

  it('store events of both notification types', () => {
    expect(decoded(0x0010000e, 0, 0xa0000000, 0).notifications).toBe(0xa0000000);
  });

  it('enable the subchannel sets', () => {
    expect(decoded(0x04000031, 0x00000002)).toMatchObject({ command: CHSC.ENABLE_FACILITY, operation: 2 });
  });

  it('start the channel measurement', () => {
    expect(decoded(0x00500016, 0x40000000)).toMatchObject({
      command: CHSC.SET_CHANNEL_MONITOR,
      operation: 1,
    });
  });

  it('leave nothing of the request before', () => {
    const block = decoded(0x00100002, 0x30020140, 0x00000043, 0);
    decodeRequest(blockOf(0x0010000e, 0, 0, 0), block, ANYTHING);
    expect(block).toMatchObject({ multipleCss: 0, cssid: 0, cBit: 0, format: 0, first: 0, last: 0 });
  });

  it('are refused as the implementation says', () => {
    const rules: RequestRules = { unknownCommand: 4, commands: { [CHSC.STORE_CHARACTERISTICS]: () => 3 } };
    expect(decodeRequest(blockOf(0x00100010), new ChscBlock(), rules)).toBe(3);
    expect(decodeRequest(blockOf(0x00100004), new ChscBlock(), rules)).toBe(4);
  });

  it('are well formed with one length and zeros in reserved places only', () => {
    expect(isWellFormed(blockOf(0x00100010, 0x2000ff00), 0x10)).toBe(true);
    expect(isWellFormed(blockOf(0x00180010, 0), 0x10)).toBe(false);
    expect(isWellFormed(blockOf(0x00100010, 0x00000001), 0x10)).toBe(false);
    expect(isWellFormed(blockOf(0x00107777, 0), 0x7777)).toBe(false);
  });
});

describe('responses', () => {
  it('consist of a header when there is nothing else to say', () => {
    const bytes = response([0x00100002], { response: 3 });
    expect(hex(bytes, 16, 24)).toBe('0008000300000000');
    expect(hex(bytes, 24, 28)).toBe('eeeeeeee');
  });

  it('describe a channel path in 8, 32 or 96 bytes', () => {
    const pathDescriptions = [{ valid: true, chpid: 0x40, type: 0x1b, mdc: 0x1234 }];
    const format0 = response([0x00100002, 0x00000040, 0x40], { pathDescriptions });
    expect(hex(format0, 16, 32)).toBe('001000010000000080001b4000000000');
    const format1 = response([0x00100002, 0x10000140, 0x40], { pathDescriptions });
    expect(hex(format1, 16, 18)).toBe('0028');
    expect(hex(format1, 24, 28)).toBe('80001b40');
    expect(hex(format1, 24 + 20, 24 + 22)).toBe('1234');
    expect(hex(response([0x00100002, 0x10000340, 0x40], { pathDescriptions }), 16, 18)).toBe('0068');
  });

  it('describe a subchannel in 32 bytes', () => {
    const description = {
      valid: true,
      subchannel: 0x12,
      subchannelType: 0,
      unitAddress: 0x07,
      deviceNumber: 0x1007,
      pathMask: 0xc0,
      flaValidMask: 0xc0,
      chpids: Uint8Array.of(0x40, 0x41, 0, 0, 0, 0, 0, 0),
      fullLinkAddresses: Uint16Array.of(0x0102, 0x0304, 0, 0, 0, 0, 0, 0),
    };
    const bytes = response([0x00100004, 0x12, 0x12], { subchannelDescriptions: [description] });
    expect(hex(bytes, 16, 18)).toBe('0028');
    expect(hex(bytes, 24, 56)).toBe(`c0071007c0c00012404100000000000001020304${'00'.repeat(12)}`);
    const many = response([0x00100004, 0, 0xffff], {
      subchannelDescriptions: Array.from({ length: 300 }, () => description),
    });
    expect(hex(many, 16, 18)).toBe((8 + 127 * 32).toString(16).padStart(4, '0'));
  });

  it('have one bit for each characteristic', () => {
    const bytes = response([0x00100010], { characteristics: { general: [6, 45, 46], chsc: [84] } });
    expect(hex(bytes, 16, 20)).toBe('0ff00001');
    expect(hex(bytes, 24, 32)).toBe('0200000000060000');
    expect(hex(bytes, 24 + 2040, 24 + 2056)).toBe('00000000000000000000080000000000');
  });

  const EVENT: EventInformation = {
    more: true,
    overflow: false,
    notificationType: 0,
    contentCode: 2,
    reportingSource: 4,
    rsid: 0x40,
    validity: 0xc0,
    fla: 0x0102,
    incidentClass: 0,
    chpids: [],
    operation: 0,
  };

  it('tell that a link can be reached', () => {
    const bytes = response([0x0010000e], { event: EVENT });
    expect(hex(bytes, 16, 24)).toBe('0ff0000100000000');
    expect(hex(bytes, 24, 32)).toBe('80c0040201020040');
  });

  it('tell of a link incident and of configured channel paths', () => {
    const incident = response([0x0010000e], {
      event: { ...EVENT, contentCode: 1, incidentClass: 2, overflow: true },
    });
    expect(hex(incident, 24, 25)).toBe('c0');
    expect(hex(incident, 40, 41)).toBe('08');
    const configured = response([0x0010000e], {
      event: { ...EVENT, contentCode: 8, chpids: [0x40, 0x47], operation: 1 },
    });
    expect(hex(configured, 40 + 8, 40 + 9)).toBe('81');
    expect(hex(configured, 40 + 32, 40 + 33)).toBe('01');
  });

  it('tell of a PCI function', () => {
    const event: EventInformation = {
      ...EVENT,
      more: false,
      notificationType: 2,
      pci: { functionHandle: 0x00020001, functionId: 1, code: 0x0301, error: 0, failingAddress: 0 },
    };
    const bytes = response([0x0010000e, 0, 0x20000000], { event });
    expect(hex(bytes, 16, 28)).toBe('0ff000010000000200000002');
    expect(hex(bytes, 16 + 64, 16 + 96)).toBe(`000000000002000100000001${'00'.repeat(18)}0301`);
  });
});

describe('any block', () => {
  it('is answered behind its request, and the request stays', () => {
    const command = fc.constantFrom(...Object.values(CHSC));
    const length = fc.integer({ min: 2, max: 511 }).map((doublewords) => doublewords * 8);
    fc.assert(
      fc.property(
        command,
        length,
        fc.array(fc.nat(0xffffffff), { maxLength: 3 }),
        (code, bytesLength, words) => {
          const bytes = blockOf(((bytesLength << 16) | code) >>> 0, ...words);
          const before = bytes.slice(0, bytesLength);
          const block = new ChscBlock();
          block.response = decodeRequest(bytes, block, { unknownCommand: 2, commands: {} });
          encodeResponse(block, bytes);
          expect(bytes.slice(0, bytesLength)).toEqual(before);
          expect(hex(bytes, bytesLength, bytesLength + 4)).toBe('00080002');
        },
      ),
    );
  });
});
