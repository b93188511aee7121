import type { IoInstruction, Operands } from '../channel/channel-subsystem.ts';
import { assert } from '../kernel/assert.ts';
import { RandomStreams } from '../kernel/random.ts';
import { Simulation } from '../kernel/simulation.ts';
import { EVENT_NAMES } from '../observe/event-table.ts';
import { BLIND, type Observer } from '../observe/observer.ts';
import { buildMachine } from '../scenario/build-machine.ts';
import { buildSystems } from '../scenario/build-systems.ts';
import { loadScenarioText } from '../scenario/load.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import { CCW_FLAG } from '../zarch/ccw.ts';
import { CHSC, ChscBlock } from '../zarch/chsc.ts';
import { COMMAND } from '../zarch/commands.ts';
import { Crw } from '../zarch/crw.ts';
import { IoInterruptionCode } from '../zarch/interruption-code.ts';
import { Irb } from '../zarch/irb.ts';
import { Orb } from '../zarch/orb.ts';
import { Schib } from '../zarch/schib.ts';
import type { GuestChannelSubsystem } from '../zvm/guest-css.ts';
import type { InstructionProbe } from './instruction-probes.ts';
import type { ProbeEvent, ProbeResult } from './script-probe.ts';

/** A guest with one dedicated device, which its Linux has set online and leaves alone after that. */
const SCENARIO = `
duration: 5s
machine:
  chpids: { "0.40": {} }
  controlUnits: { lcu0: {} }
  dasd: { 0.0.1000: { controlUnit: lcu0 } }
systems:
  vm1: { kind: zvm-host }
  guest1: { kind: guest, on: vm1, passthrough: 0.0.1000 }
`;
const ONLINE_NS = 3_000_000_000;
const SETTLED_NS = 10_000_000;
const TD = 0;
/** Channel-path report, initialized, of the path that stands for all. */
const REPORT = 0x04020000;
const ALL_ISCS = 0xff;

const NO_EVENTS = { ioInterruptionPending() {}, machineCheckPending() {} };
const FREE = { charge() {} };
const NOBODY = { kind: 0, target: 0, priority: 0 };

/**
 * Issues one instruction in a guest of z/VM. Scripts have no main storage there: the operands are given as values, and a
 * program that suspends itself or uses lists of addresses cannot be. Null: the probe has no state there.
 */
export function probeUnderZvm({ instruction, zvm }: InstructionProbe): ProbeResult | null {
  if (zvm === null) return null;
  const { sim, css, watch } = onlineGuest();
  if (zvm === 'running' || zvm === 'status-pending') assert(start(css) === 0, 'an idle device is started');
  if (zvm === 'status-pending') sim.run(sim.now + SETTLED_NS);
  if (zvm === 'report-pending') css.injectReport(REPORT);
  watch.events.length = 0;
  const cc = issue(css, instruction, operandOf(css, instruction));
  return { cc, pgm: 0, events: [...watch.events], deviceStatus: -1, subchannelStatus: -1 };
}

function onlineGuest(): { sim: Simulation; css: GuestChannelSubsystem; watch: Watch } {
  const loaded = loadScenarioText('zvm-probe.yaml', SCENARIO);
  if (!loaded.ok) throw loaded.errors[0];
  const scenario: ResolvedScenario = loaded.scenario.runs[0];
  const sim = new Simulation();
  const streams = new RandomStreams(scenario.seed);
  const watch = new Watch();
  const built = buildMachine(scenario, sim, streams, watch);
  const guest = buildSystems(scenario, sim, streams, watch, built)[1];
  assert(guest.kind === 'zvm-guest', 'the second system is the guest');
  sim.run(ONLINE_NS);
  // From here on the probe is the program, and interruptions stay pending.
  guest.css.interrupts.program = NO_EVENTS;
  guest.css.interrupts.enable(0, false);
  return { sim, css: guest.css, watch };
}

const issue = <I extends IoInstruction>(css: GuestChannelSubsystem, name: I, operand: Operands[I]): number =>
  css.issue(FREE, name, TD, operand, NOBODY);

function start(css: GuestChannelSubsystem): number {
  return issue(css, 'ssch', senseId());
}

function senseId(): Orb {
  const data = new Uint8Array(8);
  const ccw = {
    command: COMMAND.senseid,
    flags: CCW_FLAG.SUPPRESS_LENGTH,
    count: data.length,
    data,
    versions: null,
  };
  const orb = new Orb();
  orb.program = { ccws: [ccw], length: 1 };
  orb.lpm = 0xff;
  return orb;
}

function operandOf(css: GuestChannelSubsystem, instruction: IoInstruction): Operands[IoInstruction] {
  const schib = new Schib();
  const chsc = new ChscBlock();
  switch (instruction) {
    case 'ssch':
      return senseId();
    case 'stsch':
      return schib;
    case 'msch':
      issue(css, 'stsch', schib);
      return schib;
    case 'tsch':
      return new Irb();
    case 'tpi':
      return { iscMask: ALL_ISCS, code: new IoInterruptionCode() };
    case 'stcrw':
      return new Crw();
    case 'chsc':
      chsc.command = CHSC.STORE_CHANNEL_PATH_DESCRIPTION;
      chsc.last = 0xff;
      return chsc;
    case 'schm':
      return { update: true, deviceConnectTime: false, key: 0, origin: 0 };
    case 'sal':
      return { address: 0x10000 };
    case 'stcps':
      return new Uint8Array(32);
    default:
      return null;
  }
}

class Watch implements Observer {
  readonly events: ProbeEvent[] = [];
  readonly command = BLIND.command;
  readonly requestEnded = BLIND.requestEnded;

  emit(
    event: number,
    system: number,
    _subchannel: number,
    _chpid: number,
    _lpm: number,
    cc: number,
    a: number,
    b: number,
  ): void {
    this.events.push({ name: EVENT_NAMES[event], system, cc, a, b });
  }
}
