import { execFileSync } from 'node:child_process';
import { chpsim } from './lib/contenders.js';
import { temporaryFolder } from './lib/temporary-folder.js';

/**
 * What it costs to look at runs that are there, beside making them: `compare` reads the summaries of many repetitions
 * of two runs, `report` the tables of a few.
 */
export const compare = {
  name: 'compare',
  unit: 'runs',
  contenders: ({ quick }) => {
    const [many, few] = quick ? [20, 5] : [100, 10];
    const folder = temporaryFolder();
    const made = (name, repetitions, trace) => {
      const out = `${folder}/${name}`;
      const { command, args } = chpsim(name, 'compare', ['run', out, repetitions, trace]);
      execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
      return out;
    };
    const untraced = made('untraced', many, 'none');
    const traced = made('traced', few, 'events');
    return [
      chpsim('run --trace none', 'compare', ['run', `${folder}/again`, few, 'none']),
      chpsim(`compare 2 × ${many}`, 'compare', ['compare', untraced, many, 'none']),
      chpsim('run', 'compare', ['run', `${folder}/again-traced`, few, 'events']),
      chpsim(`report 2 × ${few}`, 'compare', ['report', traced, few, 'events']),
      chpsim(`report --html 2 × ${few}`, 'compare', ['page', traced, few, 'events']),
    ];
  },
};
