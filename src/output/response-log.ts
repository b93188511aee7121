import type { RequestOwner } from '../observe/block-request.ts';
import { HistogramLog } from '../observe/hdr-histogram.ts';
import { mergeHistograms } from '../observe/histogram.ts';
import type { ResponseInterval } from '../observe/response-intervals.ts';

/**
 * `response.hlog`: a line per interval with the distribution of all response times and, where several workloads issue
 * requests, one for each of them with its name as tag. Who has had no answer in an interval gets no line.
 */
export class ResponseLog {
  /** Intervals written, those of single workloads included. */
  rows = 0;
  private readonly log: HistogramLog;
  private readonly tags: ReadonlyMap<RequestOwner, string>;

  /** `tags`: the names of workloads, of a single one too. */
  constructor(tags: ReadonlyMap<RequestOwner, string>, write: (text: string) => void) {
    this.tags = tags;
    this.log = new HistogramLog(write);
  }

  add({ fromNs, toNs, owners }: ResponseInterval): void {
    const answered = owners.filter(({ responses }) => responses.count > 0);
    if (answered.length === 0) return;
    this.log.add(fromNs, toNs, mergeHistograms(answered.map(({ responses }) => responses)));
    this.rows++;
    if (this.tags.size < 2) return;
    for (const { owner, responses } of answered) {
      this.log.add(fromNs, toNs, responses, this.tags.get(owner));
      this.rows++;
    }
  }
}
