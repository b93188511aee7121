import { formatSubchannel, subchannelId } from '../zarch/ids.ts';
import type { Issues, Path } from './errors.ts';
import { parseDevice } from './identifiers.ts';
import type { DeviceRange } from './resolved.ts';

/** Subchannels of a set: their numbers have sixteen bits. */
const SUBCHANNELS = 0x10000;

/** Subchannels that a key of the scenario has asked for by their numbers. */
interface Claim {
  readonly place: Path;
  readonly ssid: number;
  readonly first: number;
  readonly last: number;
}

/** Subchannel numbers that a scenario gives to devices: each is given once. */
export class SubchannelNumbers {
  private readonly claims: Claim[] = [];
  private readonly issues: Issues;

  constructor(issues: Issues) {
    this.issues = issues;
  }

  /** Number of the first of these devices, whose subchannels follow one another; undefined when the scenario has none. */
  claim(text: string | undefined, ranges: readonly DeviceRange[], place: Path): number | undefined {
    if (text === undefined || ranges.length === 0) return undefined;
    const here = [...place, 'subchannel'];
    const parsed = parseDevice(text);
    if (!parsed.ok) {
      this.issues.value(here, `subchannel "${text}" is not a bus id`, 'write it as lscss does, 0.0.24ac');
      return undefined;
    }
    const { cssid, ssid, first } = parsed.value;
    if (ranges.some((range) => range.cssid !== cssid || range.ssid !== ssid)) {
      this.issues.value(
        here,
        `subchannel ${text} is in another set than its device`,
        'name one of the same set',
      );
      return undefined;
    }
    const count = ranges.reduce((sum, range) => sum + range.last - range.first + 1, 0);
    if (first + count > SUBCHANNELS) {
      this.issues.value(
        here,
        `subchannel ${text} leaves no room for ${count} devices`,
        'numbers end at ffff',
      );
      return undefined;
    }
    this.note({ place: here, ssid, first, last: first + count - 1 });
    return first;
  }

  private note(claim: Claim): void {
    const other = this.claims.find(
      ({ ssid, first, last }) => ssid === claim.ssid && first <= claim.last && claim.first <= last,
    );
    this.claims.push(claim);
    if (other === undefined) return;
    const twice = formatSubchannel(subchannelId(0, claim.ssid, Math.max(claim.first, other.first)));
    this.issues.value(claim.place, `subchannel ${twice} is given twice`, 'give each device one of its own');
  }
}
