import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runProgram } from '../../src/cli/program.ts';
import { nodeTerminal, type Terminal } from '../../src/cli/terminal.ts';
import { buildSimulation } from '../../src/scenario/build.ts';

/** A storm in small: six volumes under two paths, told in three ways, with some load. */
const SCENARIO = `
name: small-storm
about: One of two paths goes away. Who is told, and what does it cost?
seed: 1
duration: 1600ms
machine:
  chpids: { "0.40-0.41": { type: ficon-express16s+ } }
  controlUnits: { lcu0: { type: 2107, paths: [0.40, 0.41] } }
  dasd: { "0.0.1000-0.0.1005": { model: 3390-9, controlUnit: lcu0 } }
systems:
  host: { kind: kvm-host, kernel: 6.16, cpus: 2 }
  guest1: { kind: guest, on: host, kernel: 6.16, cpus: 2, passthrough: "0.0.1000-0.0.1005", virtio: 1 }
workload: { oltp: { on: guest1, volumes: all, arrivals: poisson, ratePerVolume: 200/s, block: 4KiB } }
faults:
  - { at: 1200ms, name: loss, chpid: 0.40, do: configure-off }
  - { at: 1400ms, name: return, chpid: 0.40, do: configure-on }
strategies: { relay: [static, report-per-chpid, upstream] }
`;

export interface ReportFiles {
  readonly folder: string;
  /** Where the runs of the scenario are. */
  readonly runs: string;
  chpsim(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  remove(): void;
}

/** Runs of the small storm in a temporary folder. */
export async function reportFiles(): Promise<ReportFiles> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-report-'));
  const scenario = path.join(folder, 'small-storm.yaml');
  fs.writeFileSync(scenario, SCENARIO);
  const outside = nodeTerminal(buildSimulation);
  const chpsim: ReportFiles['chpsim'] = async (...argv) => {
    let [stdout, stderr] = ['', ''];
    const terminal: Terminal = {
      ...outside,
      out: (text) => {
        stdout += text;
      },
      err: (text) => {
        stderr += text;
      },
    };
    const info = { name: 'chpsim', version: '0.1.0', commit: null, build: null };
    const code = await runProgram(terminal, info, argv);
    return { code, stdout, stderr };
  };
  const { code, stderr } = await chpsim('run', scenario, '--out', folder, '--progress', 'never');
  if (code !== 0) throw new Error(stderr);
  return {
    folder,
    runs: path.join(folder, 'small-storm'),
    chpsim,
    remove: () => fs.rmSync(folder, { recursive: true }),
  };
}
