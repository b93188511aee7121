/** Usage: node --expose-gc installation.js <seconds of load> */
import { simulate } from '../../dist/experiment/simulate.js';
import { NS_PER_S } from '../../dist/kernel/time.js';
import { EVENT } from '../../dist/observe/event-table.js';
import { buildSimulation } from '../../dist/scenario/build.js';
import { namedRun } from '../lib/model.js';
import { peakMiB, report } from '../lib/report.js';

const seconds = Number(process.argv[2]);
/** Requests begin when the volumes are online. */
const LOAD_FROM = 1;
const MEBIBYTE = 2 ** 20;

/** Memory in use behind a garbage collection, MiB. */
function inUse() {
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / MEBIBYTE;
}

const scenario = namedRun('installation', []);
/** When the load was a fifth through: by then the code has been compiled, and every volume has been used. */
let warm = null;
const onProgress = (nowNs) => {
  if (nowNs >= (LOAD_FROM + seconds / 5) * NS_PER_S) {
    warm ??= { nowNs, memory: inUse(), at: performance.now() };
  }
};

await report(
  ({ result }) => result.figures.observer.counts.total(EVENT['io.completed']),
  async () => {
    const options = { until: (LOAD_FROM + seconds) * NS_PER_S, onProgress };
    const result = await simulate(scenario, buildSimulation, options);
    return { result, end: performance.now() };
  },
  ({ end }) => {
    const simulated = LOAD_FROM + seconds - warm.nowNs / NS_PER_S;
    return {
      'wall s per simulated s': (end - warm.at) / 1e3 / simulated,
      'MiB in use once warm': warm.memory,
      'at the end': inUse(),
      'peak MiB': peakMiB(),
    };
  },
);
