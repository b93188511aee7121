import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWholeFile } from '../output/whole-file.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { repeatLine } from './repeat-line.ts';
import { instructionsStarter } from './starters/instructions.ts';
import { kvmStarter } from './starters/kvm.ts';
import { partitionStarter } from './starters/partition.ts';
import type { Starter } from './starters/starter.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const STARTERS = {
  partition: partitionStarter,
  kvm: kvmStarter,
  instructions: instructionsStarter,
} as const satisfies Readonly<Record<string, (starter: Starter) => string>>;
export type StarterKind = keyof typeof STARTERS;
export const STARTER_KINDS = Object.keys(STARTERS) as readonly StarterKind[];

/** The schema that comes with the package, from `src/cli` as from `dist/cli`. */
const SCHEMA = fileURLToPath(new URL('../../schema/scenario.schema.json', import.meta.url));

export interface NewOptions {
  readonly kind: StarterKind;
  /** Overwrites what is there. */
  readonly force: boolean;
}

/** `chpsim new`: a commented scenario to begin with, on stdout for `-`. A file that is there is kept. */
export function newCommand(terminal: Terminal, file: string, { kind, force }: NewOptions): ExitCode {
  if (file === '-') {
    terminal.out(starterText(kind, 'scenario.yaml'));
    return EXIT.OK;
  }
  if (!force && terminal.files.existsSync(file)) {
    throw new UsageError(`${file} is there already; --force overwrites it`);
  }
  writeWholeFile(terminal.files, file, starterText(kind, file));
  terminal.err(`wrote ${file}; next: ${repeatLine(['run', file])}\n`);
  return EXIT.OK;
}

/** An editor looks for the schema from the folder of the scenario. */
function starterText(kind: StarterKind, file: string): string {
  const schema = path.relative(path.dirname(path.resolve(file)), SCHEMA).replaceAll('\\', '/');
  const quoted = repeatLine([file]).slice('chpsim '.length);
  return `# yaml-language-server: $schema=${schema}\n${STARTERS[kind]({ name: nameOf(file), file: quoted })}`;
}

/** The file's name as far as a scenario may have it. */
function nameOf(file: string): string {
  const name = path
    .basename(file)
    .replace(/\.ya?ml$/, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64);
  return name === '' ? 'scenario' : name;
}
