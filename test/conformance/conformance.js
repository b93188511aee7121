// `npm run conformance [-- --recordings DIR] [NAME…]`: how far the simulator is what it says it is.
//
//   scenarios      every file under scenarios/ meets its expectations and thresholds
//   instructions   recorded instruction cases, on both channel subsystems (instructions.js)
//   traces         recorded traces of Linux on QEMU (traces.js)
//
// NAMEs run those scenarios only. DIR holds further recordings of the same kinds; the project's own are the default.
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkInstructions } from './instructions.js';
import { Report } from './report.js';
import { checkScenarios } from './scenarios.js';
import { checkTraces } from './traces.js';

const OWN_RECORDINGS = fileURLToPath(new URL('../fixtures/recordings', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { recordings: { type: 'string' } },
});
const report = new Report();
if (positionals.length > 0 || values.recordings === undefined) checkScenarios(positionals, report);
if (positionals.length === 0) {
  const recordings = values.recordings === undefined ? OWN_RECORDINGS : resolve(values.recordings);
  checkInstructions(join(recordings, 'instructions'), report);
  checkTraces(recordings, report);
}
console.log(`\nconformance: ${report.passed} passed, ${report.failed} failed`);
process.exitCode = report.failed === 0 ? 0 : 1;
