import type { Chpid } from '../zarch/ids.ts';
import { formatBusId } from '../zarch/ids.ts';
import { type Parsed, parsed, refused } from './parsed.ts';
import type { DeviceRange } from './resolved.ts';

/**
 * Identifiers in the syntax of s390-tools: channel paths `0.40` or `40`, devices `0.0.1000` or `1000`, comma-separated
 * lists and ranges `0.40-0.43`. They are read from the source text, because YAML would take 40 for a number and 4e10
 * for a large one.
 */
const CHPID_HINT = 'write cssid and two hex digits, such as 0.40';
const DEVICE_HINT = 'write cssid, subchannel set and four hex digits, such as 0.0.1000';
/** Channel-subsystem images of a machine (architecture reference A.0). */
const MAX_CSSID = 5;

export function parseChpid(text: string): Parsed<Chpid> {
  const match = /^(?:([0-9a-f]{1,2})\.)?([0-9a-f]{1,2})$/i.exec(text.trim());
  if (match === null) return refused(`chpid "${text}" is not two hex digits`, CHPID_HINT);
  const cssid = Number.parseInt(match[1] ?? '0', 16);
  if (cssid > MAX_CSSID) {
    return refused(
      `chpid "${text}" names channel-subsystem image ${match[1]}`,
      `images are 0 to ${MAX_CSSID}`,
    );
  }
  return parsed(cssid * 256 + Number.parseInt(match[2], 16));
}

/** `0.40,0.42-0.43` → the CHPIDs in the order written. */
export function parseChpids(text: string): Parsed<readonly Chpid[]> {
  const chpids: Chpid[] = [];
  for (const part of text.split(',')) {
    const [first, last, ...rest] = part.split('-').map(parseChpid);
    if (rest.length > 0)
      return refused(`"${part.trim()}" is not a range`, 'write first-last, such as 0.40-0.43');
    if (!first.ok) return first;
    const end = last ?? first;
    if (!end.ok) return end;
    if (end.value < first.value)
      return refused(`range "${part.trim()}" ends before it begins`, 'swap its ends');
    if (end.value >>> 8 !== first.value >>> 8) {
      return refused(`range "${part.trim()}" spans two images`, 'write one range for each image');
    }
    for (let chpid = first.value; chpid <= end.value; chpid++) chpids.push(chpid);
  }
  return parsed(chpids);
}

export function parseDevice(text: string): Parsed<DeviceRange> {
  const match = /^(?:([0-9a-f])\.([0-9a-f])\.)?([0-9a-f]{1,4})$/i.exec(text.trim());
  if (match === null) return refused(`device "${text}" is not a bus id`, DEVICE_HINT);
  const cssid = Number.parseInt(match[1] ?? '0', 16);
  const ssid = Number.parseInt(match[2] ?? '0', 16);
  if (cssid > MAX_CSSID) {
    return refused(
      `device "${text}" names channel-subsystem image ${match[1]}`,
      `images are 0 to ${MAX_CSSID}`,
    );
  }
  if (ssid > 3) return refused(`device "${text}" names subchannel set ${match[2]}`, 'sets are 0 to 3');
  const number = Number.parseInt(match[3], 16);
  return parsed({ cssid, ssid, first: number, last: number });
}

/** `0.0.1000-0.0.1029,0.0.2000` → ranges in the order written. */
export function parseDevices(text: string): Parsed<readonly DeviceRange[]> {
  const ranges: DeviceRange[] = [];
  for (const part of text.split(',')) {
    const [first, last, ...rest] = part.split('-').map(parseDevice);
    if (rest.length > 0) {
      return refused(`"${part.trim()}" is not a range`, 'write first-last, such as 0.0.1000-0.0.1029');
    }
    if (!first.ok) return first;
    const end = last ?? first;
    if (!end.ok) return end;
    const { cssid, ssid } = first.value;
    if (end.value.cssid !== cssid || end.value.ssid !== ssid) {
      return refused(`range "${part.trim()}" spans two subchannel sets`, 'write one range for each set');
    }
    if (end.value.first < first.value.first) {
      return refused(`range "${part.trim()}" ends before it begins`, 'swap its ends');
    }
    ranges.push({ cssid, ssid, first: first.value.first, last: end.value.first });
  }
  return parsed(ranges);
}

export function formatDevices({ cssid, ssid, first, last }: DeviceRange): string {
  const start = formatBusId(cssid, ssid, first);
  return first === last ? start : `${start}-${formatBusId(cssid, ssid, last)}`;
}
