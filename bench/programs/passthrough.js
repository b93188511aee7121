/** Usage: passthrough.js native|guest <seconds>: the same load on 42 volumes, of a partition or passed through to a guest. */
import { runScenario } from '../../dist/index.js';
import { textRun } from '../lib/model.js';
import { peakMiB, report } from '../lib/report.js';

const [kind, seconds] = process.argv.slice(2);
const SYSTEMS = {
  native: ['  user: { cpus: 4 }'],
  guest: [
    '  host: { kind: kvm-host, cpus: 4 }',
    '  user: { kind: guest, on: host, cpus: 4, passthrough: "0.0.1000-0.0.1029" }',
  ],
};
const scenario = textRun('passthrough', [
  `duration: ${seconds}s`,
  'trace: { level: none }',
  'machine:',
  '  chpids: { "0.40-0.43": {} }',
  '  controlUnits: { lcu0: {} }',
  '  dasd: { "0.0.1000-0.0.1029": { controlUnit: lcu0 } }',
  'systems:',
  ...SYSTEMS[kind],
  'workload:',
  '  oltp: { on: user, volumes: all, ratePerVolume: 100/s, from: 2s }',
]);

await report(
  (run) => run.metric('io.completed').value,
  () => runScenario(scenario),
  () => ({ 'peak MiB': peakMiB() }),
);
