import type { InterruptibleProgram } from '../../src/channel/channel-subsystem.ts';
import { type Process, Processes } from '../../src/kernel/process.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { EVENT_NAMES, type EventName } from '../../src/observe/event-table.ts';
import type { Observer } from '../../src/observe/observer.ts';
import { InstructionEvents } from '../../src/program/instruction-events.ts';
import { Processor } from '../../src/program/processor.ts';
import type { InstructionStep } from '../../src/program/step.ts';
import type { DeviceSpecification } from '../../src/qemu/hot-plug.ts';
import { RECORDED_QEMU, type VirtualCssOptions } from '../../src/qemu/options.ts';
import type { VirtualSubchannel } from '../../src/qemu/subchannel.ts';
import { VirtualChannelSubsystem } from '../../src/qemu/virtual-css.ts';
import { IoInterruptionCode } from '../../src/zarch/interruption-code.ts';

/** Subsystem-identification word of the first subchannel. */
export const TD = 0x00010000;
/** A page for channel programs, a page for data. */
export const P = 0x44000;
export const B = 0x45000;
const SCHIB_AT = 0x1000;
const IRB_AT = 0x1100;
const ORB_AT = 0x1200;
const CRW_AT = 0x1300;
export const CHSC_AT = 0x2000;

/** Second words of an ORB: format 1, prefetch, LPM 80; the same with suspend control, in format 0, with 64-bit IDAWs. */
export const ORB = { PLAIN: 0x00c08000, SUSPEND: 0x08c08000, FORMAT_0: 0x00408000, IDAW_64: 0x00c28000 };

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

/** A program without an operating system in front of QEMU's channel subsystem, one instruction per call. */
export class QemuRig implements Observer, InterruptibleProgram {
  readonly css: VirtualChannelSubsystem;
  readonly processor: Processor;
  /** Events as `name a b c`, numbers in hexadecimal. */
  readonly events: string[] = [];
  /** Machine checks that were made pending. */
  machineChecks = 0;
  private readonly process: Process;

  constructor(options: Partial<VirtualCssOptions> = {}, ...devices: DeviceSpecification[]) {
    this.css = new VirtualChannelSubsystem({ ...RECORDED_QEMU, ...options }, this, 0);
    this.css.interrupts.program = this;
    this.css.interrupts.enable(0, true);
    this.processor = new Processor(this.css, new InstructionEvents(this, 0));
    this.process = new Processes(new Simulation()).spawn('program', 0, null, 0, function* () {});
    for (const device of devices) this.plug(device);
  }

  emit(
    event: number,
    _system: number,
    subchannel: number,
    chpid: number,
    _lpm: number,
    _cc: number,
    a: number,
    b: number,
    c: number,
  ): void {
    if (!EVENT_NAMES[event].startsWith('qemu.')) return;
    const place = subchannel >= 0 ? subchannel : chpid;
    const numbers = [place, a, b, c].map((number) => (number < 0 ? '-' : number.toString(16)));
    this.events.push(`${(EVENT_NAMES[event] as EventName).slice(5)} ${numbers.join(' ')}`);
  }
  command(): void {}
  requestEnded(): void {}
  ioInterruptionPending(): void {}
  machineCheckPending(): void {
    this.machineChecks++;
  }

  plug(device: DeviceSpecification): VirtualSubchannel {
    const sch = this.css.plug(device);
    if (typeof sch === 'string') throw new Error(sch);
    return sch;
  }

  /** `cc 0` … `cc 3`, or the program interruption: `pgm 15`. */
  run(step: InstructionStep): string {
    const { done, value } = this.processor.execute(this.process, step).next(0);
    if (done !== true) throw new Error('QEMU answers at once');
    return value.pgm === 0 ? `cc ${value.cc}` : `pgm ${value.pgm.toString(16)}`;
  }

  stsch(sid = TD, at = SCHIB_AT): string {
    return this.run({ do: 'stsch', sid, at });
  }
  tsch(sid = TD, at = IRB_AT): string {
    return this.run({ do: 'tsch', sid, at });
  }
  signal(name: 'hsch' | 'csch' | 'xsch' | 'rsch', sid = TD): string {
    return this.run({ do: name, sid });
  }
  rchp(register1: number): string {
    return this.run({ do: 'rchp', register1 });
  }
  stcrw(at = CRW_AT): string {
    return this.run({ do: 'stcrw', at });
  }
  /** The report that STCRW stored. */
  get report(): string {
    return this.word(CRW_AT);
  }

  /** All reports, fetched until there is none. */
  reports(): string[] {
    const words: string[] = [];
    while (this.stcrw() === 'cc 0') words.push(this.report);
    return words;
  }

  msch(change: (schib: Uint8Array) => void = () => {}, sid = TD): string {
    this.stsch(sid);
    const schib = this.bytes(SCHIB_AT, 52);
    change(schib);
    this.css.storage.store(SCHIB_AT, schib);
    return this.run({ do: 'msch', sid, at: SCHIB_AT });
  }

  /** Enabled, in a subclass. */
  enable(sid = TD, isc = 3): void {
    this.msch((schib) => {
      schib[4] = isc << 3;
      schib[5] |= 0x80;
    }, sid);
  }

  disable(sid = TD): void {
    this.msch((schib) => {
      schib[5] &= ~0x80;
    }, sid);
  }

  /** SSCH of the program at `cpa`; the interruption parameter is deadbeef. */
  ssch(word1 = ORB.PLAIN, cpa = P, sid = TD): string {
    this.store(ORB_AT, 0xdeadbeef, word1, cpa);
    return this.run({ do: 'ssch', sid, at: ORB_AT });
  }

  /** Stores words. */
  store(at: number, ...words: number[]): void {
    for (const [index, word] of words.entries()) this.css.storage.storeWord(at + 4 * index, word >>> 0);
  }

  fill(at: number, byte: number, length: number): void {
    this.css.storage.store(at, new Uint8Array(length).fill(byte));
  }

  bytes(at: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.css.storage.fetch(at, bytes);
    return bytes;
  }

  word(at: number): string {
    return hex(this.css.storage.word(at));
  }

  words(at: number, count: number): string {
    return Array.from({ length: count }, (_, index) => this.word(at + 4 * index)).join('.');
  }

  /** The status word of the last STSCH. */
  get schibScsw(): string {
    return this.words(SCHIB_AT + 28, 3);
  }
  get pmcw(): string {
    return this.words(SCHIB_AT, 7);
  }
  get scsw(): string {
    return this.words(IRB_AT, 3);
  }
  get esw(): string {
    return this.words(IRB_AT + 12, 5);
  }
  get ecw(): string {
    return this.words(IRB_AT + 32, 2);
  }

  /** Runs CCWs, given as pairs of words and stored from P on, and fetches the status: the SCSW as TSCH stored it. */
  program(ccws: readonly number[], word1 = ORB.PLAIN): string {
    this.store(P, ...ccws);
    const started = this.ssch(word1);
    if (started !== 'cc 0') return started;
    const tested = this.tsch();
    return tested === 'cc 0' ? this.scsw : `${tested} ${this.scsw}`;
  }

  /** TPI by the CPU's mask: `subchannel intparm isc`, or `none`. */
  tpi(iscMask = 0xff): string {
    const code = new IoInterruptionCode();
    if (!this.css.interrupts.take(iscMask, code)) return 'none';
    return `${code.subchannel.toString(16)} ${hex(code.intparm)} isc ${code.isc}`;
  }

  /** CHANNEL SUBSYSTEM CALL with the request in words; the response in words from behind the request on. */
  chsc(length: number, command: number, words: readonly number[], responseWords: number): string {
    this.fill(CHSC_AT, 0, 4096);
    this.store(CHSC_AT, length * 0x10000 + command, ...words);
    const ended = this.run({ do: 'chsc', at: CHSC_AT });
    return ended === 'cc 0' ? this.words(CHSC_AT + length, responseWords) : ended;
  }

  /** Enables several subchannel sets (2) or images (0). */
  enableFacility(operation: 0 | 2): string {
    return this.chsc(0x400, 0x31, [operation], 1);
  }
}

export const RNG: DeviceSpecification = { kind: 'virtio', model: 'rng' };
export const TERMINAL: DeviceSpecification = { kind: '3270' };

/** A guest with one virtio device, enabled in subclass 3. */
export function enabledRig(options: Partial<VirtualCssOptions> = {}): QemuRig {
  const rig = new QemuRig(options, RNG);
  rig.enable();
  return rig;
}
