/** Usage: boot.js <devices>, a power of two from 256 to 65,536 */
import { runScenario } from '../../dist/index.js';
import { MESSAGE } from '../../dist/linux/dasd/definitions.js';
import { textRun } from '../lib/model.js';
import { peakMiB, report } from '../lib/report.js';

const devices = Number(process.argv[2]);
const [DEVICES_PER_UNIT, DEVICES_PER_SET] = [256, 32_768];
const hex = (value, digits) => value.toString(16).padStart(digits, '0');
const units = devices / DEVICES_PER_UNIT;
const sets = Math.ceil(devices / DEVICES_PER_SET);
const range = (ssid) => `0.${ssid}.0000-0.${ssid}.${hex(devices / sets - 1, 4)}`;
const unitsOf = (ssid) => {
  const first = (ssid * units) / sets;
  return units === 1 ? 'lcu00' : `lcu${hex(first, 2)}-lcu${hex(first + units / sets - 1, 2)}`;
};

const scenario = textRun('boot', [
  'duration: 1000s',
  'report: { interval: 1000s }',
  'trace: { level: events, filter: [dasd.message] }',
  'machine:',
  `  subchannelSets: ${sets}`,
  `  chpids: { "0.00-0.${hex(Math.max(8, units) - 1, 2)}": {} }`,
  '  controlUnits:',
  `    ${units === 1 ? 'lcu00' : `lcu00-lcu${hex(units - 1, 2)}`}: { paths: all, pathsEach: 8 }`,
  '  dasd:',
  ...Array.from(
    { length: sets },
    (_, ssid) => `    ${range(ssid)}: { model: 3390-3, controlUnit: ${unitsOf(ssid)} }`,
  ),
]);

let online = 0;
let bootedNs = 0;
const run = {
  onEvent({ tNs, fields }) {
    if (fields.message !== MESSAGE.ONLINE) return;
    online++;
    bootedNs = tNs;
  },
};

await report(
  devices,
  () => runScenario(scenario, run),
  () => {
    if (online !== devices) throw new Error(`${online} of ${devices} devices are online`);
    const peak = peakMiB();
    return {
      'simulated seconds': bootedNs / 1e9,
      'peak MiB': peak,
      'peak KiB per device': (peak * 1024) / devices,
    };
  },
);
