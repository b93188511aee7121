import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NODE_FILES } from '../../src/output/file-system.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import { TestTerminal } from './test-terminal.ts';

const SCRIPT = `name: script
machine: [channel, qemu]
program:
  procedures:
    enable: [{ stsch: TD, expect: { cc: 0 } }, { msch: TD, set: { ena: 1 }, expect: { cc: 0 } }]
    again: [{ stsch: TD, expect: { schib: { ena: 1 } } }]
  steps:
    - { call: enable }
    - { call: again }
`;

let folder = '';
let good = '';
let bad = '';
let terminal = new TestTerminal();

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-script-'));
  good = path.join(folder, 'good.yaml');
  bad = path.join(folder, 'bad.yaml');
  fs.writeFileSync(good, SCRIPT);
  fs.writeFileSync(bad, `${SCRIPT}    - { tsch: TD, expect: { cc: 0, pgm: 15 } }\n`);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeEach(() => {
  terminal = new TestTerminal();
  terminal.build = buildSimulation;
});

describe('chpsim run with an instruction script', () => {
  it('prints how many checks were met, one run for each machine', async () => {
    expect(await terminal.chpsim('run', good)).toBe(0);
    expect(terminal.stdout).toMatch(/^script channel: /);
    expect(terminal.stdout).toContain('\nscript qemu: ');
    expect(terminal.stdout.match(/^4 of 4 checks of the program met$/gm)).toHaveLength(2);
  });

  it('ends with 3 when a check failed, and says where', async () => {
    expect(await terminal.chpsim('run', bad)).toBe(3);
    expect(terminal.stdout).toMatch(/^failed +step 3 \(tsch, line 10\): cc +expected 0, found 1$/m);
    expect(terminal.stdout).toMatch(/^failed +step 3 \(tsch, line 10\): pgm +expected 15, found cc 1$/m);
  });

  it('lists every check when asked', async () => {
    await terminal.chpsim('run', good, '--steps');
    expect(terminal.stdout).toMatch(/^met +step again\.1 \(stsch, line 6\): schib\.ena$/m);
  });

  it('gives JUnit one test case for each check', async () => {
    await terminal.chpsim('run', bad, '--junit', 'junit.xml');
    const xml = new TextDecoder().decode(terminal.files.files.get('junit.xml'));
    expect(xml).toContain('<testsuite name="script.channel" tests="6" failures="2" skipped="0">');
    expect(xml).toContain('name="step 3 (tsch, line 10): cc"');
  });

  it('can be replayed from its manifest', async () => {
    const disk = new DiskTerminal();
    await disk.chpsim('run', bad, '--out', path.join(folder, 'out'), '--json');
    const runs = JSON.parse(disk.stdout).runs as { meta: { folder: string } }[];
    expect(await disk.chpsim('replay', ...runs.map(({ meta }) => meta.folder))).toBe(0);
  });
});

describe('the traces of an instruction script in text', () => {
  const STSCH = 's390_cio_stsch: schid=0.0.0000 cc=0 ena=1 st=0 dnv=1';
  const CHPIDS = { channel: 'chpids=0100000000000000', qemu: 'chpids=0000000000000000' };

  it('are Linux tracepoints, on each machine', async () => {
    const disk = new DiskTerminal();
    await disk.chpsim('run', good, '--out', path.join(folder, 'ftrace'), '--trace-format', 'ftrace');
    const runs = path.join(folder, 'ftrace', 'script');
    for (const machine of ['channel', 'qemu'] as const) {
      const run = fs.readdirSync(runs).find((name) => name.startsWith(machine))!;
      const lines = fs.readFileSync(path.join(runs, run, 'trace.txt'), 'utf8').split('\n');
      expect(lines.find((line) => line.includes(STSCH))).toContain(CHPIDS[machine]);
    }
  });

  it('are the log of QEMU where it runs there, and can be compared from the manifest alone', async () => {
    const disk = new DiskTerminal();
    const out = path.join(folder, 'qemu');
    await disk.chpsim('run', good, '--out', out, '--trace-format', 'qemu', '--json');
    const [channel, qemu] = (JSON.parse(disk.stdout).runs as { meta: { folder: string } }[]).map(
      ({ meta }) => meta.folder,
    );
    expect(fs.existsSync(path.join(channel, 'qemu.txt'))).toBe(false);
    const log = path.join(qemu, 'qemu.txt');
    expect(fs.readFileSync(log, 'utf8')).toContain('ioinst_sch_id IOINST: stsch (0.0.0000)');
    const copy = path.join(folder, 'recorded.txt');
    fs.renameSync(log, copy);
    expect(await disk.chpsim('diff-trace', copy, qemu)).toBe(0);
    expect(disk.stderr).not.toContain('warning');
  });

  it('lack the log of QEMU where it runs nowhere, and that is told', async () => {
    expect(await terminal.chpsim('run', good, '--set', 'machine=channel', '--trace-format', 'qemu')).toBe(0);
    expect(terminal.stderr).toBe(
      'warning: nothing here is a guest of QEMU, so there will be no log of QEMU\n',
    );
  });
});

/** Replay compares files on the disk. */
class DiskTerminal extends TestTerminal {
  override readonly files = NODE_FILES as TestTerminal['files'];
  override build = buildSimulation;
}
