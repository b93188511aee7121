import { build, type Histogram as HdrHistogram, HistogramLogWriter } from 'hdr-histogram-js';
import { bucketValue, type HistogramSnapshot } from './histogram.ts';

/** The way out of `histogram.ts` to HdrHistogram, whose bucket layout it has. This is the only file that imports hdr-histogram-js. */
export function toHdr(snapshot: HistogramSnapshot): HdrHistogram {
  const hdr = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: Number.MAX_SAFE_INTEGER,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
    useWebAssembly: false,
  });
  snapshot.indexes.forEach((bucket, at) => {
    hdr.recordValueWithCount(bucketValue(bucket), snapshot.counts[at]);
  });
  return hdr;
}

const NS_PER_SECOND = 1e9;
/** Values are recorded in ns; the column of the largest one is in ms, as in logs of other programs. */
const NS_PER_MS = 1e6;

/**
 * A log in HdrHistogram's own text format, version 1.3, which its readers and plotters know. It begins at time 0 of the
 * simulation; the library's own line of the start would tell the time zone of this machine.
 */
export class HistogramLog {
  private readonly writer: HistogramLogWriter;

  constructor(write: (text: string) => void) {
    this.writer = new HistogramLogWriter(write);
    this.writer.outputLogFormatVersion();
    this.writer.outputComment('[StartTime: 0.000 (seconds since epoch), beginning of the simulation]');
    this.writer.outputComment('[BaseTime: 0.000 (seconds since epoch)]');
    this.writer.outputLegend();
  }

  /** One interval of values in ns; an empty tag is none. Tags hold neither commas nor blanks. */
  add(fromNs: number, toNs: number, snapshot: HistogramSnapshot, tag = ''): void {
    const hdr = toHdr(snapshot);
    if (tag !== '') hdr.tag = tag;
    this.writer.outputIntervalHistogram(hdr, fromNs / NS_PER_SECOND, toNs / NS_PER_SECOND, NS_PER_MS);
  }
}
