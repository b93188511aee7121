import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NODE_FILES } from '../../src/output/file-system.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import { TestTerminal } from '../cli/test-terminal.ts';

class DiskTerminal extends TestTerminal {
  override readonly files = NODE_FILES as TestTerminal['files'];
  override build = buildSimulation;
}

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-import-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

async function chpsim(...words: string[]): Promise<string> {
  const terminal = new DiskTerminal();
  const code = await terminal.chpsim(...words);
  if (code !== 0) throw new Error(terminal.stderr);
  return terminal.stdout;
}

/** Runs a scenario, and gives the trace of its Linux. */
async function traceOf(scenario: string): Promise<string> {
  const out = path.join(folder, 'out');
  const options = ['--trace', 'all', '--trace-format', 'ftrace', '--out', out, '--json'];
  const { runs } = JSON.parse(await chpsim('run', scenario, ...options));
  return path.join(runs[0].meta.folder, 'trace.txt');
}

/** Starts that were accepted, by subchannel, and reports in their order. */
function storyOf(trace: string): { starts: Map<string, number>; reports: string[] } {
  const starts = new Map<string, number>();
  const reports: string[] = [];
  for (const line of fs.readFileSync(trace, 'utf8').split('\n')) {
    const start = /s390_cio_ssch: schid=(\S+) cc=0/.exec(line)?.[1];
    if (start !== undefined) starts.set(start, (starts.get(start) ?? 0) + 1);
    const report = /s390_cio_stcrw: cc=0 (.*)/.exec(line)?.[1];
    if (report !== undefined) reports.push(report);
  }
  return { starts, reports };
}

const MACHINE = `machine:
  chpids: { "0.40-0.43": {}, 0.44: { configured: false } }
  controlUnits: { lcu0: { paths: [0.40, 0.41, 0.42, 0.44] }, lcu1: { paths: [0.42, 0.43] } }
  dasd:
    "0.0.1000-0.0.1003": { controlUnit: lcu0, subchannel: 0.0.0007 }
    "0.1.2000-0.1.2001": { controlUnit: lcu1 }
`;

/** Starts by which a device may differ: a request that a path breaks off is started once more, or not. */
const perReport = (reports: number): number => 2 + reports;

describe('a run, its trace imported, and run again', () => {
  test.each([
    [
      'channel paths that come and go under load',
      `workload: { w: { ratePerVolume: 200/s, reads: 0.5 } }
duration: 5s
faults:
  - { at: 2s, do: configure-off, chpid: 0.40 }
  - { at: 2500ms, do: configure-on, chpid: 0.44 }
  - { at: 3s, do: configure-on, chpid: 0.40 }
  - { at: 4s, do: configure-off, chpid: [0.42, 0.41] }
`,
    ],
    [
      'channel paths that come and go without load',
      `duration: 5s
faults: [{ at: 2s, do: flap, chpid: 0.42, down: 300ms, up: 400ms, count: 3 }]
`,
    ],
    [
      'reports that nothing caused',
      `workload: { w: { ratePerVolume: 50/s } }
duration: 4s
actions:
  - { at: 2s, do: inject-report, crw: 04020041, into: css }
  - { at: 2100ms, do: inject-report, crw: 04060041, into: css }
  - { at: 2200ms, do: inject-report, crw: 0b000000, into: css }
`,
    ],
    [
      'devices that go and come back',
      `workload: { w: { ratePerVolume: 50/s, volumes: "0.0.1000-0.0.1003" } }
duration: 4s
faults: [{ at: 2s, do: detach, device: 0.1.2001 }, { at: 3s, do: attach, device: 0.1.2001 }]
`,
    ],
  ])('has the same reports, and as many starts: %s', async (name, story) => {
    const file = path.join(folder, `${name.replaceAll(' ', '-')}.yaml`);
    fs.writeFileSync(file, MACHINE + story);
    const trace = await traceOf(file);
    const again = `${file}.imported.yaml`;
    await chpsim('import', 'ftrace', trace, '--output', again);
    const [first, second] = [storyOf(trace), storyOf(await traceOf(again))];
    expect(second.reports).toEqual(first.reports);
    expect([...second.starts.keys()].sort()).toEqual([...first.starts.keys()].sort());
    for (const [subchannel, starts] of first.starts) {
      const difference = Math.abs(second.starts.get(subchannel)! - starts);
      expect([subchannel, difference <= perReport(first.reports.length)], `${difference}`).toEqual([
        subchannel,
        true,
      ]);
    }
  });
});
