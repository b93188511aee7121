import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name: name.replaceAll('\\', '/'), text: readFileSync(join(SRC, name), 'utf8') }));

/** Rooms from the ground up; a file may import from its own room and from those on lower floors. */
const FLOORS: readonly (readonly string[])[] = [
  ['kernel'],
  ['statistics'],
  ['zarch'],
  ['observe'],
  ['channel'],
  ['dasd'],
  ['workload', 'faults', 'linux'],
  ['pathing', 'qemu', 'program', 'zvm'],
  ['relay', 'zpci'],
  ['scenario'],
  ['output'],
  ['import'],
  ['experiment'],
  ['report'],
  ['cli', 'index.ts'],
  ['reference'],
];

/** The one file that may import each library. */
const LIBRARIES: Record<string, string> = {
  seedrandom: 'kernel/random.ts',
  'csv-stringify/sync': 'output/csv.ts',
  'csv-stringify': 'output/csv.ts',
  'hdr-histogram-js': 'observe/hdr-histogram.ts',
  commander: 'cli/commander.ts',
  piscina: 'experiment/worker-pool.ts',
  bullmq: 'experiment/sweep/job-queue.ts',
  yaml: 'scenario/document.ts',
  vega: 'output/figure.ts',
  'vega-lite': 'output/figure.ts',
  'hyparquet-writer': 'output/parquet.ts',
};

const roomOf = (name: string): string => name.split('/')[0];
const floorOf = (name: string): number => FLOORS.findIndex((rooms) => rooms.includes(roomOf(name)));

function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:from|import)[\s(]+'([^']+)'/g)].map(([, target]) => target);
}

function localImports(name: string, text: string): string[] {
  return importsOf(text)
    .filter((target) => target.startsWith('.'))
    .map((target) => relative(SRC, join(SRC, dirname(name), target)).replaceAll('\\', '/'));
}

describe('the house', () => {
  it('every room stands on a floor', () => {
    expect(FILES.filter(({ name }) => floorOf(name) < 0).map(({ name }) => name)).toEqual([]);
  });

  it('imports run downward', () => {
    const upward = FILES.flatMap(({ name, text }) =>
      localImports(name, text)
        .filter((target) => {
          if (roomOf(target) === roomOf(name)) return false;
          return floorOf(target) >= floorOf(name);
        })
        .map((target) => `${name} → ${target}`),
    );
    expect(upward).toEqual([]);
  });

  it('a library is imported by its one file', () => {
    const strays = FILES.flatMap(({ name, text }) =>
      importsOf(text)
        .filter((target) => LIBRARIES[target] !== undefined && LIBRARIES[target] !== name)
        .map((target) => `${name} → ${target}`),
    );
    expect(strays).toEqual([]);
  });

  it('no file is longer than 400 lines', () => {
    expect(FILES.filter(({ text }) => text.split('\n').length > 400).map(({ name }) => name)).toEqual([]);
  });
});

describe('determinism of the sources', () => {
  /** Rooms in which nothing may depend on the clock, on chance or on a floating-point power. */
  const simulated = FILES.filter(
    ({ name }) => !['cli', 'report', 'experiment', 'output', 'index.ts'].includes(roomOf(name)),
  );
  const FORBIDDEN: [string, RegExp][] = [
    ['wall clock', /\bDate\b|performance\.now|process\.hrtime/],
    ['unseeded chance', /Math\.random/],
    ['powers differ between Node versions', /Math\.pow|\*\*\s*[^/*\s]/],
    ['asynchronous simulation', /\basync\b|\bawait\b|\bPromise\b/],
  ];
  const withoutComments = (text: string): string =>
    text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');

  for (const [what, pattern] of FORBIDDEN) {
    it(`has no ${what}`, () => {
      const found = simulated.filter(({ text }) => {
        // Names in quotes, such as the kernel's async region, are no code.
        const code = withoutComments(text)
          .replace(/'[^'\n]*'/g, "''")
          .replace(/\b2 \*\* [\w()+ -]+/g, '');
        return pattern.test(code);
      });
      const allowed = what.startsWith('asynchronous') ? ['scenario'] : [];
      expect(found.map(({ name }) => name).filter((name) => !allowed.includes(roomOf(name)))).toEqual([]);
    });
  }
});
