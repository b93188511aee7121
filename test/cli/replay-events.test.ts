import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NODE_FILES } from '../../src/output/file-system.ts';
import type { Manifest } from '../../src/output/manifest.ts';
import { TINY_SCENARIO, tinyRun } from '../experiment/tiny-run.ts';
import { TestTerminal } from './test-terminal.ts';

class DiskTerminal extends TestTerminal {
  override readonly files = NODE_FILES as TestTerminal['files'];
}

let folder = '';
let recorded = '';
let manifest: Manifest;
let everyEvent = '';
let terminal = new DiskTerminal();

async function record(...options: string[]): Promise<string> {
  const scenario = path.join(folder, 'tiny.yaml');
  fs.writeFileSync(scenario, TINY_SCENARIO);
  const disk = new DiskTerminal();
  await disk.chpsim('run', scenario, '--out', path.join(folder, 'out'), '--json', ...options);
  return JSON.parse(disk.stdout).runs[0].meta.folder;
}

const read = (run: string, file: string): string => fs.readFileSync(path.join(run, file), 'utf8');

/** The recorded run with another manifest. */
function tampered(change: (text: string) => string): string {
  const copy = fs.mkdtempSync(path.join(folder, 'tampered-'));
  const text = read(recorded, 'manifest.json');
  const changed = change(text);
  expect(changed).not.toBe(text);
  fs.writeFileSync(path.join(copy, 'manifest.json'), changed);
  return copy;
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-replay-events-'));
  // Some 24,000 events: two checkpoints and a rest.
  recorded = await record('--set', 'duration=12s', '--trace', 'none');
  manifest = JSON.parse(read(recorded, 'manifest.json'));
  everyEvent = read(await record('--set', 'duration=12s', '--trace', 'all'), 'events.csv');
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeEach(() => {
  terminal = new DiskTerminal();
});

const replay = (...options: string[]): Promise<number> => terminal.chpsim('replay', recorded, ...options);

describe('replay --until-event', () => {
  it('stops there and tells time and fingerprint', async () => {
    expect(await replay('--until-event', '20000')).toBe(0);
    const [at, outcome] = terminal.stdout.split('\n');
    expect(at).toMatch(/^event 20000 at \d+ ns \(.*\), fingerprint /);
    expect(at.endsWith(manifest.fingerprint.checkpoints[1])).toBe(true);
    expect(outcome).toBe('same: the first 20000 events');
  });

  it('compares as far as there are checkpoints', async () => {
    expect(await replay('--until-event', '19999')).toBe(0);
    expect(terminal.stdout).toContain('same: the first 10000 events\n');
    expect(await replay('--until-event', '1')).toBe(0);
    expect(terminal.stdout).toContain('nothing to compare: the first checkpoint is at event 10000\n');
  });

  it('compares the whole when the last event is asked for', async () => {
    expect(await replay('--until-event', String(manifest.eventCount))).toBe(0);
    expect(terminal.stdout).toContain(`same: the first ${manifest.eventCount} events\n`);
    const changed = tampered((text) => text.replace(/"events":"[0-9a-f]{4}/, '"events":"0000'));
    expect(await terminal.chpsim('replay', changed, '--until-event', String(manifest.eventCount))).toBe(4);
    expect(terminal.stdout).toContain('the first difference is after event 20000\n');
  });

  it('names the first span that differs and gives 4', async () => {
    terminal.build = tinyRun({ delays: 6_000 });
    expect(await replay('--until-event', '20000')).toBe(4);
    expect(terminal.stdout).toContain(
      'different: the first 10000 events are the same; the first difference is among the next 10000\n',
    );
  });

  it('does not see what differs later', async () => {
    terminal.build = tinyRun({ delays: 6_000 });
    expect(await replay('--until-event', '10000')).toBe(0);
  });

  it('compares no files', async () => {
    const changed = tampered((text) =>
      text.replace(/("name":"counts.csv".*"sha256":")[0-9a-f]{4}/, '$10000'),
    );
    expect(await terminal.chpsim('replay', changed, '--until-event', '10000')).toBe(0);
  });

  it('gives 4 when the run ends before an event that was recorded', async () => {
    const changed = tampered((text) => text.replace(/"eventCount": \d+/, '"eventCount": 99999999'));
    expect(await terminal.chpsim('replay', changed, '--until-event', '99999999')).toBe(4);
    expect(terminal.stdout).toContain('different: the run ends here, recorded are 99999999 events\n');
  });

  it('gives 4 for a manifest with other checkpoints', async () => {
    const changed = tampered((text) => text.replace('"every":10000', '"every":0'));
    expect(await terminal.chpsim('replay', changed, '--until-event', '5')).toBe(4);
    expect(terminal.stdout).toContain('recorded is a checkpoint every 0 events, not every 10000\n');
  });

  it('refuses an event beyond the end and says how many there are', async () => {
    expect(await replay('--until-event', String(manifest.eventCount + 1))).toBe(2);
    expect(terminal.stderr).toBe(
      `error: --until-event ${manifest.eventCount + 1}: the run has ${manifest.eventCount} events\n`,
    );
    expect(terminal.stdout).toBe('');
  });

  it.each(['0', '-1', '1.5', '1e3', '2s', '', '99999999999999999999'])('refuses %j', async (number) => {
    expect(await replay(`--until-event=${number}`)).toBe(2);
    expect(terminal.stderr).toContain('expected the number of an event');
  });

  it('repeats a defect at its event, and stops before it', async () => {
    terminal.build = tinyRun({ breaksAt: 100 });
    expect(await replay('--until-event', '10000')).toBe(1);
    expect(terminal.stderr).toMatch(/repeat with: chpsim replay \S+ --until-event 10000\n/);
    const event = Number(/ {2}at event (\d+),/.exec(terminal.stderr)![1]);
    expect(await replay('--until-event', String(event))).toBe(1);
    expect(await replay('--until-event', String(event - 1))).toBe(0);
  });
});

describe('replay --events', () => {
  it('prints every event as events.csv has it, whatever the run recorded, and the comparison on stderr', async () => {
    expect(await replay('--events')).toBe(0);
    expect(terminal.stdout === everyEvent).toBe(true);
    expect(terminal.stderr).toBe(
      `same: ${manifest.eventCount} events, fingerprint ${manifest.fingerprint.events}\n`,
    );
  });

  it('prints them up to an event', async () => {
    expect(await replay('--events', '--until-event', '500')).toBe(0);
    const { stdout, stderr } = terminal;
    expect(everyEvent.startsWith(stdout)).toBe(true);
    const [, atNs] = /^event 500 at (\d+) ns/.exec(stderr)!;
    const times = stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((row) => Number(row.split(',')[0]));
    expect(times.length).toBeGreaterThan(400);
    expect(times.every((time) => time <= Number(atNs))).toBe(true);
  });

  it('prints those of an interrupted run up to where it ended', async () => {
    const text = read(recorded, 'manifest.json').replace('"completed"', '"interrupted"');
    const { eventCount } = manifest;
    const shorter = tampered(() => text.replace(`"eventCount": ${eventCount}`, '"eventCount": 500'));
    await terminal.chpsim('replay', shorter, '--events');
    const whole = terminal.stdout;
    terminal = new DiskTerminal();
    await replay('--events', '--until-event', '500');
    expect(whole).toBe(terminal.stdout);
  });

  it('prints what happened before a defect', async () => {
    terminal.build = tinyRun({ breaksAt: 100 });
    expect(await replay('--events')).toBe(1);
    expect(terminal.stdout.length).toBeGreaterThan(1000);
    expect(everyEvent.startsWith(terminal.stdout)).toBe(true);
    expect(terminal.stdout).toContain('io.started,0.0.0012,,,,request=99');
    expect(terminal.stderr).toMatch(/repeat with: chpsim replay \S+ --events\n/);
  });

  it('leaves stdout to the events when the run differs', async () => {
    terminal.build = tinyRun({ delays: 6_000 });
    expect(await replay('--events')).toBe(4);
    expect(terminal.stdout).not.toContain('different');
    expect(terminal.stderr).toContain('different: fingerprint ');
  });

  it('ends quietly when its reader goes away', async () => {
    terminal.readsAtMost = 100;
    terminal.build = tinyRun({ delays: 6_000 });
    expect(await replay('--events')).toBe(0);
    expect(terminal.stderr).toBe('');
  });

  it('needs a single manifest', async () => {
    expect(await terminal.chpsim('replay', recorded, recorded, '--events')).toBe(2);
    expect(terminal.stderr).toContain('--events prints one table and needs a single manifest, not 2');
    expect(terminal.stdout).toBe('');
  });
});
