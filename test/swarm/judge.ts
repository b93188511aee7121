import { stringify } from 'yaml';
import { metricValue } from '../../src/experiment/metric-value.ts';
import { type RunResult, simulate } from '../../src/experiment/simulate.ts';
import { summarize } from '../../src/experiment/summary.ts';
import { loadScenarioText } from '../../src/index.ts';
import { HeapQueue } from '../../src/kernel/heap-queue.ts';
import { type BuildOptions, buildSimulation } from '../../src/scenario/build.ts';
import type { ResolvedScenario } from '../../src/scenario/resolved.ts';
import { exceptionOf } from './exceptions.ts';
import type { Mapping } from './json.ts';
import { mended } from './mend.ts';

/** A law that a scenario breaks. */
export interface Finding {
  readonly law: Law;
  readonly message: string;
}

/**
 * What holds whatever is drawn. `defect` stands for all that a run itself asserts: conservation of requests and reports,
 * Little's and the utilisation law, every assertion on the way. The last three are about a story with a happy end.
 */
export type Law =
  | 'valid'
  | 'defect'
  | 'ends'
  | 'no request lost'
  | 'no stale read'
  | 'repeatable'
  | 'all answered'
  | 'none stranded'
  | 'masks true';

/** Whoever judges a run further; a test plants its defects here. */
export type Judge = (result: RunResult) => Finding | null;

export interface Judgement {
  readonly finding: Finding | null;
  readonly events: number;
  readonly endNs: number;
}

/** The whole story as a scenario file. */
export const fileText = (scenario: Mapping, about = ''): string =>
  stringify(about === '' ? mended(scenario) : { about, ...mended(scenario) }, {
    lineWidth: 110,
    aliasDuplicateObjects: false,
  });

/** Runs a scenario and judges it; `repeat`: twice more, in other ways that must not make a difference. */
export async function judge(
  scenario: Mapping,
  repeat: boolean,
  further: Judge = () => null,
): Promise<Judgement> {
  const loaded = loadScenarioText('swarm.yaml', fileText(scenario), { overrides: ['trace.level=none'] });
  if (!loaded.ok) {
    const [{ message }] = loaded.errors;
    return { finding: { law: 'valid', message }, events: 0, endNs: 0 };
  }
  const [resolved] = loaded.scenario.runs;
  try {
    const result = await simulate(resolved, buildSimulation);
    const finding = brokenLaw(scenario, result) ?? further(result);
    const { eventCount: events, endNs } = result;
    if (finding !== null || !repeat) return { finding, events, endNs };
    return { finding: await difference(resolved, result), events, endNs };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { finding: { law: 'defect', message }, events: 0, endNs: 0 };
  }
}

function brokenLaw(scenario: Mapping, { termination, figures }: RunResult): Finding | null {
  const figure = (name: string): number => metricValue(figures, name, {}, '').value;
  if (termination !== 'completed') return { law: 'ends', message: termination };
  const counts: readonly [Law, number, string][] = [
    ['no request lost', figures.lost, 'requests are neither answered nor under way'],
    ['no stale read', figure('io.stale_reads'), 'reads returned old data'],
    [
      'all answered',
      figure('io.started') - figure('io.completed') - figure('io.failed'),
      'requests are still under way',
    ],
    ['none stranded', figure('path.stranded'), 'devices are not in use although a path leads to them'],
    ['masks true', wrongMasks(figures), 'devices have other path masks than is true'],
  ];
  for (const [law, count, what] of counts) {
    if (count !== 0 && exceptionOf(law, scenario) === null) return { law, message: `${count} ${what}` };
  }
  return null;
}

const wrongMasks = ({ observer }: RunResult['figures']): number =>
  [...observer.paths.masks()].filter(({ wrong }) => wrong !== 0).length;

/** The same run with another queue, and with everything traced. */
async function difference(resolved: ResolvedScenario, first: RunResult): Promise<Finding | null> {
  const traced: ResolvedScenario = { ...resolved, trace: { ...resolved.trace, level: 'all' } };
  const others: readonly [string, ResolvedScenario, BuildOptions][] = [
    ['with the reference queue', resolved, { queue: (events) => new HeapQueue(events) }],
    ['with everything traced', traced, {}],
  ];
  const expected = JSON.stringify(figuresOf(first));
  for (const [how, scenario, options] of others) {
    const other = await simulate(scenario, (wanted, observer) => buildSimulation(wanted, observer, options), {
      sink: NOWHERE,
    });
    if (JSON.stringify(figuresOf(other)) !== expected) {
      return { law: 'repeatable', message: `${how} it is another run` };
    }
  }
  return null;
}

const NOWHERE = { begin() {}, interval() {}, events() {}, requests() {} };

const figuresOf = (result: RunResult): unknown => {
  const { checkpoints, fingerprint } = result;
  return { checkpoints, fingerprint, summary: summarize(result) };
};
