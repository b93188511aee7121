import { nameOf } from '../program/check.ts';
import type { ScriptCheck } from '../program/script-record.ts';
import { sha256 } from '../scenario/canonical.ts';
import type { OutcomePart } from '../scenario/schema-explore.ts';
import { formatSubchannel } from '../zarch/ids.ts';
import type { Schib } from '../zarch/schib.ts';
import type { RunFigures } from './run-figures.ts';
import { placeOf } from './script-verdicts.ts';

/** What can be seen of a run when it is over, without times: orders with equal outcomes make no difference to anybody. */
export interface Outcome {
  /** Eight hexadecimal digits. */
  readonly digest: string;
  /** Values by name, `host.tsch{cc=1}` → `2`. */
  readonly items: ReadonlyMap<string, string>;
}

type Item = readonly [string, string];

export function outcomeOf(run: RunFigures): Outcome {
  const parts = run.scenario.explore?.outcome ?? [];
  return outcome(parts.flatMap((part) => PARTS[part](run)));
}

/** Outcome of a run that broke down. */
export const brokenDown = (message: string): Outcome => outcome([['defect', message]]);

/** What is otherwise in `other`: `name: was -> is`, a dash where there is nothing; of several fields those that differ. */
export function differences(one: Outcome, other: Outcome): string[] {
  const names = new Set([...one.items.keys(), ...other.items.keys()]);
  return [...names].flatMap((name) => {
    const [was = '-', is = '-'] = [one.items.get(name), other.items.get(name)];
    return was === is ? [] : [`${name}: ${changedFields(was, is)}`];
  });
}

/** `fctl 4 dstat 0` and `fctl 4 dstat c` → `dstat 0 -> c`. */
function changedFields(was: string, is: string): string {
  const [before, after] = [was.split(' '), is.split(' ')];
  const sameNames =
    before.length === after.length && before.every((word, at) => at % 2 > 0 || word === after[at]);
  if (!sameNames || before.length % 2 > 0) return `${was} -> ${is}`;
  return before
    .flatMap((word, at) => (word === after[at] ? [] : [`${before[at - 1]} ${word} -> ${after[at]}`]))
    .join(', ');
}

function outcome(items: readonly Item[]): Outcome {
  const text = items.map(([name, value]) => `${name}=${value}\n`).join('');
  return { digest: sha256(text).slice(0, 8), items: new Map(items) };
}

const PARTS: Readonly<Record<OutcomePart, (run: RunFigures) => Item[]>> = {
  counts: (run) => countItems(run, (name) => !name.startsWith('io.')),
  requests: (run) => [
    ...countItems(run, (name) => name.startsWith('io.')),
    ['io.lost', String(run.lost)],
    ['io.stale_reads', String(run.observer.versions.staleReads)],
  ],
  masks: (run) =>
    [...run.observer.paths.masks()].map(({ system, subchannel, lpm, vpm, opm }) => [
      `masks ${nameOfSystem(run, system)} ${formatSubchannel(subchannel)}`,
      `lpm ${hex(lpm)} vpm ${hex(vpm)} opm ${hex(opm)}`,
    ]),
  subchannels: (run) =>
    (run.final?.subchannels ?? []).map(({ system, subchannel, schib }) => [
      `subchannel ${nameOfSystem(run, system)} ${formatSubchannel(subchannel)}`,
      statusText(schib),
    ]),
  program: programItems,
};

function countItems(run: RunFigures, isWanted: (name: string) => boolean): Item[] {
  return run.measurement
    .countRows('')
    .filter(({ name }) => isWanted(name))
    .map(({ name, system, cc, value }) => {
      const labels = [
        ...(system < 0 ? [] : [`system=${nameOfSystem(run, system)}`]),
        ...(cc < 0 ? [] : [`cc=${cc}`]),
      ];
      return [labels.length === 0 ? name : `${name}{${labels.join(',')}}`, String(value)];
    });
}

/** How each step of a script ended, and what its checks found in storage, the last time it was executed. */
function programItems({ script }: RunFigures): Item[] {
  if (script === null) return [];
  const { results, checks } = script.record;
  return [
    ...[...results].map(([step, result]): Item => {
      const { cc, pgm, came } = result ?? { cc: -1, pgm: 0, came: -1 };
      const ending = pgm !== 0 ? `pgm ${pgm}` : cc >= 0 ? `cc ${cc}` : came >= 0 ? `came ${came}` : 'done';
      return [placeOf(step), result === null ? 'not executed' : ending];
    }),
    ...checks
      .filter(looksAtStorage)
      .map(
        ({ step, check, last }): Item => [
          `${placeOf(step)} ${nameOf(check)}`,
          last === null ? 'not executed' : last.found,
        ],
      ),
  ];
}

const looksAtStorage = ({ check }: ScriptCheck): boolean => check.of === 'bytes' || 'field' in check;

function statusText({ scsw, pmcw }: Schib): string {
  const { fctl, actl, stctl, cc, dstat, cstat, pathNotOperational: n } = scsw;
  const { enabled: ena, lpum, pnom, pom, pam } = pmcw;
  const fields = { ena, fctl, actl, stctl, cc, n, dstat, cstat, lpum, pnom, pom, pam };
  return Object.entries(fields)
    .map(([name, value]) => `${name} ${value.toString(16)}`)
    .join(' ');
}

const nameOfSystem = (run: RunFigures, system: number): string =>
  run.observer.systems[system]?.name ?? String(system);
const hex = (mask: number): string => mask.toString(16).padStart(2, '0');
