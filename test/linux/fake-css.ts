import type {
  ChannelSubsystem,
  InterruptController,
  IoInstruction,
  Operands,
  Outcome,
} from '../../src/channel/channel-subsystem.ts';
import { WAIT } from '../../src/channel/channel-subsystem.ts';
import { MachineInterruptController } from '../../src/channel/interrupt-controller.ts';
import type { Cpu, Waiter } from '../../src/kernel/process.ts';
import type { Simulation } from '../../src/kernel/simulation.ts';
import type { Ccw } from '../../src/zarch/ccw.ts';
import { CHSC, CHSC_RESPONSE, type ChscBlock, type EventInformation } from '../../src/zarch/chsc.ts';
import { COMMAND } from '../../src/zarch/commands.ts';
import { Crw, decodeCrw } from '../../src/zarch/crw.ts';
import type { Irb } from '../../src/zarch/irb.ts';
import type { Orb } from '../../src/zarch/orb.ts';
import { firstPath } from '../../src/zarch/path-mask.ts';
import { decodeSchib, encodeSchib, Schib } from '../../src/zarch/schib.ts';
import { ACTL, CSTAT, DSTAT, FCTL, STCTL } from '../../src/zarch/scsw.ts';

/** What a device answers to a command on a path; unanswered commands stay active until somebody stops them. */
export type Answer =
  | 'end'
  | 'silent'
  | 'not-operational'
  | { readonly sense: number }
  | { readonly deferredCc: 1 | 3 };

export interface FakeDevice {
  readonly deviceNumber: number;
  readonly ssid?: number;
  readonly chpids: readonly number[];
  readonly cuType?: number;
  readonly devType?: number;
  /** Decides about each command; 'end' when there is none. */
  answer?: (path: number, ccw: Ccw) => Answer;
}

export interface FakeOptions {
  readonly instructionNs?: number;
  readonly deviceNs?: number;
  readonly subchannelSets?: number;
  /** General characteristic bits; 46 announces format-1 channel-path descriptions. */
  readonly general?: readonly number[];
  /** Instructions are answered this much later; 0: at once. */
  readonly answerNs?: number;
  /** Commands that CHSC does not know. */
  readonly refusedChsc?: readonly number[];
}

/** One subchannel with its device and the path-group record of each path. */
export class FakeSubchannel {
  readonly schib = new Schib();
  readonly groups: Uint8Array[] = Array.from({ length: 8 }, () => new Uint8Array(12));
  readonly device: FakeDevice;
  /** Status for the next TSCH. */
  dstat = 0;
  cstat = 0;
  deferredCc = 0;
  residual = 0;
  sense: number | null = null;
  pathNotOperational = 0;
  /** Number of the start whose end is awaited. */
  run = 0;

  constructor(device: FakeDevice) {
    this.device = device;
    const { pmcw } = this.schib;
    pmcw.deviceNumberValid = 1;
    pmcw.deviceNumber = device.deviceNumber;
    pmcw.chpids.set(device.chpids);
    pmcw.pim = (0xff00 >> device.chpids.length) & 0xff;
    pmcw.pam = pmcw.pim;
    pmcw.pom = 0xff;
    pmcw.lpm = pmcw.pim;
  }
}

/**
 * A channel subsystem that answers everything in the simplest correct way, for tests of the software above it. It shares
 * no code with the machine but the interruption controller.
 */
export class FakeChannelSubsystem implements ChannelSubsystem {
  readonly interrupts: InterruptController = new MachineInterruptController();
  readonly subchannels: FakeSubchannel[][] = [[], [], [], []];
  readonly reports: Crw[] = [];
  readonly events: EventInformation[] = [];
  /** CHPIDs that are not in the configuration any more. */
  readonly gone = new Set<number>();
  enabledSets = 1;
  /** From START SUBCHANNEL to ending status. */
  deviceNs: number;
  private readonly sim: Simulation;
  private readonly options: Required<FakeOptions>;
  private readonly endKind: number;
  private readonly waiting: { waiter: Waiter; cc: number }[] = [];
  private readonly answerKind: number;

  constructor(sim: Simulation, devices: readonly FakeDevice[], options: FakeOptions = {}) {
    this.sim = sim;
    this.options = {
      instructionNs: 1_000,
      deviceNs: 0,
      subchannelSets: 4,
      general: [46],
      answerNs: 0,
      refusedChsc: [],
      ...options,
    };
    this.deviceNs = this.options.deviceNs;
    for (const device of devices) this.plug(device);
    this.endKind = sim.defineEvent('fake.end', (schid, run) => this.end(schid, run));
    this.answerKind = sim.defineEvent('fake.answer', () => {
      const { waiter, cc } = this.waiting.shift()!;
      sim.dispatch(waiter.kind, waiter.target, cc);
    });
  }

  plug(device: FakeDevice): number {
    const set = this.subchannels[device.ssid ?? 0];
    set.push(new FakeSubchannel(device));
    return (device.ssid ?? 0) * 0x10000 + set.length - 1;
  }

  /** The device goes: its subchannel stays as an empty one. */
  remove(schid: number): void {
    const { schib } = this.at(schid)!;
    Object.assign(schib.pmcw, new Schib().pmcw);
    Object.assign(schib.scsw, new Schib().scsw);
  }

  /** It comes back on the same subchannel. */
  restore(schid: number): void {
    const set = this.subchannels[schid >>> 16];
    set[schid & 0xffff] = new FakeSubchannel(set[schid & 0xffff].device);
  }

  at(schid: number): FakeSubchannel | undefined {
    return this.subchannels[schid >>> 16][schid & 0xffff];
  }

  /** Queues a channel report; the machine check follows when it is the first. */
  report(word: Partial<Crw>): void {
    this.reports.push(Object.assign(new Crw(), word));
    if (this.reports.length === 1) this.interrupts.postMachineCheck();
  }

  reportWord(word: number): void {
    this.report(decodeCrw(word));
  }

  /** The CHPID leaves or enters the configuration: PAM changes, and nobody is told. */
  setPath(chpid: number, available: boolean, group?: (record: Uint8Array) => void): void {
    for (const sch of this.subchannels.flat()) {
      const index = sch.device.chpids.indexOf(chpid);
      if (index < 0) continue;
      const path = 0x80 >> index;
      sch.schib.pmcw.pam = available ? sch.schib.pmcw.pam | path : sch.schib.pmcw.pam & ~path;
      group?.(sch.groups[index]);
    }
    if (available) this.gone.delete(chpid);
    else this.gone.add(chpid);
  }

  issue<I extends IoInstruction>(
    cpu: Cpu,
    instruction: I,
    schid: number,
    operand: Operands[I],
    waiter: Waiter,
  ): Outcome {
    cpu.charge(this.options.instructionNs);
    const cc = this.execute(instruction, schid, operand);
    if (this.options.answerNs === 0) return cc as Outcome;
    this.waiting.push({ waiter, cc });
    this.sim.after(this.options.answerNs, waiter.priority, this.answerKind, 0, 0);
    return WAIT;
  }

  private execute(instruction: IoInstruction, schid: number, operand: unknown): number {
    if (instruction === 'chsc') return this.chsc(operand as ChscBlock);
    if (instruction === 'stcrw') return this.stcrw(operand as Crw);
    if (instruction === 'schm') return 0;
    const sch = schid >>> 16 < this.enabledSets ? this.at(schid) : undefined;
    if (sch === undefined) return 3;
    const { scsw, pmcw } = sch.schib;
    if (instruction === 'stsch') {
      decodeSchib(encodeSchib(sch.schib), operand as Schib);
      return 0;
    }
    if (instruction === 'msch') return this.msch(sch, operand as Schib);
    if (pmcw.enabled === 0) return 3;
    const pending = (scsw.stctl & STCTL.PENDING) !== 0;
    switch (instruction) {
      case 'ssch':
        if (pending) return 1;
        if (scsw.fctl !== 0) return 2;
        return this.start(schid, sch, operand as Orb);
      case 'tsch':
        return pending ? this.tsch(sch, operand as Irb) : 1;
      case 'csch':
        this.stop(schid, sch, FCTL.CLEAR);
        return 0;
      case 'hsch':
        if (pending) return 1;
        this.stop(schid, sch, FCTL.HALT);
        return 0;
      case 'xsch':
        return pending ? 1 : 2;
      default:
        throw new Error(`no ${instruction} here`);
    }
  }

  private msch(sch: FakeSubchannel, wanted: Schib): number {
    const { pmcw, scsw } = sch.schib;
    if (pmcw.deviceNumberValid === 0) return 0;
    if ((scsw.stctl & STCTL.PENDING) !== 0) return 1;
    if (scsw.fctl !== 0) return 2;
    pmcw.intparm = wanted.pmcw.intparm;
    pmcw.isc = wanted.pmcw.isc;
    pmcw.enabled = wanted.pmcw.enabled;
    pmcw.multipath = wanted.pmcw.multipath;
    pmcw.concurrentSense = wanted.pmcw.concurrentSense;
    pmcw.measurementMode = wanted.pmcw.measurementMode;
    pmcw.measurementFormat1 = wanted.pmcw.measurementFormat1;
    pmcw.measurementIndex = wanted.pmcw.measurementIndex;
    sch.schib.measurementBlock = wanted.measurementBlock;
    return 0;
  }

  /** Paths are tried from the left; one that is not operational is remembered and skipped. */
  private start(schid: number, sch: FakeSubchannel, orb: Orb): number {
    const { pmcw, scsw } = sch.schib;
    let paths = pmcw.pim & pmcw.pam & orb.lpm;
    if (paths === 0) return 3;
    pmcw.pnom = 0;
    let answer: Answer = 'not-operational';
    let ccw = orb.program!.ccws[0];
    for (; paths !== 0; paths &= paths - 1 === 0 ? 0 : 0xff >> (firstPath(paths) + 1)) {
      const index = firstPath(paths);
      ccw = orb.program!.ccws[0];
      answer = sch.device.answer?.(index, ccw) ?? 'end';
      pmcw.lpum = 0x80 >> index;
      if (answer !== 'not-operational') {
        pmcw.pom |= 0x80 >> index;
        break;
      }
      // Only a path that worked when it was tried last makes a path-not-operational indication.
      pmcw.pnom |= pmcw.pom & (0x80 >> index);
      pmcw.pom &= ~(0x80 >> index);
    }
    scsw.fctl = FCTL.START;
    scsw.actl = ACTL.SUBCHANNEL_ACTIVE | ACTL.DEVICE_ACTIVE;
    scsw.stctl = 0;
    sch.run++;
    sch.dstat = DSTAT.CHANNEL_END | DSTAT.DEVICE_END;
    sch.cstat = 0;
    sch.deferredCc = 0;
    sch.residual = 0;
    sch.sense = null;
    sch.pathNotOperational = pmcw.pnom !== 0 ? 1 : 0;
    if (answer === 'silent') return 0;
    if (answer === 'not-operational') Object.assign(sch, { dstat: 0, deferredCc: 3 });
    else if (typeof answer === 'object' && 'deferredCc' in answer) {
      Object.assign(sch, { dstat: 0, deferredCc: answer.deferredCc });
    } else if (typeof answer === 'object') {
      Object.assign(sch, { dstat: sch.dstat | DSTAT.UNIT_CHECK, sense: answer.sense });
    } else this.perform(sch, firstPath(pmcw.lpum), ccw);
    if (this.deviceNs === 0) this.end(schid, sch.run);
    else this.sim.after(this.deviceNs, 1, this.endKind, schid, sch.run);
    return 0;
  }

  private perform(sch: FakeSubchannel, path: number, ccw: Ccw): void {
    const group = sch.groups[path];
    switch (ccw.command) {
      case COMMAND.senseid: {
        const { cuType = 0x3990, devType = 0x3390 } = sch.device;
        ccw.data!.set([0xff, cuType >> 8, cuType & 0xff, 0xe9, devType >> 8, devType & 0xff, 0x0c]);
        sch.residual = ccw.count - 7;
        break;
      }
      case COMMAND.snid:
        ccw.data!.set(group);
        break;
      case COMMAND.spid: {
        const order = ccw.data![0];
        const state = (order & 0x60) === 0 ? 0xc0 : 0x80;
        group.set(ccw.data!);
        group[0] = state | ((order & 0x80) !== 0 ? 0x08 : 0);
        if ((order & 0x60) === 0x20) for (const other of sch.groups) if (other[0] >= 0xc0) other[0] = 0x80;
        break;
      }
    }
  }

  private end(schid: number, run: number): void {
    const sch = this.at(schid);
    if (sch === undefined || sch.run !== run || sch.schib.scsw.fctl === 0) return;
    const { scsw } = sch.schib;
    scsw.actl = 0;
    scsw.stctl = STCTL.PENDING | (sch.deferredCc !== 0 ? STCTL.ALERT : STCTL.PRIMARY | STCTL.SECONDARY);
    if (sch.sense !== null) scsw.stctl |= STCTL.ALERT;
    this.interrupts.post(schid, sch.schib.pmcw.isc);
  }

  private stop(schid: number, sch: FakeSubchannel, fctl: number): void {
    const { scsw } = sch.schib;
    if ((scsw.stctl & STCTL.PENDING) !== 0) this.interrupts.withdraw(schid);
    scsw.fctl = fctl === FCTL.CLEAR ? fctl : scsw.fctl | fctl;
    scsw.actl = 0;
    sch.run++;
    Object.assign(sch, { dstat: 0, cstat: 0, deferredCc: 0, sense: null, pathNotOperational: 0 });
    scsw.stctl = STCTL.PENDING | (fctl === FCTL.CLEAR ? 0 : STCTL.PRIMARY | STCTL.SECONDARY);
    this.interrupts.post(schid, sch.schib.pmcw.isc);
  }

  private tsch(sch: FakeSubchannel, irb: Irb): number {
    const { scsw, pmcw } = sch.schib;
    irb.scsw.cc = sch.deferredCc;
    irb.scsw.pathNotOperational = sch.pathNotOperational;
    irb.scsw.fctl = scsw.fctl;
    irb.scsw.actl = scsw.actl;
    irb.scsw.stctl = scsw.stctl;
    irb.scsw.dstat = sch.dstat;
    irb.scsw.cstat = sch.cstat & ~CSTAT.PCI;
    irb.scsw.count = sch.residual;
    irb.lpum = pmcw.lpum;
    irb.pathVerification = 0;
    irb.concurrentSense = sch.sense !== null && pmcw.concurrentSense === 1 ? 1 : 0;
    irb.sense.fill(0);
    if (irb.concurrentSense === 1) irb.sense[0] = sch.sense!;
    scsw.fctl = 0;
    scsw.stctl = 0;
    return 0;
  }

  private stcrw(crw: Crw): number {
    const next = this.reports.shift();
    Object.assign(crw, next ?? new Crw());
    return next === undefined ? 1 : 0;
  }

  private chsc(block: ChscBlock): number {
    block.response = this.options.refusedChsc.includes(block.command)
      ? CHSC_RESPONSE.NOT_SUPPORTED
      : this.answerChsc(block);
    return 0;
  }

  private answerChsc(block: ChscBlock): number {
    switch (block.command) {
      case CHSC.STORE_CHANNEL_PATH_DESCRIPTION:
        block.pathDescriptions = [{ valid: block.first !== 0x7f, chpid: block.first, type: 0x1b, mdc: 0 }];
        return CHSC_RESPONSE.OK;
      case CHSC.STORE_SUBCHANNEL_DESCRIPTION: {
        const sch = this.at(block.ssid * 0x10000 + block.first);
        if (sch === undefined) return CHSC_RESPONSE.INVALID_REQUEST;
        const { pmcw } = sch.schib;
        block.subchannelDescriptions = [
          {
            valid: true,
            subchannel: block.first,
            subchannelType: 0,
            unitAddress: block.first & 0xff,
            deviceNumber: pmcw.deviceNumber,
            pathMask: pmcw.pim,
            flaValidMask: pmcw.pim,
            chpids: pmcw.chpids,
            fullLinkAddresses: new Uint16Array(8).map((_, index) => 0x1000 + pmcw.chpids[index]),
          },
        ];
        return CHSC_RESPONSE.OK;
      }
      case CHSC.STORE_EVENT_INFORMATION:
        block.event = this.events.shift() ?? null;
        return block.event === null ? CHSC_RESPONSE.NO_EVENTS : CHSC_RESPONSE.OK;
      case CHSC.STORE_CHARACTERISTICS:
        block.characteristics = { general: this.options.general, chsc: [] };
        return CHSC_RESPONSE.OK;
      case CHSC.ENABLE_FACILITY:
        if (this.options.subchannelSets === 1) return CHSC_RESPONSE.INVALID_COMMAND;
        this.enabledSets = this.options.subchannelSets;
        return CHSC_RESPONSE.OK;
      default:
        return CHSC_RESPONSE.NOT_SUPPORTED;
    }
  }
}
