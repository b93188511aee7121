import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

/** What documents point at is there: other documents and their headings, source files, and code that they quote. */
const DOCUMENTS = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const textOf = (file: string): string => readFileSync(file, 'utf8');

/** As GitHub makes them: lower case, hyphens for blanks, no other marks. */
const anchorsOf = (file: string): string[] =>
  [...textOf(file).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

function isThere(from: string, target: string): boolean {
  const [name, anchor] = target.split('#');
  const file = name === '' ? from : join(dirname(from), name);
  if (!existsSync(file)) return false;
  return anchor === undefined || anchorsOf(file).includes(anchor);
}

const SOURCES = new Set(readdirSync('src', { recursive: true, encoding: 'utf8' }));

describe.each(DOCUMENTS)('%s', (file) => {
  test('links to what is there', () => {
    const targets = [...textOf(file).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target]) => target);
    expect(targets.filter((target) => !isThere(file, target))).toEqual([]);
  });

  test('names source files that are there', () => {
    const named = [...textOf(file).matchAll(/`(?:src\/)?([a-z]+\/[\w/-]+\.ts)`/g)].map(([, name]) => name);
    const isSource = (name: string): boolean => existsSync(name) || SOURCES.has(name);
    expect(named.filter((name) => !isSource(name))).toEqual([]);
  });
});

test('the strategy that developers are shown is the one that runs', () => {
  const [, quoted] = /```ts\n(.*?)```/s.exec(textOf('docs/for-kernel-and-qemu-developers.md'))!;
  expect(textOf('src/relay/report-per-chpid.ts')).toContain(quoted);
});
