import type { AddressableChannelSubsystem } from '../channel/channel-subsystem.ts';
import { assert } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { Simulation } from '../kernel/simulation.ts';
import type { Observer } from '../observe/observer.ts';
import { InstructionEvents } from '../program/instruction-events.ts';
import { Interpreter, type Surroundings } from '../program/interpreter.ts';
import { Processor } from '../program/processor.ts';
import { ScriptRecord } from '../program/script-record.ts';
import { RECORDED_QEMU } from '../qemu/options.ts';
import type { VirtualSubchannel } from '../qemu/subchannel.ts';
import { VirtualChannelSubsystem } from '../qemu/virtual-css.ts';
import { decodeCrw } from '../zarch/crw.ts';
import { NONE } from '../zarch/ids.ts';
import type { BuiltMachine } from './build-machine.ts';
import type { ResolvedProgram } from './resolved.ts';
import { VIRTUAL_DEVICES } from './virtual-devices.ts';

/** A script on its machine: what it found, and how far it came. */
export interface BuiltScript {
  readonly record: ScriptRecord;
  readonly interpreter: Interpreter;
  readonly css: AddressableChannelSubsystem;
}

/** A script is the only system of its scenario. */
const SYSTEM = 0;

export function buildProgram(
  program: ResolvedProgram,
  built: BuiltMachine,
  sim: Simulation,
  observer: Observer,
): BuiltScript {
  const { css, surroundings } =
    program.machine === 'qemu' ? virtualMachine(program, observer) : realMachine(built);
  const record = new ScriptRecord(program);
  const interpreter = new Interpreter({
    sim,
    processes: built.processes,
    priority: program.machine === 'qemu' ? PRIORITY.GUEST : PRIORITY.HOST,
    processor: new Processor(css, new InstructionEvents(observer, SYSTEM)),
    surroundings,
    listener: record,
  });
  interpreter.start(program);
  return { record, interpreter, css };
}

interface ScriptMachineParts {
  readonly css: AddressableChannelSubsystem;
  readonly surroundings: Surroundings;
}

function realMachine({ machine, images, path }: BuiltMachine): ScriptMachineParts {
  const [image] = images;
  return {
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
  const css = new VirtualChannelSubsystem(RECORDED_QEMU, observer, SYSTEM);
  const devices: (VirtualSubchannel | null)[] = [];
  const plug = (device: number, hotplugged: boolean): void => {
    if (devices[device] != null) return;
    const sch = css.plug({ ...VIRTUAL_DEVICES[program.device], hotplugged });
    devices[device] = typeof sch === 'string' ? null : sch;
  };
  for (let device = 0; device < program.devices; device++) plug(device, false);
  return {
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
