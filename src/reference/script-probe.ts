import { assert } from '../kernel/assert.ts';
import type { KernelName } from '../linux/kernel-features.ts';
import { EVENT_NAMES, type EventName } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import type { ScriptRecord } from '../program/script-record.ts';
import type { Step } from '../program/step.ts';
import { QEMU_RELEASES, type QemuRelease } from '../qemu/qemu-features.ts';
import { type BuiltSimulation, buildSimulation } from '../scenario/build.ts';
import { loadScenarioText } from '../scenario/load.ts';
import type { ResolvedProgram, ResolvedScenario } from '../scenario/resolved.ts';
import type { InstructionProbe } from './instruction-probes.ts';

/** One event between the issuing of the instruction and its condition code. */
export interface ProbeEvent {
  readonly name: EventName;
  /** Number of the system concerned. */
  readonly system: number;
  readonly cc: number;
  readonly a: number;
  readonly b: number;
}

/** What an instruction was answered, and what happened until then. */
export interface ProbeResult {
  /** −1: a program interruption. */
  readonly cc: number;
  readonly pgm: number;
  readonly events: readonly ProbeEvent[];
  /** Device status and subchannel status that the program finds 10 ms later; −1: none is pending then. */
  readonly deviceStatus: number;
  readonly subchannelStatus: number;
}

/** Where a script runs: the keys of a scenario that say so, and the CHPID of its device. */
export interface ScriptPlace {
  readonly head: string;
  readonly chpid: string;
}

export const NATIVE: ScriptPlace = { head: 'machine: channel', chpid: '01' };
export const VIRTUAL: ScriptPlace = { head: 'machine: qemu', chpid: '00' };

/**
 * A guest of a KVM host with the device passed through. Releases that put such devices into another image than the default
 * one squash images: else no instruction for the device would get anywhere.
 */
export const passedThrough = (kernel: KernelName, qemu: QemuRelease): ScriptPlace => ({
  head: `machine: kvm
systems:
  host: { kind: kvm-host, kernel: "${kernel}" }
  guest:
    kind: guest
    on: host
    passthrough: 0.0.0120
    qemu: "${qemu}"
    ${QEMU_RELEASES[qemu].imagesUnrestricted ? '' : 'squashMcss: true'}`,
  chpid: '01',
});

/** Name of the probed step in its script. */
const NAME = 'probe';

/** Executes probes by scripts, each in a simulation of its own. Scenarios are read once and used by many of them. */
export class ScriptProbes {
  private readonly scenarios = new Map<string, ResolvedScenario>();

  execute(place: ScriptPlace, probe: InstructionProbe): ProbeResult {
    const scenario = { ...this.read(place.head, ['{ stsch: TD }']), program: this.programOf(place, probe) };
    const watch = new Watch(scenario.program);
    const built = buildSimulation(scenario, watch);
    watch.record = built.script!.record;
    built.sim.run(scenario.durationNs);
    return watch.result(built);
  }

  /** A program depends on the machine that it is for, but not on generations. */
  private programOf({ head, chpid }: ScriptPlace, { before, step }: InstructionProbe): ResolvedProgram {
    const probed = step.replace('{', `{ as: ${NAME},`).replace('CHPID', chpid);
    const after = ['{ delay: 10ms }', '{ tsch: TD }'];
    const [machine] = head.split('\n');
    return this.read(machine, [...before, probed, ...after]).program!;
  }

  private read(head: string, steps: readonly string[]): ResolvedScenario {
    const lines = steps.map((line) => `    - ${line}\n`);
    const text = `duration: 5s\n${head}\nprogram:\n  steps:\n${lines.join('')}`;
    let scenario = this.scenarios.get(text);
    if (scenario === undefined) {
      const loaded = loadScenarioText('probe.yaml', text);
      if (!loaded.ok) throw loaded.errors[0];
      [scenario] = loaded.scenario.runs;
      this.scenarios.set(text, scenario);
    }
    return scenario;
  }
}

/** Keeps the events between the step before the probe and the probe's own condition code. */
class Watch implements Observer {
  record: ScriptRecord | null = null;
  private readonly steps: readonly Step[];
  private readonly at: number;
  private readonly events: ProbeEvent[] = [];
  private deviceStatus = -1;
  private subchannelStatus = -1;

  constructor({ steps }: ResolvedProgram) {
    this.steps = steps;
    this.at = this.steps.findIndex((step) => step.as === NAME);
  }

  emit(
    event: number,
    system: number,
    _subchannel: number,
    _chpid: number,
    _lpm: number,
    cc: number,
    a: number,
    b: number,
    c: number,
  ): void {
    const last = this.record?.last ?? null;
    const name = EVENT_NAMES[event];
    if (last !== null && last === this.steps[this.at - 1]) this.events.push({ name, system, cc, a, b });
    // The last step of the script: what became of the function.
    else if (last === this.steps[this.steps.length - 2] && name === 'tsch' && cc === 0) {
      this.deviceStatus = b;
      this.subchannelStatus = c;
    }
  }

  command(): void {}

  requestEnded(): void {}

  result({ script }: BuiltSimulation): ProbeResult {
    assert(script!.interpreter.ended, 'a probe comes to its end');
    const { cc, pgm } = script!.record.results.get(this.steps[this.at])!;
    const { events, deviceStatus, subchannelStatus } = this;
    return { cc, pgm, events, deviceStatus, subchannelStatus };
  }
}
