import fc from 'fast-check';
import { expect } from 'vitest';
import type {
  AddressableChannelSubsystem,
  IoInstruction,
  Operands,
} from '../../../src/channel/channel-subsystem.ts';
import type { Cpu, Waiter } from '../../../src/kernel/process.ts';
import { NONE, subchannelNumberOf } from '../../../src/zarch/ids.ts';
import { IoInterruptionCode } from '../../../src/zarch/interruption-code.ts';
import { encodeIrb, Irb } from '../../../src/zarch/irb.ts';
import { Orb } from '../../../src/zarch/orb.ts';
import { Schib } from '../../../src/zarch/schib.ts';
import { encodeScsw, type Scsw } from '../../../src/zarch/scsw.ts';
import { storeCcw } from '../../instructions/stored-ccw.ts';
import { program } from './programs.ts';
import { VirtualInterruptions } from './virtual-interruptions.ts';
import type { Program, Word } from './virtual-program.ts';
import { VirtualSubchannel } from './virtual-subchannel.ts';

/** What a program does in these stories. QEMU answers everything at once, so time plays no part. */
export type Step =
  | { do: 'ssch'; device: number; program: Program; lpm: number; suspendControl: boolean }
  | { do: 'hsch' | 'csch' | 'xsch' | 'rsch' | 'tsch' | 'rewrite'; device: number }
  | { do: 'msch'; device: number; enabled: boolean; isc: number; lpm: number; concurrentSense: boolean }
  | { do: 'tpi' | 'interruption'; mask: number };

export function stories(devices: number): fc.Arbitrary<Step[]> {
  const device = fc.nat(devices - 1);
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('ssch' as const),
        device,
        program,
        lpm: fc.constantFrom(0x80, 0x80, 0x80, 0xff, 0x40),
        suspendControl: fc.boolean(),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constantFrom(
          'hsch',
          'csch',
          'xsch',
          'rsch',
          'rsch',
          'tsch',
          'tsch',
          'tsch',
          'rewrite' as const,
        ),
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
        lpm: fc.constantFrom(0x80, 0xff, 0x01),
        concurrentSense: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom('tpi' as const, 'interruption' as const),
        mask: fc.constantFrom(0xff, 0xff, 0xf0, 0x0f, 0x00),
      }),
    },
  ) as fc.Arbitrary<Step>;
  return fc.array(step, { maxLength: 40, size: 'max' });
}

const FREE: Cpu = { charge() {} };
const NOBODY: Waiter = { kind: 0, target: 0, priority: 0 };
const AREA = 0x8000;
const OUTSIDE = [0xffffff, 0x7fffffff] as const;
const baseOf = (device: number): number => 0x10000 * (device + 1);

/** Tells a story to QEMU's channel subsystem and to the oracle at once; every word of every block must agree. */
export class VirtualStory {
  private readonly css: AddressableChannelSubsystem;
  private readonly subchannels: VirtualSubchannel[];
  private readonly interruptions: VirtualInterruptions;
  private readonly running: (Program | null)[];
  private starts = 0;

  constructor(css: AddressableChannelSubsystem, devices: number, accelerator: 'tcg' | 'kvm') {
    this.css = css;
    this.interruptions = new VirtualInterruptions(accelerator);
    this.subchannels = Array.from(
      { length: devices },
      (_, subchannel) =>
        new VirtualSubchannel((isc, intparm) => this.interruptions.inject({ subchannel, isc, intparm })),
    );
    this.running = this.subchannels.map(() => null);
    css.interrupts.program = { ioInterruptionPending() {}, machineCheckPending() {} };
    css.interrupts.enable(0, false);
    for (let device = 0; device < devices; device++) {
      this.perform({
        do: 'msch',
        device,
        enabled: true,
        isc: device,
        lpm: 0x80,
        concurrentSense: device !== 0,
      });
    }
  }

  perform(step: Step): void {
    switch (step.do) {
      case 'ssch':
        this.start(step);
        break;
      case 'msch':
        this.modify(step);
        break;
      case 'tsch':
        this.test(step.device);
        break;
      case 'rewrite':
        this.rewrite(step.device);
        break;
      case 'tpi':
      case 'interruption':
        this.take(step.do, step.mask);
        break;
      default:
        expect(this.issue(step.do, step.device, null), step.do).toBe(
          this.subchannels[step.device][step.do](),
        );
    }
    this.subchannels.forEach((expected, device) => {
      this.look(device, expected);
    });
  }

  /** The end of every story: all that was injected is taken once, then nothing is left. */
  end(): void {
    for (let left = this.interruptions.waiting; left >= 0; left--) this.take('tpi', 0xff);
    for (let device = 0; device < this.subchannels.length; device++) {
      this.perform({ do: 'tsch', device });
      this.perform({ do: 'tsch', device });
    }
    this.take('tpi', 0xff);
  }

  private start(step: Step & { do: 'ssch' }): void {
    const { device, program } = step;
    const address = baseOf(device);
    const { lpm, suspendControl } = step;
    const intparm = ++this.starts;
    const started = { ...program, resumed: new Set<number>() };
    const cc = this.subchannels[device].ssch({ program: started, address, lpm, intparm, suspendControl });
    if (cc === 0) {
      this.running[device] = started;
      program.words.forEach((word, at) => {
        this.lay(device, program, word, at);
      });
      // Whatever program stood here before may have been longer.
      storeCcw(this.css.storage, address + 8 * program.words.length, {
        command: 0,
        flags: 0,
        count: 0,
        address: 0,
      });
    }
    const orb = Object.assign(new Orb(), { lpm, intparm, programAddress: address, format1: program.format });
    orb.suspendControl = suspendControl ? 1 : 0;
    expect(this.issue('ssch', device, orb), 'ssch').toBe(cc);
  }

  private lay(device: number, { format }: Program, word: Word, at: number, flags = word.flags): void {
    const base = baseOf(device);
    const where = { area: base + AREA, zero: 0, outside: OUTSIDE[format] };
    const address = typeof word.at === 'number' ? base + 8 * word.at : where[word.at];
    storeCcw(this.css.storage, base + 8 * at, { ...word, flags, address }, format);
  }

  private rewrite(device: number): void {
    const running = this.running[device];
    running?.words.forEach((word, at) => {
      if ((word.flags & 0x02) === 0) return;
      this.lay(device, running, word, at, word.flags & ~0x02);
      running.resumed.add(at);
    });
  }

  private modify({ device, enabled, isc, lpm, concurrentSense }: Step & { do: 'msch' }): void {
    const schib = new Schib();
    this.issue('stsch', device, schib);
    const intparm = 0xabcd0000 + device;
    Object.assign(schib.pmcw, { isc, lpm, intparm });
    schib.pmcw.enabled = enabled ? 1 : 0;
    schib.pmcw.concurrentSense = concurrentSense ? 1 : 0;
    const cc = this.subchannels[device].msch({ enabled, isc, intparm, lpm, concurrentSense });
    expect(this.issue('msch', device, schib), 'msch').toBe(cc);
  }

  private test(device: number): void {
    const expected = this.subchannels[device];
    const stored = expectedIrb(expected);
    const cc = expected.tsch();
    this.interruptions.tested(device);
    const irb = new Irb();
    expect(this.issue('tsch', device, irb), 'tsch').toBe(cc);
    if (cc !== 3) expect(words(encodeIrb(irb)), 'IRB').toEqual(stored);
  }

  private look(device: number, expected: VirtualSubchannel): void {
    const schib = new Schib();
    expect(this.issue('stsch', device, schib)).toBe(0);
    const { pmcw, scsw } = schib;
    const { isc, intparm, lpm, lpum } = expected;
    expect({ ...pmcw, chpids: 0 }).toMatchObject({
      isc,
      intparm,
      lpm,
      lpum,
      enabled: expected.enabled ? 1 : 0,
      concurrentSense: expected.concurrentSense ? 1 : 0,
      pim: 0x80,
      pam: 0x80,
      pom: 0xff,
      pnom: 0,
    });
    expect(this.css.storage.word(baseOf(device) + AREA) >>> 24, 'data').toBe(expected.area);
    expect(shown(scsw), `SCSW of device ${device}`).toEqual(expectedScsw(expected, 0));
  }

  private take(how: 'tpi' | 'interruption', mask: number): void {
    const expected = this.interruptions.take(mask);
    const code = new IoInterruptionCode();
    const { interrupts } = this.css;
    if (how === 'tpi') {
      const cc = this.css.issue(FREE, 'tpi', NONE, { iscMask: mask, code }, NOBODY);
      expect(cc, 'tpi').toBe(expected === null ? 0 : 1);
    } else {
      interrupts.enable(mask, false);
      code.subchannel = interrupts.takeIo();
      interrupts.enable(0, false);
    }
    if (expected === null) {
      if (how === 'interruption') expect(code.subchannel).toBe(NONE);
      return;
    }
    expect(subchannelNumberOf(code.subchannel)).toBe(expected.subchannel);
    if (how === 'tpi') expect(code).toMatchObject({ isc: expected.isc, intparm: expected.intparm });
  }

  private issue<I extends IoInstruction>(instruction: I, device: number, operand: Operands[I]): number {
    return this.css.issue(FREE, instruction, device, operand, NOBODY);
  }
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
const shown = (scsw: Scsw): string[] => words(encodeScsw(scsw));

function words(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: bytes.length / 4 }, (_, at) => hex(view.getUint32(4 * at)));
}

function expectedScsw(from: VirtualSubchannel, moreFlags: number): string[] {
  const { flags, control, ccwAddress, dstat, cstat, count } = from;
  return [
    hex(((flags | moreFlags) << 16) | control),
    hex(ccwAddress),
    hex((dstat << 24) | (cstat << 16) | count),
  ];
}

/** Extended status and control: only with status pending, sense bytes only with a unit check that asks for them. */
function expectedIrb(from: VirtualSubchannel): string[] {
  const withSense = from.pending && (from.dstat & 0x02) !== 0 && from.concurrentSense;
  const zeros = Array.from({ length: 13 }, () => hex(0));
  zeros[0] = hex(from.pending ? 0x00800000 : 0);
  zeros[1] = hex(withSense ? 0x01002000 : 0);
  zeros[5] = hex(withSense ? from.sense << 24 : 0);
  return [...expectedScsw(from, withSense ? 0x0402 : 0), ...zeros];
}
