/** Usage: closed-network.js <requests> */
import { exponential, RandomStreams } from '../../dist/kernel/random.js';
import { Simulation } from '../../dist/kernel/simulation.js';
import { Station } from '../../dist/kernel/station.js';
import { NEVER, NS_PER_MS } from '../../dist/kernel/time.js';
import { report } from '../lib/report.js';

const requests = Number(process.argv[2]);
const [DEVICES, SERVERS, THINK_NS, SERVICE_NS] = [42, 8, 5 * NS_PER_MS, NS_PER_MS];
const BATCHES = 20;

const sim = new Simulation();
const servers = new Station(sim, 'servers', SERVERS, 0);
const streams = new RandomStreams('bench');
const [thinks, services] = [streams.stream('thinks'), streams.stream('services')];
const served = sim.defineEvent('served', (device) => {
  sim.post(exponential(thinks.uniform(), THINK_NS), 0, thought, device, 0);
});
const thought = sim.defineEvent('thought', (device) => {
  servers.submit(exponential(services.uniform(), SERVICE_NS), 0, served, device, 0);
});
for (let device = 0; device < DEVICES; device++) sim.dispatch(served, device, 0);

/** Throughput and mean wait of one batch, in requests per service time and service times. */
function batch(size) {
  const [began, jobs, waitNs] = [sim.now, servers.jobs, servers.waitNs];
  while (servers.jobs < jobs + size) sim.run(NEVER, 2 * (jobs + size - servers.jobs));
  const done = servers.jobs - jobs;
  return { x: (done * SERVICE_NS) / (sim.now - began), w: (servers.waitNs - waitNs) / done / SERVICE_NS };
}

const batches = [];
batch(requests / 4);
const jobsBefore = servers.jobs;
await report(
  requests,
  () => {
    while (batches.length < BATCHES) batches.push(batch(requests / BATCHES));
  },
  () => {
    const exact = machineRepairman();
    return {
      X: verdict(
        batches.map(({ x }) => x),
        exact.x,
      ),
      W: verdict(
        batches.map(({ w }) => w),
        exact.w,
      ),
      requests: servers.jobs - jobsBefore,
    };
  },
);

/** Mean of the batches beside the exact value, in standard errors. */
function verdict(values, exact) {
  const mean = values.reduce((sum, value) => sum + value) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const error = Math.sqrt(squares / (values.length - 1) / values.length);
  const sigmas = Math.abs(mean - exact) / error;
  return `${mean.toFixed(4)} (exact ${exact.toFixed(4)}, ${sigmas < 4 ? 'agrees' : 'DISAGREES'})`;
}

/** Exact solution of the closed network: a birth-death chain on the number of requests at the servers. */
function machineRepairman() {
  const think = THINK_NS / SERVICE_NS;
  let weight = 1;
  let [total, throughput, waiting] = [0, 0, 0];
  for (let present = 0; present <= DEVICES; present++) {
    total += weight;
    throughput += weight * Math.min(present, SERVERS);
    waiting += weight * Math.max(0, present - SERVERS);
    weight *= (DEVICES - present) / think / Math.min(present + 1, SERVERS);
  }
  return { x: throughput / total, w: waiting / throughput };
}
