import path from 'node:path';
import { MANIFEST } from '../output/run-folder.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** What `--out` names holds folders of scenarios, and those hold folders of runs. */
const LEVELS = 2;

/**
 * Manifests at or below a path, by folder: the manifest itself, that of a run's folder, those of a scenario's, or of all that
 * `--out` got. Throws a UsageError when there is none.
 */
export function manifestsUnder(terminal: Terminal, target: string): string[] {
  if (!terminal.files.existsSync(target)) throw new UsageError(`${target} does not exist`);
  const entries = entriesOf(terminal, target);
  const found = entries === null ? [target] : manifestsWithin(terminal, target, entries, LEVELS);
  if (found.length > 0) return found;
  throw new UsageError(
    `${target} holds no run: expected a folder with a ${MANIFEST}, or one with such folders`,
  );
}

function manifestsWithin(
  terminal: Terminal,
  folder: string,
  entries: readonly string[],
  levels: number,
): string[] {
  if (entries.includes(MANIFEST)) return [path.join(folder, MANIFEST)];
  if (levels === 0) return [];
  // A dot is in front of what is being written.
  const names = entries.filter((name) => !name.startsWith('.')).sort();
  return names.flatMap((name) => {
    const inside = path.join(folder, name);
    const within = entriesOf(terminal, inside);
    return within === null ? [] : manifestsWithin(terminal, inside, within, levels - 1);
  });
}

/** Names in a folder; null: it is none. */
export function entriesOf({ files }: Terminal, target: string): string[] | null {
  try {
    return files.readdirSync(target);
  } catch (error) {
    if (['ENOTDIR', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
