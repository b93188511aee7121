import { HistogramLogReader, listTags } from 'hdr-histogram-js';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadScenarioText } from '../../src/scenario/load.ts';
import type { ResolvedScenario } from '../../src/scenario/resolved.ts';
import { type RecordedFiles, recordedFiles } from './recorded-files.ts';

/** Two workloads, a warm-up, and an end that is no multiple of the interval. */
const TEXT = `
name: hlog
seed: 7
duration: 2300ms
warmup: 500ms
machine: { dasd: { "0.0.1000-0.0.1003": {} } }
workload:
  orders: { arrivals: poisson, ratePerVolume: 200/s, volumes: 0.0.1000-0.0.1001, from: 300ms }
  scans: { arrivals: closed, applications: 2, think: 5ms, block: 64KiB, volumes: 0.0.1002-0.0.1003, from: 1s, until: 1900ms }
report: { interval: 400ms, responseLog: true }
trace: { level: none }
`;

function scenario(change: (text: string) => string = (text) => text): ResolvedScenario {
  const loaded = loadScenarioText('hlog.yaml', change(TEXT));
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  return loaded.scenario.runs[0];
}

let recorded: RecordedFiles;
beforeAll(async () => {
  recorded = await recordedFiles(scenario());
});

/** What any reader of such logs finds, by tag: begin, end and distribution of each interval. */
function intervals(text: string) {
  const reader = new HistogramLogReader(text);
  const found = [];
  for (let one = reader.nextIntervalHistogram(); one !== null; one = reader.nextIntervalHistogram())
    found.push(one);
  return found;
}
/** Of one workload, or of all together. */
const withTag = (tag: string) =>
  intervals(recorded.text('response.hlog')!).filter((one) => one.tag === (tag === '' ? 'NO TAG' : tag));

describe('response.hlog', () => {
  it('has the intervals of intervals.csv, with as many requests in each', () => {
    const answered = new Map<string, number>();
    for (const { from_ns, to_ns, kind, operations } of recorded.rows('intervals.csv')) {
      if (kind !== 'device') continue;
      const key = `${Number(from_ns) / 1e6} to ${Number(to_ns) / 1e6}`;
      answered.set(key, (answered.get(key) ?? 0) + Number(operations));
    }
    const logged = withTag('').map((one) => [
      `${one.startTimeStampMsec} to ${Math.round(one.endTimeStampMsec)}`,
      one.totalCount,
    ]);
    expect(logged).toEqual([...answered]);
    expect(logged.map(([span]) => span)).toEqual([
      '500 to 900',
      '900 to 1300',
      '1300 to 1700',
      '1700 to 2100',
      '2100 to 2300',
    ]);
  });

  it('gives the percentiles of summary.json when its intervals are added', () => {
    const [first, ...others] = withTag('');
    for (const one of others) first.add(one);
    const { count, p50, p95, p99, p999 } = JSON.parse(recorded.text('summary.json')!).total.times[
      'io.response'
    ];
    expect(first.totalCount).toBe(count);
    expect([50, 95, 99].map((percentile) => first.getValueAtPercentile(percentile))).toEqual([p50, p95, p99]);
    // A summary never gives more than the largest response time, which the log knows to three digits only.
    expect(first.getValueAtPercentile(99.9) / p999).toBeCloseTo(1, 2);
  });

  it('tells workloads apart where there are several, and adds up to all', () => {
    expect([...listTags(recorded.text('response.hlog')!)].sort()).toEqual(['NO TAG', 'orders', 'scans']);
    const countOf = (tag: string): number => withTag(tag).reduce((sum, one) => sum + one.totalCount, 0);
    expect(countOf('orders') + countOf('scans')).toBe(countOf(''));
    // Nothing of the scans before they begin and after they have ended.
    expect(withTag('scans').map((one) => Math.round(one.startTimeStampMsec))).toEqual([900, 1300, 1700]);
  });

  it('leaves a single workload without tag', async () => {
    const one = await recordedFiles(scenario((text) => text.replace(/ {2}scans:.*\n/, '')));
    expect([...listTags(one.text('response.hlog')!)]).toEqual(['NO TAG']);
  });

  it('stands in the manifest with its intervals', () => {
    const text = recorded.text('response.hlog')!;
    expect(recorded.manifest.files.find(({ name }) => name === 'response.hlog')).toMatchObject({
      rows: intervals(text).length,
      bytes: text.length,
    });
  });

  it('is written when asked for only, and changes nothing else', async () => {
    const plain = await recordedFiles(scenario((text) => text.replace(', responseLog: true', '')));
    expect(plain.text('response.hlog')).toBeNull();
    expect(plain.manifest.fingerprint).toEqual(recorded.manifest.fingerprint);
    expect(plain.text('summary.json')).toBe(recorded.text('summary.json'));
  });

  describe('in another time zone', () => {
    afterEach(() => {
      vi.unstubAllEnvs();
    });

    it('has the same bytes', async () => {
      vi.stubEnv('TZ', 'Pacific/Chatham');
      expect((await recordedFiles(scenario())).text('response.hlog')).toBe(recorded.text('response.hlog'));
    });
  });
});
