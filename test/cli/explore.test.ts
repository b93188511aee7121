import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NODE_FILES } from '../../src/output/file-system.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { RACE_SCENARIO, raceRun } from '../experiment/race-run.ts';
import { TestTerminal } from './test-terminal.ts';

let folder = '';
let race = '';
let out = '';
let terminal = new TestTerminal();

/** Orders are written to the disk, where `run` reads them. */
class DiskTerminal extends TestTerminal {
  override readonly files = NODE_FILES as TestTerminal['files'];
}

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-explore-'));
  race = path.join(folder, 'race.yaml');
  out = path.join(folder, 'out');
  fs.writeFileSync(race, `# Clerks and an account.\n${RACE_SCENARIO}`);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeEach(() => {
  terminal = new DiskTerminal();
  terminal.build = raceRun(2);
});

describe('chpsim explore', () => {
  it('ends with 4 when an order fails, and says which and why', async () => {
    expect(await terminal.chpsim('explore', race, '--out', out)).toBe(4);
    expect(terminal.stdout).toBe(
      `race rotation: 900 ns from 100 ns, 4 events, choices at 2
6 orders, all there are; 4 failed

outcome   orders   share  result  first order
${/^[0-9a-f]{8}(?= +4 )/m.exec(terminal.stdout)?.[0]}       4  66.7 %  failed  1:1
${/^[0-9a-f]{8}(?= +2 )/m.exec(terminal.stdout)?.[0]}       2  33.3 %  met     the natural one

${/^[0-9a-f]{8}(?= +4 )/m.exec(terminal.stdout)?.[0]}
  host.gone{system=lpar1}: - -> 1

4 of 6 orders fail; the shortest: 1:1
  event 1, +20 ns: read 1 ahead of read 0
failed  never device.gone: happened 1 times, first at 10000 ns

seed    1
file    ${out}/race/rotation-s1-order.yaml
repeat  chpsim run ${out}/race/rotation-s1-order.yaml
`,
    );
  });

  it('writes the order as a scenario that fails again', async () => {
    await terminal.chpsim('explore', race, '--out', out);
    const file = path.join(out, 'race', 'rotation-s1-order.yaml');
    const text = fs.readFileSync(file, 'utf8');
    expect(text).toContain('# Clerks and an account.');
    expect(text).toContain('order: [ [ 1, 1 ] ]');
    const again = new DiskTerminal();
    again.build = raceRun(2);
    expect(await again.chpsim('run', file, '--out', out)).toBe(3);
    expect(again.stdout).toContain('failed   never device.gone');
  });

  it('writes an order that can be replayed from the manifest of its run', async () => {
    await terminal.chpsim('explore', race, '--out', out);
    await terminal.chpsim('run', path.join(out, 'race', 'rotation-s1-order.yaml'), '--out', out, '--json');
    const json = terminal.stdout.slice(terminal.stdout.indexOf('{"meta"'));
    const [{ meta }] = JSON.parse(json).runs;
    expect(await terminal.chpsim('replay', meta.folder)).toBe(0);
  });

  it('ends with 0 when none does', async () => {
    terminal.build = raceRun(1);
    expect(await terminal.chpsim('explore', race, '--out', out)).toBe(0);
    expect(terminal.stdout).toContain('no order fails');
    expect(terminal.stdout).not.toContain('repeat');
  });

  it('lists the events of the window', async () => {
    await terminal.chpsim('explore', race, '--out', out, '--events');
    expect(terminal.stdout).toMatch(/^event +time +what\n +1 +\+0 ns +read 0\n +2 +\+10 ns +write 0\n/m);
  });

  it('prints one object for programs', async () => {
    await terminal.chpsim('explore', race, '--out', out, '--json');
    const { meta, explorations } = JSON.parse(terminal.stdout);
    expect(meta).toMatchObject({ schemaVersion: 1, name: 'chpsim' });
    expect(explorations).toHaveLength(1);
    expect(explorations[0]).toMatchObject({ scenario: 'race', orders: 6, failed: 4, isComplete: true });
    expect(explorations[0].failure.moves).toEqual([{ event: 1, rank: 1 }]);
  });

  it('keeps changes of the command line in what it writes, and one run of several', async () => {
    const several = path.join(folder, 'several.yaml');
    fs.writeFileSync(
      several,
      `${RACE_SCENARIO}strategies: { selection: [rotation, pooled] }\nvariants: { other: { systems: { lpar7: {} } } }\n`,
    );
    expect(
      await terminal.chpsim('explore', several, '--out', out, '--seed', 'x y', '--set', 'duration=2ms'),
    ).toBe(4);
    const files = fs.readdirSync(path.join(out, 'race')).filter((name) => name.includes('x-y'));
    expect(files.sort()).toEqual([
      'other.pooled-sx-y-order.yaml',
      'other.rotation-sx-y-order.yaml',
      'pooled-sx-y-order.yaml',
      'rotation-sx-y-order.yaml',
    ]);
    const loaded = loadScenario(path.join(out, 'race', files[0]));
    if (!loaded.ok) throw loaded.errors[0];
    const { runs } = loaded.scenario;
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({
      name: 'race',
      seed: 'x y',
      durationNs: 2_000_000,
      strategy: { selection: { kind: 'pooled' } },
    });
    expect(runs[0].systems.map(({ name }) => name)).toEqual(['lpar7']);
  });

  it('tells on stderr how far it is', async () => {
    terminal.tick = 5_000;
    await terminal.chpsim('explore', race, '--out', out);
    expect(terminal.stderr).toMatch(
      /^race rotation {2}2 orders of at most 1000 {2}0 orders\/s {2}\d failed$/m,
    );
  });

  it('stops at a signal, with what it has', async () => {
    const build = raceRun(4);
    let runs = 0;
    terminal.build = (...parts) => {
      if (++runs === 5) terminal.signal('SIGINT');
      return build(...parts);
    };
    expect(await terminal.chpsim('explore', race, '--out', out)).toBe(130);
    expect(terminal.stdout).toContain('4 orders, interrupted');
  });

  it('wants a window', async () => {
    const plain = path.join(folder, 'plain.yaml');
    fs.writeFileSync(plain, 'name: plain\n');
    expect(await terminal.chpsim('explore', plain)).toBe(2);
    expect(terminal.stderr).toContain('has no window to explore: write explore: { window: [from, to] }');
  });
});
