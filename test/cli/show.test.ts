import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NODE_FILES } from '../../src/output/file-system.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import { TestTerminal } from './test-terminal.ts';

class DiskTerminal extends TestTerminal {
  override readonly files = NODE_FILES as TestTerminal['files'];
  override build = buildSimulation;
}

let folder = '';
/** A partition that loses 0.40 from 2 s to 12 s, and the same for a guest on a host from 5 s to 15 s. */
let native = '';
let guest = '';

async function record(scenario: string, ...options: string[]): Promise<string> {
  const terminal = new DiskTerminal();
  await terminal.chpsim('run', scenario, '--out', folder, '--trace', 'none', '--json', ...options);
  return JSON.parse(terminal.stdout).runs[0].meta.folder;
}

async function show(...words: string[]): Promise<string> {
  const terminal = new DiskTerminal();
  expect([await terminal.chpsim('show', ...words), terminal.stderr]).toEqual([0, '']);
  return terminal.stdout;
}

/** The only row about a device or channel path. */
const rowOf = (id: string, table: string): string | undefined =>
  table.split('\n').find((row) => row.startsWith(id));

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-show-'));
  native = await record('scenarios/forty-two.yaml');
  guest = await record('scenarios/forty-two-notifications.yaml', '--run', 'suppress');
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe('show chp', () => {
  it('looks as lschp does', async () => {
    expect(await show('chp', native, '--at', '1s')).toBe(
      [
        'CHPID  Vary  Cfg.  Type  Cmg  Shared  PCHID',
        '===========================================',
        '0.40   1     1     1b    -    -       -',
        '0.41   1     1     1b    -    -       -',
        '0.42   1     1     1b    -    -       -',
        '0.43   1     1     1b    -    -       -',
        '',
      ].join('\n'),
    );
  });

  it('tells stand-by from varied off', async () => {
    expect(rowOf('0.40', await show('chp', native, '--at', '5s'))).toMatch(/^0\.40 {3}1 {5}0 /);
    expect(rowOf('0.40', await show('chp', native, '--at', '13s'))).toMatch(/^0\.40 {3}1 {5}1 /);
    // The guest's administrator varies the path off, which the guest cannot see the machine do.
    const varied = await show('chp', guest, '--at', '2800ms', '--system', 'guest1');
    expect(rowOf('0.40', varied)).toMatch(/^0\.40 {3}0 {5}- /);
  });
});

describe('show css', () => {
  const device = (run: string, at: string, ...options: string[]) =>
    show('css', run, '--at', at, '--vpm', ...options).then((table) => rowOf('0.0.1000', table));

  it('looks as lscss does', async () => {
    const rows = (await show('css', native, '--at', '1s')).split('\n');
    expect(rows.slice(0, 3)).toEqual([
      'Device   Subchan.  DevType CU Type Use  PIM PAM POM  CHPIDs',
      '-'.repeat(70),
      '0.0.1000 0.0.0000  3390/0c 2107/e8 yes  f0  f0  ff   40414243 00000000',
    ]);
    expect(rows).toHaveLength(2 + 42 + 1);
  });

  it('shows the path gone, and back', async () => {
    expect(await device(native, '1999ms')).toContain('f0  f0  ff  f0');
    expect(await device(native, '5s')).toContain('f0  70  ff  70');
    expect(await device(native, '13s')).toContain('f0  f0  ff  f0');
  });

  it('shows what each system knows: the guest is told nothing of the loss', async () => {
    expect(await device(guest, '10s', '--system', 'guest1')).toContain('f0  f0  ff  f0');
    const host = await show('css', guest, '--at', '10s', '--system', 'host');
    // The host drives the subchannels for the guest, and has no ccw device on them.
    expect(rowOf('0.0.1000', host)).toBe(
      '0.0.1000 0.0.0000                       f0  70  ff   40414243 00000000',
    );
  });

  it('names the systems where there are several', async () => {
    const text = await show('css', guest, '--at', '10s');
    expect(text).toMatch(/^host:\nDevice /);
    expect(text).toContain('\n\nguest1:\nDevice ');
    // Paravirtual devices have a control-unit type only.
    expect(text).toMatch(
      /^0\.0\.\w{4} 0\.0\.\w{4} {2}0000\/00 3832\/\w\w yes {2}80 {2}80 {2}ff {3}00000000 00000000$/m,
    );
  });
});

describe('show dasd', () => {
  it('looks as lsdasd does', async () => {
    const rows = (await show('dasd', native, '--at', '5s')).split('\n');
    expect(rows.slice(0, 4)).toEqual([
      'Bus-ID    Status    Name      Device  Type         BlkSz  Size      Blocks',
      '='.repeat(80),
      '0.0.1000  active    dasda     94:0    ECKD         4096   7043MB    1803060',
      '0.0.1001  active    dasdb     94:4    ECKD         4096   7043MB    1803060',
    ]);
    expect(rowOf('0.0.101a', rows.join('\n'))).toContain('  dasdaa    94:104 ');
  });

  it('shows a guest that has not come up yet, and one that has', async () => {
    const dasd = (at: string) => show('dasd', guest, '--at', at, '--system', 'guest1');
    expect(rowOf('0.0.1000', await dasd('0s'))).toBeUndefined();
    expect(rowOf('0.0.1000', await dasd('1s'))).toContain('active');
  });
});

describe('a mistake in the command line', () => {
  const mistake = async (...words: string[]): Promise<string> => {
    const terminal = new DiskTerminal();
    expect(await terminal.chpsim('show', ...words)).toBe(2);
    return terminal.stderr;
  };

  it('is told', async () => {
    expect(await mistake('chp', native, '--at', '21s')).toContain('--at: the run ends at 20.000 s');
    expect(await mistake('chp', native, '--at', '1s', '--system', 'lpar2')).toContain('Linux runs in lpar1');
    expect(await mistake('cu', native, '--at', '1s')).toContain('chp, css, dasd');
  });
});
