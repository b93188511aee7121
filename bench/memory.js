import { chpsim } from './lib/contenders.js';

/**
 * What a run keeps: memory in use, after garbage collection, at the end of an untraced run and of one four times as
 * long. Between them only the tables of block versions may grow, which tell a lost write from a read that came too early.
 */
export const memory = {
  name: 'memory',
  unit: 'simulated I/Os',
  contenders: ({ quick }) => {
    const seconds = quick ? 5 : 20;
    const lengths = [seconds, 4 * seconds];
    return [chpsim(`forty-two-load, ${lengths.join(' s and ')} s`, 'memory', lengths, ['--expose-gc'])];
  },
};
