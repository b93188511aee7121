import type { BuiltRun } from '../experiment/built-run.ts';
import { simulate } from '../experiment/simulate.ts';
import type { Manifest } from '../output/manifest.ts';
import { formatTime } from '../output/table.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import type { SystemState } from '../scenario/system-state.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { Interrupt } from './interrupt.ts';
import { buildAgain, readManifest } from './manifest-file.ts';
import { Progress, type ProgressMode } from './progress.ts';
import { lschpText, lscssText, lsdasdText } from './show-text.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export const SHOWN = ['chp', 'css', 'dasd'] as const;
export type ShowKind = (typeof SHOWN)[number];

export interface ShowOptions {
  readonly atNs: number;
  /** Whose state; null: that of every Linux. */
  readonly system: string | null;
  readonly vpm: boolean;
  readonly progress: ProgressMode;
}

/**
 * `chpsim show`: what lschp, lscss or lsdasd would show at a simulated time. Nothing of a run's state is kept, so the run
 * is made again up to that time; what happens at that very time has happened.
 */
export async function showCommand(
  terminal: Terminal,
  kind: ShowKind,
  target: string,
  options: ShowOptions,
): Promise<ExitCode> {
  const manifest = readManifest(terminal, target);
  if (options.atNs > manifest.endNs) {
    throw new UsageError(`--at: the run ends at ${formatTime(manifest.endNs)}`);
  }
  const interrupt = new Interrupt(terminal);
  try {
    const states = await statesAt(terminal, manifest, options, interrupt);
    if (interrupt.code !== null) return interrupt.code;
    const shown = chosen(states, options.system);
    const text = shown.map((state) => stateText(kind, state, options));
    // The output of a single system is that of the tool.
    const named = shown.length === 1 ? text : text.map((table, at) => `${shown[at].name}:\n${table}`);
    terminal.out(named.join('\n'));
    return EXIT.OK;
  } finally {
    interrupt.end();
  }
}

async function statesAt(
  terminal: Terminal,
  manifest: Manifest,
  { atNs, progress: mode }: ShowOptions,
  interrupt: Interrupt,
): Promise<readonly SystemState[]> {
  const recorded = manifest.scenario.resolved as ResolvedScenario;
  // Nothing is looked at but the state: a violated threshold must not end the run before that.
  const scenario: ResolvedScenario = {
    ...recorded,
    trace: { ...recorded.trace, level: 'none' },
    thresholds: [],
  };
  const build = buildAgain(terminal, manifest);
  const progress = new Progress(terminal, mode, `show ${scenario.name}`, atNs);
  let built: BuiltRun | null = null;
  try {
    await simulate(
      scenario,
      (...parts) => {
        built = build(...parts);
        return built;
      },
      {
        until: atNs,
        ...(manifest.termination === 'interrupted' ? { untilEvent: manifest.eventCount } : {}),
        onProgress: progress.show,
        shouldStop: interrupt.came,
      },
    );
  } finally {
    progress.end();
  }
  return (built as BuiltRun | null)?.systemStates?.() ?? [];
}

function chosen(states: readonly SystemState[], system: string | null): readonly SystemState[] {
  const names = states.map(({ name }) => name).join(', ');
  if (states.length === 0) throw new UsageError('no Linux runs in this scenario, whose state could be shown');
  if (system === null) return states;
  const found = states.filter(({ name }) => name === system);
  if (found.length === 0) throw new UsageError(`--system ${system}: Linux runs in ${names}`);
  return found;
}

function stateText(kind: ShowKind, state: SystemState, { vpm }: ShowOptions): string {
  switch (kind) {
    case 'chp':
      return lschpText(state);
    case 'css':
      return lscssText(state, vpm);
    case 'dasd':
      return lsdasdText(state);
  }
}
