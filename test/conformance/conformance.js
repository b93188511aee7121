// Runs every scenario with the built program and reports whether its expectations and thresholds were met.
// The largest one is run without traces. `node test/conformance/conformance.js [name…]` runs some of them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = join(ROOT, 'dist/cli/main.js');
const UNTRACED = new Set(['two-subchannel-sets']);

const wanted = process.argv.slice(2);
const scenarios = readdirSync(join(ROOT, 'scenarios'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length))
  .filter((name) => wanted.length === 0 || wanted.includes(name))
  .sort();

const out = mkdtempSync(join(tmpdir(), 'chpsim-conformance-'));
let passed = 0;
let failed = 0;
try {
  for (const name of scenarios) {
    const trace = UNTRACED.has(name) ? 'none' : 'events';
    const args = ['run', `scenarios/${name}.yaml`, '--out', out, '--trace', trace, '--progress', 'never'];
    const started = process.hrtime.bigint();
    const run = spawnSync(process.execPath, [PROGRAM, ...args], { cwd: ROOT, encoding: 'utf8' });
    const seconds = Number((process.hrtime.bigint() - started) / 1_000_000n) / 1_000;
    const met = run.status === 0;
    if (met) passed++;
    else failed++;
    console.log(`${met ? 'ok  ' : 'FAIL'} ${name.padEnd(22)} ${seconds.toFixed(1)} s`);
    if (!met) {
      console.log(run.stdout + run.stderr);
      console.log(`repeat: node dist/cli/main.js ${args.join(' ')}`);
    }
    rmSync(join(out, name), { recursive: true, force: true });
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
console.log(`\nconformance: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
