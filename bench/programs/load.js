/** Usage: load.js <seconds> none|events|all [<event to record>] */
import { recordRun } from '../../dist/experiment/recorded-run.js';
import { NS_PER_S } from '../../dist/kernel/time.js';
import { NODE_FILES } from '../../dist/output/file-system.js';
import { buildSimulation } from '../../dist/scenario/build.js';
import { namedRun } from '../lib/model.js';
import { peakMiB, report } from '../lib/report.js';
import { temporaryFolder } from '../lib/temporary-folder.js';

const [seconds, level, filter] = process.argv.slice(2);
const overrides = ['warmup=0s', `trace.level=${level}`];
if (filter !== undefined) overrides.push(`trace.filter=[${filter}]`);
const scenario = namedRun('forty-two-load', overrides);
const program = { name: 'chpsim', version: 'bench', commit: null };

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
/** When the run was a quarter through, and how many events that took: by then the code has been compiled. */
let warm = null;
const noteWarm = (nowNs, events) => {
  if (nowNs >= (seconds * NS_PER_S) / 4) warm ??= { events, at: cpuSeconds() };
};
/** Events per CPU second from then on. */
let warmRate = 0;

await report(
  ({ summary }) => summary.total.counts['io.completed'],
  () =>
    recordRun(
      { scenario, textSha256: '', overrides, untilNs: seconds * NS_PER_S, program },
      {
        files: NODE_FILES,
        outRoot: temporaryFolder(),
        build: buildSimulation,
        isAlive: () => true,
        onProgress: noteWarm,
        execution: ({ eventCount }) => {
          warmRate = (eventCount - warm.events) / (cpuSeconds() - warm.at);
          return {};
        },
      },
    ),
  ({ manifest, summary }) => ({
    'once warm': (warmRate * summary.total.counts['io.completed']) / manifest.eventCount,
    'events/CPU s': warmRate,
    'MB written': manifest.files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6,
    'peak MiB': peakMiB(),
    fingerprint: manifest.fingerprint.events,
  }),
);
