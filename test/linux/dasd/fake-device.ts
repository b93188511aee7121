import type { Process, Steps } from '../../../src/kernel/process.ts';
import type { Simulation } from '../../../src/kernel/simulation.ts';
import type { CcwDevice, CcwDriver } from '../../../src/linux/ccw-driver.ts';
import { E, type Errno } from '../../../src/linux/errno.ts';
import { CCW_FLAG, type Ccw, type ChannelProgram } from '../../../src/zarch/ccw.ts';
import { COMMAND } from '../../../src/zarch/commands.ts';
import { subchannelId } from '../../../src/zarch/ids.ts';
import { Irb } from '../../../src/zarch/irb.ts';
import { firstPath, type PathMask, pathBit } from '../../../src/zarch/path-mask.ts';
import { CSTAT, DSTAT, FCTL, STCTL } from '../../../src/zarch/scsw.ts';
import { sschLine } from './ssch-line.ts';

/** What becomes of a start: the status of its end, or an error of the common I/O layer. */
export interface Answer {
  readonly dstat?: number;
  readonly cstat?: number;
  readonly sense?: Uint8Array;
  readonly error?: Errno;
  /** Commands executed; all when absent. */
  readonly executed?: number;
  readonly count?: number;
  /** Transport mode is refused, and for whose sake. */
  readonly sesq?: number;
  /** No interruption comes at all. */
  readonly silent?: boolean;
}

export interface FakeOptions {
  readonly deviceNumber?: number;
  readonly paths?: PathMask;
  readonly latencyNs?: number;
  readonly layout?: 'cdl' | 'ldl' | 'unformatted';
  /** Feature bytes by position, as RSSD returns them. */
  readonly features?: Readonly<Record<number, number>>;
  /** General qualifier's missing-interruption byte. */
  readonly missingInterrupt?: number;
  /** What its paths say of transport mode, in units of 64 KiB. */
  readonly dataCount?: number;
  /** Type of all units in the unit-address configuration. */
  readonly unitType?: number;
  /** Type and base of single unit addresses, as all devices of the control unit tell them; they may change. */
  readonly units?: Record<number, [type: number, base: number]>;
}

const END = DSTAT.CHANNEL_END | DSTAT.DEVICE_END;
export const GOOD: Answer = {};
export const INTERFACE_CHECK: Answer = { dstat: 0, cstat: CSTAT.INTERFACE_CONTROL_CHECK };

/** Sense bytes by position, 32 of them. */
export function sense(bytes: Readonly<Record<number, number>>): Uint8Array {
  const result = new Uint8Array(32);
  for (const [at, value] of Object.entries(bytes)) result[Number(at)] = value;
  return result;
}
export const unitCheck = (bytes: Readonly<Record<number, number>>, more: Answer = {}): Answer => ({
  dstat: END | DSTAT.UNIT_CHECK,
  sense: sense(bytes),
  ...more,
});
const COMMAND_REJECT = { 0: 0x80, 7: 0x04, 27: 0x80 };
const NO_RECORD_FOUND = { 1: 0x08, 6: 0x01, 27: 0x80, 31: 0x01 };

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

const CONFIGURATION_HEAD = bytesOf('DC010100 F0F0F3F3 F9F0F0F0 F2C8D9C3');
const CHARACTERISTICS = bytesOf('2107E833 90025280 10B72026 001E000F');
const LABELS = [
  bytesOf('C9D7D3F1 000A0000 0000000F 03000000'),
  bytesOf('C9D7D3F2'),
  bytesOf('E5D6D3F1 E5D6D3F1 D3C9D5F1 F2F0C000 00000101'),
];
const CDL_COUNTS = ['0000000001040018', '0000000002040090', '0000000003040050', '0000000004001000'];
const LDL_COUNTS = ['0000000001001000', '0000000002001000', '0000000003001000', '0000000004001000'];
const UNFORMATTED_COUNTS = [...CDL_COUNTS.slice(0, 3), '0000000001040018'];

/**
 * A ccw device whose control unit answers from a small table. Starts are recorded as lines of the recordings' form; the
 * answers to the next ones can be set in `script`, or by path in `onPath`.
 */
export class FakeDevice implements CcwDevice {
  readonly index: number;
  readonly subchannel;
  readonly deviceNumber: number;
  readonly cuType = 0x2107;
  readonly cuModel = 0xe8;
  readonly devType = 0x3390;
  readonly devModel = 2;
  online = true;
  options = { pathGroup: false, multipath: false };
  pathGroup = true;
  multipath = true;
  pathMask: PathMask;

  readonly lines: string[] = [];
  /** Commands of each start, in two hex digits. */
  readonly starts: string[] = [];
  readonly startTimes: number[] = [];
  readonly startPaths: PathMask[] = [];
  readonly clears: number[] = [];
  /** Answers to the next starts; then the table's. */
  readonly script: Answer[] = [];
  readonly onPath = new Map<PathMask, Answer>();
  /** Return codes of the next starts that are not accepted. */
  readonly refusals: Errno[] = [];
  /** Serial bytes of the device that each path leads to. */
  readonly serialOnPath = new Map<PathMask, number>();
  readonly preferred = new Map<PathMask, number>();
  readonly blocks = new Map<number, number>();
  reprobes = 0;
  securityReads = 0;
  driver: CcwDriver | null = null;

  private readonly sim: Simulation;
  private readonly latencyNs: number;
  private readonly layout: 'cdl' | 'ldl' | 'unformatted';
  private readonly fakeOptions: FakeOptions;
  private readonly kind: number;
  private readonly irb = new Irb();
  private current: { program: ChannelProgram; intparm: number; path: PathMask } | null = null;
  private serial = 0;
  private readCounts = 0;
  private suborder = 0;
  private reserved = false;
  private block = 0;

  constructor(sim: Simulation, index: number, options: FakeOptions = {}) {
    this.sim = sim;
    this.index = index;
    this.fakeOptions = options;
    this.deviceNumber = options.deviceNumber ?? 0x120 + index;
    this.subchannel = subchannelId(0, 0, index);
    this.pathMask = options.paths ?? 0x80;
    this.latencyNs = options.latencyNs ?? 1000;
    this.layout = options.layout ?? 'cdl';
    this.kind = sim.defineEvent(`fake.${index}`, (_target, serial) => this.end(serial));
  }

  start(program: ChannelProgram, intparm: number, lpm: PathMask): Errno {
    const refusal = this.refusals.shift();
    if (refusal !== undefined) return refusal;
    if (this.current !== null) return E.BUSY;
    const usable = lpm === 0 ? this.pathMask : lpm & this.pathMask;
    if (usable === 0) return E.ACCES;
    const path = pathBit(firstPath(usable));
    this.current = { program, intparm, path };
    this.starts.push(commandsOf(program));
    this.startTimes.push(this.sim.now);
    this.startPaths.push(lpm);
    this.sim.after(this.latencyNs, 1, this.kind, 0, ++this.serial);
    return E.OK;
  }

  clear(intparm: number): Errno {
    this.clears.push(intparm);
    this.current = null;
    this.serial++;
    const { irb } = this;
    resetIrb(irb);
    irb.scsw.fctl = FCTL.CLEAR;
    irb.scsw.stctl = STCTL.PENDING;
    const kind = this.clearKind();
    this.sim.after(100, 1, kind, 0, intparm);
    return E.OK;
  }

  maximumDataCount(): number {
    return this.fakeOptions.dataCount ?? 0;
  }

  halt(): Errno {
    return E.INVAL;
  }

  scheduleReprobe(): void {
    this.reprobes++;
  }

  chpid(path: number): number {
    return 0x40 + path;
  }

  *readControlUnitDescription(self: Process): Steps<Errno> {
    this.securityReads++;
    yield* self.sleep(1);
    return E.OK;
  }

  /** An interruption that no start asked for. */
  unsolicited(answer: Answer): void {
    this.driver!.handler(this, 0, this.fill(answer, 0x80), E.OK);
  }

  private clearKindValue = -1;
  private clearKind(): number {
    if (this.clearKindValue < 0) {
      this.clearKindValue = this.sim.defineEvent(`fake.${this.index}.clear`, (_target, intparm) => {
        resetIrb(this.irb);
        this.irb.scsw.fctl = FCTL.CLEAR;
        this.irb.scsw.stctl = STCTL.PENDING;
        this.driver!.handler(this, intparm, this.irb, E.OK);
      });
    }
    return this.clearKindValue;
  }

  private end(serial: number): void {
    if (serial !== this.serial || this.current === null) return;
    const { program, intparm, path } = this.current;
    const answer = this.script.shift() ?? this.onPath.get(path) ?? this.execute(program, path);
    if (answer.silent === true) return;
    this.current = null;
    const irb = this.fill(answer, path);
    if (answer.error === undefined) {
      this.lines.push(sschLine(this.deviceNumber, path, program, answer.executed ?? program.length, irb));
    }
    this.driver!.handler(this, intparm, irb, answer.error ?? E.OK);
  }

  private fill(answer: Answer, path: PathMask): Irb {
    const { irb } = this;
    resetIrb(irb);
    const { scsw } = irb;
    scsw.format = 1;
    scsw.prefetch = 1;
    scsw.fctl = FCTL.START;
    scsw.stctl = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.PENDING;
    scsw.dstat = answer.dstat ?? END;
    scsw.cstat = answer.cstat ?? 0;
    scsw.count = answer.count ?? 0;
    irb.lpum = path;
    if (answer.sesq !== undefined) {
      scsw.transport = 1;
      scsw.extendedStatus = answer.sesq;
    }
    if (answer.sense !== undefined) {
      scsw.extendedControl = 1;
      scsw.stctl |= STCTL.ALERT;
      irb.concurrentSense = 1;
      irb.sense.set(answer.sense);
    }
    return irb;
  }

  private execute(program: ChannelProgram, path: PathMask): Answer {
    this.readCounts = 0;
    for (let index = 0; index < program.length; index++) {
      const answer = this.command(program.ccws[index], path, index);
      if (answer !== GOOD) return answer;
    }
    return GOOD;
  }

  private command(ccw: Ccw, path: PathMask, index: number): Answer {
    const { data } = ccw;
    switch (ccw.command) {
      case COMMAND.rcd:
        this.configuration(data!, path);
        return GOOD;
      case COMMAND.rdc:
        data!.set(CHARACTERISTICS);
        return GOOD;
      case COMMAND.psf:
        return this.subsystemFunction(data!, index);
      case COMMAND.rssd:
        this.subsystemData(data!);
        return GOOD;
      case COMMAND.read_count:
        return this.readCount(data!, index);
      case COMMAND.locate_record:
        this.locate(data!, 4, data![12]);
        return GOOD;
      case COMMAND.prefix:
        if (data![0] === 1) this.locate(data!, 48, data![56]);
        return GOOD;
      case COMMAND.snid:
        data!.set(bytesOf(`${this.reserved ? '30' : '00'}000001 26232817 E39CA2E4`));
        return GOOD;
      case COMMAND.reserve:
      case COMMAND.unconditional_reserve:
        this.reserved = true;
        return GOOD;
      case COMMAND.release:
        this.reserved = false;
        return GOOD;
      case COMMAND.nop:
      case COMMAND.define_extent:
        return GOOD;
      default:
        this.transfer(ccw);
        return GOOD;
    }
  }

  private configuration(data: Uint8Array, path: PathMask): void {
    data.fill(0);
    data.set(CONFIGURATION_HEAD);
    data[29] = this.serialOnPath.get(path) ?? 1;
    data[30] = 0x01;
    data[31] = this.deviceNumber & 0xff;
    const unit = this.fakeOptions.units?.[data[31]];
    if (unit !== undefined) {
      data[128] = 0x40;
      data[131] = 0x01;
      data.set(unit, 136);
    }
    data[224] = 0x80;
    data[230] = this.fakeOptions.missingInterrupt ?? 0;
    data[233] = 0x01;
    data[242] = this.preferred.get(path) ?? 0;
  }

  private subsystemFunction(order: Uint8Array, index: number): Answer {
    this.suborder = order[6];
    const isQuery = order[0] === 0x18 && (order[6] === 0x52 || order[6] === 0x53);
    return isQuery ? unitCheck(COMMAND_REJECT, { executed: index + 1 }) : GOOD;
  }

  private subsystemData(data: Uint8Array): void {
    data.fill(0);
    if (this.suborder === 0x41) {
      for (const [at, value] of Object.entries(this.fakeOptions.features ?? {})) data[Number(at)] = value;
    }
    if (this.suborder !== 0x0e) return;
    const { unitType = 0, units = {} } = this.fakeOptions;
    for (let unit = 0; unit < 256; unit++) data.set(units[unit] ?? [unitType, 0], 2 * unit);
  }

  private readCount(data: Uint8Array, index: number): Answer {
    const counts = { cdl: CDL_COUNTS, ldl: LDL_COUNTS, unformatted: UNFORMATTED_COUNTS }[this.layout];
    const position = this.readCounts++;
    if (position < 4) {
      data.set(bytesOf(counts[position]));
      return GOOD;
    }
    if (this.layout === 'unformatted') {
      const answer = { cstat: CSTAT.INCORRECT_LENGTH, executed: index + 1, count: 8 };
      return unitCheck(NO_RECORD_FOUND, answer);
    }
    data.set(bytesOf(this.layout === 'cdl' ? '00000001012C0060' : '0000000101001000'));
    return GOOD;
  }

  private locate(data: Uint8Array, at: number, record: number): void {
    const head = (data[at + 2] << 8) | data[at + 3];
    const cylinder = ((head >>> 4) << 16) | (data[at] << 8) | data[at + 1];
    this.block = (cylinder * 15 + (head & 15)) * 12 + record - 1;
  }

  private transfer(ccw: Ccw): void {
    const writes =
      ccw.command === COMMAND.write_mt ||
      ccw.command === COMMAND.write_kd_mt ||
      ccw.command === COMMAND.write_track_data;
    const blocks = Math.ceil(ccw.count / 4096);
    if (ccw.data !== null && this.block < LABELS.length) ccw.data.set(LABELS[this.block]);
    for (let index = 0; index < blocks; index++, this.block++) {
      if (ccw.versions === null) continue;
      if (writes) this.blocks.set(this.block, ccw.versions[index]);
      else ccw.versions[index] = this.blocks.get(this.block) ?? 0;
    }
  }
}

function resetIrb(irb: Irb): void {
  const { scsw } = irb;
  scsw.format = 0;
  scsw.prefetch = 0;
  scsw.cc = 0;
  scsw.fctl = 0;
  scsw.stctl = 0;
  scsw.dstat = 0;
  scsw.cstat = 0;
  scsw.count = 0;
  scsw.extendedControl = 0;
  scsw.transport = 0;
  scsw.extendedStatus = 0;
  irb.lpum = 0;
  irb.concurrentSense = 0;
  irb.sense.fill(0);
}

export function commandsOf(program: ChannelProgram): string {
  const used = program.ccws.slice(0, program.length);
  const chained = used.every(
    (ccw, at) => at === used.length - 1 || (ccw.flags & CCW_FLAG.CHAIN_COMMAND) !== 0,
  );
  const codes = used.map((ccw) => ccw.command.toString(16).padStart(2, '0')).join(' ');
  return chained ? codes : `unchained ${codes}`;
}
