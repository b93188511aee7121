import { describe, expect, test } from 'vitest';
import { detectFormat, type TraceFormatName } from '../../../src/workload/traces/formats.ts';
import type { TraceOptions } from '../../../src/workload/traces/trace-reader.ts';
import { optionsFor, readTrace, textTrace } from './text-trace.ts';

const read = (format: TraceFormatName, text: string, others: Partial<TraceOptions> = {}) =>
  readTrace(textTrace(text), optionsFor(format, others));

describe('fio', () => {
  test('version 3 tells microseconds', () => {
    const text = `fio version 3 iolog
0 /dev/dasda add
1200 /dev/dasda read 1048576 4096
1460 /dev/dasdb write 2097152 8192
1470 /dev/dasdb datasync 0 0
1480 /dev/dasda trim 0 4096
1500 /dev/dasda close
`;
    expect(read('fio', text)).toEqual({
      records: [
        { atNs: 1_200_000, device: 0, firstByte: 1_048_576, bytes: 4096, write: false },
        { atNs: 1_460_000, device: 1, firstByte: 2_097_152, bytes: 8192, write: true },
      ],
      devices: ['/dev/dasda', '/dev/dasdb'],
      skipped: { header: 1, file: 2, flush: 1, discard: 1 },
      problems: [],
      rows: 7,
    });
  });

  const WAITS = `fio version 2 iolog
a read 0 4096
a wait 250 0
a read 4096 4096
a wait 400 0
a write 0 4096
`;
  test.each([
    ['us', [0, 250_000, 650_000]],
    ['ms', [0, 250_000_000, 650_000_000]],
    ['us-since-start', [0, 250_000, 400_000]],
    ['ms-since-start', [0, 250_000_000, 400_000_000]],
  ] as const)('version 2 waits in %s', (waits, times) => {
    expect(read('fio', WAITS, { waits }).records.map(({ atNs }) => atNs)).toEqual(times);
  });

  test.each([
    ['/dev/dasda read 0 4096', '1:1: is not the header of an iolog'],
    ['fio version 4 iolog', '1:13: version 4 is unknown'],
    ['fio version 3 iolog\n12 /dev/dasda wait 100', '2:15: "wait" is no action of fio'],
    ['fio version 2 iolog\n/dev/dasda reed 0 4096', '2:12: "reed" is no action of fio'],
    ['fio version 2 iolog\n/dev/dasda read 0', '2:18: the length is missing'],
    ['fio version 2 iolog\n/dev/dasda read 0x20 4096', '2:17: the offset "0x20" is not a whole number'],
    ['fio version 2 iolog\na wait 9007199254741 0', '2:8: the waits are too long'],
  ])('%s', (text, problem) => {
    expect(read('fio', text).problems).toEqual([problem]);
  });
});

describe('blkparse', () => {
  const TEXT = `  8,0    3        1     0.000000000   697  G   W 223490 + 8 [kjournald]
  8,0    3        2     0.000001829   697  Q   W 223490 + 8 [kjournald]
  8,0    3        3     0.000003829   697  D   W 223490 + 8 [kjournald]
  8,16   3        4     0.000009000   697  A  WS 223490 + 8 <- (8,1) 223427
  8,16   3        5     1.000009500   697  Q  RA 64 + 128 [ls]
  8,16   3        6     1.000009501   697  Q FWS [jbd2]
  8,16   3        7     1.000009502   697  Q  FF 0 + 8 [jbd2]
  8,16   3        8     1.000009503   697  Q FWFSM 72 + 8 [jbd2]
  8,16   3        9     1.000009504   697  Q   D 72 + 800 [fstrim]
  8,16   3       10     1.000009505   697  Q   R 36 (12 00 00) [sg_inq]
  8,16   3       11     1.000009506   697  Q   N [sync]
  8,16   3       12     1.000009507   697  Q   R 72 + 0 [null]
  8,16   3       13     1.000009508   697  m   N cfq697 slice expired
  8,0    3       14     1.000009600     0  C   W 223490 + 8 [0]
CPU0 (8,0):
 Reads Queued:           0,        0KiB	 Writes Queued:           1,        4KiB

Total (8,0):
`;

  test('queued requests, and why other rows are none', () => {
    expect(read('blkparse', TEXT)).toEqual({
      records: [
        { atNs: 1829, device: 0, firstByte: 223_490 * 512, bytes: 4096, write: true },
        { atNs: 1_000_009_500, device: 1, firstByte: 32_768, bytes: 65_536, write: false },
        { atNs: 1_000_009_503, device: 1, firstByte: 36_864, bytes: 4096, write: true },
      ],
      devices: ['8,0', '8,16'],
      skipped: {
        blank: 1,
        'other-action': 5,
        flush: 2,
        discard: 1,
        'no-blocks': 2,
        'zero-length': 1,
        totals: 3,
      },
      problems: [],
      rows: 18,
    });
  });

  test('requests as the driver got them', () => {
    const { records } = read('blkparse', TEXT, { events: 'D' });
    expect(records.map(({ atNs }) => atNs)).toEqual([3829]);
  });

  test.each([
    ['8,0 3 1 0.0 697 Q W 223490 - 8 [x]', '1:28: "+" is missing between sector and length'],
    ['8,0 3 1 0.0 697 Q W', '1:20: the sector is missing'],
    ['8,0 3 1 0.0 697 Q', '1:18: the kind of request is missing'],
    ['8,0 3 1 0.0 697', '1:16: the action is missing'],
    ['8,0 3 1 0:0 697 Q W 0 + 8', '1:9: the time "0:0" is not a number'],
    ['sda 3 1 0.0 697 Q W 0 + 8', '1:1: "sda" is no device'],
    ['8,0 x 1 0.0 697 Q W 0 + 8', '1:5: the processor "x" is not a whole number'],
    ['8,0 3 1 0.0 697 Q W 0 + 9999999', '1:25: a request of 5119999488 bytes'],
  ])('%s', (text, problem) => {
    expect(read('blkparse', text).problems).toEqual([problem]);
  });
});

describe('SPC', () => {
  test('sectors, bytes, seconds; further fields are left alone', () => {
    const { records, devices, problems } = read(
      'spc',
      '0,4096000,8192,r,0.125000\n1, 77760 ,4096,W,0.13125,"x"\n',
    );
    expect(records).toEqual([
      { atNs: 125_000_000, device: 0, firstByte: 4_096_000 * 512, bytes: 8192, write: false },
      { atNs: 131_250_000, device: 1, firstByte: 77_760 * 512, bytes: 4096, write: true },
    ]);
    expect(devices).toEqual(['0', '1']);
    expect(problems).toEqual([]);
  });

  test.each([
    ['0,1,512,x,0.1', '1:9: "x" is neither r nor w'],
    ['0,1,512,r', '1:10: the time is missing'],
    ['0,1,512,r,.', '1:11: the time "." is not a number'],
    ['0,1,512,r,1e3', '1:11: the time "1e3" is not a number'],
    [',1,512,r,1', '1:1: the device is missing'],
    ['0,9007199254740993,512,r,1', '1:3: the address "9007199254740993" is too large'],
    ['0,17592186044416,512,r,1', '1:18: a request at byte 9007199254740992'],
  ])('%s', (text, problem) => {
    expect(read('spc', text).problems).toEqual([problem]);
  });
});

describe('MSR Cambridge', () => {
  test('file times are exact, although they have more digits than a number', () => {
    const text = `Timestamp,Hostname,DiskNumber,Type,Offset,Size,ResponseTime
133500000019999999,hostA,2,Read,81920000,8192,5210
133500000020000001,hostA,2,Write,12288,4096,18940
133500000019999998,hostA,0,write,0,512,1
`;
    expect(read('msr', text)).toMatchObject({
      records: [
        { atNs: 999_999_800, device: 1, firstByte: 0, bytes: 512, write: true },
        { atNs: 999_999_900, device: 0, firstByte: 81_920_000, bytes: 8192, write: false },
        { atNs: 1_000_000_100, device: 0, firstByte: 12_288, bytes: 4096, write: true },
      ],
      devices: ['hostA,2', 'hostA,0'],
      skipped: { header: 1 },
    });
  });

  test.each([
    ['x33500000000000000,h,2,Read,0,512,1', '1:1: the timestamp "x3350000000" is not a whole number'],
    ['133500000000000000,h,2,Reed,0,512,1', '1:24: "Reed" is neither Read nor Write'],
    ['133500000000000000,h,2,Read,-5,512,1', '1:29: the offset "-5" is not a whole number'],
  ])('%s', (text, problem) => {
    expect(read('msr', text).problems).toEqual([problem]);
  });
});

describe('DiskSim', () => {
  test('milliseconds, sectors, and a flag for reads', () => {
    const { records } = read('disksim', '12.204000 0 81920 8 1\n12.911500 0 524288 64 0\n13 1 8 8 0x3\n');
    expect(records).toEqual([
      { atNs: 12_204_000, device: 0, firstByte: 81_920 * 512, bytes: 4096, write: false },
      { atNs: 12_911_500, device: 0, firstByte: 524_288 * 512, bytes: 32_768, write: true },
      { atNs: 13_000_000, device: 1, firstByte: 4096, bytes: 4096, write: false },
    ]);
  });

  test.each([
    ['12.2 0 1 8 q', '1:12: "q" are no flags'],
    ['12.2 0 1 8', '1:11: "" are no flags'],
    ['12.2.1 0 1 8 1', '1:1: the time "12.2.1" is not a number'],
  ])('%s', (text, problem) => {
    expect(read('disksim', text).problems).toEqual([problem]);
  });
});

describe('a format is recognised by its first row', () => {
  test.each([
    ['\n# of our own\nfio version 2 iolog\n', 'fio'],
    ['  8,0    3        1     0.000000000   697  G   W 223490 + 8 [kjournald]\n', 'blkparse'],
    ['0,4096000,8192,r,0.125000', 'spc'],
    ['Timestamp,Hostname,DiskNumber,Type,Offset,Size,ResponseTime\r\n', 'msr'],
    ['133500000000000000,hostA,2,Read,81920000,8192,5210\n', 'msr'],
    ['12.204000 0 81920 8 1\n', 'disksim'],
  ])('%j', (text, format) => {
    expect(detectFormat(textTrace(text))).toBe(format);
  });

  test.each([
    ['', 'has no rows'],
    ['once upon a time\n', 'has a format that is not recognised'],
  ])('%j is none', (text, reason) => {
    expect(detectFormat(textTrace(text))).toMatchObject({ reason });
  });

  test.each([
    [[0x1f, 0x8b, 8, 0], 'is compressed'],
    [[0x28, 0xb5, 0x2f, 0xfd, 4], 'is compressed'],
    [[0x07, 0x74, 0x61, 0x65, 1], 'is binary'],
  ])('neither are bytes %j', (bytes, reason) => {
    expect(detectFormat(textTrace(Uint8Array.from(bytes)))).toMatchObject({ reason });
  });
});
