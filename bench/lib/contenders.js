import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './temporary-folder.js';

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {string} [command] the program to run
 * @property {string[]} [args]
 * @property {string} [missing] why it cannot run here
 */

const BENCH = fileURLToPath(new URL('..', import.meta.url));
/** Debian's packages install for Debian's Python, whatever else is in the path. */
const PYTHON = '/usr/bin/python3';
const compiled = new Map();
let buildFolder;

/** Our own simulator: bench/programs/<program>.js on the built dist; `flags` are Node's. */
export const chpsim = (name, program, args, flags = []) => ({
  name,
  command: process.execPath,
  args: [...flags, join(BENCH, 'programs', `${program}.js`), ...args.map(String)],
});

/** SimPy: bench/peers/simpy-<program>.py. */
export function simpy(name, program, args) {
  if (!succeeds(PYTHON, ['-c', 'import simpy; simpy.Environment'])) {
    return { name, missing: 'SimPy is not installed (Debian: python3-simpy3)' };
  }
  return { name, command: PYTHON, args: [join(BENCH, 'peers', `simpy-${program}.py`), ...args.map(String)] };
}

/** ns-3: bench/peers/ns3-<program>.cc, compiled on first use into a temporary folder. */
export function ns3(name, program, args) {
  const command = compileNs3(program);
  if (command === null) return { name, missing: 'ns-3 cannot be compiled (Debian: g++ and libns3-dev)' };
  return { name, command, args: args.map(String) };
}

function compileNs3(program) {
  if (!compiled.has(program)) {
    buildFolder ??= temporaryFolder();
    const output = join(buildFolder, program);
    const source = join(BENCH, 'peers', `ns3-${program}.cc`);
    const built = succeeds('g++', ['-O3', '-DNDEBUG', '-std=c++17', source, '-o', output, '-lns3-core']);
    compiled.set(program, built ? output : null);
  }
  return compiled.get(program);
}

function succeeds(command, args) {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
