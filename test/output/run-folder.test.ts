import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { OutputError } from '../../src/output/output-error.ts';
import { RunFolder } from '../../src/output/run-folder.ts';
import { MemoryFiles } from './memory-files.ts';

const nobodyElse = (): boolean => false;
const begin = (files: MemoryFiles): RunFolder => new RunFolder(files, 'out/story', 'rotation-s1', nobodyElse);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Folders that a reader would take for complete runs. */
const complete = (files: MemoryFiles): string[] =>
  [...files.files.keys()]
    .filter((name) => name.endsWith('/manifest.json') && !name.includes('/.'))
    .map((name) => name.slice(0, -'/manifest.json'.length));

describe('a run folder', () => {
  it('appears as a whole, with rows, bytes and digest of each file', () => {
    const files = new MemoryFiles();
    const folder = begin(files);
    const events = folder.file('events.csv');
    events.write(bytes('a\n'));
    expect(complete(files)).toEqual([]);
    events.write(bytes('1\n'));
    folder.finish(events, 1);
    folder.write('counts.csv', 'b\n');
    expect(folder.entries).toEqual([
      { name: 'counts.csv', rows: 0, bytes: 2, sha256: createHash('sha256').update('b\n').digest('hex') },
      { name: 'events.csv', rows: 1, bytes: 4, sha256: createHash('sha256').update('a\n1\n').digest('hex') },
    ]);
    folder.complete('{}\n');
    expect(complete(files)).toEqual(['out/story/rotation-s1']);
    expect(files.readFileSync('out/story/rotation-s1/events.csv')).toBe('a\n1\n');
  });

  it('replaces an earlier run of the same name', () => {
    const files = new MemoryFiles();
    for (const text of ['first', 'second']) {
      const folder = begin(files);
      folder.write('summary.json', text);
      folder.complete('{}');
    }
    expect(files.readFileSync('out/story/rotation-s1/summary.json')).toBe('second');
    expect(files.readdirSync('out/story')).toEqual(['rotation-s1']);
  });

  it('leaves nothing when the disk is full', () => {
    const files = new MemoryFiles();
    files.capacity = 10;
    const folder = begin(files);
    const events = folder.file('events.csv');
    events.write(bytes('12345678'));
    expect(() => events.write(bytes('12345678'))).toThrow(
      new OutputError(
        `cannot write out/story/.rotation-s1.partial-${process.pid}/events.csv: no space left on the disk`,
      ),
    );
    folder.abandon();
    expect([...files.files.keys()]).toEqual([]);
  });

  it('never looks complete before it is, whenever the program is killed', () => {
    for (let operations = 0; ; operations++) {
      const files = new MemoryFiles();
      files.operationsLeft = operations;
      try {
        const folder = begin(files);
        folder.write('summary.json', 'whole');
        folder.complete('{}');
      } catch (error) {
        expect((error as Error).message).toBe('killed');
        for (const path of complete(files)) expect(files.readFileSync(`${path}/summary.json`)).toBe('whole');
        continue;
      }
      expect(complete(files)).toEqual(['out/story/rotation-s1']);
      return;
    }
  });

  it('clears away what killed runs left, but not what others are writing', () => {
    const files = new MemoryFiles();
    files.mkdirSync('out/story/.rotation-s1.partial-4711');
    files.mkdirSync('out/story/.rotation-s1.partial-4712');
    files.mkdirSync('out/story/.rotation-s10.partial-4711');
    new RunFolder(files, 'out/story', 'rotation-s1', (pid) => pid === 4712).complete('{}');
    expect(files.readdirSync('out/story').sort()).toEqual([
      '.rotation-s1.partial-4712',
      '.rotation-s10.partial-4711',
      'rotation-s1',
    ]);
  });
});
