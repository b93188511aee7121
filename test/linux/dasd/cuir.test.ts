import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRequest, encodeResponse, reconfigure, scopeOf } from '../../../src/linux/dasd/cuir.ts';
import { MESSAGE } from '../../../src/linux/dasd/definitions.ts';
import { Bench, onlineDevice } from './dasd-bench.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const request = (code: number, maps = { nedMap: 0, neqMap: 0 }, recordSelector = 0) => ({
  code,
  messageId: 1,
  recordSelector,
  ...maps,
});

describe('a CUIR message', () => {
  it('is read as struct dasd_cuir_message, and only with its length and format', () => {
    const message = bytes('000e' + '01' + '02' + '0a0b0c0d' + '00' + '020304' + '10' + '07');
    expect(decodeRequest(message)).toEqual({
      code: 2,
      messageId: 0x0a0b0c0d,
      neqMap: 0x020304,
      nedMap: 0x10,
      recordSelector: 7,
    });
    expect(decodeRequest(bytes('0010060100000000000000000000000000'))).toBeNull();
    expect(decodeRequest(new Uint8Array(14))).toBeNull();
  });

  it('is answered as struct dasd_psf_cuir_response', () => {
    expect(Buffer.from(encodeResponse(0x0a0b0c0d, 5, 0x41, 2)).toString('hex')).toBe(
      '1a' + '00' + '05' + '41' + '0000' + '0000' + '0a0b0c0d' + '0000000000000000' + '02' + '00',
    );
  });
});

describe('the scope of a request', () => {
  it('is the path of the attention when one of the maps is empty', () => {
    expect(scopeOf([], 0x20, request(1))).toBe(0x20);
    expect(scopeOf([], 0x20, request(1, { nedMap: 0x80, neqMap: 0 }))).toBe(0x20);
  });

  it('is all paths whose descriptor and chosen qualifier bytes are those of the reference', () => {
    // Few values, so that records agree now and then; null: the kernel has kept none.
    const record = fc.option(fc.array(fc.nat(1), { minLength: 12, maxLength: 12 }), { freq: 6 });
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 8, maxLength: 8 }),
        fc.nat(7),
        fc.integer({ min: 1, max: 255 }),
        fc.integer({ min: 1, max: 0xffffff }),
        (shapes, path, nedMap, neqMap) => {
          const records = shapes.map((shape) => (shape === null ? null : spread(shape)));
          const bits = neqMap.toString(2).padStart(24, '0');
          const ned = 7 - Math.log2(nedMap & -nedMap);
          // What must be equal, as text: the descriptor, then the bytes 8 to 31 of the qualifier where the map has a one.
          const key = (data: Uint8Array | null): string =>
            data === null
              ? 'nothing'
              : [...data.subarray(32 * ned, 32 * ned + 32)].join() +
                [...data.subarray(232, 256)].filter((_, at) => bits[at] === '1').join();
          const expected = records.reduce(
            (mask, data, at) => (key(data) === key(records[path]) ? mask | (0x80 >> at) : mask),
            0,
          );
          expect(scopeOf(records, 0x80 >> path, request(1, { nedMap, neqMap }))).toBe(expected);
        },
      ),
    );
  });

  it('takes the record of a selector as its reference', () => {
    const records = [0, 1, 1, 2].map((value) => {
      const data = new Uint8Array(256);
      data[225] = value === 1 ? 9 : 0;
      data[238] = value;
      return data;
    });
    const maps = { nedMap: 0x80, neqMap: 0x020000 };
    expect(scopeOf(records, 0x80, request(1, maps))).toBe(0x80);
    expect(scopeOf(records, 0x80, request(1, maps, 9))).toBe(0x60);
  });
});

/** Configuration data with a few values: descriptors 0 to 7, then qualifier bytes. */
function spread(shape: readonly number[]): Uint8Array {
  const data = new Uint8Array(256);
  for (let ned = 0; ned < 7; ned++) data[32 * ned + 5] = shape[ned];
  shape.slice(7).forEach((value, at) => {
    data[232 + 5 * at] = value;
  });
  return data;
}

describe('a request to do without paths', () => {
  const online = (masks: readonly number[]) => {
    const bench = new Bench();
    const devices = masks.map((paths) => bench.dasd(onlineDevice(bench, { paths })));
    return { bench, devices };
  };

  it('takes them out of use on all devices, and says so once', () => {
    const { bench, devices } = online([0xc0, 0xe0, 0x60]);
    const before = bench.messages().length;
    expect(reconfigure(devices, 0x80, request(1))).toBe(1);
    expect(devices.map(({ paths }) => [paths.opm, paths.cuirpm])).toEqual([
      [0x40, 0x80],
      [0x60, 0x80],
      [0x60, 0],
    ]);
    expect(bench.messages().slice(before)).toEqual([MESSAGE.SERVICE_OFFLINE]);
  });

  it('is refused for the sake of one device; those before it have given the path up already', () => {
    const { devices } = online([0xc0, 0x80, 0xc0]);
    expect(reconfigure(devices, 0x80, request(1))).toBe(5);
    expect(devices.map(({ paths }) => paths.opm)).toEqual([0x40, 0x80, 0xc0]);
  });

  it('ends with a request to use them again: they are verified and come back', () => {
    const { bench, devices } = online([0xc0, 0xc0]);
    reconfigure(devices, 0x40, request(1));
    expect(reconfigure(devices, 0x40, request(2))).toBe(1);
    expect(devices.map(({ paths }) => paths.tbvpm)).toEqual([0x40, 0x40]);
    bench.run(1);
    expect(devices.map(({ paths }) => [paths.opm, paths.cuirpm])).toEqual([
      [0xc0, 0],
      [0xc0, 0],
    ]);
  });

  it('that is of an unknown kind is not supported', () => {
    expect(reconfigure([], 0x80, request(3))).toBe(2);
  });
});
