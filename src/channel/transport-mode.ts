import type { Orb } from '../zarch/orb.ts';
import { firstPath, NO_PATHS, type PathMask, pathBit } from '../zarch/path-mask.ts';
import { clearCommandFields, clearTransportFields } from '../zarch/scsw.ts';
import type { ChannelPath } from './channel-path.ts';
import type { Subchannel } from './subchannel.ts';

/**
 * Transport mode (High Performance FICON; architecture reference E.2 to E.4), as far as it differs from command mode: the
 * whole program travels as one unit, a transport-command control block, so that its length costs the channel nothing; the
 * exchange stays open while the device works; and data are written when the device is ready for them, one round trip later.
 * Both modes share the channel processor and the wires, but each has exchanges of its own.
 *
 * A program of the model's own systems carries the commands that its control block stands for; one in main storage is
 * fetched (`transport-program/`), and the control unit makes the same of it.
 */
export function acceptMode(sch: Subchannel, orb: Orb): void {
  const { scsw } = sch.schib;
  sch.transport = orb.transportMode === 1;
  sch.transportFrame = null;
  clearTransportFields(scsw);
  if (sch.transport) {
    clearCommandFields(scsw);
    scsw.transport = 1;
    scsw.ccwAddress = orb.programAddress;
  }
  sch.excluded = sch.transport ? commandModeOnly(sch.paths) : NO_PATHS;
}

/** Paths whose channels know no transport mode: no such program is tried on them. */
function commandModeOnly(paths: readonly ChannelPath[]): PathMask {
  let mask = NO_PATHS;
  for (let path = 0; path < paths.length; path++) {
    if (paths[path].generation.transportNs === 0) mask |= pathBit(path);
  }
  return mask;
}

/** The first path that the program might use, but for its channel; none where there is no such path. */
export function commandModePath(sch: Subchannel): PathMask {
  const { pim, pam, lpm } = sch.schib.pmcw;
  const mask = pim & pam & lpm & sch.excluded;
  return mask === NO_PATHS ? NO_PATHS : pathBit(firstPath(mask));
}

/** The control unit has accepted the program: the time of the device is spent with the exchange open. */
export function holdExchange(sch: Subchannel, channel: ChannelPath, now: number): void {
  sch.connectNs += sch.disconnectNs;
  sch.disconnectTotalNs = sch.disconnectNs;
  sch.disconnectNs = 0;
  if (isWrite(sch)) sch.connectNs += 2 * channel.travelNs(now, sch.controlUnit.controlUnit);
}

/** Write commands have a one in the last bit of their code; the last command of a program of ours moves data. */
function isWrite({ program, transportFrame }: Subchannel): boolean {
  if (transportFrame !== null) return transportFrame.writes;
  return (program!.ccws[program!.length - 1].command & 1) !== 0;
}
