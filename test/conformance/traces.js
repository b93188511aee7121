// Holds runs of Linux on QEMU's channel subsystem against recorded traces. An index maps each recording to the scenario that
// repeats it; what differs from recording to recording of a kind (device numbers, reports) is read off the recording itself.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareTraces } from '../../dist/experiment/trace-comparison.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = join(ROOT, 'dist/cli/main.js');
const OWN_INDEX = join(ROOT, 'test/fixtures/recordings/index.json');
const KINDS = { '.guest.txt': 'trace.txt', '.qemu.txt': 'qemu.txt' };

export function checkTraces(folder, report) {
  const own = join(folder, 'index.json');
  const { traces } = JSON.parse(readFileSync(existsSync(own) ? own : OWN_INDEX, 'utf8'));
  const out = mkdtempSync(join(tmpdir(), 'chpsim-traces-'));
  const runs = new Map();
  let good = true;
  try {
    for (const file of recordingsIn(folder)) {
      const found = traces
        .map((entry) => ({ entry, match: new RegExp(entry.match).exec(file.stem) }))
        .find(({ match }) => match !== null);
      if (found === undefined) {
        report.detail(`no scenario in the index repeats ${file.name}`);
        continue;
      }
      good = checkTrace(folder, file, found.entry, found.match, { out, runs }, report) && good;
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  return good;
}

function recordingsIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .sort()
    .flatMap((name) => {
      const kind = Object.keys(KINDS).find((suffix) => name.endsWith(suffix));
      return kind === undefined ? [] : [{ name, kind, stem: name.slice(0, -kind.length) }];
    });
}

function checkTrace(folder, file, entry, match, around, report) {
  const values = valuesOf(folder, file, entry, match);
  const overrides = entry.set.map((text) => filled(text, values));
  const run = runOf(entry.scenario, overrides, around);
  if (run.error !== undefined) {
    report.line(false, `trace ${file.name}:`, `${entry.scenario} does not run`);
    report.detail(run.error);
    return false;
  }
  const recorded = readFileSync(join(folder, file.name), 'utf8');
  const text = readFileSync(join(run.folder, KINDS[file.kind]), 'utf8');
  const span = spanOf(run.phases, entry.phase && filled(entry.phase, values));
  const compared = compareInOrder(recorded, text, span, entry.unordered ?? []);
  report.share(`trace ${file.name}`, compared.agreed, Math.max(compared.recorded, compared.run), 'lines');
  if (compared.equal) return true;
  for (const line of firstDifference(compared, recorded, text)) report.detail(line);
  report.detail(
    `repeat: chpsim run scenarios/${entry.scenario}.yaml ${overrides.map((text) => `--set '${text}'`).join(' ')} --trace-format ftrace,qemu`,
  );
  return false;
}

/** Events of other threads are counted, all others are compared in their order. */
function compareInOrder(recorded, text, span, unordered) {
  const whole = compareTraces(recorded, text, span);
  if (unordered.length === 0) return whole;
  const ordered = whole.events.map(({ event }) => event).filter((event) => !unordered.includes(event));
  const compared = compareTraces(recorded, text, { ...span, events: ordered });
  const counts = whole.events.filter(({ event }) => unordered.includes(event));
  const sum = (field) => counts.reduce((total, count) => total + count[field], 0);
  const alike = counts.reduce((total, count) => total + Math.min(count.recorded, count.run), 0);
  return {
    ...compared,
    recorded: compared.recorded + sum('recorded'),
    run: compared.run + sum('run'),
    agreed: compared.agreed + alike,
    equal: compared.equal && counts.every((count) => count.recorded === count.run),
  };
}

function firstDifference({ pairs, firstDifference: at, events }, recorded, text) {
  if (at < 0)
    return events.filter((event) => event.recorded !== event.run).map((event) => JSON.stringify(event));
  const lineOf = (trace, line) => (line === null ? 'nothing' : trace.split('\n')[line.line - 1]);
  const pair = pairs[at];
  return [`first difference: recorded ${lineOf(recorded, pair.recorded)}`, `run ${lineOf(text, pair.run)}`];
}

/** What the texts of the index may name. */
function valuesOf(folder, { stem }, entry, match) {
  const values = new Map(match.slice(1).map((text, index) => [String(index + 1), text]));
  const stage = entry.devices === undefined ? stem : join(dirname(stem), filled(entry.devices, values));
  const log = join(folder, `${stage}.qemu.txt`);
  const logged = existsSync(log) ? devicesIn(readFileSync(log, 'utf8')) : { virtio: [], terminals: [] };
  values.set('devices', virtioOf(logged.virtio));
  values.set('terminal', terminalOf(logged.terminals));
  values.set('plugs', `"${logged.virtio.join(',')}"`);
  const seen = devicesSeen(join(folder, dirname(stem)));
  values.set('seen', virtioOf(seen.virtio));
  values.set('seenTerminal', terminalOf(seen.terminals));
  const guest = join(folder, `${stem}.guest.txt`);
  const reports = existsSync(guest) ? reportsIn(readFileSync(guest, 'utf8')) : [];
  const injections = reports.map((word) => `{at: 2s, name: injected, do: inject-report, crw: "${word}"}`);
  values.set('injections', `[${injections.join(', ')}]`);
  return values;
}

const virtioOf = (ids) => `{${ids.map((id) => `"${id}": {type: rng}`).join(', ')}}`;
const terminalOf = ([id]) => (id === undefined ? '[]' : `"${id}"`);

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values.get(name) ?? whole);

/** Bus ids of the devices that QEMU added, in order: what it assigned a subchannel and is not virtio is a terminal. */
function devicesIn(log) {
  const numbers = [
    ...log.matchAll(/CSS: assign ([0-9a-f]+)\.([0-3])\.([0-9a-f]+) \(devno 0x([0-9a-f]{4})\)/g),
  ];
  const isVirtio = ([, cssid, ssid, subchannel]) =>
    log.includes(`add subchannel ${cssid}.${ssid}.${subchannel}, devno`);
  const idOf = ([, cssid, ssid, , number]) => `${cssid}.${ssid}.${number}`;
  return {
    virtio: numbers.filter(isVirtio).map(idOf),
    terminals: numbers.filter((found) => !isVirtio(found)).map(idOf),
  };
}

/** Number of a terminal that no trace names. */
const UNNAMED_TERMINAL = 'fe.0.0900';

/**
 * Devices that the guest traces of a folder show, by subchannel: virtio devices have CHPID 00, a terminal another one. A
 * scan that goes one subchannel further than the devices shown has passed over a device offline: a terminal.
 */
function devicesSeen(folder) {
  const devices = new Map();
  let first = Number.POSITIVE_INFINITY;
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.guest.txt'))) {
    const text = readFileSync(join(folder, name), 'utf8');
    for (const [, subchannel, number, chpid] of text.matchAll(SHOWN)) {
      devices.set(subchannel, { id: `fe.${subchannel[0]}.${number}`, virtio: chpid === '00' });
    }
    // An id that a report names may lie anywhere; only a scan of all sets ends at the first one that is absent.
    if (!/schid=0\.1\.0000 cc=3/.test(text)) continue;
    for (const [, number] of text.matchAll(ABSENT)) first = Math.min(first, Number.parseInt(number, 16));
  }
  const sorted = [...devices].sort(([left], [right]) => (left < right ? -1 : 1));
  const inFirstSet = sorted.filter(([subchannel]) => subchannel[0] === '0').length;
  const all = sorted.map(([, device]) => device);
  if (Number.isFinite(first) && first > inFirstSet) all.push({ id: UNNAMED_TERMINAL, virtio: false });
  return {
    virtio: all.filter(({ virtio }) => virtio).map(({ id }) => id),
    terminals: all.filter(({ virtio }) => !virtio).map(({ id }) => id),
  };
}
const SHOWN = /schid=0\.(\d\.[0-9a-f]{4}) cc=0 .*dnv=1 dev=([0-9a-f]{4}) .*chpids=([0-9a-f]{2})/g;
const ABSENT = /schid=0\.0\.([0-9a-f]{4}) cc=3/g;

/** The words that STCRW returned. */
function reportsIn(trace) {
  const lines = trace.matchAll(
    /cio_stcrw:? cc=0 slct=(\d) oflw=(\d) chn=(\d) rsc=(\w+) anc=(\d) erc=0x(\w+) rsid=0x(\w+)/g,
  );
  return [...lines].map(([, slct, oflw, chn, rsc, anc, erc, rsid]) => {
    const flags = (slct << 30) | (oflw << 29) | (chn << 28) | (Number.parseInt(rsc, 16) << 24) | (anc << 23);
    const word = flags | (Number.parseInt(erc, 16) << 16) | Number.parseInt(rsid, 16);
    return (word >>> 0).toString(16).padStart(8, '0');
  });
}

/** Runs a scenario once for all recordings that it repeats with the same overrides. */
function runOf(scenario, overrides, { out, runs }) {
  const key = [scenario, ...overrides].join('\n');
  const known = runs.get(key);
  if (known !== undefined) return known;
  const folder = join(out, String(runs.size));
  const args = ['run', `scenarios/${scenario}.yaml`, '--out', folder, '--trace-format', 'ftrace,qemu'];
  args.push('--progress', 'never', ...overrides.flatMap((text) => ['--set', text]));
  const ended = spawnSync(process.execPath, [PROGRAM, ...args], { cwd: ROOT, encoding: 'utf8' });
  const run = ended.status === 0 ? finishedRun(folder) : { error: ended.stderr || ended.stdout };
  runs.set(key, run);
  return run;
}

function finishedRun(folder) {
  const manifest = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find(
    (name) => basename(name) === 'manifest.json',
  );
  const { scenario } = JSON.parse(readFileSync(join(folder, manifest), 'utf8'));
  return { folder: join(folder, dirname(manifest)), phases: scenario.resolved.phases };
}

function spanOf(phases, name) {
  if (name === undefined) return {};
  const phase = phases.find((candidate) => candidate.name === name);
  if (phase === undefined) throw new Error(`${relative(ROOT, OWN_INDEX)}: no phase ${name}`);
  return { fromUs: Math.floor(phase.fromNs / 1_000), toUs: Math.floor(phase.toNs / 1_000) };
}
