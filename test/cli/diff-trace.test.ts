import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NODE_FILES } from '../../src/output/file-system.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import { TestTerminal } from './test-terminal.ts';

class DiskTerminal extends TestTerminal {
  override readonly files = NODE_FILES as TestTerminal['files'];
  override build = buildSimulation;
}

/** One volume on two paths; one of them is varied off and on again. */
const SCENARIO = `name: one-volume
duration: 6s
machine:
  chpids: { "0.40-0.41": { type: ficon-express16s+ } }
  controlUnits: { lcu0: { paths: "0.40-0.41" } }
  dasd: { "0.0.1000": { controlUnit: lcu0 } }
actions:
  - { at: 2s, name: off, do: vary-path, chpid: 0.40, to: off }
  - { at: 4s, name: on, do: vary-path, chpid: 0.40, to: on }
`;
const TWO_SYSTEMS = `${SCENARIO}systems: { lpar1: {}, lpar2: { online: [] } }\n`;

let folder = '';
let scenario = '';
/** Folder of a run that wrote its trace, and of one that did not. */
let traced = '';
let untraced = '';
let trace = '';
let terminal = new DiskTerminal();

async function record(file: string, ...options: string[]): Promise<string> {
  const disk = new DiskTerminal();
  const out = fs.mkdtempSync(path.join(folder, 'out-'));
  const code = await disk.chpsim('run', file, '--out', out, '--json', ...options);
  expect(code, disk.stderr).toBe(0);
  return JSON.parse(disk.stdout).runs[0].meta.folder;
}

const file = (name: string, text: string): string => {
  fs.writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-diff-trace-'));
  scenario = file('one-volume.yaml', SCENARIO);
  traced = await record(scenario, '--trace-format', 'csv,ftrace');
  untraced = await record(scenario, '--trace', 'none');
  trace = fs.readFileSync(path.join(traced, 'trace.txt'), 'utf8');
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeEach(() => {
  terminal = new DiskTerminal();
});

describe('run --trace-format', () => {
  it('writes ftrace text besides the tables, or alone', async () => {
    const manifest = JSON.parse(fs.readFileSync(path.join(traced, 'manifest.json'), 'utf8'));
    expect(manifest.trace).toEqual({ level: 'all', filter: [], formats: ['csv', 'ftrace'] });
    const names = manifest.files.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['events.csv', 'io.csv', 'trace.txt']));
    const lines = trace.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
    const { rows } = manifest.files.find(({ name }: { name: string }) => name === 'trace.txt');
    expect(rows).toBe(lines);

    const alone = await record(scenario, '--trace-format', 'ftrace');
    expect(fs.existsSync(path.join(alone, 'events.csv'))).toBe(false);
    expect(fs.readFileSync(path.join(alone, 'trace.txt'), 'utf8')).toBe(trace);
  });

  it('leaves the run as it is', () => {
    const fingerprint = (run: string): string =>
      JSON.parse(fs.readFileSync(path.join(run, 'manifest.json'), 'utf8')).fingerprint.events;
    expect(fingerprint(traced)).toBe(fingerprint(untraced));
  });

  it('names the system where there are several', async () => {
    const run = await record(file('two.yaml', TWO_SYSTEMS), '--trace-format', 'ftrace');
    expect(fs.readdirSync(run).filter((name) => name.endsWith('.txt'))).toEqual([
      'trace-lpar1.txt',
      'trace-lpar2.txt',
    ]);
  });

  it('has every instruction that was counted, with the CHPIDs of the subchannel', async () => {
    const counts = fs.readFileSync(path.join(traced, 'counts.csv'), 'utf8');
    for (const instruction of ['ssch', 'stsch', 'msch', 'tsch', 'chsc', 'stcrw', 'interrupt']) {
      const counted = new RegExp(`^,host\\.${instruction},,,(\\d+)$`, 'm').exec(counts)?.[1] ?? '0';
      const traceLines = trace.split('\n').filter((line) => line.includes(`: s390_cio_${instruction}: `));
      expect(String(traceLines.length), instruction).toBe(counted);
    }
    const schibs = trace.split('\n').filter((line) => line.includes('stsch: schid=0.0.0000 cc=0'));
    expect(schibs.length).toBeGreaterThan(10);
    expect(schibs.every((line) => line.endsWith('chpids=4041000000000000'))).toBe(true);
  });

  it('refuses formats it does not know, and texts without every instruction', async () => {
    expect(await terminal.chpsim('run', scenario, '--trace-format', 'csv,xml')).toBe(2);
    expect(terminal.stderr).toBe('error: --trace-format xml: expected csv, ftrace, qemu, perfetto\n');
    terminal = new DiskTerminal();
    expect(await terminal.chpsim('run', scenario, '--trace', 'events', '--trace-format', 'ftrace')).toBe(2);
    expect(terminal.stderr).toContain('ftrace text tells every instruction; write level: all');
  });
});

describe('diff-trace', () => {
  const diff = (...argv: string[]): Promise<number> => terminal.chpsim('diff-trace', ...argv);

  it('finds a run equal to its own trace, written, given as a file or made again', async () => {
    const recording = file('own.txt', trace);
    for (const run of [
      traced,
      path.join(traced, 'trace.txt'),
      untraced,
      path.join(untraced, 'manifest.json'),
    ]) {
      terminal = new DiskTerminal();
      expect(await diff(recording, run), run).toBe(0);
      expect(terminal.stdout).toMatch(/^equal {6}\d+ of \d+ agree \(100\.00 %\)$/m);
      expect(terminal.stderr).toBe('');
    }
  });

  it('shows the first difference with its surroundings, and what differs', async () => {
    const lines = trace.trimEnd().split('\n');
    const at = lines.findIndex((line) => line.includes('s390_cio_msch'));
    lines[at] = lines[at].replace('lpm=0x', 'lpm=0xe');
    const recording = file('changed.txt', `${lines.toSpliced(at + 8, 1).join('\n')}\n`);
    expect(await diff(recording, traced, '--context', '2')).toBe(4);
    const [, shown] = terminal.stdout.split('\n\n');
    const [head, ...rows] = shown.split('\n');
    expect(head).toBe(`first difference (- recording, line ${at + 1}; + run, line ${at + 1})`);
    expect(rows.map((row) => row[0])).toEqual([' ', ' ', '-', '+', ' ', ' ', ' ']);
    expect(rows[2]).toMatch(/^- +0\.\d{6} cio_msch schid=0\.0\.0000 cc=0 /);
    expect(rows[4]).toMatch(/^ {2}differs in lpm 0xe\w\w \/ 0x\w\w$/);
    const total = lines.filter((line) => !line.startsWith('#')).length;
    expect(terminal.stdout).toContain(`different  ${total - 2} of ${total} agree (`);
    expect(terminal.stdout).toMatch(/^cio_msch +lpm +1 +0xe\w\w +0x\w\w$/m);
  });

  it('compares a phase, from its beginning to its end, or a time', async () => {
    const timeOf = (line: string): number => Number(/ (\d+\.\d{6}): /.exec(line)?.[1]);
    const between = (from: number, to: number): string =>
      trace
        .split('\n')
        .filter((line) => timeOf(line) >= from && timeOf(line) < to)
        .join('\n');
    const off = file('off.txt', between(2, 4));
    expect(await diff(off, traced)).toBe(4);
    expect(await diff(off, traced, '--from', 'off', '--to', 'off')).toBe(0);
    expect(await diff(off, untraced, '--from', '2s', '--to', '4000ms')).toBe(0);
    expect(await diff(file('later.txt', between(2, 6)), traced, '--from', 'off')).toBe(0);
    terminal = new DiskTerminal();
    expect(await diff(off, traced, '--from', 'of')).toBe(2);
    expect(terminal.stderr).toContain('expected a time (2s, 300ms) or a phase; phases are off, on');
    expect(await diff(off, path.join(traced, 'trace.txt'), '--from', 'off')).toBe(2);
    expect(terminal.stderr).toContain('the run has no phases');
  });

  it('compares only the events asked for', async () => {
    const recording = file('no-stsch.txt', trace.replaceAll(/^.*stsch: .*\n/gm, ''));
    expect(await diff(recording, traced)).toBe(4);
    terminal = new DiskTerminal();
    expect(await diff(recording, traced, '--events', 's390_cio_ssch,cio_tsch', '--events', 'cio_chsc')).toBe(
      0,
    );
    expect(terminal.stdout).not.toContain('cio_msch ');
    expect(await diff(recording, traced, '--events', 'cio_sch')).toBe(2);
    expect(terminal.stderr).toBe('error: --events cio_sch: did you mean "cio_msch"?\n');
  });

  it('asks for the system where there are several', async () => {
    const run = await record(file('two.yaml', TWO_SYSTEMS), '--trace', 'none');
    const recording = file('own.txt', trace);
    expect(await diff(recording, run)).toBe(2);
    expect(terminal.stderr).toContain('choose one of lpar1, lpar2 with --system');
    expect(await diff(recording, run, '--system', 'lpar3')).toBe(2);
    expect(await diff(recording, run, '--system', 'lpar1', '--events', 'cio_hsch')).toBe(0);
    expect(await diff(recording, run, '--system', 'lpar2')).toBe(4);
  });

  it('ends with 5 when a file is missing, is no trace, or is of another kind', async () => {
    const code = (...argv: string[]): Promise<number> => diff(...argv);
    expect(await code(path.join(folder, 'nowhere.txt'), traced)).toBe(5);
    expect(await code(scenario, traced)).toBe(5);
    expect(terminal.stderr).toContain("no line of it is ftrace text or QEMU's log");
    const recording = file('own.txt', trace);
    expect(await code(recording, path.join(folder, 'nowhere'))).toBe(5);
    const log = file('qemu.txt', 'ioinst_sch_id IOINST: stsch (0.0.0000)\n');
    expect(await code(recording, log)).toBe(5);
    expect(terminal.stderr).toContain("cannot compare: one trace is ftrace text, the other is QEMU's log");
  });

  it('takes an empty recording for silence', async () => {
    const silence = file('silence.txt', '\n');
    expect(await diff(silence, traced, '--from', '3s', '--to', '4s')).toBe(0);
    expect(await diff(silence, traced)).toBe(4);
  });

  it('refuses a context that is no number', async () => {
    expect(await diff(file('own.txt', trace), traced, '--context', 'all')).toBe(2);
  });
});
