import path from 'node:path';
import type { RecordedRun } from '../experiment/recorded-run.ts';
import { type Difference, firstDifference } from '../output/first-difference.ts';
import type { Manifest, ManifestFingerprint } from '../output/manifest.ts';
import { canonicalJson } from '../scenario/canonical.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** A file of which the folder holds other bytes than the replay wrote. */
interface ChangedFile {
  readonly name: string;
  readonly difference: Difference;
}

/**
 * Lays a replayed run beside what was recorded: the fingerprint, every other entry of the manifest, the digests of the
 * files, and the files themselves where they still lie beside the manifest. `say` gets the outcome in words.
 */
export function compareWithRecord(
  terminal: Terminal,
  recorded: Manifest,
  recordedFolder: string,
  { manifest: replayed, folder }: RecordedRun,
  say: (text: string) => void,
): ExitCode {
  const entries = differingEntries(recorded, replayed);
  const digests = differingDigests(recorded, replayed);
  const changed = changedFiles(terminal, replayed, recordedFolder, folder);
  const { events } = replayed.fingerprint;
  const sameEvents = recorded.fingerprint.events === events;
  if (sameEvents && entries.length + digests.length + changed.length === 0) {
    say(`same: ${replayed.eventCount} events, fingerprint ${events}\n`);
    return EXIT.OK;
  }
  if (sameEvents) say(`same events, fingerprint ${events}\n`);
  else {
    say(`different: fingerprint ${events}, recorded ${recorded.fingerprint.events}\n`);
    const isAlone = entries.length + digests.length === 0 && sameCheckpoints(recorded, replayed);
    say(isAlone ? NOTHING_ELSE : whereEventsDiffer(recorded.fingerprint, replayed.fingerprint.checkpoints));
  }
  if (entries.length > 0) say(`entries of the manifest that differ: ${entries.join(', ')}\n`);
  if (digests.length > 0) say(`files whose digest differs: ${digests.join(', ')}\n`);
  const afterwards = changed.map(({ name }) => name).filter((name) => !digests.includes(name));
  if (afterwards.length > 0) say(`files changed after the run: ${afterwards.join(', ')}\n`);
  // Events tell most: where they differ, everything else follows from it.
  const shown = changed.find(({ name }) => name === 'events.csv') ?? changed[0];
  if (shown !== undefined) showDifference(say, shown);
  return EXIT.DIFFERENT;
}

/** Entries that a run decides; where it came from and what this machine did are not compared. */
const DECIDED = [
  'run',
  'seed',
  'strategy',
  'trace',
  'streams',
  'endNs',
  'eventCount',
  'termination',
  'thresholds',
  'expectations',
] as const;

function differingEntries(recorded: Manifest, replayed: Manifest): string[] {
  const differ = (one: unknown, other: unknown): boolean => canonicalJson(one) !== canonicalJson(other);
  const names: string[] = DECIDED.filter((name) => differ(recorded[name], replayed[name]));
  const { name, resolvedSha256 } = recorded.scenario;
  const { scenario } = replayed;
  if (name !== scenario.name || resolvedSha256 !== scenario.resolvedSha256) names.unshift('scenario');
  return names;
}

/** Files that were written because they were asked for are no part of what a run is, and not written again. */
function differingDigests(recorded: Manifest, replayed: Manifest): string[] {
  return replayed.files
    .filter((file) => {
      const entry = recorded.files.find(({ name }) => name === file.name);
      return canonicalJson(entry ?? null) !== canonicalJson(file);
    })
    .map(({ name }) => name);
}

/** A manifest may have been copied without its files; those that are not there are not missed. */
function changedFiles(
  { files }: Terminal,
  replayed: Manifest,
  recordedFolder: string,
  folder: string,
): ChangedFile[] {
  const changed: ChangedFile[] = [];
  for (const { name } of replayed.files) {
    const recorded = path.join(recordedFolder, name);
    const difference = files.existsSync(recorded) ? firstDifference(recorded, path.join(folder, name)) : null;
    if (difference !== null) changed.push({ name, difference });
  }
  return changed;
}

/** Every count, digest and checkpoint is the same. */
const NOTHING_ELSE =
  'nothing else differs: the last events do, or the fingerprint in the manifest was changed\n';

const sameCheckpoints = ({ fingerprint: one }: Manifest, { fingerprint: other }: Manifest): boolean =>
  canonicalJson(one.checkpoints) === canonicalJson(other.checkpoints);

/** Between which two checkpoints the runs part. */
export function whereEventsDiffer(
  { every, checkpoints }: Pick<ManifestFingerprint, 'every' | 'checkpoints'>,
  others: readonly string[],
): string {
  const at = checkpoints.findIndex((checkpoint, index) => checkpoint !== others[index]);
  const same = at < 0 ? Math.min(checkpoints.length, others.length) : at;
  return `the first ${same * every} events are the same; the first difference is among the next ${every}\n`;
}

function showDifference(say: (text: string) => void, { name, difference }: ChangedFile): void {
  const { line, before, left, right } = difference;
  say(`first difference in ${name}, line ${line} (- recorded, + replayed):\n`);
  for (const equal of before) say(`  ${equal}\n`);
  say(`- ${left ?? '(end of file)'}\n+ ${right ?? '(end of file)'}\n`);
}
