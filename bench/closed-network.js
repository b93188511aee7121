import { chpsim, ns3, simpy } from './lib/contenders.js';

/**
 * Closed network: 42 devices think Exp(5), queue first in, first out for one of 8 servers and hold it Exp(1). Everybody
 * draws random numbers of their own; X (requests per unit of time) and W (mean wait) stand beside the exact solution.
 */
export const closedNetwork = {
  name: 'closed-network',
  unit: 'requests',
  contenders: ({ quick }) => {
    const requests = quick ? 1_000_000 : 4_000_000;
    return [
      chpsim('chpsim', 'closed-network', [requests]),
      ns3('ns-3 PriorityQueue', 'closed-network', ['PriorityQueue', requests]),
      ns3('ns-3 Map (default)', 'closed-network', ['Map', requests]),
      simpy('SimPy', 'closed-network', [requests / 20]),
    ];
  },
};
