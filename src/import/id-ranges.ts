import { formatBusId, formatChpid } from '../zarch/ids.ts';

/** Cuts a list where an element does not follow the one before it. */
export function runsBy<T>(items: readonly T[], follows: (before: T, item: T) => boolean): T[][] {
  const runs: T[][] = [];
  for (const item of items) {
    const run = runs.at(-1);
    if (run !== undefined && follows(run.at(-1)!, item)) run.push(item);
    else runs.push([item]);
  }
  return runs;
}

/** Device numbers of one set. */
export interface DeviceRun {
  readonly ssid: number;
  readonly first: number;
  readonly last: number;
}

/** Devices with consecutive numbers, ascending. */
export const deviceRuns = (
  devices: readonly { readonly ssid: number; readonly deviceNumber: number }[],
): DeviceRun[] =>
  runsBy(devices, (a, b) => a.ssid === b.ssid && a.deviceNumber + 1 === b.deviceNumber).map((run) => ({
    ssid: run[0].ssid,
    first: run[0].deviceNumber,
    last: run.at(-1)!.deviceNumber,
  }));

/** `0.0.1000`, or `0.0.1000-0.0.1029`. */
export function deviceRange({ ssid, first, last }: DeviceRun): string {
  const begin = formatBusId(0, ssid, first);
  return first === last ? begin : `${begin}-${formatBusId(0, ssid, last)}`;
}

export const chpidRange = (first: number, last: number): string =>
  first === last ? formatChpid(first) : `${formatChpid(first)}-${formatChpid(last)}`;

/** As the key of a mapping: a range stands in quotes. */
export const asKey = (range: string): string => (range.includes('-') ? `"${range}"` : range);

/** The keys that are there, as a flow mapping: `{ type: 2107, paths: [0.40] }`. */
export function flow(entries: readonly (readonly [key: string, value: string | undefined])[]): string {
  const given = entries.filter(([, value]) => value !== undefined);
  return given.length === 0 ? '{}' : `{ ${given.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;
}

export const hexByte = (value: number): string => value.toString(16).padStart(2, '0');
