import { assertNever } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { Cpu, Waiter } from '../kernel/process.ts';
import type { Simulation } from '../kernel/simulation.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { copySchib, copyScsw } from '../zarch/block-copy.ts';
import type { ChscBlock } from '../zarch/chsc.ts';
import { type Crw, crwWord, RSC } from '../zarch/crw.ts';
import { type Chpid, type SubchannelId, ssidOf } from '../zarch/ids.ts';
import type { Irb } from '../zarch/irb.ts';
import type { Orb } from '../zarch/orb.ts';
import type { Schib } from '../zarch/schib.ts';
import { STCTL } from '../zarch/scsw.ts';
import { Storage } from '../zarch/storage.ts';
import type { ChannelPath } from './channel-path.ts';
import type {
  AddressableChannelSubsystem,
  AddressLimit,
  IoInstruction,
  MeasurementControl,
  Operands,
  Outcome,
  PendingInterruption,
} from './channel-subsystem.ts';
import { channelSubsystemCall } from './channel-subsystem-call.ts';
import { EventInformationQueue, type PendingEvent } from './event-information.ts';
import { MachineInterruptController } from './interrupt-controller.ts';
import type { MachineOptions } from './machine-model.ts';
import { MACHINE_OPERAND_RULES } from './operand-rules.ts';
import { ReportQueue } from './report-queue.ts';
import type { StartFunctions } from './start-function.ts';
import { clearStatus, modifySubchannel, storeIrb } from './status.ts';
import type { StopFunctions } from './stop-functions.ts';
import type { Subchannel } from './subchannel.ts';

/** What an image asks of the machine beyond its own subchannels. */
export interface PathResets {
  /** RCHP: cc 3 when the path is not there, 2 while a reset of it is in progress, else 0. */
  resetChannelPath(image: MachineChannelSubsystem, chpid: Chpid): 0 | 2 | 3;
}

/** What 31-bit addresses reach; pages exist when they are stored into. */
const STORAGE_BYTES = 0x80000000;

/**
 * The channel subsystem as one partition sees it: its subchannels, channel reports, event information and
 * interruptions. Every instruction executes at one instant (architecture reference B.1 gives the condition codes).
 */
export class MachineChannelSubsystem implements AddressableChannelSubsystem {
  readonly host: number;
  readonly options: MachineOptions;
  readonly channelPaths: readonly ChannelPath[];
  readonly interrupts = new MachineInterruptController();
  readonly reports: ReportQueue;
  readonly events: EventInformationQueue;
  readonly operandRules = MACHINE_OPERAND_RULES;
  readonly storage = new Storage(STORAGE_BYTES);
  /** Set by SCHM. */
  monitor: MeasurementControl = { update: false, deviceConnectTime: false, key: 0, origin: 0 };
  /** Set by SAL. */
  addressLimit = 0;
  /** Subchannels in the order of their ids. */
  readonly subchannels: Subchannel[] = [];
  /** Number of the channel-subsystem image that the partition lives in. */
  readonly cssid = 0;
  /** The program enabled the multiple-image facility: identifications and reports carry the image number. */
  multipleImages = false;
  /** Subchannel sets that the program may address; more than one after it enabled the facility. */
  enabledSets = 1;
  private readonly sets: Subchannel[][] = [[], [], [], []];
  private readonly configured: Uint8Array;
  private readonly sim: Simulation;
  private readonly observer: Observer;
  private readonly starts: StartFunctions;
  private readonly stops: StopFunctions;
  private readonly resets: PathResets;
  private readonly announceKind: number;
  /** A CSS report was queued for the event information that is waiting. */
  private eventsAnnounced = false;

  constructor(environment: {
    host: number;
    sim: Simulation;
    observer: Observer;
    options: MachineOptions;
    channelPaths: readonly ChannelPath[];
    starts: StartFunctions;
    stops: StopFunctions;
    resets: PathResets;
  }) {
    this.host = environment.host;
    this.sim = environment.sim;
    this.observer = environment.observer;
    this.options = environment.options;
    this.channelPaths = environment.channelPaths;
    this.starts = environment.starts;
    this.stops = environment.stops;
    this.resets = environment.resets;
    this.reports = new ReportQueue(this.options.crwQueueDepth);
    this.events = new EventInformationQueue(this.options.eventQueueDepth);
    this.interrupts.intparmOf = (id) => this.subchannel(id)?.schib.pmcw.intparm ?? 0;
    this.configured = new Uint8Array(this.channelPaths.length).fill(1);
    this.announceKind = this.sim.defineEvent('channel.report', () => this.interrupts.postMachineCheck());
  }

  issue<I extends IoInstruction>(
    cpu: Cpu,
    instruction: I,
    id: SubchannelId,
    operand: Operands[I],
    _waiter: Waiter,
  ): Outcome {
    cpu.charge(this.options.instructionCostNs[instruction]);
    const kind: IoInstruction = instruction;
    switch (kind) {
      case 'ssch':
        return this.startSubchannel(this.subchannel(id), operand as Orb);
      case 'tsch':
        return this.testSubchannel(this.subchannel(id), operand as Irb);
      case 'stsch':
        return this.storeSubchannel(this.subchannel(id), operand as Schib);
      case 'msch':
        return this.modify(this.subchannel(id), operand as Schib);
      case 'hsch':
        return this.onEnabled(id, (sch) => this.stops.halt(sch));
      case 'csch':
        return this.onEnabled(id, (sch) => this.stops.clear(sch));
      case 'xsch':
        return this.onEnabled(id, (sch) => this.stops.cancel(sch));
      case 'rsch':
        return this.onEnabled(id, resumeSubchannel);
      case 'stcrw':
        return this.reports.store(operand as Crw);
      case 'rchp':
        return this.resets.resetChannelPath(this, id as number as Chpid);
      case 'chsc':
        channelSubsystemCall(this, operand as ChscBlock);
        return 0;
      case 'tpi': {
        const { iscMask, code } = operand as PendingInterruption;
        return this.interrupts.take(iscMask, code) ? 1 : 0;
      }
      case 'schm':
        this.monitor = { ...(operand as MeasurementControl) };
        return 0;
      case 'sal':
        this.addressLimit = (operand as AddressLimit).address;
        return 0;
      case 'stcps':
        this.storePathStatus(operand as Uint8Array);
        return 0;
      default:
        return assertNever(kind);
    }
  }

  /** The subchannel of this id when it is provided and its set is enabled. */
  subchannel(id: SubchannelId): Subchannel | undefined {
    const ssid = ssidOf(id);
    return ssid < this.enabledSets ? this.sets[ssid][id & 0xffff] : undefined;
  }

  add(sch: Subchannel): void {
    this.sets[ssidOf(sch.id)][sch.id & 0xffff] = sch;
    this.subchannels.push(sch);
  }

  hasPath(path: ChannelPath): boolean {
    return this.channelPaths[path.index] === path;
  }

  isConfigured(path: ChannelPath): boolean {
    return this.configured[path.index] === 1;
  }

  setConfigured(path: ChannelPath, on: boolean): void {
    this.configured[path.index] = on ? 1 : 0;
  }

  /** Queues a channel report; the first one since the queue was found empty is announced by a machine check. False: it was lost. */
  report(crw: Readonly<Crw>, chpid: number, subchannel: number): boolean {
    const word = crwWord(crw);
    if (!this.reports.push(crw)) {
      this.observer.emit(EVENT['crw.lost'], this.host, subchannel, chpid, -1, -1, 0, 0, word);
      return false;
    }
    const kind =
      crw.rsc === RSC.CHANNEL_PATH
        ? EVENT['crw.channel-path']
        : crw.rsc === RSC.SUBCHANNEL
          ? EVENT['crw.subchannel']
          : EVENT['crw.channel-subsystem'];
    this.observer.emit(kind, this.host, subchannel, chpid, -1, -1, crw.erc, crw.solicited, word);
    if (!this.reports.takeAnnouncement()) return true;
    this.observer.emit(EVENT['machine-check.pending'], this.host, -1, -1, -1, -1, 0, 0, 0);
    this.sim.after(0, PRIORITY.MACHINE, this.announceKind, this.host, 0);
    return true;
  }

  /** Stores event information; one CSS report stands for all events until they have been read, unless it was lost. */
  reportEvent(event: PendingEvent, crw: Readonly<Crw>): void {
    if (this.events.pending === 0) this.eventsAnnounced = false;
    this.events.push(event);
    if (!this.eventsAnnounced) this.eventsAnnounced = this.report(crw, event.rsid, -1);
  }

  private startSubchannel(sch: Subchannel | undefined, orb: Orb): Outcome {
    if (sch === undefined || sch.schib.pmcw.enabled === 0) return 3;
    const { scsw, pmcw } = sch.schib;
    if (this.options.noPath === 'cc3' && (pmcw.pim & pmcw.pam & orb.lpm) === 0) return 3;
    if ((scsw.stctl & STCTL.PENDING) !== 0) return 1;
    if (scsw.fctl !== 0) return 2;
    this.starts.start(sch, orb);
    return 0;
  }

  private testSubchannel(sch: Subchannel | undefined, irb: Irb): Outcome {
    if (sch === undefined || sch.schib.pmcw.enabled === 0) return 3;
    if ((sch.schib.scsw.stctl & STCTL.PENDING) === 0) {
      copyScsw(sch.schib.scsw, irb.scsw);
      return 1;
    }
    storeIrb(sch, irb);
    clearStatus(sch);
    this.interrupts.withdraw(sch.id);
    return 0;
  }

  private storeSubchannel(sch: Subchannel | undefined, schib: Schib): Outcome {
    if (sch === undefined) return 3;
    copySchib(sch.schib, schib);
    return 0;
  }

  private modify(sch: Subchannel | undefined, schib: Schib): Outcome {
    if (sch === undefined) return 3;
    const { scsw, pmcw } = sch.schib;
    if (pmcw.deviceNumberValid === 0) return 0;
    if ((scsw.stctl & STCTL.PENDING) !== 0) return 1;
    if (scsw.fctl !== 0) return 2;
    modifySubchannel(schib, sch.schib);
    return 0;
  }

  /** STCPS: one for each CHPID that carries an operation now. */
  private storePathStatus(status: Uint8Array): void {
    status.fill(0);
    for (const { chpid, open } of this.channelPaths) {
      if (open > 0) status[(chpid & 0xff) >> 3] |= 0x80 >> (chpid & 7);
    }
  }

  private onEnabled(id: SubchannelId, execute: (sch: Subchannel) => Outcome): Outcome {
    const sch = this.subchannel(id);
    if (sch === undefined || sch.schib.pmcw.enabled === 0) return 3;
    return execute(sch);
  }
}

/** RSCH: no program of this machine suspends itself yet, so there is never anything to resume. */
function resumeSubchannel(sch: Subchannel): Outcome {
  return (sch.schib.scsw.stctl & STCTL.PENDING) !== 0 ? 1 : 2;
}
