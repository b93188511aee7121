import { chpsim, ns3 } from './lib/contenders.js';

/**
 * Timeouts that never expire: each of `devices` arms a 15 s timer, completes its operation after Exp(1 ms), disarms the
 * timer and begins the next operation.
 */
export const timers = (devices) => ({
  name: `timers-${devices}`,
  unit: 'operations',
  contenders: ({ quick }) => {
    const operations = quick ? 2_000_000 : 8_000_000;
    return [
      chpsim('chpsim, resident timers', 'timers', ['timer', devices, operations]),
      chpsim('chpsim, events cancelled', 'timers', ['cancel', devices, operations]),
      ns3('ns-3 Map, events removed', 'timers', ['Map', devices, operations / 4]),
    ];
  },
});
