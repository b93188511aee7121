import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import v8 from 'node:v8';
import vm from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadScenario, loadScenarioText, runScenario } from '../../src/index.ts';
import type { ResolvedReplay } from '../../src/scenario/resolved.ts';
import { TraceFile } from '../../src/scenario/trace-file.ts';
import { TraceReader } from '../../src/workload/traces/trace-reader.ts';
import { newRecord } from '../../src/workload/traces/trace-row.ts';
import { optionsFor } from '../workload/traces/text-trace.ts';

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-traces-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const MACHINE = `machine:
  chpids: { "0.40-0.41": {} }
  controlUnits: { lcu0: { paths: "0.40-0.41" } }
  dasd: { "0.0.1000-0.0.1003": { controlUnit: lcu0 } }
`;

const write = (name: string, text: string): void => fs.writeFileSync(path.join(folder, name), text);

/** A scenario in the folder of the traces that replays one of them. */
function load(replay: string, others = '') {
  const text = `duration: 3s\n${MACHINE}workload:\n  trace1:\n    replay: ${replay}\n${others}`;
  return loadScenarioText(path.join(folder, 's.yaml'), text);
}

function runOf(replay: string, others = '') {
  const loaded = load(replay, others);
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  return loaded.scenario.runs[0];
}

function replayOf(replay: string): ResolvedReplay {
  const [workload] = runOf(replay).workloads;
  if (!('replay' in workload)) throw new Error('the workload replays nothing');
  return workload.replay;
}

function errorsOf(replay: string, others = ''): string[] {
  const loaded = load(replay, others);
  return loaded.ok
    ? []
    : loaded.errors.map(({ message }) => message.replaceAll(`${folder}/`, '').replaceAll(folder, '.'));
}

const SPC = '0,8,4096,r,0.5\n1,16,8192,w,0.6\n0,24,4096,r,0.7\n';

describe('a scenario that replays a trace', () => {
  test('is bound to what the trace is', () => {
    write('a.spc', SPC);
    const replay = replayOf('{ file: a.spc, speed: 2 }');
    expect(replay).toMatchObject({
      file: 'a.spc',
      format: 'spc',
      rows: 3,
      speed: 2,
      devices: [
        { name: '0', blocks: 4, volumes: [{ first: 0x1000, last: 0x1000 }] },
        { name: '1', blocks: 4, volumes: [{ first: 0x1001, last: 0x1001 }] },
      ],
    });
    expect(replay.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('maps devices as it says, and leaves out the others', () => {
    write('a.spc', SPC);
    const replay = replayOf('{ file: a.spc, map: { "1": "0.0.1001-0.0.1002" } }');
    expect(replay).toMatchObject({
      devices: [
        { name: '0', volumes: [] },
        { name: '1', volumes: [{ first: 0x1001, last: 0x1002 }] },
      ],
    });
  });

  test('tells what became of every row', async () => {
    write('b.spc', `# half a second\n${SPC}1,0,0,r,0.75\n0,8,4096,r,9\n`);
    const run = await runScenario(runOf('{ file: b.spc, map: { "0": 0.0.1003 } }'), { folder });
    const { sha256, ...told } = run.summary.replays![0];
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(told).toEqual({
      workload: 'trace1',
      file: 'b.spc',
      format: 'spc',
      rows: 6,
      replayed: 2,
      reads: 2,
      writes: 0,
      requests: 2,
      heldBack: 0,
      skipped: { blank: 1, 'zero-length': 1, unmapped: 1 },
      left: 1,
    });
    expect(run.metric('io.completed').value).toBe(2);
  });

  test.each([
    [
      '{ file: no.spc }',
      '8:21: workload.trace1.replay.file: trace "no.spc" cannot be read: there is no such file; looked for no.spc',
    ],
    [
      '{ file: . }',
      '8:21: workload.trace1.replay.file: trace "." cannot be read: it is no file; looked for .',
    ],
    [
      '{ file: a.spc, speed: 0 }',
      '8:35: workload.trace1.replay.speed: 0 is out of range; write a number above 0, up to 1000000',
    ],
    [
      '{ file: a.spc, map: { "2": 0.0.1000 } }',
      '8:35: workload.trace1.replay.map.2: is no device of the trace; it has 0, 1',
    ],
    [
      '{ file: a.spc, map: { "1": 0.0.2000 } }',
      '8:40: workload.trace1.replay.map.1: device 0.0.2000 is not a volume of this workload; there are 0.0.1000-0.0.1003',
    ],
    ['{ format: spc }', '8:13: workload.trace1.replay.file: is missing; write a text'],
    [
      '{ file: a.spc, format: cvs }',
      '8:36: workload.trace1.replay.format: "cvs" is unknown; known: auto, fio, blkparse, spc, msr, disksim',
    ],
  ])('%s', (replay, message) => {
    write('a.spc', SPC);
    expect(errorsOf(replay)).toEqual([`s.yaml:${message}`]);
  });

  test('says nothing of its own about what the trace says', () => {
    write('a.spc', SPC);
    expect(errorsOf('{ file: a.spc }', '    block: 8KiB\n    reads: 1\n')).toEqual([
      's.yaml:9:5: workload.trace1.block: has no meaning with replay; the trace says it; leave it out',
      's.yaml:10:5: workload.trace1.reads: has no meaning with replay; the trace says it; leave it out',
    ]);
  });

  test('shows broken rows at their own place, once for all runs', () => {
    write('broken.spc', '0,8,4096,r,0.5\n1,16,8192,q,0.6\n0,x,4096,r,0.7\n');
    expect(errorsOf('{ file: broken.spc }', 'strategies: { selection: [rotation, pooled] }\n')).toEqual([
      'broken.spc:2:11: "q" is neither r nor w; a row is unit,address,size,r or w,seconds',
      'broken.spc:3:3: the address "x" is not a whole number; look whether the row is whole and the format is the right one',
    ]);
  });

  test('wants something that can be replayed', () => {
    write('driver.blkparse', '8,0 3 1 0.5 697 D W 8 + 8 [x]\n');
    expect(errorsOf('{ file: driver.blkparse }')).toEqual([
      's.yaml:8:21: workload.trace1.replay.file: trace "driver.blkparse" has no reads and no writes; of blkparse, events Q are replayed; "events" chooses others',
    ]);
    expect(errorsOf('{ file: driver.blkparse, events: D }')).toEqual([]);
    fs.writeFileSync(path.join(folder, 'a.gz'), Uint8Array.from([0x1f, 0x8b, 8]));
    expect(errorsOf('{ file: a.gz }')).toEqual([
      's.yaml:8:21: workload.trace1.replay.file: trace "a.gz" is compressed; unpack it first, for instance with gunzip',
    ]);
  });

  test('does not run when the trace has changed since, or is gone', async () => {
    write('c.spc', SPC);
    const run = runOf('{ file: c.spc }');
    write('c.spc', SPC.replace('0.7', '0.8'));
    await expect(runScenario(run, { folder })).rejects.toMatchObject({
      name: 'ScenarioError',
      kind: 'invalid',
      problem: 'the trace has changed since',
    });
    fs.rmSync(path.join(folder, 'c.spc'));
    await expect(runScenario(run, { folder })).rejects.toMatchObject({ kind: 'unreadable' });
  });
});

describe('scenarios/trace-replay.yaml', () => {
  const loaded = loadScenario('scenarios/trace-replay.yaml');
  if (!loaded.ok) throw loaded.errors[0];
  const { runs, folder: home } = loaded.scenario;

  test('replays every request of its traces, and meets what it promises', async () => {
    const run = await runScenario(runs[0], { folder: home });
    expect(run.passed).toBe(true);
    const { replays } = run.summary;
    expect(replays).toMatchObject([
      { format: 'blkparse', replayed: 240, reads: 113, writes: 127, left: 0 },
      { format: 'fio', replayed: 240, reads: 113, writes: 127, left: 0 },
    ]);
    for (const { rows, replayed, skipped } of replays!) {
      expect(replayed + Object.values(skipped).reduce((sum, count) => sum + count, 0)).toBe(rows);
    }
    expect(run.metric('io.completed').value).toBe(replays![0].requests + replays![1].requests);
  });

  test('is the same run every time', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => runScenario(runs[0], { folder: home })));
    expect(one.fingerprint).toBe(other.fingerprint);
    expect(one.summary).toEqual(other.summary);
  });
});

test('two hundred thousand rows take no more memory than two thousand', () => {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  const used = (): number => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const rows = Array.from({ length: 1000 }, (_, at) => `${at % 7},${at * 8},4096,${at % 3 ? 'r' : 'w'},`);
  const file = fs.openSync(path.join(folder, 'large.spc'), 'w');
  for (let second = 0; second < 200; second++) {
    fs.writeSync(file, rows.map((row, at) => `${row}${second}.${String(at).padStart(3, '0')}\n`).join(''));
  }
  fs.closeSync(file);
  const reader = new TraceReader(new TraceFile(folder, 'large.spc'), optionsFor('spc'));
  const record = newRecord();
  for (let read = 0; read < 2000; read++) reader.next(record);
  const before = used();
  let left = 0;
  while (reader.next(record)) left++;
  expect(left).toBe(198_000);
  expect(used() - before).toBeLessThan(500_000);
});
