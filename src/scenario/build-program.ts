import type { AddressableChannelSubsystem } from '../channel/channel-subsystem.ts';
import { assert, assertNever } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { Simulation } from '../kernel/simulation.ts';
import type { Observer } from '../observe/observer.ts';
import { InstructionEvents } from '../program/instruction-events.ts';
import { Interpreter } from '../program/interpreter.ts';
import { Processor } from '../program/processor.ts';
import { ScriptRecord } from '../program/script-record.ts';
import { RECORDED_QEMU } from '../qemu/options.ts';
import type { VirtualSubchannel } from '../qemu/subchannel.ts';
import { VirtualChannelSubsystem } from '../qemu/virtual-css.ts';
import { decodeCrw } from '../zarch/crw.ts';
import { NONE } from '../zarch/ids.ts';
import { hostedMachine } from './build-hosted-program.ts';
import type { BuiltMachine } from './build-machine.ts';
import type { BuiltSystem } from './build-systems.ts';
import type { ResolvedProgram, ResolvedScenario } from './resolved.ts';
import type { ScriptMachineParts } from './script-machine.ts';
import { VIRTUAL_DEVICES } from './virtual-devices.ts';

/** A script on its machine: what it found, and how far it came. */
export interface BuiltScript {
  readonly record: ScriptRecord;
  readonly interpreter: Interpreter;
  readonly css: AddressableChannelSubsystem;
}

/** A script that is in no guest is the only system of its scenario. */
const ALONE = 0;

export function buildProgram(
  scenario: ResolvedScenario,
  built: BuiltMachine,
  systems: readonly BuiltSystem[],
  sim: Simulation,
  observer: Observer,
): BuiltScript {
  const program = scenario.program!;
  const { css, surroundings, system, start } = machineOf(scenario, program, built, systems, sim, observer);
  const record = new ScriptRecord(program);
  const interpreter = new Interpreter({
    sim,
    processes: built.processes,
    priority: program.machine === 'channel' ? PRIORITY.HOST : PRIORITY.GUEST,
    processor: new Processor(css, new InstructionEvents(observer, system)),
    surroundings,
    listener: record,
  });
  start(() => interpreter.start(program));
  return { record, interpreter, css };
}

function machineOf(
  scenario: ResolvedScenario,
  program: ResolvedProgram,
  built: BuiltMachine,
  systems: readonly BuiltSystem[],
  sim: Simulation,
  observer: Observer,
): ScriptMachineParts {
  switch (program.machine) {
    case 'channel':
      return realMachine(built);
    case 'qemu':
      return virtualMachine(program, observer);
    case 'kvm':
      return hostedMachine(scenario, systems, { sim, observer, built });
    default:
      return assertNever(program.machine);
  }
}

const AT_ONCE = { system: ALONE, start: (begin: () => void): void => begin() };

function realMachine({ machine, images, path }: BuiltMachine): ScriptMachineParts {
  const [image] = images;
  return {
    ...AT_ONCE,
    css: image,
    surroundings: {
      configureChpid: (chpid, on) => machine.configuration.configureChpid(path(chpid), on),
      inject(crw) {
        image.report(decodeCrw(crw), NONE, NONE);
      },
      plug: (device) => machine.devices.attach(image, image.subchannels[device]),
      unplug: (device) => machine.devices.detach(image, image.subchannels[device]),
      unsolicited: () => assert(false, 'devices of the machine present no status on their own'),
    },
  };
}

/** Devices get the first free subchannel numbers when they are plugged. */
function virtualMachine(program: ResolvedProgram, observer: Observer): ScriptMachineParts {
  const css = new VirtualChannelSubsystem(RECORDED_QEMU, observer, ALONE);
  const devices: (VirtualSubchannel | null)[] = [];
  const plug = (device: number, hotplugged: boolean): void => {
    if (devices[device] != null) return;
    const sch = css.plug({ ...VIRTUAL_DEVICES[program.device], hotplugged });
    devices[device] = typeof sch === 'string' ? null : sch;
  };
  for (let device = 0; device < program.devices; device++) plug(device, false);
  return {
    ...AT_ONCE,
    css,
    surroundings: {
      configureChpid: () => assert(false, 'virtual channel paths are not configured'),
      inject: (crw) => css.injectReport(crw),
      plug: (device) => plug(device, true),
      unplug(device) {
        const sch = devices[device];
        if (sch != null) css.unplug(sch);
        devices[device] = null;
      },
      unsolicited(device) {
        const sch = devices[device];
        if (sch != null) css.unsolicited(sch);
      },
    },
  };
}
