import type { DasdDevice } from './dasd-device.ts';

/**
 * Bases and the aliases that serve them (dasd_alias.c: struct alias_pav_group): one base and its own with static
 * assignment, all of a logical control unit with HyperPAV.
 */
export class PavGroup {
  /** The one that was added last comes first, as in the kernel's lists. */
  private readonly aliases: DasdDevice[] = [];
  /** Whose turn it is; 0 after a change. */
  private next = 0;

  add(device: DasdDevice): void {
    device.pavGroup = this;
    if (device.isAlias) this.aliases.unshift(device);
  }

  remove(device: DasdDevice): void {
    device.pavGroup = null;
    const at = this.aliases.indexOf(device);
    if (at < 0) return;
    this.aliases.splice(at, 1);
    if (at < this.next) this.next--;
    if (this.next >= this.aliases.length) this.next = 0;
  }

  /**
   * Where the next request for a base is started (`dasd_alias_get_start_dev`). Only the alias whose turn it is comes into
   * question: it gets the request when fewer wait for it than for the base. Null: the base itself.
   */
  startDevice(base: DasdDevice): DasdDevice | null {
    const { aliases } = this;
    if (aliases.length === 0) return null;
    const alias = aliases[this.next];
    this.next = this.next + 1 === aliases.length ? 0 : this.next + 1;
    return alias.built < base.built && alias.stopped === 0 && !alias.offline ? alias : null;
  }
}
