import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatCounts } from '../../src/output/counts-csv.ts';
import { firstDifference } from '../../src/output/first-difference.ts';
import { formatInterval, intervalHeader } from '../../src/output/intervals-csv.ts';
import { formatJunit } from '../../src/output/junit.ts';
import { formatFigure, formatTable, formatTime } from '../../src/output/table.ts';

describe('counts.csv', () => {
  it('has sums without labels', () => {
    const text = formatCounts([
      { phase: '', name: 'host.stsch', system: '', cc: '', value: 3 },
      { phase: 'loss', name: 'host.stsch', system: 'lpar1', cc: '0', value: 2 },
    ]);
    expect(text).toBe('phase,count,system,cc,value\n,host.stsch,,,3\nloss,host.stsch,lpar1,0,2\n');
  });
});

describe('intervals.csv', () => {
  it('gives a device by its bus id, a control unit by its name and a channel path by its CHPID', () => {
    const row = {
      fromNs: 0,
      toNs: 1_000_000_000,
      kind: 'device',
      system: 0,
      id: 18,
      operations: 3,
      perSecond: 3,
      responseNs: 400_000.4,
      iosqNs: 0,
      pendNs: 100_000,
      cmrNs: 50_000,
      channelBusyNs: 20_000,
      cuBusyNs: 0,
      deviceBusyNs: 5_000,
      discNs: 0,
      connNs: 300_000.4,
      interruptDelayNs: 1_000,
      utilisation: 0.0012,
      megabytesPerSecond: 0.012288,
      open: 0.0012,
    } as const;
    const names = { systems: ['lpar1'], controlUnits: ['lcu0', 'lcu1'], device: () => '0.0.1000' };
    expect(intervalHeader().split(',')).toHaveLength(20);
    expect(formatInterval(row, names)).toBe(
      '0,1000000000,device,lpar1,0.0.1000,3,3.000,400000,0,100000,50000,20000,0,5000,0,300000,1000,0.001200,0.012,0.001200\n',
    );
    const unit = { ...row, kind: 'control-unit', id: 1 } as const;
    expect(formatInterval(unit, names)).toContain(',control-unit,lpar1,lcu1,3,3.000,');
    const path = { ...row, kind: 'path', system: -1, id: 0x40, responseNs: Number.NaN } as const;
    expect(formatInterval(path, names)).toContain(',path,,0.40,3,3.000,,');
  });
});

describe('JUnit', () => {
  it('counts failures and escapes what XML cannot hold', () => {
    const text = formatJunit([
      {
        name: 'story.rotation',
        cases: [
          { name: 'io.response.p99 < 12ms', failure: '', skipped: false },
          { name: 'a & "b"', failure: '13 > 12\u0007', skipped: false },
          { name: 'later', failure: '', skipped: true },
        ],
      },
    ]);
    expect(text).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="story.rotation" tests="3" failures="1" skipped="1">
    <testcase classname="story.rotation" name="io.response.p99 &lt; 12ms"/>
    <testcase classname="story.rotation" name="a &amp; &quot;b&quot;">
      <failure message="13 &gt; 12\ufffd"/>
    </testcase>
    <testcase classname="story.rotation" name="later">
      <skipped/>
    </testcase>
  </testsuite>
</testsuites>
`);
  });
});

describe('a table for people', () => {
  it('aligns text to the left and numbers to the right', () => {
    const text = formatTable(
      [
        { title: 'count', align: 'left' },
        { title: 'total', align: 'right' },
      ],
      [
        ['machine.crw', '2'],
        ['host.stsch', '168'],
      ],
    );
    expect(text).toBe('count        total\nmachine.crw      2\nhost.stsch     168\n');
  });

  it('gives times in the unit that reads best', () => {
    expect([0, 999, 1_500, 12_345_678, 352_741, 20_000_000_000, null].map(formatFigure)).toEqual([
      '0 ns',
      '999 ns',
      '1.500 us',
      '12.35 ms',
      '352.7 us',
      '20.00 s',
      '-',
    ]);
    expect([0, 999, 1_500, 12_345_678, 2_000_000_000, null].map(formatTime)).toEqual([
      '0 ns',
      '999 ns',
      '1.50 us',
      '12.346 ms',
      '2.000 s',
      '-',
    ]);
  });
});

describe('the first difference of two files', () => {
  let folder = '';
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'difference-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const compare = (left: string, right: string) => {
    fs.writeFileSync(path.join(folder, 'left'), left);
    fs.writeFileSync(path.join(folder, 'right'), right);
    return firstDifference(path.join(folder, 'left'), path.join(folder, 'right'));
  };
  const lines = (count: number): string =>
    Array.from({ length: count }, (_, at) => `row ${at + 1}\n`).join('');

  it('is none when they are equal', () => {
    expect(compare(lines(100), lines(100))).toBeNull();
    expect(compare('', '')).toBeNull();
  });

  it('comes with ten lines before it', () => {
    expect(compare(`${lines(20)}left\n`, `${lines(20)}leaf\n`)).toEqual({
      line: 21,
      before: Array.from({ length: 10 }, (_, at) => `row ${at + 11}`),
      left: 'left',
      right: 'leaf',
    });
  });

  it('is found where one file ends', () => {
    expect(compare(lines(2), lines(3))).toMatchObject({ line: 3, left: null, right: 'row 3' });
    expect(compare('', 'row 1\n')).toEqual({ line: 1, before: [], left: null, right: 'row 1' });
  });

  it('is found far into long files', () => {
    const long = lines(300_000);
    expect(compare(`${long}x\n`, `${long}y\n`)).toMatchObject({ line: 300_001, left: 'x', right: 'y' });
  });
});
