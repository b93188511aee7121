import path from 'node:path';
import { simulate } from '../experiment/simulate.ts';
import { TraceTexts, traceFileName } from '../experiment/trace-texts.ts';
import type { ObservedSystem } from '../observe/layers.ts';
import { type Manifest, parseManifest } from '../output/manifest.ts';
import type { TraceKind } from '../output/trace-lines.ts';
import { observedSystems } from '../scenario/observed-systems.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import { Interrupt } from './interrupt.ts';
import { buildAgain, manifestPath, readText } from './manifest-file.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** The trace of a run, and what is known of the run. */
export interface RunTrace {
  readonly text: string;
  /** Null: it came from a file of text, of which nothing is known. */
  readonly scenario: ResolvedScenario | null;
  /** Where it came from, for people. */
  readonly origin: string;
}

/**
 * Reads the trace of one system: from a file of text, or from the folder or manifest of a run. A run that did not write
 * one is simulated once more.
 */
export async function runTrace(
  terminal: Terminal,
  target: string,
  kind: TraceKind,
  systemName: string | undefined,
): Promise<RunTrace> {
  const file = manifestPath(terminal, target);
  const content = readText(terminal, file);
  const manifest = parseManifest(content);
  if (manifest === null) {
    if (systemName !== undefined) throw new UsageError(`--system: ${file} is the trace of one system`);
    return { text: content, scenario: null, origin: file };
  }
  const scenario = manifest.scenario.resolved as ResolvedScenario;
  const systems = observedSystems(scenario);
  const system = chooseSystem(systems, kind, systemName);
  const name = traceFileName(kind, system, systems);
  const written = path.join(path.dirname(file), name);
  if (terminal.files.existsSync(written)) {
    return { text: readText(terminal, written), scenario, origin: written };
  }
  const text = await traceAgain(terminal, manifest, kind, name);
  return { text, scenario, origin: `${file}, run again for its trace of ${system.name}` };
}

function chooseSystem(
  systems: readonly ObservedSystem[],
  kind: TraceKind,
  wanted: string | undefined,
): ObservedSystem {
  const candidates = kind === 'qemu' ? systems.filter(({ layer }) => layer === 'guest') : systems;
  const names = candidates.map(({ name }) => name).join(', ');
  if (candidates.length === 0) throw new UsageError('the run has no guest, and so no log of QEMU');
  if (wanted === undefined && candidates.length > 1) {
    throw new UsageError(`the run has several systems: choose one of ${names} with --system`);
  }
  const chosen = candidates.find(({ name }) => wanted === undefined || name === wanted);
  if (chosen === undefined) throw new UsageError(`--system ${wanted}: the run has ${names}`);
  return chosen;
}

/** Simulates a run up to where it ended and gives one of its texts. */
async function traceAgain(
  terminal: Terminal,
  manifest: Manifest,
  kind: TraceKind,
  file: string,
): Promise<string> {
  const recorded = manifest.scenario.resolved as ResolvedScenario;
  const trace = { level: 'all', filter: [], formats: [kind] } as const;
  const scenario: ResolvedScenario = { ...recorded, trace };
  let text = '';
  const decoder = new TextDecoder();
  const texts = new TraceTexts(scenario, (name) => (bytes) => {
    if (name === file) text += decoder.decode(bytes);
  });
  const interrupt = new Interrupt(terminal);
  try {
    await simulate(scenario, buildAgain(terminal, manifest), {
      sink: {
        begin: (built) => texts.begin(built),
        events: (records, count) => texts.events(records, count),
        requests() {},
        interval() {},
      },
      ...(manifest.untilNs === null ? {} : { until: manifest.untilNs }),
      ...(manifest.termination === 'interrupted' ? { untilEvent: manifest.eventCount } : {}),
      shouldStop: interrupt.came,
    });
  } finally {
    interrupt.end();
  }
  texts.finish();
  return text;
}
