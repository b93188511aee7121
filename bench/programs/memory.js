/** Usage: node --expose-gc memory.js <seconds of the first run> <seconds of the second run> */
import { simulate } from '../../dist/experiment/simulate.js';
import { NS_PER_S } from '../../dist/kernel/time.js';
import { EVENT } from '../../dist/observe/event-table.js';
import { buildSimulation } from '../../dist/scenario/build.js';
import { namedRun } from '../lib/model.js';
import { report } from '../lib/report.js';

const [shorter, longer] = process.argv.slice(2).map(Number);
const LONGEST = Math.max(longer, 60);
const MEBIBYTE = 2 ** 20;
/** Each block written stands in two tables: that of its volume and that of the observer. */
const TABLES = 2;

/** Memory in use while everything of a run is still held, and the part of it that is block versions, MiB. */
async function run(seconds) {
  let observer;
  const scenario = namedRun('forty-two-load', ['warmup=0s', 'trace.level=none', `duration=${LONGEST}s`]);
  const build = (resolved, given) => {
    observer = given;
    return buildSimulation(resolved, given);
  };
  const result = await simulate(scenario, build, { until: seconds * NS_PER_S });
  await collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return {
    // The result holds the whole run: asked last, it keeps all of it until it has been measured.
    completed: result.figures.observer.counts.total(EVENT['io.completed']),
    inUse: (heapUsed + arrayBuffers) / MEBIBYTE,
    versions: (tableBytes(observer.versions.lastWritten) * TABLES) / MEBIBYTE,
  };
}

/** The memory of typed arrays is given back in the background, some time after their objects. */
async function collectGarbage() {
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Space of the tables that say which version each block of a volume has. */
function tableBytes(tables) {
  const arrays = tables.flatMap(({ store, banks }) => [store, ...banks.filter((bank) => bank !== null)]);
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

// The first run brings the program's code and its constants into memory.
await run(1);
await report(
  ([short, long]) => short.completed + long.completed,
  async () => [await run(shorter), await run(longer)],
  ([short, long]) => ({
    [`MiB in use after ${shorter} s`]: short.inUse,
    'of it block versions': short.versions,
    [`MiB after ${longer} s`]: long.inUse,
    'of it versions': long.versions,
    'growth without them': long.inUse - long.versions - (short.inUse - short.versions),
  }),
);
