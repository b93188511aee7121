import { describe, expect, it } from 'vitest';
import {
  answer,
  blocks,
  ccw,
  defineExtent,
  fromHex,
  hex,
  locate,
  message,
  nop,
  prefix,
  READ_ONLY,
  Rig,
  SLI,
  status,
  volume,
} from './rig.ts';

const READ = 0x06;
const WRITE = 0x01;
const at = (track: number, record: number, count = 1, operation = READ) =>
  locate({ operation, track, record, count });
const block = () => blocks('read_mt', [0]);

describe('a channel program is rejected', () => {
  const cases: [string, Parameters<Rig['start']>[1][], number][] = [
    [
      'with a command that the control unit does not know',
      [ccw('diagnostic_control', 4, new Uint8Array(4))],
      1,
    ],
    [
      'with PREFIX on a control unit without it',
      [prefix(30, 30, READ_ONLY, { operation: READ, track: 30, record: 1, count: 1 })],
      1,
    ],
    ['with a locate outside of an extent definition', [at(30, 1)], 2],
    ['with two extent definitions', [defineExtent(30, 40), defineExtent(30, 40)], 2],
    ['with a read outside of a locate domain', [defineExtent(30, 40), block()], 2],
    ['with a read behind the end of the domain', [defineExtent(30, 40), at(30, 1), block(), block()], 2],
    ['with a write in a domain for reading', [defineExtent(30, 40), at(30, 1), blocks('write_mt', [1])], 2],
    ['with another command within a domain', [defineExtent(30, 40), at(30, 1), nop()], 2],
    ['with an extent that ends before it begins', [defineExtent(40, 30)], 4],
    ['with an extent beyond the volume', [defineExtent(0, 1_113 * 15)], 4],
    ['with a locate operation that is none', [defineExtent(30, 40), at(30, 1, 1, 0x2a)], 4],
    ['with a locate of no record at all', [defineExtent(30, 40), at(30, 1, 0)], 4],
    [
      'with eight bytes of locate parameters',
      [defineExtent(30, 40), ccw('locate_record', 8, new Uint8Array(8))],
      3,
    ],
    ['with subsystem data that were not prepared', [answer('rssd', 256)], 2],
    ['with an unknown subsystem function', [ccw('psf', 12, fromHex('990000000000000000000000'))], 4],
  ];
  it.each(cases)('%s', (_, ccws, expected) => {
    const rig = new Rig({ facilities: '3990-6' });
    const done = rig.start({}, ...ccws);
    expect(message(done)).toBe(expected);
    expect(done.exchange.sense[0]).toBe(0x80);
    expect(status(done)).toBe('0e00 0');
  });

  it('and says at which command', () => {
    expect(new Rig().start({}, defineExtent(30, 40), at(30, 1), block(), block()).exchange.lastCcw).toBe(3);
  });
});

describe('the volume is protected', () => {
  it('outside of the extent', () => {
    const done = new Rig().start({}, defineExtent(30, 40), at(41, 1), block());
    expect(status(done)).toBe('0e00 0');
    expect([done.exchange.sense[0], done.exchange.sense[1]]).toEqual([0, 0x04]);
  });

  it('against a multitrack read that runs out of the extent', () => {
    const done = new Rig().start({}, defineExtent(30, 30), at(30, 12, 2), block(), block());
    expect(status(done)).toBe('0e40 4096');
    expect(done.exchange.sense[1]).toBe(0x04);
  });

  it('against writes in an extent for reading', () => {
    const rig = new Rig();
    const write = blocks('write_mt', [9]);
    const done = rig.start({}, defineExtent(30, 40, READ_ONLY), at(30, 1, 1, WRITE), write);
    expect(done.exchange.sense[1]).toBe(0x04);
    expect(rig.unit.device(0)!.volume.readVersion(30, 1)).toBe(0);
  });
});

describe('a record that does not exist', () => {
  it('is not found when it is located', () => {
    const done = new Rig().start({}, defineExtent(30, 40), at(31, 13), block());
    expect(status(done)).toBe('0e00 0');
    expect(done.exchange.lastCcw).toBe(1);
    expect(hex(done.exchange.sense)).toBe(`0008000000020100${'0'.repeat(38)}8000020001`);
  });

  it('is not found on a track that was never formatted', () => {
    const rig = new Rig({ devices: [volume(0, { format: 'unformatted' })] });
    const done = rig.start({}, defineExtent(0, 1), at(1, 0), answer('read_count', 8));
    expect(status(done)).toBe('0e40 8');
    expect(done.exchange.sense[1]).toBe(0x08);
  });
});

describe('incorrect length', () => {
  it('ends the program where the count differs from the record', () => {
    const long = new Rig().start(
      {},
      defineExtent(30, 40),
      at(30, 1, 2),
      blocks('read_mt', [0], 4_100),
      block(),
    );
    expect([status(long), long.exchange.lastCcw]).toEqual(['0c40 4', 2]);
    const short = new Rig().start(
      {},
      defineExtent(30, 40),
      at(30, 1, 2),
      blocks('read_mt', [0], 512),
      block(),
    );
    expect([status(short), short.exchange.lastCcw]).toEqual(['0c40 0', 2]);
  });

  it('is suppressed by the flag, and the residual is that of the last command', () => {
    const first = blocks('read_mt', [0], 512);
    first.flags |= SLI;
    const last = blocks('read_mt', [0], 5_000);
    last.flags |= SLI;
    expect(status(new Rig().start({}, defineExtent(30, 40), at(30, 1, 2), first, last))).toBe('0c00 904');
  });

  it('is indicated for an immediate command with a count, but not when it is chained', () => {
    expect(status(new Rig().start({}, ccw('nop', 1)))).toBe('0c40 1');
    expect(status(new Rig().start({}, ccw('nop', 1), answer('rdc', 64)))).toBe('0c00 0');
  });
});

describe('count areas', () => {
  const counts = (rig: Rig, track: number, from: number, number: number): string[] => {
    const reads = Array.from({ length: number }, () => answer('read_count', 8));
    rig.start({}, defineExtent(0, 60), at(track, from, number), ...reads);
    return reads.map((read) => hex(read.data!));
  };

  it('of a CDL volume are those of labels, table of contents and blocks', () => {
    const rig = new Rig();
    expect(counts(rig, 0, 0, 5)).toEqual([
      '0000000001040018',
      '0000000002040090',
      '0000000003040050',
      '0000000004001000',
      '0000000005001000',
    ]);
    expect(counts(rig, 1, 0, 1)).toEqual(['00000001012c0060']);
    expect(counts(rig, 47, 11, 2)).toEqual(['000300020c001000', '0003000201001000']);
  });

  it('of an LDL volume are those of blocks', () => {
    expect(counts(new Rig({ devices: [volume(0, { format: 'ldl' })] }), 0, 0, 2)).toEqual([
      '0000000001001000',
      '0000000002001000',
    ]);
  });

  it('are followed by the data of the same record', () => {
    const rig = new Rig();
    const write = [defineExtent(30, 40), at(33, 4, 1, WRITE), blocks('write', [77])];
    rig.start({}, ...write);
    const data = blocks('read', [0]);
    rig.start({}, defineExtent(30, 40), at(33, 3, 2), answer('read_count', 8), data);
    expect(data.versions![0]).toBe(77);
  });
});

describe('label records', () => {
  it('of an LDL volume stand in its third block', () => {
    const rig = new Rig({ devices: [volume(0, { format: 'ldl', volumeSerial: 'LNX001', cylinders: 30 })] });
    const read = answer('read_mt', 4_096);
    rig.start({}, defineExtent(0, 1), at(0, 3), read);
    expect(hex(read.data!.subarray(0, 10))).toBe('d3d5e7f1d3d5e7f0f0f1');
    expect(hex(read.data!.subarray(79, 88))).toBe('f20000000000001518');
  });

  it('are read as they were written', () => {
    const rig = new Rig();
    const label = ccw('write_kd_mt', 84, new Uint8Array(84).fill(0xe5));
    expect(status(rig.start({}, defineExtent(0, 1), at(0, 3, 1, WRITE), label))).toBe('0c00 0');
    const read = answer('read_kd_mt', 84);
    rig.start({}, defineExtent(0, 1), at(0, 3), read);
    expect(hex(read.data!)).toBe('e5'.repeat(84));
    const dataOnly = answer('read_mt', 80);
    expect(status(rig.start({}, defineExtent(0, 1), at(0, 3), dataOnly))).toBe('0c00 0');
  });
});

describe('subsystem data', () => {
  const prepared = (rig: Rig, suborder: string, count: number) => {
    const read = answer('rssd', count, SLI);
    const psf = ccw('psf', 12, fromHex(`180000000000${suborder}0000000000`));
    return { done: rig.start({}, psf, read), bytes: read.data! };
  };

  it('tell Linux which commands there are', () => {
    const { bytes } = prepared(new Rig(), '41', 256);
    expect([bytes[8], bytes[9], bytes[12]]).toEqual([0x01, 0x20, 0x40]);
    const without = prepared(new Rig({ facilityOverrides: { writeTrackData: false } }), '41', 256);
    expect([without.bytes[8], without.bytes[9], without.bytes[12]]).toEqual([0x01, 0x20, 0]);
  });

  it('tell which unit addresses are base devices', () => {
    const { bytes } = prepared(new Rig({ devices: [volume(0), volume(3), volume(0xff)] }), '0e', 512);
    expect([...bytes.keys()].filter((index) => bytes[index] !== 0)).toEqual([0, 6, 510]);
  });

  it('tell the space of the volume', () => {
    const { done, bytes } = prepared(new Rig(), '52', 28);
    expect(status(done)).toBe('0c00 0');
    expect(new DataView(bytes.buffer).getUint32(24)).toBe(1_113);
  });

  it('are refused where the facility is missing', () => {
    for (const suborder of ['0e', '41', '52', '53']) {
      expect(message(prepared(new Rig({ facilities: '3990-6' }), suborder, 512).done)).toBe(4);
    }
  });
});

describe('transfer in channel', () => {
  it('is the channel’s business: the control unit does not see it', () => {
    const done = new Rig().start({}, nop(), ccw('tic', 0), answer('rdc', 64));
    expect([status(done), done.exchange.lastCcw]).toEqual(['0c00 0', 2]);
  });
});

describe('SENSE', () => {
  it('finds the sense data of the command before it, once', () => {
    const rig = new Rig();
    rig.start({}, ccw('diagnostic_control', 4, new Uint8Array(4)));
    const [first, second] = [answer('sense', 32), answer('sense', 32)];
    rig.start({}, first);
    rig.start({}, second);
    expect([first.data![0], first.data![7], second.data![0], second.data![27]]).toEqual([0x80, 1, 0, 0x80]);
  });

  it('on another path finds nothing', () => {
    const rig = new Rig();
    rig.start({ port: 0 }, ccw('diagnostic_control', 4, new Uint8Array(4)));
    const read = answer('sense', 32);
    rig.start({ port: 1 }, read);
    expect(read.data![0]).toBe(0);
  });
});
