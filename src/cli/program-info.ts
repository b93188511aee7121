import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Manifest } from '../output/manifest.ts';

/** The package's folder, from `src/cli` as from `dist/cli`. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Name, version and, in a repository, the commit of this program. */
export function programInfo(): Manifest['program'] {
  const { name, version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  return { name, version, commit: commitOf(path.join(ROOT, '.git')) };
}

/** The commit that HEAD names, read from git's own files. */
function commitOf(git: string): string | null {
  const read = (file: string): string | null =>
    existsSync(path.join(git, file)) ? readFileSync(path.join(git, file), 'utf8') : null;
  const head = read('HEAD')?.trim();
  if (head === undefined) return null;
  if (!head.startsWith('ref: ')) return head;
  const ref = head.slice('ref: '.length);
  const loose = read(ref)?.trim();
  if (loose !== undefined) return loose;
  const packed = read('packed-refs')
    ?.split('\n')
    .find((line) => line.endsWith(` ${ref}`));
  return packed?.split(' ')[0] ?? null;
}
