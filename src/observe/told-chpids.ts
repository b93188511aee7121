import { NONE, type SubchannelId } from '../zarch/ids.ts';
import { packChpids } from '../zarch/packed-fields.ts';
import type { Pmcw } from '../zarch/schib.ts';
import { EVENT } from './event-table.ts';
import type { Observer } from './observer.ts';

/** The CHPIDs of each subchannel as a system told them last: they hardly ever change, so they have an event of their own. */
export class ToldChpids {
  private readonly observer: Observer;
  /** Number of the system in events. */
  private readonly system: number;
  private readonly told = new Map<SubchannelId, { readonly first: number; readonly last: number }>();

  constructor(observer: Observer, system: number) {
    this.observer = observer;
    this.system = system;
  }

  /** Called before the event of an instruction whose SCHIB holds them. */
  tell(subchannel: SubchannelId, pmcw: Pmcw): void {
    const first = packChpids(pmcw, 0);
    const last = packChpids(pmcw, 4);
    const before = this.told.get(subchannel);
    if (before !== undefined && before.first === first && before.last === last) return;
    this.told.set(subchannel, { first, last });
    this.observer.emit(EVENT['subchannel.chpids'], this.system, subchannel, NONE, NONE, NONE, first, last, 0);
  }
}
