import { describe, expect, it } from 'vitest';
import type { CmfReading } from '../../src/linux/cmf.ts';
import { formatMeasurements, measurementRows } from '../../src/output/measurement-csv.ts';
import { resolve } from '../acceptance/scenario.ts';
import { type RecordedFiles, recordedFiles } from './recorded-files.ts';

const reading: CmfReading = {
  system: 'lpar1',
  device: '0.0.1000',
  fromNs: 2_000_000_000,
  toNs: 12_000_000_000,
  attributes: {
    format: 'basic',
    sschRschCount: { measured: 1, exact: 65_537 },
    sampleCount: { measured: 0, exact: 65_536 },
    avgSampleInterval: { measured: -1, exact: 152_587 },
    avgUtilization: { measured: 7, exact: 123 },
    avgTimes: new Map([['deviceConnect', { measured: 0, exact: null }]]),
  },
};

describe('measurement.csv', () => {
  it('has the files of directory cmf, each number as Linux shows it with the exact one beside it', () => {
    const common = 'lpar1,0.0.1000,2000000000,12000000000,basic';
    expect(formatMeasurements(measurementRows([reading]))).toBe(`\
system,device,from_ns,to_ns,format,attribute,value,unit,exact,samples
${common},avg_sample_interval,-1,ns,152587,0
${common},avg_utilization,0.7,%,12.3,0
${common},ssch_rsch_count,1,starts,65537,0
${common},sample_count,0,samples,65536,0
${common},avg_device_connect_time,0,ns,,0
`);
  });
});

const LIGHT = '{ volumes: "0.0.1000", ratePerVolume: 100/s, from: 3s }';
const scenario = (actions: string, load: string): string => `
duration: 10s
machine: { dasd: { "0.0.1000-0.0.1001": {} } }
workload: { load: ${load} }
actions: [${actions}]
`;
const ON = '{ at: 2s, do: cmb-enable, device: 0.0.1000, to: on }';
const recorded = (actions: string, load = LIGHT): Promise<RecordedFiles> =>
  recordedFiles(resolve(scenario(actions, load)));

/** Device, span in seconds and samples of each reading. */
const readings = (run: RecordedFiles): [string, number, number, number][] =>
  run
    .rows('measurement.csv')
    .filter(({ attribute }) => attribute === 'sample_count')
    .map(({ device, from_ns, to_ns, value }) => [
      device,
      Number(from_ns) / 1e9,
      Number(to_ns) / 1e9,
      Number(value),
    ]);

describe('a run', () => {
  it('writes no measurement.csv when nothing is measured', async () => {
    const run = await recorded('');
    expect(run.text('measurement.csv')).toBeNull();
    expect(run.manifest.files.map(({ name }) => name)).not.toContain('measurement.csv');
  });

  it('writes what blocks hold at its end, and the manifest lists the file', async () => {
    const run = await recorded(`${ON}, { at: 2s, do: cmb-enable, device: 0.0.1001, to: on }`);
    expect(readings(run)).toEqual([
      ['0.0.1000', 2, 10, expect.closeTo(700, -2)],
      ['0.0.1001', expect.closeTo(2, 3), 10, 0],
    ]);
    expect(run.manifest.files.find(({ name }) => name === 'measurement.csv')).toMatchObject({ rows: 22 });
  });

  it('writes what a block held when measurement was switched off', async () => {
    const off = await recorded(`${ON}, { at: 6s, do: cmb-enable, device: 0.0.1000, to: off }`);
    expect(readings(off)).toEqual([['0.0.1000', 2, expect.closeTo(6, 3), expect.closeTo(300, -2)]]);
  });

  it('writes what operators read in the meantime', async () => {
    const run = await recorded(`${ON}, { at: 6s, do: cmb-read, device: 0.0.1000 }`);
    const [early, late] = readings(run);
    expect(early).toEqual(['0.0.1000', 2, expect.closeTo(6, 3), expect.closeTo(300, -2)]);
    expect(late[3]).toBeGreaterThan(early[3] + 300);
  });

  it('writes both spans when measurement begins again', async () => {
    const run = await recorded(`${ON}, { at: 6s, do: cmb-enable, device: 0.0.1000, to: on }`);
    const [first, second] = readings(run);
    expect([first[1], first[2]]).toEqual([2, 6]);
    expect([second[1], second[2]]).toEqual([6, 10]);
    expect(first[3] + second[3]).toBeCloseTo(700, -2);
  });

  it('counts the same operations as the block when it is read under load', async () => {
    const run = await recorded(
      `${ON}, { at: 6s, do: cmb-read, device: 0.0.1000 }, { at: 7s, do: cmb-read, device: 0.0.1000 }`,
      '{ volumes: "0.0.1000", arrivals: closed, think: 0s, applications: 2, from: 3s }',
    );
    const counts = run.rows('measurement.csv').filter(({ attribute }) => attribute?.endsWith('_count'));
    expect(counts).toHaveLength(6);
    for (const [at, { value, exact }] of counts.entries()) {
      expect(Number(value)).toBeGreaterThan(1_000);
      // At the end an operation may be under way.
      expect(Number(exact)).toBeCloseTo(Number(value), at < 4 ? 9 : -1);
    }
  });

  it('has nothing to read from a device that is not measured', async () => {
    const run = await recorded('{ at: 6s, do: cmb-read, device: 0.0.1000 }');
    expect(run.text('measurement.csv')).toBeNull();
    expect(run.text('events.csv')).toMatch(/,action,.*rc=-19/);
  });
});
