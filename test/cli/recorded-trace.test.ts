import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildSimulation } from '../../src/scenario/build.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { scenarioWithOrder } from '../../src/scenario/with-order.ts';
import { TestTerminal } from './test-terminal.ts';

const SCENARIO = `duration: 2s
machine:
  chpids: { 0.40: {} }
  controlUnits: { lcu0: { paths: 0.40 } }
  dasd: { 0.0.1000: { controlUnit: lcu0 } }
workload: { orders: { replay: { file: traces/orders.spc } } }
`;
const TRACE = '0,8,4096,r,0.5\n0,16,8192,w,0.6\n';

let folder = '';
let terminal: TestTerminal;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-recorded-'));
  fs.mkdirSync(path.join(folder, 'traces'));
  fs.writeFileSync(path.join(folder, 's.yaml'), SCENARIO);
  fs.writeFileSync(path.join(folder, 'traces/orders.spc'), TRACE);
  terminal = new TestTerminal();
  terminal.build = buildSimulation;
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const run = (): Promise<number> => terminal.chpsim('run', path.join(folder, 's.yaml'), '--out', 'out');
const manifest = (): string =>
  [...terminal.files.files.keys()].find((name) => name.endsWith('manifest.json'))!;

it('a result tells what became of the rows', async () => {
  expect(await run()).toBe(0);
  expect(terminal.stdout).toContain('orders  traces/orders.spc (spc)     2\n');
  expect(terminal.stdout).toMatch(/\n {8}reads +1\n {8}writes +1\n/);
});

it('a recorded run is repeated from the same trace', async () => {
  await run();
  expect(await terminal.chpsim('replay', manifest(), '--until-event', '100')).toBe(0);
  expect(terminal.stdout).toContain('event 100 at ');
});

it('a recorded run differs when the trace is another one', async () => {
  await run();
  fs.writeFileSync(path.join(folder, 'traces/orders.spc'), TRACE.replace('w', 'r'));
  expect(await terminal.chpsim('replay', manifest())).toBe(4);
  expect(terminal.stdout).toContain('different: ');
  expect(terminal.stdout).toContain('the trace has changed since');
});

it('a recorded run cannot be repeated when the trace is gone', async () => {
  await run();
  fs.rmSync(path.join(folder, 'traces/orders.spc'));
  expect(await terminal.chpsim('replay', manifest())).toBe(5);
  expect(terminal.stderr).toContain('the trace cannot be read: there is no such file');
});

it('the name of a run does not depend on where its scenario lies', async () => {
  await run();
  const [first] = terminal.stdout.match(/^files .*$/m)!;
  const elsewhere = path.join(folder, 'elsewhere');
  fs.mkdirSync(elsewhere);
  fs.renameSync(path.join(folder, 's.yaml'), path.join(elsewhere, 's.yaml'));
  fs.renameSync(path.join(folder, 'traces'), path.join(elsewhere, 'traces'));
  expect(await terminal.chpsim('run', path.join(elsewhere, 's.yaml'), '--out', 'out', '--force')).toBe(0);
  expect(terminal.stdout.match(/^files .*$/gm)).toEqual([first, first]);
});

it('broken rows are told at their place before anything runs', async () => {
  fs.writeFileSync(path.join(folder, 'traces/orders.spc'), `${TRACE}0,8,4096,?,0.7\n`);
  expect(await run()).toBe(2);
  expect(terminal.stderr).toContain('traces/orders.spc:3:10: "?" is neither r nor w');
});

it('an order that is written elsewhere still finds the trace', () => {
  const loaded = loadScenario(path.join(folder, 's.yaml'));
  if (!loaded.ok) throw loaded.errors[0];
  const text = scenarioWithOrder(loaded.scenario, loaded.scenario.runs[0], []);
  expect(text).toContain(path.join(folder, 'traces/orders.spc'));
});
