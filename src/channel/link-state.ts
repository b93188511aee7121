import type { ChannelPath } from './channel-path.ts';
import type { ControlUnit } from './control-unit.ts';

/**
 * The physical truth about links between channel paths and control units. Until the channel has noticed that a link is
 * broken, frames sent over it are lost; afterwards it knows better than to send.
 */
export class LinkState {
  private readonly down = new Map<string, { noticed: boolean }>();

  isDown(path: ChannelPath, controlUnit: ControlUnit): boolean {
    return this.down.has(key(path, controlUnit));
  }

  /** True when a frame sent now goes nowhere and nobody knows yet. */
  losesFrames(path: ChannelPath, controlUnit: ControlUnit): boolean {
    // Almost always nothing is broken, and then no key is built.
    return this.down.size > 0 && this.down.get(key(path, controlUnit))?.noticed === false;
  }

  set(path: ChannelPath, controlUnit: ControlUnit, up: boolean): void {
    if (up) this.down.delete(key(path, controlUnit));
    else this.down.set(key(path, controlUnit), { noticed: false });
  }

  notice(path: ChannelPath, controlUnit: ControlUnit): void {
    const link = this.down.get(key(path, controlUnit));
    if (link !== undefined) link.noticed = true;
  }
}

const key = (path: ChannelPath, controlUnit: ControlUnit): string => `${path.index}/${controlUnit.name}`;
