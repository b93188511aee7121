import {
  compareReadTraces,
  KIND_WORDS,
  type TraceComparison,
  TraceError,
} from '../experiment/trace-comparison.ts';
import { OutputError } from '../output/output-error.ts';
import { QEMU_LOG_NAMES } from '../output/qemu-log-events.ts';
import { readTrace, shortName, type TraceText } from '../output/trace-lines.ts';
import { TRACEPOINT_NAMES } from '../output/tracepoints.ts';
import { suggest } from '../scenario/nearest.ts';
import type { ResolvedPhase } from '../scenario/resolved.ts';
import { parseTime } from '../scenario/units.ts';
import { diffTraceText } from './diff-trace-text.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { readText } from './manifest-file.ts';
import { type RunTrace, runTrace } from './run-trace.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface DiffTraceOptions {
  /** Times or phases, as written. */
  readonly from?: string;
  readonly to?: string;
  readonly system?: string;
  readonly events: readonly string[];
  /** Lines shown around the first difference. */
  readonly context: number;
}

/** `chpsim diff-trace`: a run beside a recording of a real system. */
export async function diffTraceCommand(
  terminal: Terminal,
  recording: string,
  run: string,
  options: DiffTraceOptions,
): Promise<ExitCode> {
  checkEvents(options.events);
  const recorded = readable(readText(terminal, recording), recording);
  // A recording in which nothing happened looks the same in both forms.
  const trace = await runTrace(terminal, run, recorded.kind ?? 'ftrace', options.system);
  const ran = readable(trace.text, trace.origin);
  const comparison = compare(recorded, ran, trace, options);
  terminal.out(diffTraceText(comparison, recording, trace.origin, options.context));
  return comparison.equal ? EXIT.OK : EXIT.DIFFERENT;
}

/** Tracepoints in both spellings, and the events of QEMU's log. */
export const TRACE_EVENTS: readonly string[] = [
  ...TRACEPOINT_NAMES,
  ...TRACEPOINT_NAMES.map(shortName),
  ...QEMU_LOG_NAMES,
];

function checkEvents(events: readonly string[]): void {
  const unknown = events.find((event) => !TRACE_EVENTS.includes(event));
  if (unknown !== undefined) throw new UsageError(`--events ${unknown}: ${suggest(unknown, TRACE_EVENTS)}`);
}

function readable(text: string, file: string): TraceText {
  const trace = readTrace(text);
  const isHeaderOnly = text.split('\n').every((line) => line.trim() === '' || line.startsWith('#'));
  if (trace.kind === null && !isHeaderOnly) {
    throw new OutputError(`cannot read ${file}: no line of it is ${Object.values(KIND_WORDS).join(' or ')}`);
  }
  return trace;
}

function compare(
  recorded: TraceText,
  ran: TraceText,
  { scenario }: RunTrace,
  { from, to, events }: DiffTraceOptions,
): TraceComparison {
  const phases = scenario?.phases ?? [];
  try {
    return compareReadTraces(recorded, ran, {
      events,
      ...(from === undefined ? {} : { fromUs: boundUs('--from', from, phases, 'fromNs') }),
      ...(to === undefined ? {} : { toUs: boundUs('--to', to, phases, 'toNs') }),
    });
  } catch (error) {
    if (error instanceof TraceError) throw new OutputError(`cannot compare: ${error.message}`);
    throw error;
  }
}

/** A time, or the edge of a phase of the run. Traces have microseconds, so that what happens in one belongs to it whole. */
function boundUs(
  option: string,
  text: string,
  phases: readonly ResolvedPhase[],
  edge: 'fromNs' | 'toNs',
): number {
  const phase = phases.find(({ name }) => name === text);
  if (phase !== undefined) return Math.floor(phase[edge] / NS_PER_US);
  const time = parseTime(text);
  if (time.ok) return Math.floor(time.value / NS_PER_US);
  const names = phases.map(({ name }) => name);
  const known = names.length === 0 ? 'the run has no phases' : `phases are ${names.join(', ')}`;
  throw new UsageError(`${option} ${text}: expected a time (2s, 300ms) or a phase; ${known}`);
}

const NS_PER_US = 1_000;
