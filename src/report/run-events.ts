import type { ResolvedScenario } from '../scenario/resolved.ts';
import { TimeBins } from './bins.ts';
import { eachRow } from './csv-rows.ts';
import { Episode, type PathChange } from './episode.ts';
import { PathBeliefs } from './path-beliefs.ts';

/**
 * What happens when a path changes, in the order in which it happens: the host's kernel tells QEMU, reports are queued for
 * a system, and it looks at its devices. STSCH is in a trace of level `all` only; path verification always.
 */
export const ACTIVITIES = ['told', 'report', 'stsch', 'verify'] as const;
export type Activity = (typeof ACTIVITIES)[number];

const ACTIVITY_OF: Readonly<Record<string, Activity>> = {
  'eventfd.path': 'told',
  'qemu.css_crw': 'report',
  'crw.channel-path': 'report',
  stsch: 'stsch',
  'verify.start': 'verify',
};

export type Activities = Readonly<Record<Activity, TimeBins>>;

/** What `events.csv` tells of channel paths. */
export interface RunEvents {
  /** Each change of a channel path or a link, as it came about in the machine. */
  readonly changes: readonly PathChange[];
  /** Changes that came together, and what followed on them. */
  readonly episodes: readonly Episode[];
  readonly beliefs: PathBeliefs;
  readonly activities: ReadonlyMap<string, Activities>;
}

const COLUMNS = ['t_ns', 'system', 'event', 'subchannel', 'chpid', 'detail'] as const;
/** Changes within this time are one story: a control unit or a director goes with all its paths. */
const TOGETHER_NS = 1_000_000;

export function readEvents(file: string, scenario: ResolvedScenario, endNs: number): RunEvents {
  const changes: PathChange[] = [];
  const episodes: Episode[] = [];
  const beliefs = new PathBeliefs(scenario);
  const activities = new Map<string, Activities>();
  const begin = (change: PathChange): void => {
    changes.push(change);
    const last = episodes.at(-1);
    if (last !== undefined && change.atNs - last.atNs <= TOGETHER_NS) last.changes.push(change);
    else episodes.push(new Episode(change));
  };
  eachRow(file, COLUMNS, ([time, system, event, subchannel, chpid, detail]) => {
    const atNs = Number(time);
    const change = CHANGES[event];
    if (change !== undefined) {
      begin({ atNs, system, chpid, isThere: change.isThere, what: change.what });
      if (change.what === 'link') {
        beliefs.linkChanged(atNs, fieldOf(detail, 'control_unit', 10), chpid, change.isThere);
      } else {
        beliefs.chpidChanged(atNs, system, chpid, change.isThere);
      }
      for (const concerned of beliefs.systems)
        episodes.at(-1)?.masks(atNs, concerned, beliefs.wrongOf(concerned));
    } else if (event === 'path.masks') {
      beliefs.masksChanged(atNs, system, subchannel, fieldOf(detail, 'lpm', 16), fieldOf(detail, 'opm', 16));
      episodes.at(-1)?.masks(atNs, system, beliefs.wrongOf(system));
    } else if (event === 'device.recognized') {
      beliefs.recognized(atNs, system, subchannel, detail.slice(detail.lastIndexOf('=') + 1));
    } else {
      const activity = ACTIVITY_OF[event];
      if (activity === undefined) return;
      binsOf(activities, system)[activity].add(atNs);
      episodes.at(-1)?.happened(atNs, system, activity);
    }
  });
  episodes.forEach((episode, at) => {
    episode.endNs = episodes[at + 1]?.atNs ?? endNs;
  });
  return { changes, episodes, beliefs, activities };
}

const CHANGES: Readonly<Record<string, { what: PathChange['what']; isThere: boolean }>> = {
  'chpid.available': { what: 'chpid', isThere: true },
  'chpid.unavailable': { what: 'chpid', isThere: false },
  'link.up': { what: 'link', isThere: true },
  'link.down': { what: 'link', isThere: false },
};

function binsOf(activities: Map<string, Activities>, system: string): Activities {
  let bins = activities.get(system);
  if (bins === undefined) {
    bins = { told: new TimeBins(), report: new TimeBins(), stsch: new TimeBins(), verify: new TimeBins() };
    activities.set(system, bins);
  }
  return bins;
}

/** A number of the column `detail`, which holds `name=value` pairs. */
function fieldOf(detail: string, name: string, radix: number): number {
  for (const pair of detail.split(' ')) {
    if (pair.startsWith(`${name}=`)) return Number.parseInt(pair.slice(name.length + 1), radix);
  }
  return 0;
}
