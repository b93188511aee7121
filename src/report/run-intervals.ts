import { eachRow } from './csv-rows.ts';

/** One interval of one channel path; `utilisation` is a ratio. */
export interface PathInterval {
  readonly fromNs: number;
  readonly toNs: number;
  readonly chpid: string;
  readonly operations: number;
  readonly utilisation: number;
}

/** What `intervals.csv` tells of channel paths: whatever was idle has no row. */
export interface RunPaths {
  readonly intervals: readonly PathInterval[];
}

export function readIntervals(file: string): RunPaths {
  const intervals: PathInterval[] = [];
  const columns = ['from_ns', 'to_ns', 'kind', 'id', 'operations', 'utilisation'] as const;
  eachRow(file, columns, ([from, to, kind, chpid, operations, utilisation]) => {
    if (kind !== 'path') return;
    intervals.push({
      fromNs: Number(from),
      toNs: Number(to),
      chpid,
      operations: Number(operations),
      utilisation: Number(utilisation),
    });
  });
  return { intervals };
}
