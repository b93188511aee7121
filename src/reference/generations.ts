import { readdirSync, readFileSync } from 'node:fs';
import { KERNELS } from '../linux/kernel-features.ts';
import { QEMU_RELEASES } from '../qemu/qemu-features.ts';
import { code, GENERATED, markdownTable } from './markdown.ts';

const SOURCES = 'src';
const KERNEL_FEATURES = 'linux/kernel-features.ts';
const QEMU_FEATURES = 'qemu/qemu-features.ts';

/** docs/generations.md: what the tables of features say, with the comments at their fields and the files that read them. */
export function generations(): string {
  const files = sourceFiles();
  return `${GENERATED}
# Generations

What a scenario's \`kernel\` and \`qemu\` stand for: sets of features, which single \`features\` of a system override. A dot: the
generation has it. Nothing in the model asks for a version; a feature is read where it makes a difference, in the files
of the last column. One that nothing reads is named, and changes nothing.

## Linux

${featureTable('kernel', KERNELS, KERNEL_FEATURES, files)}
## QEMU

${featureTable('QEMU', QEMU_RELEASES, QEMU_FEATURES, files)}`;
}

interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** All sources but those of this room, in the order of their names. */
const sourceFiles = (): SourceFile[] =>
  readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !name.startsWith('reference/'))
    .sort()
    .map((name) => ({ name, text: readFileSync(`${SOURCES}/${name}`, 'utf8') }));

function featureTable(
  what: string,
  generationsOf: Readonly<Record<string, object>>,
  definedIn: string,
  files: readonly SourceFile[],
): string {
  const names = Object.keys(generationsOf);
  const text = files.find(({ name }) => name === definedIn)!.text;
  const features = Object.keys(generationsOf[names[0]]);
  const rows = features.map((feature) => [
    code(feature),
    ...names.map((name) => markOf((generationsOf[name] as Record<string, boolean | string>)[feature])),
    commentOf(feature, text),
    readersOf(feature, definedIn, files).map(code).join(', ') || 'nothing',
  ]);
  return markdownTable([`${what} feature`, ...names, 'what it does', 'read by'], rows);
}

const markOf = (value: boolean | string): string => (typeof value === 'string' ? value : value ? '•' : '');

/** The comment in front of a field of an interface, on one line. */
function commentOf(feature: string, text: string): string {
  const comment = new RegExp(`/\\*\\*((?:(?!\\*/).)*)\\*/\\s*readonly ${feature}:`, 's').exec(text);
  return (comment?.[1] ?? '').replaceAll(/\s*\n\s*\*\s*/g, ' ').trim();
}

/** Files that ask for the feature; those that only declare its type do not. */
const readersOf = (feature: string, definedIn: string, files: readonly SourceFile[]): string[] => {
  const asked = new RegExp(`(?<!readonly )\\b${feature}\\b(?!:)`);
  return files.filter(({ name, text }) => name !== definedIn && asked.test(text)).map(({ name }) => name);
};
