import path from 'node:path';
import { changedValues } from '../experiment/changed-values.ts';
import { differenceFrom, type RunDifference, sameByCheckpoints } from '../experiment/run-difference.ts';
import { CHECKPOINT_EVENTS } from '../experiment/simulate.ts';
import { SteppedRun } from '../experiment/stepped-run.ts';
import { firstDifference } from '../output/first-difference.ts';
import type { Manifest } from '../output/manifest.ts';
import { canonicalJson } from '../scenario/canonical.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import { changesText, differenceText, shareText } from './diff-text.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { Interrupt } from './interrupt.ts';
import { buildAgain, manifestPath, readManifest } from './manifest-file.ts';
import { Progress, type ProgressMode } from './progress.ts';
import type { Terminal } from './terminal.ts';

export interface DiffOptions {
  /** Events shown before and after the first difference. */
  readonly context: number;
  readonly progress: ProgressMode;
}

interface Side {
  readonly target: string;
  readonly manifest: Manifest;
}

/**
 * `chpsim diff`: where two runs part. The checkpoints in their manifests say between which events; these are run again,
 * side by side.
 */
export async function diffCommand(
  terminal: Terminal,
  leftTarget: string,
  rightTarget: string,
  options: DiffOptions,
): Promise<ExitCode> {
  const left = { target: leftTarget, manifest: readManifest(terminal, leftTarget) };
  const right = { target: rightTarget, manifest: readManifest(terminal, rightTarget) };
  terminal.out(sideText('left ', left) + sideText('right', right));
  const [one, other] = [left.manifest, right.manifest];
  terminal.out(changesText(changedValues(causes(one), causes(other))));
  if (one.fingerprint.events === other.fingerprint.events && one.eventCount === other.eventCount) {
    terminal.out(`equal      ${one.eventCount} events, fingerprint ${one.fingerprint.events}\n`);
    return EXIT.OK;
  }
  const interrupt = new Interrupt(terminal);
  try {
    await tellDifference(terminal, left, right, options, interrupt);
    return interrupt.code ?? EXIT.DIFFERENT;
  } finally {
    interrupt.end();
  }
}

/** The scenario without what it expects of its runs, which changes nothing in them. */
function causes({ scenario }: Manifest): Partial<ResolvedScenario> {
  const { expectations: _, thresholds: __, ...others } = scenario.resolved as ResolvedScenario;
  return others;
}

const sideText = (name: string, { target, manifest }: Side): string =>
  `${name}      ${target}: ${manifest.scenario.name} ${manifest.run}, seed ${manifest.seed}, ${manifest.eventCount} events, ${versionOf(manifest)}\n`;

const versionOf = ({ program: { name, version, commit } }: Manifest): string =>
  `${name} ${version}${commit === null ? '' : ` (${commit.slice(0, 8)})`}`;

async function tellDifference(
  terminal: Terminal,
  left: Side,
  right: Side,
  { context, progress: mode }: DiffOptions,
  interrupt: Interrupt,
): Promise<void> {
  const same = sameByCheckpoints(left.manifest.fingerprint, right.manifest.fingerprint);
  const events = Math.max(left.manifest.eventCount, right.manifest.eventCount);
  const progress = new Progress(terminal, mode, 'diff', left.manifest.endNs);
  const runs = [steppedRun(terminal, left.manifest), steppedRun(terminal, right.manifest)] as const;
  const turn = async (): Promise<boolean> => {
    progress.show(runs[1].now, runs[1].eventCount);
    await new Promise((resolve) => setImmediate(resolve));
    return !interrupt.came();
  };
  let difference: RunDifference | null = null;
  try {
    for (const run of runs) while (run.skip(same, CHECKPOINT_EVENTS)) if (!(await turn())) return;
    difference = await differenceFrom(...runs, context, turn);
  } finally {
    progress.end();
  }
  if (interrupt.code !== null) return;
  if (difference !== null) {
    terminal.out(`different  ${shareText(difference.same, events)}`);
    terminal.out(differenceText(difference));
    return;
  }
  terminal.out(`different  ${shareText(same, events)}`);
  terminal.out(unseenText(left.manifest, right.manifest));
  tellFiles(terminal, left, right);
}

function steppedRun(terminal: Terminal, manifest: Manifest): SteppedRun {
  const scenario = manifest.scenario.resolved as ResolvedScenario;
  const wasInterrupted = manifest.termination === 'interrupted';
  return new SteppedRun(scenario, buildAgain(terminal, manifest), {
    ns: manifest.endNs,
    event: wasInterrupted ? manifest.eventCount : Number.MAX_SAFE_INTEGER,
  });
}

/** Why runs whose fingerprints differ show no difference when they are made again. */
function unseenText(left: Manifest, right: Manifest): string {
  if (canonicalJson(left.program) !== canonicalJson(right.program)) {
    return 'Run again by this program they are the same: the programs that recorded them differ.\n';
  }
  return 'Names, times and records of all events are the same: they differ in what the events are numbered by.\n';
}

/** What two versions of the program did can only be seen in what they wrote. */
function tellFiles(terminal: Terminal, left: Side, right: Side): void {
  const [one, other] = [left, right].map(({ target }) =>
    path.join(path.dirname(manifestPath(terminal, target)), 'events.csv'),
  );
  if (!terminal.files.existsSync(one) || !terminal.files.existsSync(other)) return;
  const difference = firstDifference(one, other);
  if (difference === null) return;
  terminal.out(`first difference in events.csv, line ${difference.line} (- left, + right):\n`);
  for (const equal of difference.before) terminal.out(`  ${equal}\n`);
  terminal.out(`- ${difference.left ?? '(end of file)'}\n+ ${difference.right ?? '(end of file)'}\n`);
}
