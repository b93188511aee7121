import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The package as npm would publish it, installed elsewhere. Skipped where npm has no packages and cannot fetch them. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CONSUMER = fileURLToPath(new URL('consumer', import.meta.url));
const PACKED = [
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'src',
  'schema',
  'scenarios',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];
const INSTALL_MS = 60_000;

const npm = (cwd: string, ...argv: string[]): string =>
  execFileSync('npm', argv, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: INSTALL_MS,
  });

/** Packs a copy, so that what is built for it disturbs nobody who uses `dist` meanwhile. */
function pack(into: string): string {
  const copy = path.join(into, 'sources');
  for (const name of PACKED.filter((it) => fs.existsSync(path.join(ROOT, it)))) {
    fs.cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
  }
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
  const [{ filename }] = JSON.parse(npm(copy, 'pack', '--json', '--silent', '--pack-destination', into)) as [
    { filename: string },
  ];
  return path.join(into, filename);
}

/** Installs a package into a folder of its own; false when npm cannot get what it depends on. */
function install(packed: string, consumer: string): boolean {
  fs.cpSync(CONSUMER, consumer, { recursive: true });
  fs.writeFileSync(path.join(consumer, 'package.json'), '{ "private": true, "type": "module" }\n');
  try {
    npm(consumer, 'install', '--prefer-offline', '--no-audit', '--no-fund', '--fetch-retries=0', packed);
    return true;
  } catch {
    return false;
  }
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-package-'));
const consumer = path.join(folder, 'consumer');
let isInstalled = false;
beforeAll(() => {
  isInstalled = install(pack(folder), consumer);
}, 3 * INSTALL_MS);
afterAll(() => fs.rmSync(folder, { recursive: true }));

const run = (command: string, ...argv: string[]) =>
  spawnSync(command, argv, { cwd: consumer, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

describe('the installed package', () => {
  it('has the program, the schema and the scenarios, and no sources', (test) => {
    if (!isInstalled) test.skip();
    const installed = path.join(consumer, 'node_modules', 'chpsim');
    expect(fs.readdirSync(installed)).toEqual(
      expect.arrayContaining(['dist', 'schema', 'scenarios', 'LICENSE']),
    );
    expect(fs.existsSync(path.join(installed, 'src'))).toBe(false);
  });

  it('runs from the command line', (test) => {
    if (!isInstalled) test.skip();
    const { status, stdout, stderr } = run('npx', '--no-install', 'chpsim', 'run', 'scenario.yaml', '--json');
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const { meta, runs } = JSON.parse(stdout);
    expect(meta).toMatchObject({ name: 'chpsim', commit: null, build: null });
    expect(fs.readdirSync(path.join(consumer, runs[0].meta.folder))).toContain('manifest.json');
    expect(run('npx', '--no-install', 'chpsim', 'replay', runs[0].meta.folder).status).toBe(0);
  });

  it('type-checks a strict consumer, and gives it the same run', (test) => {
    if (!isInstalled) test.skip();
    // The consumer has no packages of its own besides chpsim: compiler and Node's types are the repository's.
    const types = path.join(consumer, 'node_modules', '@types');
    fs.mkdirSync(types, { recursive: true });
    fs.symlinkSync(path.join(ROOT, 'node_modules', '@types', 'node'), path.join(types, 'node'));
    const tsc = path.join(ROOT, 'node_modules', '.bin', 'tsc');
    expect(run(tsc, '-p', '.')).toMatchObject({ status: 0, stdout: '' });
    const { stdout, stderr } = run(process.execPath, 'consumer.js');
    expect(stderr).toBe('');
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ seed: '7', stsch: 8 * 4, passed: true, reports: 2, refusal: true });
    expect(result.requests).toBeGreaterThan(0);
    const printed = run('npx', '--no-install', 'chpsim', 'run', 'scenario.yaml', '--seed', '7', '--json');
    expect(JSON.parse(printed.stdout).runs[0].meta.fingerprint).toBe(result.fingerprint);
  });
});
