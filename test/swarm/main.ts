/**
 * Draws scenarios from a seed and watches whether any breaks a law:
 * `npm run swarm -- [--runs 200] [--seed 1] [--from 0] [--only TEXT] [--jobs 2] [--out out/swarm]`.
 *
 * `--only` runs those whose text contains TEXT. What fails is shrunk, written to `out/swarm/`, and ends the program with 1.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { judgeDrawn, type Outcome, smallest, writeFailure } from './campaign.ts';
import { Coverage } from './coverage.ts';
import { drawScenario } from './draw-scenario.ts';
import { fileText } from './judge.ts';

const USAGE =
  'usage: npm run swarm -- [--runs N] [--seed S] [--from K] [--only TEXT] [--jobs J] [--out FOLDER]';

const { values } = readArguments();
const { seed, only, out } = values;
const runs = Number(values.runs);
const from = Number(values.from);
const jobs = Number(values.jobs);
/** Failures that are shrunk, which takes half a minute at worst; others are only named. */
const MOST_SHRUNK = 10;
/** Jobs are numbered from 0; the one that divides the work among them has no number. */
const job = values.job === undefined ? null : Number(values.job);
if (values.help || ![runs, from, jobs].every(Number.isInteger) || runs < 1 || jobs < 1) {
  console.error(USAGE);
  process.exit(2);
}

if (job === null) await campaign();
else {
  process.on('disconnect', () => process.exit(1));
  await work(job, async (outcome) => void process.send!(outcome));
  process.removeAllListeners('disconnect');
  process.disconnect();
}

/** Every `jobs`-th scenario. */
async function work(first: number, tell: (outcome: Outcome) => Promise<void>): Promise<void> {
  for (let index = from + first; index < from + runs; index += jobs) {
    const isWanted = only === '' || fileText(drawScenario(seed, index).scenario).includes(only);
    if (isWanted) await tell(await judgeDrawn(seed, index));
  }
}

async function campaign(): Promise<void> {
  const coverage = new Coverage();
  const failures: Outcome[] = [];
  let done = 0;
  let events = 0;
  let simulatedNs = 0;
  const note = async (outcome: Outcome): Promise<void> => {
    done++;
    events += outcome.events;
    simulatedNs += outcome.endNs;
    coverage.add(outcome.taken);
    if (outcome.finding !== null) failures.push(outcome);
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${runs}, ${failures.length} failed `);
  };
  if (jobs === 1) await work(0, note);
  else await Promise.all(Array.from({ length: jobs }, (_, number) => follow(startJob(number), note)));
  if (process.stderr.isTTY) process.stderr.write('\n');

  for (const line of coverage.lines()) console.log(line);
  console.log(
    `${done} runs, ${events} events, ${Math.round(simulatedNs / 1e9)} s simulated, ${failures.length} failed`,
  );
  failures.sort((a, b) => a.index - b.index);
  for (const failure of failures.slice(0, MOST_SHRUNK)) await explain(failure);
  for (const failure of failures.slice(MOST_SHRUNK)) name(failure);
  if (failures.length > 0) process.exitCode = 1;
}

async function explain({ index, finding }: Outcome): Promise<void> {
  name({ index, finding });
  const scenario = await smallest(seed, index, finding!);
  console.log(`  chpsim run ${writeFailure(out, seed, index, scenario, finding!)}`);
}

/** With the line that repeats it. */
function name({ index, finding }: Pick<Outcome, 'index' | 'finding'>): void {
  console.log(`\n${finding!.law}: ${finding!.message}`);
  console.log(`  npm run swarm -- --seed ${seed} --from ${index} --runs 1`);
}

function startJob(number: number): ChildProcess {
  return fork(import.meta.filename, [...process.argv.slice(2), '--job', String(number)]);
}

function follow(child: ChildProcess, note: (outcome: Outcome) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('message', (outcome) => void note(outcome as Outcome));
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a job ended with ${code}`))));
  });
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        runs: { type: 'string', default: '200' },
        seed: { type: 'string', default: '1' },
        from: { type: 'string', default: '0' },
        only: { type: 'string', default: '' },
        jobs: { type: 'string', default: '1' },
        out: { type: 'string', default: 'out/swarm' },
        job: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    process.exit(2);
  }
}
