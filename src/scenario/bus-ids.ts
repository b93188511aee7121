import type { BusId } from '../qemu/device-configuration.ts';
import { type Parsed, parsed, refused } from './parsed.ts';

/**
 * QEMU's property `devno`: image, subchannel set and device number as qemu takes them (ccw-device.c, `css_devid`). Whether
 * a set or an image of that number exists, QEMU itself has to say.
 */
const BUS_ID = /^([0-9a-f]{1,2})\.([0-9a-f])\.([0-9a-f]{4})$/i;
const HINT = 'write image, subchannel set and four hex digits, such as fe.0.1234, or auto';

function parseBusId(text: string): Parsed<BusId> {
  const match = BUS_ID.exec(text.trim());
  if (match === null) return refused(`"${text.trim()}" is not a bus id of QEMU`, HINT);
  const [cssid, ssid, deviceNumber] = match.slice(1).map((digits) => Number.parseInt(digits, 16));
  return parsed({ cssid, ssid, deviceNumber });
}

/** `fe.0.1234-fe.0.1237, 3.0.0001, auto` → the bus ids in the order written; null: QEMU chooses one. */
export function parseBusIdList(text: string): Parsed<readonly (BusId | null)[]> {
  const ids: (BusId | null)[] = [];
  for (const part of text.split(',')) {
    if (part.trim() === 'auto') {
      ids.push(null);
      continue;
    }
    const ends = part.split('-').map(parseBusId);
    if (ends.length > 2) return refused(`"${part.trim()}" is not a range`, 'write first-last');
    const wrong = ends.find(({ ok }) => !ok);
    if (wrong !== undefined && !wrong.ok) return wrong;
    const [first, last] = ends.map((end) => (end as { readonly value: BusId }).value);
    ids.push(first);
    if (last === undefined) continue;
    if (last.cssid !== first.cssid || last.ssid !== first.ssid || last.deviceNumber < first.deviceNumber) {
      return refused(
        `"${part.trim()}" is not a range`,
        'its ends are of one subchannel set, the lower one first',
      );
    }
    for (let next = first.deviceNumber + 1; next <= last.deviceNumber; next++) {
      ids.push({ ...first, deviceNumber: next });
    }
  }
  return parsed(ids);
}
