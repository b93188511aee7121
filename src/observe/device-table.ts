import type { SubchannelId } from '../zarch/ids.ts';

/**
 * Dense row numbers for the devices that requests or path reports mention, in order of first mention. A device is a
 * subchannel as one system sees it.
 */
export class DeviceTable {
  readonly systems: number[] = [];
  readonly subchannels: SubchannelId[] = [];
  /** By system: row plus one by subchannel, zero where there is none yet. */
  private readonly rows: Int32Array[];

  constructor(systems: number) {
    this.rows = Array.from({ length: systems }, () => new Int32Array(1024));
  }

  get length(): number {
    return this.subchannels.length;
  }

  /** Row of a device; a device that was never mentioned gets the next one. */
  row(system: number, subchannel: SubchannelId): number {
    let rows = this.rows[system];
    if (subchannel >= rows.length) rows = this.grow(system, subchannel);
    const row = rows[subchannel] - 1;
    if (row >= 0) return row;
    this.systems.push(system);
    this.subchannels.push(subchannel);
    rows[subchannel] = this.length;
    return this.length - 1;
  }

  private grow(system: number, subchannel: SubchannelId): Int32Array {
    const grown = new Int32Array(Math.max(subchannel + 1, this.rows[system].length * 2));
    grown.set(this.rows[system]);
    this.rows[system] = grown;
    return grown;
  }
}
