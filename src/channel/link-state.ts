import type { ChannelPath } from './channel-path.ts';
import type { ControlUnit } from './control-unit.ts';

/** One link: what is true of it, and what the channel knows. */
interface Link {
  down: boolean;
  knownDown: boolean;
  /** Counts the changes, so that only the last one is ever noticed. */
  changes: number;
}

/**
 * The physical truth about links between channel paths and control units, beside what the channel has noticed of it.
 * Until it has noticed that a link is broken, frames sent over it are lost; afterwards it knows better than to send. A
 * link that is whole again before that was never missed.
 */
export class LinkState {
  private readonly links = new Map<string, Link>();

  /** No link has been broken in this run: almost always so, and then no key need be built. */
  get neverBroken(): boolean {
    return this.links.size === 0;
  }

  isDown(path: ChannelPath, controlUnit: ControlUnit): boolean {
    return this.links.get(key(path, controlUnit))?.down === true;
  }

  /** True when a frame sent now goes nowhere and nobody knows yet. */
  losesFrames(path: ChannelPath, controlUnit: ControlUnit): boolean {
    if (this.neverBroken) return false;
    const link = this.links.get(key(path, controlUnit));
    return link?.down === true && !link.knownDown;
  }

  /** True when the channel knows the link to be broken: nothing reconnects on it. */
  isKnownDown(path: ChannelPath, controlUnit: ControlUnit): boolean {
    return this.links.get(key(path, controlUnit))?.knownDown === true;
  }

  /** Breaks or mends a link. Returns the number of this change, 0 when it was none. */
  set(path: ChannelPath, controlUnit: ControlUnit, up: boolean): number {
    const name = key(path, controlUnit);
    const link = this.links.get(name) ?? { down: false, knownDown: false, changes: 0 };
    if (link.down !== up) return 0;
    this.links.set(name, link);
    link.down = !up;
    return ++link.changes;
  }

  /** The channel looks at the link some time after a change: true when it learns something new. */
  notice(path: ChannelPath, controlUnit: ControlUnit, change: number): boolean {
    const link = this.links.get(key(path, controlUnit));
    if (link === undefined || link.changes !== change || link.down === link.knownDown) return false;
    link.knownDown = link.down;
    return true;
  }
}

const key = (path: ChannelPath, controlUnit: ControlUnit): string => `${path.index}/${controlUnit.name}`;
