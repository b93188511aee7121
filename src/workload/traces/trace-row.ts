import type { SimTime } from '../../kernel/time.ts';

/** What became of one row of a trace. Codes from `BLANK` on are reasons why nothing is replayed. */
export const ROW = {
  BROKEN: -1,
  /** A read or write: the record has been filled in. */
  USED: 0,
  BLANK: 1,
  HEADER: 2,
  /** Of blkparse: an event other than the chosen one. */
  OTHER_ACTION: 3,
  FLUSH: 4,
  DISCARD: 5,
  /** Of fio: a file is added, opened or closed. */
  FILE: 6,
  /** Of fio: time passes. */
  WAIT: 7,
  ZERO_LENGTH: 8,
  /** Of blkparse: a command that moves no blocks of the volume. */
  NO_BLOCKS: 9,
  /** Of blkparse: the totals behind the events. */
  TOTALS: 10,
  UNMAPPED: 11,
  BEFORE_START: 12,
} as const;
export type RowResult = (typeof ROW)[keyof typeof ROW];

/** Names of the reasons, as results show them; by code. */
export const SKIP_NAMES = [
  '',
  'blank',
  'header',
  'other-action',
  'flush',
  'discard',
  'file',
  'wait',
  'zero-length',
  'no-blocks',
  'totals',
  'unmapped',
  'before-start',
] as const satisfies readonly string[];

/** One read or write of a trace; an object that is filled in again and again. */
export interface TraceRecord {
  /** Time in the trace, ns. Where it begins is the format's affair; only differences count. */
  atNs: SimTime;
  /** Position of the device in the order in which the trace names them first. */
  device: number;
  firstByte: number;
  /** At least 1. */
  bytes: number;
  write: boolean;
}

export const newRecord = (): TraceRecord => ({ atNs: 0, device: 0, firstByte: 0, bytes: 0, write: false });

/** Why a row cannot be read; line and column from 1. */
export interface TraceProblem {
  readonly line: number;
  readonly col: number;
  readonly message: string;
  readonly hint: string;
}
