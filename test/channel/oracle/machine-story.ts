import fc from 'fast-check';
import { expect } from 'vitest';
import type { IoInstruction, Operands } from '../../../src/channel/channel-subsystem.ts';
import type { MachineChannelSubsystem } from '../../../src/channel/image.ts';
import type { Cpu, Waiter } from '../../../src/kernel/process.ts';
import type { Simulation } from '../../../src/kernel/simulation.ts';
import { NONE } from '../../../src/zarch/ids.ts';
import { IoInterruptionCode } from '../../../src/zarch/interruption-code.ts';
import { Irb } from '../../../src/zarch/irb.ts';
import type { Orb } from '../../../src/zarch/orb.ts';
import { Schib } from '../../../src/zarch/schib.ts';
import { CSTAT, DSTAT, FCTL, type Scsw, STCTL } from '../../../src/zarch/scsw.ts';
import type { Instruction } from './instruction-table.ts';
import { Knowledge } from './knowledge.ts';
import type { Course } from './situation.ts';

/** What a program does in these stories, one instruction or a while of waiting at a time. */
export type Step =
  | { do: 'ssch'; device: number; program: number }
  | { do: 'hsch' | 'csch' | 'xsch' | 'rsch' | 'tsch' | 'stsch'; device: number }
  /** Turns the suspend flag in storage off, as a program does before it resumes. */
  | { do: 'rewrite'; device: number }
  | { do: 'msch'; device: number; enabled: boolean; isc: number }
  | { do: 'tpi' | 'interruption'; mask: number }
  | { do: 'wait'; ns: number }
  | { do: 'rest' };

/** Something that has subchannels 0 … `devices` − 1, and programs for them. */
export interface Bench {
  readonly sim: Simulation;
  readonly image: MachineChannelSubsystem;
  readonly devices: number;
  /** Lays a program out for a device; `choice` picks among those that the bench knows. */
  start(device: number, choice: number): { orb: Orb; course: Course };
  /** Turns off the suspend flag of the device's program. */
  rewrite(device: number): void;
  /** Time after which a program that ends has ended, and every signal has arrived, ns. */
  readonly restNs: number;
}

export function stories(devices: number, programs: number, waits: readonly number[]): fc.Arbitrary<Step[]> {
  const device = fc.nat(devices - 1);
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('ssch' as const), device, program: fc.nat(programs - 1) }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constantFrom('hsch', 'csch', 'xsch', 'rsch', 'tsch', 'tsch', 'stsch', 'rewrite' as const),
        device,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('msch' as const),
        device,
        enabled: fc.constantFrom(true, true, false),
        isc: fc.nat(7),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom('tpi' as const, 'interruption' as const),
        mask: fc.constantFrom(0xff, 0xff, 0xf0, 0x0f, 0x00),
      }),
    },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), ns: fc.constantFrom(...waits) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('rest' as const) }) },
  ) as fc.Arbitrary<Step>;
  return fc.array(step, { maxLength: 50, size: 'max' });
}

const FREE: Cpu = { charge() {} };
const NOBODY: Waiter = { kind: 0, target: 0, priority: 0 };
const NOTHING: Course = {
  suspends: 'no',
  suppressSuspended: false,
  resumable: false,
  intermediate: false,
  ending: 'normal',
};

/** Tells a story to the machine and to the oracle at once. */
export class MachineStory {
  private readonly bench: Bench;
  private readonly known: Knowledge[];
  private readonly courses: Course[];
  private readonly isc: number[];
  private readonly intparm: number[];
  private starts = 0;
  private readonly schib = new Schib();

  constructor(bench: Bench) {
    this.bench = bench;
    this.known = Array.from({ length: bench.devices }, () => new Knowledge());
    this.courses = Array.from({ length: bench.devices }, () => NOTHING);
    this.isc = Array(bench.devices).fill(0);
    this.intparm = Array(bench.devices).fill(0);
    bench.image.interrupts.program = { ioInterruptionPending() {}, machineCheckPending() {} };
    for (let device = 0; device < bench.devices; device++) {
      this.perform({ do: 'msch', device, enabled: true, isc: device });
    }
  }

  perform(step: Step): void {
    switch (step.do) {
      case 'ssch':
        this.start(step.device, step.program);
        break;
      case 'tsch':
        this.test(step.device);
        break;
      case 'stsch':
        this.look(step.device);
        break;
      case 'msch':
        this.modify(step.device, step.enabled, step.isc);
        break;
      case 'rewrite':
        this.rewrite(step.device);
        break;
      case 'tpi':
      case 'interruption':
        this.take(step.do, step.mask);
        break;
      case 'wait':
        this.pass(step.ns, false);
        break;
      case 'rest':
        this.pass(this.bench.restNs, true);
        break;
      default:
        this.answered(step.device, step.do, this.issue(step.do, step.device, null));
    }
  }

  /** The end of every story: all comes to rest, every condition is taken once, every status is read once. */
  end(): void {
    for (let device = 0; device < this.known.length; device++) {
      this.perform({ do: 'csch', device });
    }
    this.perform({ do: 'rest' });
    while (this.take('tpi', 0xff) !== NONE);
    for (let device = 0; device < this.known.length; device++) {
      this.look(device);
      this.test(device);
      this.test(device);
    }
    expect(this.take('tpi', 0xff)).toBe(NONE);
    const { posted, presented } = this.bench.image.interrupts;
    expect(presented).toBeLessThanOrEqual(posted);
  }

  private start(device: number, choice: number): void {
    // Storage under a program that may still run stays as it is.
    const idle = this.peek(device).fctl === 0;
    const { orb, course } = this.bench.start(device, idle ? choice : -1);
    orb.intparm = ++this.starts;
    const cc = this.issue('ssch', device, orb);
    this.answered(device, 'ssch', cc);
    if (cc !== 0) return;
    expect(idle, 'SSCH with a function in progress').toBe(true);
    this.courses[device] = course;
    this.intparm[device] = orb.intparm;
  }

  private test(device: number): void {
    const irb = new Irb();
    const cc = this.issue('tsch', device, irb);
    if (cc !== 3) this.known[device].shows('TSCH', irb.scsw);
    this.answered(device, 'tsch', cc);
    if (cc === 0) checkEnding(irb.scsw, this.courses[device]);
  }

  private answered(device: number, instruction: Instruction, cc: number): void {
    this.known[device].answered(instruction, cc, this.courses[device]);
  }

  private look(device: number): void {
    expect(this.issue('stsch', device, this.schib)).toBe(0);
    this.known[device].shows('STSCH', this.schib.scsw);
    expect(this.schib.pmcw).toMatchObject({ isc: this.isc[device], intparm: this.intparm[device] });
  }

  private modify(device: number, enabled: boolean, isc: number): void {
    const schib = new Schib();
    this.issue('stsch', device, schib);
    schib.pmcw.enabled = enabled ? 1 : 0;
    schib.pmcw.isc = isc;
    schib.pmcw.multipath = 1;
    schib.pmcw.intparm = 0xabcd0000 + device;
    const cc = this.issue('msch', device, schib);
    this.answered(device, enabled ? 'enable' : 'disable', cc);
    if (cc !== 0) return;
    this.isc[device] = isc;
    this.intparm[device] = schib.pmcw.intparm;
  }

  private rewrite(device: number): void {
    const course = this.courses[device];
    if (course.suspends === 'no') return;
    // Whether a program that is under way still sees the flag depends on how far it was fetched.
    course.suspends = this.peek(device).actl === 1 ? 'no' : 'unknown';
    this.bench.rewrite(device);
  }

  private take(how: 'tpi' | 'interruption', mask: number): number {
    const code = new IoInterruptionCode();
    const { interrupts } = this.bench.image;
    if (how === 'tpi') {
      const cc = this.bench.image.issue(FREE, 'tpi', NONE, { iscMask: mask, code }, NOBODY);
      if (cc === 0) code.subchannel = NONE;
      else expect(cc).toBe(1);
    } else {
      interrupts.enable(mask, false);
      code.subchannel = interrupts.takeIo();
      interrupts.enable(0, false);
    }
    const taken = code.subchannel;
    if (taken !== NONE) {
      expect((0x80 >> this.isc[taken]) & mask, 'subclass is enabled').not.toBe(0);
      this.known[taken].interrupted();
      if (how === 'tpi') expect(code).toMatchObject({ isc: this.isc[taken], intparm: this.intparm[taken] });
    }
    for (let device = 0; device < this.known.length; device++) {
      const before = taken === NONE || this.isc[device] < this.isc[taken];
      if (before && ((0x80 >> this.isc[device]) & mask) !== 0) this.known[device].quiet();
    }
    return taken;
  }

  private pass(ns: number, rest: boolean): void {
    this.bench.sim.run(this.bench.sim.now + ns);
    this.known.forEach((known, device) => {
      if (rest) known.settled(this.courses[device]);
      else known.timePassed(this.courses[device]);
    });
  }

  private peek(device: number): Scsw {
    this.issue('stsch', device, this.schib);
    return this.schib.scsw;
  }

  private issue<I extends IoInstruction>(instruction: I, device: number, operand: Operands[I]): number {
    return this.bench.image.issue(FREE, instruction, device, operand, NOBODY);
  }
}

/** Status of a start function that ended by itself tells how. */
function checkEnding(scsw: Scsw, course: Course): void {
  if (scsw.fctl !== FCTL.START || (scsw.stctl & STCTL.PRIMARY) === 0) return;
  const checks = scsw.cstat & ~CSTAT.PCI;
  switch (course.ending) {
    case 'normal':
      expect({ cc: scsw.cc, dstat: scsw.dstat, checks }).toEqual({
        cc: 0,
        dstat: DSTAT.CHANNEL_END | DSTAT.DEVICE_END,
        checks: 0,
      });
      break;
    case 'unit-check':
      expect(scsw.dstat & DSTAT.UNIT_CHECK).not.toBe(0);
      expect({ cc: scsw.cc === 3, checks }).toEqual({ cc: false, checks: 0 });
      break;
    case 'program-check':
      expect({ cc: scsw.cc === 3, checks }).toEqual({ cc: false, checks: CSTAT.PROGRAM_CHECK });
      break;
    case 'no-path':
      expect(scsw.cc).toBe(3);
      break;
    case 'never':
      expect.fail('an endless program came to an end');
  }
}
