import { PATH_GENERATIONS } from '../channel/path-generations.ts';
import { formatChpid } from '../zarch/ids.ts';
import type { ChpidFacts, MachineFacts } from './device-facts.ts';
import { asKey, chpidRange, flow, runsBy } from './id-ranges.ts';
import type { Volume } from './volumes.ts';

/** A channel path of the imported machine. */
export interface ImportedChpid {
  readonly chpid: number;
  /** As a scenario names it; undefined: the default. */
  readonly type: string | undefined;
  readonly standBy: boolean;
}

/** Types that are modelled, by the type byte that lschp shows, and the generation that stands for each. */
const DEFAULT_TYPE = 'ficon-express16s+';
const TYPES = new Map<number, string>([
  [PATH_GENERATIONS.escon.typeCode, 'escon'],
  [PATH_GENERATIONS[DEFAULT_TYPE].typeCode, DEFAULT_TYPE],
]);

/** The channel paths to volumes, and others of lschp that could lead to some; the rest is counted and kept out. */
export function importedChpids(facts: MachineFacts, volumes: readonly Volume[]): ImportedChpid[] {
  const used = new Set(volumes.flatMap(({ paths }) => paths.chpids));
  const known = facts.chpids;
  const all = [...new Set([...used, ...known.keys()])].sort((a, b) => a - b);
  return all.flatMap((chpid) => {
    const told = known.get(chpid);
    const type = told?.type ?? null;
    if (!used.has(chpid) && (type === null || !TYPES.has(type))) {
      const shown = type === null ? 'an unknown type' : `type ${type.toString(16).padStart(2, '0')}`;
      facts.keepOut(`CHPIDs of ${shown} without volumes`);
      return [];
    }
    const name = type === null ? undefined : TYPES.get(type);
    return [
      {
        chpid,
        type: name === DEFAULT_TYPE ? undefined : name,
        standBy: isStandBy(chpid, told, volumes),
      },
    ];
  });
}

/** Whether a path is in no volume's PAM. Where some have it, lschp was asked at another time. */
function isStandBy(chpid: number, told: ChpidFacts | undefined, volumes: readonly Volume[]): boolean {
  const users = volumes.filter(({ paths }) => paths.chpids.includes(chpid));
  const isSeen = users.some(({ facts, paths }) => (bitOf(chpid, paths) & (facts.pam ?? paths.pim)) !== 0);
  if (isSeen) return false;
  if (told !== undefined && told.configured !== null) return !told.configured;
  return users.length > 0;
}

/** Bit of a channel path in the masks of a volume. */
function bitOf(chpid: number, { pim, chpids }: Volume['paths']): number {
  let left = chpids.indexOf(chpid);
  if (left < 0) return 0;
  for (let bit = 0x80; bit > 0; bit >>= 1) {
    if ((pim & bit) !== 0 && left-- === 0) return bit;
  }
  return 0;
}

/** Path-available mask that the volume has because of its CHPIDs alone. */
export const usualPam = ({ paths }: Volume, chpids: readonly ImportedChpid[]): number =>
  chpids.reduce((pam, { chpid, standBy }) => (standBy ? pam & ~bitOf(chpid, paths) : pam), paths.pim);

/** Channel paths of which lschp says one thing, and PAM another. */
const disputed = (chpids: readonly ImportedChpid[], facts: MachineFacts): string[] =>
  chpids
    .filter(({ chpid, standBy }) => facts.chpids.get(chpid)?.configured === false && !standBy)
    .map(
      ({ chpid }) =>
        `    # ${formatChpid(chpid)}: not configured says lschp, but volumes have the path in their PAM; assumed configured.`,
    );

export function chpidSection(chpids: readonly ImportedChpid[], facts: MachineFacts): string[] {
  const isTyped = chpids.every(({ chpid }) => (facts.chpids.get(chpid)?.type ?? null) !== null);
  const states = chpids.every(({ chpid }) => (facts.chpids.get(chpid)?.configured ?? null) !== null);
  const notes = [
    isTyped
      ? `    # Generation, distance: not in lschp, which tells FICON from ESCON only; assumed ${DEFAULT_TYPE}, 100m.`
      : `    # Type, generation, distance: not known without lschp; assumed ${DEFAULT_TYPE}, 100m.`,
    ...(states
      ? []
      : ['    # Configuration state: not known; assumed stand-by where no volume has the path in its PAM.']),
    ...disputed(chpids, facts),
  ];
  const entry = ({ type, standBy }: ImportedChpid): string =>
    flow([
      ['type', type],
      ['configured', standBy ? 'false' : undefined],
    ]);
  const runs = runsBy(chpids, (a, b) => a.chpid + 1 === b.chpid && entry(a) === entry(b));
  const rows = runs.map(
    (run) => `    ${asKey(chpidRange(run[0].chpid, run.at(-1)!.chpid))}: ${entry(run[0])}`,
  );
  return ['  chpids:', ...notes, ...rows];
}
