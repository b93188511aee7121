import { Histogram } from '../observe/histogram.ts';
import { type Distribution, describe } from '../observe/percentiles.ts';
import { eachRow } from './csv-rows.ts';

/** Components of a response time in the order in which they come, as RMF prints them. */
export const RESPONSE_PARTS = ['IOSQ', 'PEND', 'DISC', 'CONN', 'other'] as const;
export type ResponsePart = (typeof RESPONSE_PARTS)[number];

/** Requests that ended within a piece of time. Times in nanoseconds. */
export interface RequestBin {
  readonly fromNs: number;
  readonly toNs: number;
  readonly response: Distribution;
  /** Means; `other` is what is left, the interruption and its handling above all. */
  readonly parts: Readonly<Record<ResponsePart, number>>;
  readonly failed: number;
}

/** What `io.csv` tells, in pieces of equal length; null when there was no request. */
export interface RunRequests {
  readonly bins: readonly RequestBin[];
}

/** Pieces of a run: each is five pixels wide. */
const PIECES = 144;
const COLUMNS = ['end_ns', 'response_ns', 'iosq_ns', 'pend_ns', 'disc_ns', 'conn_ns', 'outcome'] as const;

/** Rows stand in the order in which requests ended, so one piece is collected after the other. */
export function readRequests(file: string, endNs: number): RunRequests | null {
  const widthNs = Math.max(1, Math.ceil(endNs / PIECES));
  const bins: RequestBin[] = [];
  let piece = -1;
  let collected = new Piece();
  const close = (): void => {
    if (collected.response.count > 0) bins.push(collected.bin(piece * widthNs, (piece + 1) * widthNs));
  };
  eachRow(file, COLUMNS, ([end, response, iosq, pend, disc, conn, outcome]) => {
    const at = Math.floor(Number(end) / widthNs);
    if (at !== piece) {
      close();
      piece = at;
      collected = new Piece();
    }
    collected.add(Number(response), Number(iosq), Number(pend), Number(disc), Number(conn));
    if (outcome === 'failed') collected.failed++;
  });
  close();
  return bins.length === 0 ? null : { bins };
}

class Piece {
  readonly response = new Histogram();
  failed = 0;
  private iosq = 0;
  private pend = 0;
  private disc = 0;
  private conn = 0;

  add(response: number, iosq: number, pend: number, disc: number, conn: number): void {
    this.response.record(response);
    this.iosq += iosq;
    this.pend += pend;
    this.disc += disc;
    this.conn += conn;
  }

  bin(fromNs: number, toNs: number): RequestBin {
    const { response, iosq, pend, disc, conn, failed } = this;
    const { count, sum } = response;
    const other = Math.max(0, sum - iosq - pend - disc - conn);
    return {
      fromNs,
      toNs,
      response: describe(response.snapshot()),
      parts: {
        IOSQ: iosq / count,
        PEND: pend / count,
        DISC: disc / count,
        CONN: conn / count,
        other: other / count,
      },
      failed,
    };
  }
}
