import type { Candidate } from '../kernel/dispatched-event.ts';
import type { Simulation } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import type { Observer } from '../observe/observer.ts';

/** Events of the same time and priority that ran in one run. */
export interface TieCounts {
  readonly events: number;
  /** Instants and priorities at which there was more than one, and the events there. */
  readonly ties: number;
  readonly tied: number;
  /** Those of them that did something about what another one of the same tie did something about as well. */
  readonly touching: number;
  /** The latter by kind, most first. */
  readonly kinds: readonly { readonly name: string; readonly events: number }[];
}

/** One event of the instant: its kind, and what it did something about. */
interface Member {
  readonly kind: number;
  readonly touched: Set<string>;
}

/**
 * Watches a run and counts ties. What an event is about is its target, and every subchannel and channel path of which
 * something was told while it ran.
 */
export class TieCensus {
  private readonly kinds = new Map<number, number>();
  private events = 0;
  private ties = 0;
  private tied = 0;
  private touching = 0;
  private time: SimTime = -1;
  /** Events of the present instant by priority. */
  private instant: Member[][] = [];
  private current: Member | null = null;

  /** An event is about to run. */
  readonly witness = ({ kind, target, time }: Candidate, priority: number): void => {
    if (time !== this.time) this.endInstant();
    this.time = time;
    this.events++;
    this.current = { kind, touched: new Set([`${kind} ${target}`]) };
    this.instant[priority] ??= [];
    this.instant[priority].push(this.current);
  };

  /** An observer that notes what is told, and passes it on. */
  watching(observer: Observer): Observer {
    return {
      emit: (event, system, subchannel, chpid, lpm, cc, a, b, c) => {
        if (subchannel >= 0) this.current?.touched.add(`s${system} ${subchannel}`);
        if (chpid >= 0) this.current?.touched.add(`p${chpid}`);
        observer.emit(event, system, subchannel, chpid, lpm, cc, a, b, c);
      },
      command: (system, subchannel, lpm, ccw, commandSet) =>
        observer.command(system, subchannel, lpm, ccw, commandSet),
      requestEnded: (system, subchannel, request) => observer.requestEnded(system, subchannel, request),
    };
  }

  counts(sim: Simulation): TieCounts {
    this.endInstant();
    const kinds = [...this.kinds].map(([kind, events]) => ({ name: sim.kindName(kind), events }));
    kinds.sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1));
    const { events, ties, tied, touching } = this;
    return { events, ties, tied, touching, kinds };
  }

  private endInstant(): void {
    for (const members of this.instant) {
      if (members === undefined || members.length < 2) continue;
      this.ties++;
      this.tied += members.length;
      this.countTouching(members);
    }
    this.instant = [];
  }

  private countTouching(members: readonly Member[]): void {
    const owners = new Map<string, number>();
    for (const { touched } of members) for (const it of touched) owners.set(it, (owners.get(it) ?? 0) + 1);
    for (const { kind, touched } of members) {
      if (![...touched].some((it) => owners.get(it)! > 1)) continue;
      this.touching++;
      this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    }
  }
}
