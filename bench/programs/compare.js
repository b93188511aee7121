/** Usage: compare.js run|compare|report|page <folder> <repetitions> none|events; all but run need a folder that run has filled. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../../dist/cli/program.js';
import { programInfo } from '../../dist/cli/program-info.js';
import { nodeTerminal } from '../../dist/cli/terminal.js';
import { buildSimulation } from '../../dist/scenario/build.js';
import { peakMiB, report } from '../lib/report.js';
import { temporaryFolder } from '../lib/temporary-folder.js';

const [what, folder, repetitions, trace] = process.argv.slice(2);
const RUNS = 2;
/** A path that goes and comes back under eight busy volumes. */
const SCENARIO = `
name: compared
duration: 3s
machine: { dasd: { "0.0.1000-0.0.1007": {} } }
workload: { oltp: { arrivals: poisson, ratePerVolume: 50/s, from: 500ms } }
faults:
  - { at: 1s, name: loss, chpid: 0.40, do: configure-off }
  - { at: 2s, name: return, chpid: 0.40, do: configure-on }
strategies: { selection: [rotation, fixed] }
`;

const scratch = temporaryFolder();
const scenario = join(scratch, 'compared.yaml');
writeFileSync(scenario, SCENARIO);
let printed = 0;
const terminal = {
  ...nodeTerminal(buildSimulation),
  out: (text) => {
    printed += text.length;
  },
  err: () => {},
};
const runs = join(folder, 'compared');
const COMMANDS = {
  run: ['run', scenario, '--reps', repetitions, '--jobs', '1', '--trace', trace, '--out', folder, '--force'],
  compare: ['compare', runs, '--run', 'rotation', '--run', 'fixed', '--all'],
  report: ['report', runs],
  page: ['report', runs, '--html', join(scratch, 'report.html')],
};

const info = programInfo();
await report(
  RUNS * Number(repetitions),
  async () => {
    const code = await runProgram(terminal, info, COMMANDS[what]);
    if (code !== 0) throw new Error(`chpsim ${COMMANDS[what].join(' ')} ended with ${code}`);
  },
  () => ({ 'peak MiB': peakMiB(), characters: printed }),
);
