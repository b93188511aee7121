import path from 'node:path';
import { type BuildSimulation, buildIn } from '../experiment/built-run.ts';
import { type Manifest, parseManifest } from '../output/manifest.ts';
import { OutputError } from '../output/output-error.ts';
import { MANIFEST } from '../output/run-folder.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** The manifest itself, or the run folder that holds it. */
export const manifestPath = (terminal: Terminal, target: string): string =>
  terminal.files.existsSync(path.join(target, MANIFEST)) ? path.join(target, MANIFEST) : target;

export function readText(terminal: Terminal, file: string): string {
  return OutputError.guard(`cannot read ${file}`, () => terminal.files.readFileSync(file, 'utf8'));
}

export function readManifest(terminal: Terminal, target: string): Manifest {
  const file = manifestPath(terminal, target);
  const manifest = parseManifest(readText(terminal, file));
  if (manifest === null) throw new UsageError(`${file} is no manifest of a run`);
  return manifest;
}

/** Builds what a manifest describes, with the traces that its scenario names. */
export const buildAgain = (terminal: Terminal, { execution }: Manifest): BuildSimulation =>
  buildIn(terminal.build, execution.folder ?? '');
