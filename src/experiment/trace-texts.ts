import { kernelFeatures } from '../linux/kernel-features.ts';
import type { ObservedSystem } from '../observe/layers.ts';
import { EVENT_WORD, EVENT_WORDS } from '../observe/trace-buffer.ts';
import { FtraceText, type TracedSystem } from '../output/ftrace.ts';
import { isQemuEvent, QemuLog } from '../output/qemu-trace.ts';
import { observedSystems } from '../scenario/observed-systems.ts';
import type { ResolvedScenario, TextFormat, TraceFormat } from '../scenario/resolved.ts';
import type { BuiltRun } from './built-run.ts';

/** A file of text: its name, and where its bytes go. */
export type OpenText = (name: string) => (bytes: Uint8Array) => void;

/** Name of a system's trace in a format; a system that is alone in its scenario need not be named. */
export function traceFileName(
  format: TextFormat,
  { name }: ObservedSystem,
  systems: readonly ObservedSystem[],
): string {
  const stem = format === 'ftrace' ? 'trace' : 'qemu';
  return systems.length === 1 ? `${stem}.txt` : `${stem}-${name}.txt`;
}

/** What an instruction script does is told as a kernel of today tells it. */
function tracedSystem({ systems }: ResolvedScenario, { name }: ObservedSystem, number: number): TracedSystem {
  const system = systems[number];
  if (system === undefined) return { name, tracesSubchannelType: true, tracesVfioCcw: true };
  const { traceSubchannelType, traceVfioCcw } = kernelFeatures(system.kernel, system.features);
  return { name, tracesSubchannelType: traceSubchannelType, tracesVfioCcw: traceVfioCcw };
}

/** Distributes the events of a run over the texts of its systems. */
export class TraceTexts {
  private readonly formats: readonly TraceFormat[];
  private readonly systems: readonly ObservedSystem[];
  private readonly traced: readonly TracedSystem[];
  private readonly open: OpenText;
  /** By system number. */
  private ftrace: FtraceText[] = [];
  /** By system number; only guests have one, from their first event on. */
  private readonly qemu: (QemuLog | undefined)[] = [];

  constructor(scenario: ResolvedScenario, open: OpenText) {
    this.formats = scenario.trace.formats;
    this.systems = observedSystems(scenario);
    this.traced = this.systems.map((system, number) => tracedSystem(scenario, system, number));
    this.open = open;
  }

  begin({ sim }: BuiltRun): void {
    if (!this.writes('ftrace')) return;
    this.ftrace = this.systems.map((system, number) => {
      const write = this.open(traceFileName('ftrace', system, this.systems));
      return new FtraceText(this.traced[number], (running) => sim.runningEvent(running), write);
    });
  }

  events(records: Float64Array, count: number): void {
    const writesQemu = this.writes('qemu');
    for (let at = 0; at < count * EVENT_WORDS; at += EVENT_WORDS) {
      const system = records[at + EVENT_WORD.system];
      if (system < 0) continue;
      this.ftrace[system]?.add(records, at);
      if (writesQemu && isQemuEvent(records[at + EVENT_WORD.event])) this.qemuLogOf(system).add(records, at);
    }
  }

  /** Writes what is left; gives the lines of each file. */
  finish(): { readonly name: string; readonly lines: number }[] {
    const { systems } = this;
    const written = [];
    for (const [number, system] of systems.entries()) {
      for (const [format, text] of [
        ['ftrace', this.ftrace[number]],
        ['qemu', this.qemu[number]],
      ] as const) {
        if (text === undefined) continue;
        text.flush();
        written.push({ name: traceFileName(format, system, systems), lines: text.lines });
      }
    }
    return written;
  }

  private writes(format: TextFormat): boolean {
    return this.formats.includes(format);
  }

  private qemuLogOf(system: number): QemuLog {
    const known = this.qemu[system];
    if (known !== undefined) return known;
    const name = traceFileName('qemu', this.systems[system], this.systems);
    const log = new QemuLog(system + 1, this.open(name));
    this.qemu[system] = log;
    return log;
  }
}
