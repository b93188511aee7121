import { formatChpid } from '../zarch/ids.ts';
import { chpidSection, type ImportedChpid, importedChpids } from './chpid-section.ts';
import { controlUnitGroups } from './control-unit-groups.ts';
import { controlUnitSection, dasdSection } from './dasd-section.ts';
import { type KnownDevice, MachineFacts } from './device-facts.ts';
import { asKey, deviceRange, deviceRuns } from './id-ranges.ts';
import { readLschp } from './lschp.ts';
import { readLscss } from './lscss.ts';
import { readLsdasd } from './lsdasd.ts';
import { ImportError, type InputText } from './printed-lines.ts';
import { type Volume, volumesOf } from './volumes.ts';

/** What the tools of s390-tools have printed on one machine. */
export interface ToolOutput {
  readonly lscss: readonly InputText[];
  readonly lschp: readonly InputText[];
  readonly lsdasd: readonly InputText[];
}

/** Sections of a scenario, as lines, and what a scenario is told of them in words. */
export interface ImportedMachine {
  readonly machine: readonly string[];
  /** Devices that are online; `all` of them where that is so. */
  readonly online: string;
  /** Channel paths that are varied off. */
  readonly varied: readonly string[];
  /** What was kept out, one line each. */
  readonly keptOut: readonly string[];
  readonly volumes: readonly Volume[];
}

/** Reads everything that is there. Throws an ImportError where something is not understood, or does not fit. */
export function readTools({ lscss, lschp, lsdasd }: ToolOutput): MachineFacts {
  for (const { file, text } of [...lscss, ...lsdasd, ...lschp]) {
    if (text.trim() === '') throw ImportError.of(file, 'is empty', 'feed what the tool has printed');
  }
  const facts = new MachineFacts();
  for (const input of lscss) readLscss(input, facts);
  for (const input of lsdasd) readLsdasd(input, facts);
  for (const input of lschp) readLschp(input, facts);
  return facts;
}

/** The machine of a scenario that is what the tools have shown. */
export function importMachine(facts: MachineFacts): ImportedMachine {
  const volumes = withPaths(volumesOf(facts), facts);
  const chpids = importedChpids(facts, volumes);
  const groups = controlUnitGroups(volumes);
  return {
    machine: [
      'machine:',
      ...(chpids.length === 0 ? ASSUMED_CHPIDS : chpidSection(chpids, facts)),
      ...(groups.length === 0
        ? assumedVolumes(chpids)
        : [...controlUnitSection(groups), ...dasdSection(groups, chpids)]),
    ],
    online: onlineOf(volumes),
    varied: chpids
      .map(({ chpid }) => chpid)
      .filter((chpid) => facts.chpids.get(chpid)?.online === false)
      .map(formatChpid),
    keptOut: [...facts.keptOut].map(([what, count]) => `${what}: ${count}`),
    volumes,
  };
}

/** Without lscss volumes have the paths that lschp shows, as far as a device can have so many. */
function withPaths(volumes: readonly Volume[], facts: MachineFacts): Volume[] {
  const usable = [...facts.chpids].filter(([, { type }]) => type === FICON).map(([chpid]) => chpid);
  const chpids = usable.slice(0, ASSUMED_PATHS);
  if (chpids.length === 0) return [...volumes];
  const paths = { pim: 0xff & ~(0xff >> chpids.length), chpids, known: true };
  return volumes.map((volume) => (volume.paths.known ? volume : { ...volume, paths }));
}

const FICON = 0x1b;
/** Paths that a volume has where nothing tells which. */
const ASSUMED_PATHS = 4;

const ASSUMED_CHPIDS = [
  '  # Channel paths: not known without lscss; assumed four.',
  '  chpids: { "0.40-0.43": {} }',
];

/** A machine without volumes would do nothing. */
function assumedVolumes(chpids: readonly ImportedChpid[]): string[] {
  const paths = chpids.slice(0, ASSUMED_PATHS).map(({ chpid }) => formatChpid(chpid));
  return [
    '  # Control units and volumes: not known without lscss; assumed one of each, on the first of the paths.',
    `  controlUnits: { lcu0: { paths: [${paths.join(', ')}] } }`,
    '  dasd: { 0.0.1000: {} }',
  ];
}

/** Where no tool has told, all of them are. */
function onlineOf(volumes: readonly KnownDevice[]): string {
  const online = volumes.filter(({ facts }) => facts.online !== false);
  if (online.length === volumes.length) return 'all';
  if (online.length === 0) return 'none';
  const runs = deviceRuns(online).map((run) => asKey(deviceRange(run)));
  return runs.length === 1 ? runs[0] : `[${runs.join(', ')}]`;
}
