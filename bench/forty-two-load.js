import { chpsim } from './lib/contenders.js';

/**
 * The whole model, every layer of it: forty-two volumes under full load, from an empty machine over its boot to the last
 * request. What is recorded is written to real files with their digests; the ratio is what that costs.
 */
export const fortyTwoLoad = {
  name: 'forty-two-load',
  unit: 'simulated I/Os',
  contenders: ({ quick }) => {
    const seconds = quick ? 20 : 60;
    return [
      chpsim('untraced', 'load', [seconds, 'none']),
      chpsim('io.csv', 'load', [seconds, 'events', 'crw.channel-path']),
      chpsim('io.csv, events.csv', 'load', [seconds, 'events']),
      chpsim('io.csv, events.csv of level all', 'load', [seconds, 'all']),
    ];
  },
};
