import { chpsim } from './lib/contenders.js';

/**
 * A large installation: 1,000 volumes behind 32 channel paths, 100,000 requests per simulated second, untraced. What counts
 * is whether a simulated second takes less than a second, and whether memory grows with the length of the run.
 */
export const installation = {
  name: 'installation',
  unit: 'simulated I/Os',
  contenders: ({ quick, full }) => {
    const seconds = full ? 60 : quick ? 5 : 15;
    return [chpsim(`1,000 volumes, ${seconds} s`, 'installation', [seconds], ['--expose-gc'])];
  },
};
