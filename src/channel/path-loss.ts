import { NO_EVENT } from '../kernel/simulation.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { firstPath, NO_PATHS, type PathIndex, type PathMask, pathBit } from '../zarch/path-mask.ts';
import type { LinkState } from './link-state.ts';
import type { LostOperation } from './machine-model.ts';
import { markNotOperational, type OperationEnd } from './operation-end.ts';
import type { StartFunctions } from './start-function.ts';
import { PHASE, type Subchannel } from './subchannel.ts';

/**
 * What becomes of operations in progress when a path, or what is at its end, goes (architecture reference C.5):
 *
 *   not accepted yet ─► selects a path again
 *   disconnected     ─► comes back on another path, when there is one that it may use
 *   else             ─► ends as this machine lets lost operations end
 */
export class PathLosses {
  private readonly starts: StartFunctions;
  private readonly endings: OperationEnd;
  private readonly observer: Observer;
  private readonly links: LinkState;
  private readonly how: LostOperation;

  constructor(
    starts: StartFunctions,
    endings: OperationEnd,
    observer: Observer,
    links: LinkState,
    how: LostOperation,
  ) {
    this.starts = starts;
    this.endings = endings;
    this.observer = observer;
    this.links = links;
    this.how = how;
  }

  /** A path is gone or was reset. What the subchannel does elsewhere, or can go on with elsewhere, goes on. */
  losePath(sch: Subchannel, lost: PathIndex): void {
    if (sch.dedicated === pathBit(lost)) sch.dedicated = NO_PATHS;
    if (sch.pathIndex === lost) {
      if (sch.phase === PHASE.SENT) this.starts.startAnew(sch);
      else this.end(sch, lost);
    } else if (isAway(sch) && (reconnectPaths(sch, this.links) & ~pathBit(lost)) === 0) {
      this.end(sch, firstPath(sch.schib.pmcw.lpum));
    }
  }

  /** The control unit has forgotten what it did for the subchannel. A command that is still on its way is not concerned. */
  loseOperation(sch: Subchannel): void {
    if (isAway(sch)) this.end(sch, firstPath(sch.schib.pmcw.lpum));
    else if (sch.pathIndex >= 0 && sch.phase !== PHASE.SENT) this.end(sch, sch.pathIndex);
  }

  /** The channel has waited long enough for an answer. */
  noResponse(sch: Subchannel): void {
    sch.event = NO_EVENT;
    sch.pathTimeout = 1;
    this.end(sch, sch.pathIndex);
  }

  private end(sch: Subchannel, lost: PathIndex): void {
    const bit = pathBit(lost);
    this.observer.emit(EVENT['io.path-lost'], sch.host, sch.id, sch.paths[lost].chpid, bit, -1, 0, 0, 0);
    this.starts.abandon(sch);
    switch (this.how) {
      case 'silent':
        // The subchannel still shows the operation; only a halt or clear function ends it.
        sch.phase = PHASE.LOST;
        return;
      case 'deferred-cc3':
        markNotOperational(sch, bit);
        this.endings.noPathOperational(sch);
        return;
      case 'ifcc':
        sch.eswLpum = bit;
        this.endings.interfaceControlCheck(sch);
    }
  }
}

/** The device works without the channel. */
const isAway = (sch: Subchannel): boolean =>
  sch.phase === PHASE.DISCONNECTED || sch.phase === PHASE.RECONNECTING;

/** Where a device may reconnect: on the path last used, in multipath mode on any whose link is not known to be broken. */
export function reconnectPaths(sch: Subchannel, links: LinkState): PathMask {
  const { pim, pam, lpm, lpum, multipath } = sch.schib.pmcw;
  let paths = pim & pam & (multipath === 1 ? lpm : lpum);
  if (links.neverBroken) return paths;
  for (let rest = paths; rest !== 0; rest &= ~pathBit(firstPath(rest))) {
    const path = firstPath(rest);
    if (links.isKnownDown(sch.paths[path], sch.controlUnit.controlUnit)) paths &= ~pathBit(path);
  }
  return paths;
}
