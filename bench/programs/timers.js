/** Usage: timers.js timer|cancel <devices> <operations> */
import { Simulation } from '../../dist/kernel/simulation.js';
import { NEVER, NS_PER_S } from '../../dist/kernel/time.js';
import { DELAY_MASK, delayTable } from '../lib/delays.js';
import { report } from '../lib/report.js';

const [way, devices, operations] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const TIMEOUT_NS = 15 * NS_PER_S;
const sim = new Simulation();
const delays = delayTable();
let drawn = 0;
const expired = sim.defineEvent('expired', () => {
  throw new Error('a timeout expired');
});
const timers = Array.from({ length: devices }, (_, device) => sim.defineTimer(0, expired, device));
const handles = new Float64Array(devices).fill(-1);

const rearmed = sim.defineEvent('completed', (device) => {
  sim.disarm(timers[device]);
  sim.arm(timers[device], TIMEOUT_NS);
  sim.post(delays[drawn++ & DELAY_MASK], 0, rearmed, device, 0);
});
const rescheduled = sim.defineEvent('completed', (device) => {
  sim.cancel(handles[device]);
  handles[device] = sim.after(TIMEOUT_NS, 0, expired, device, 0);
  sim.post(delays[drawn++ & DELAY_MASK], 0, rescheduled, device, 0);
});
for (let device = 0; device < devices; device++)
  sim.post(0, 0, way === 'timer' ? rearmed : rescheduled, device, 0);

sim.run(NEVER, operations / 4);
await report(operations, () => sim.run(NEVER, operations));
