/** Usage: storm.js <relay> <devices>: what the loss of one channel path costs a guest with so many devices. */
import { runScenario } from '../../dist/index.js';
import { textRun } from '../lib/model.js';
import { report } from '../lib/report.js';

const [relay, count] = process.argv.slice(2);
const last = (0x1000 + Number(count) - 1).toString(16);
const scenario = textRun('storm', [
  'duration: 30s',
  'trace: { level: none }',
  'machine:',
  '  chpids: { "0.40-0.43": {} }',
  '  controlUnits: { lcu0: {} }',
  `  dasd: { "0.0.1000-0.0.${last}": { controlUnit: lcu0 } }`,
  'systems:',
  '  host: { kind: kvm-host, cpus: 4 }',
  `  guest1: { kind: guest, on: host, cpus: 2, passthrough: "0.0.1000-0.0.${last}" }`,
  'faults:',
  '  - { at: 10s, name: loss, chpid: 0.40, do: configure-off }',
  'strategies:',
  `  relay: ${relay}`,
]);

const told = (run, name) => run.metric(name, {}, 'loss').value;

await report(
  (run) => told(run, 'guest.stsch'),
  () => runScenario(scenario),
  (run) => ({
    notifications: told(run, 'kernel.eventfd.path'),
    reports: told(run, 'vmm.crw'),
    'guest exits': told(run, 'guest.exit'),
  }),
);
