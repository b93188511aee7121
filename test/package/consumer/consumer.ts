// What a user of the library writes; it is type-checked against the packed types and run, see ../package.test.ts.
import {
  type LoadResult,
  loadScenario,
  type Run,
  type RunEvent,
  type RunRequest,
  runScenario,
  ScenarioError,
} from 'chpsim';

const loaded: LoadResult = loadScenario('scenario.yaml', { overrides: ['seed=7'] });
if (!loaded.ok) throw loaded.errors[0] ?? new Error('refused without an error');

const events: RunEvent[] = [];
const requests: RunRequest[] = [];
const [scenario] = loaded.scenario.runs;
if (scenario === undefined) throw new Error('a scenario has at least one run');
const run: Run = await runScenario(scenario, {
  onEvent: (event) => events.push(event),
  onRequest: (request) => requests.push(request),
});

const refused = loadScenario('nowhere.yaml');
const seed: string = run.summary.meta.seed;
const stsch: number = run.metric('host.stsch', { cc: '0' }, 'loss').value;
console.log(
  JSON.stringify({
    seed,
    stsch,
    passed: run.passed,
    fingerprint: run.fingerprint,
    reports: events.filter(({ event }) => event === 'crw.channel-path').length,
    requests: requests.length,
    refusal: !refused.ok && refused.errors[0] instanceof ScenarioError,
  }),
);
