import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Manifest } from '../output/manifest.ts';
import { sha256 } from '../scenario/canonical.ts';

/** The package's folder, from `src/cli` as from `dist/cli`. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** `src` or `dist`, whichever runs. */
const CODE = fileURLToPath(new URL('..', import.meta.url));

/** Name and version of this program, and in a repository what tells one day's program from the next day's. */
export function programInfo(): Manifest['program'] {
  const { name, version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  const commit = commitOf(path.join(ROOT, '.git'));
  return { name, version, commit, build: commit === null ? null : digestOf(CODE) };
}

/** Digest of the files that run: whoever changes one and commits nothing must not be shown the results from before. */
function digestOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[jt]s$/.test(name) && !name.endsWith('.d.ts'))
    .sort();
  return sha256(
    files.map((name) => `${name} ${sha256(readFileSync(path.join(folder, name)))}\n`).join(''),
  ).slice(0, 16);
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
