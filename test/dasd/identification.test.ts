import { describe, expect, it } from 'vitest';
import { missingInterruptByte } from '../../src/dasd/configuration-data.ts';
import { NS_PER_S } from '../../src/kernel/time.ts';
import { answer, fromHex, hex, Rig, SLI, status, volume } from './rig.ts';

const words = (text: string): string => hex(fromHex(text));

describe('READ CONFIGURATION DATA', () => {
  it('describes device, string, director and subsystem as recorded of the emulator', () => {
    const device = volume(0x20, { serial: '396230329256' });
    const rig = new Rig({ facilities: 'hercules', devices: [device] });
    const read = answer('rcd', 256);
    expect(status(rig.start({ unitAddress: 0x20 }, read))).toBe('0c00 0');
    expect(hex(read.data!)).toBe(
      words(
        'dc010100.f0f0f3f3.f9f0f0f0.f2c8d9c3.e9e9f3f9.f6f2f3f0.f3f2f9f2.f5f60120' +
          'd4020000.4040f3f3.f9f0f0f0.f2c8d9c3.e9e9f0f0.f0f0f0f0.f0f0f0f0.f0f30000' +
          'd0000000.4040f2f1.f0f7f0c5.f8c8d9c3.e9e9f0f0.f0f0f0f0.f0f0f0f0.f0f20001' +
          'f0000001.4040f2f1.f0f74040.40c8d9c3.e9e9f0f0.f0f0f0f0.f0f0f0f0.f0f10000' +
          '0'.repeat(192) +
          '80000001.00001e00.01208020.20200100.00808020.00000000.00000000.00000000',
      ),
    );
  });

  it('tells the paths of one device apart by interface and preference only', () => {
    const rig = new Rig({ pathAccess: ['preferred', 'non-preferred'] });
    const [first, second] = [0, 1].map((port) => {
      const read = answer('rcd', 256);
      rig.start({ port }, read);
      return read.data!;
    });
    expect(first[242] & 7).toBe(3);
    expect(second[242] & 7).toBe(2);
    const different = [...first.keys()].filter((at) => first[at] !== second[at]);
    expect(different).toEqual([227, 238, 242]);
  });

  it('marks a base device of a 2107 in a specific qualifier', () => {
    const read = answer('rcd', 256);
    new Rig().start({}, read);
    expect(hex(read.data!.subarray(128, 138))).toBe('40000001000000000100');
  });

  it.each([
    [0, 0x00],
    [30, 0x1e],
    [63, 0x3f],
    [300, 0x5e],
    [301, 0x5f],
    [40_000, 0xe8],
  ])('states an interval of %i s', (seconds, byte) => {
    expect(missingInterruptByte(seconds * NS_PER_S)).toBe(byte);
  });
});

describe('SENSE ID', () => {
  it('names control unit and device, then the command-information words', () => {
    const read = answer('senseid', 64, SLI);
    const done = new Rig({ devices: [volume(0)] }).start({}, read);
    expect(status(done)).toBe('0c00 40');
    expect(hex(read.data!.subarray(0, 24))).toBe(
      words('ff2107e8.33900200.40fa0100.41270004.423e01a0.433e0008'),
    );
  });

  it.each([
    [16, SLI, '0c00 0'],
    [7, 0, '0c40 0'],
    [0, SLI, '0c00 0'],
    [255, 0, '0c40 231'],
  ])('with a count of %i', (count, flags, expected) => {
    expect(status(new Rig().start({}, answer('senseid', count, flags)))).toBe(expected);
  });
});

describe('READ DEVICE CHARACTERISTICS', () => {
  const characteristics = (device: Parameters<typeof volume>[1]): DataView => {
    const read = answer('rdc', 64);
    new Rig({ devices: [volume(0, device)] }).start({}, read);
    return new DataView(read.data!.buffer);
  };

  it('counts cylinders in sixteen bits where they fit', () => {
    expect(characteristics({ model: '3390-9' }).getUint16(12)).toBe(10_017);
    expect(characteristics({ model: '3390-54' }).getUint16(12)).toBe(65_520);
  });

  it('refers to the long count of a larger volume', () => {
    const view = characteristics({ model: '3390-223' });
    expect(view.getUint16(12)).toBe(0xfffe);
    expect(view.getUint32(60)).toBe(262_668);
  });

  it('has type, class and geometry', () => {
    const view = characteristics({ model: '3390-3' });
    expect(view.getUint16(3)).toBe(0x3390);
    expect([view.getUint8(5), view.getUint8(10), view.getUint8(11)]).toEqual([0x0a, 0x20, 0x24]);
    expect([view.getUint16(14), view.getUint8(16), view.getUint16(18), view.getUint16(44)]).toEqual([
      15, 224, 58_786, 57_326,
    ]);
  });
});
