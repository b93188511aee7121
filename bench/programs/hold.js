/** Usage: hold.js ladder|heap <pending> <events> */
import { HeapQueue } from '../../dist/kernel/heap-queue.js';
import { LadderQueue } from '../../dist/kernel/ladder-queue.js';
import { Simulation } from '../../dist/kernel/simulation.js';
import { NEVER } from '../../dist/kernel/time.js';
import { DELAY_MASK, delayTable } from '../lib/delays.js';
import { report } from '../lib/report.js';

const [queueName, pending, events] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const sim = new Simulation({
  queue: (table) => (queueName === 'heap' ? new HeapQueue(table) : new LadderQueue(table)),
});
const delays = delayTable();
let drawn = 0;
const hold = sim.defineEvent('hold', (target) => {
  sim.post(delays[drawn++ & DELAY_MASK], 0, hold, target, 0);
});
for (let target = 0; target < pending; target++) sim.post(delays[drawn++ & DELAY_MASK], 0, hold, target, 0);

// Warm-up: until the first delays have been replaced and the code is compiled.
sim.run(NEVER, 3 * pending + events / 4);
await report(
  events,
  () => sim.run(NEVER, events),
  () => ({ fingerprint: sim.fingerprint.toString() }),
);
