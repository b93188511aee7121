// Runs every scenario with the built program and reports whether its expectations and thresholds were met.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = join(ROOT, 'dist/cli/main.js');
/** The largest one is run without traces. */
const UNTRACED = new Set(['two-subchannel-sets']);

/** `wanted`: names of the scenarios to run; empty: all. */
export function checkScenarios(wanted, report) {
  const out = mkdtempSync(join(tmpdir(), 'chpsim-conformance-'));
  try {
    for (const name of scenarioNames()) {
      if (wanted.length === 0 || wanted.includes(name)) checkScenario(name, out, report);
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Paths under scenarios/, without their ending. */
function scenarioNames() {
  return readdirSync(join(ROOT, 'scenarios'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length).replaceAll('\\', '/'))
    .sort();
}

function checkScenario(name, out, report) {
  const trace = UNTRACED.has(name) ? 'none' : 'events';
  const args = ['run', `scenarios/${name}.yaml`, '--out', out, '--trace', trace, '--progress', 'never'];
  const started = process.hrtime.bigint();
  const run = spawnSync(process.execPath, [PROGRAM, ...args], { cwd: ROOT, encoding: 'utf8' });
  const seconds = Number((process.hrtime.bigint() - started) / 1_000_000n) / 1_000;
  const met = run.status === 0;
  report.line(met, name.padEnd(34), `${seconds.toFixed(1)} s`);
  if (met) return;
  console.log(run.stdout + run.stderr);
  console.log(`repeat: node dist/cli/main.js ${args.join(' ')}`);
}
