import { chpsim, ns3, simpy } from './lib/contenders.js';

/**
 * Hold model: `pending` events, each of which schedules the next after Exp(1 ms). Delays come from a table, so that no
 * random numbers are measured; ours pay for dispatch through the handler table and for the fingerprint.
 */
export const hold = (pending) => ({
  name: `hold-${pending}`,
  unit: 'events',
  contenders: ({ quick }) => {
    const events = (quick ? 1 : 4) * (pending < 1_000_000 ? 2_000_000 : 1_000_000);
    const contenders = [
      chpsim('chpsim', 'hold', ['ladder', pending, events]),
      chpsim('chpsim, reference heap', 'hold', ['heap', pending, events]),
      ns3('ns-3 PriorityQueue', 'hold', ['PriorityQueue', pending, events]),
    ];
    if (pending < 1_000_000) {
      contenders.push(ns3('ns-3 Map (default)', 'hold', ['Map', pending, events]));
      contenders.push(simpy('SimPy', 'hold', [pending, events / 20]));
    }
    return contenders;
  },
});
