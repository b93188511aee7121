import { PRIORITY } from '../kernel/priority.ts';
import type { Cpu, Waiter } from '../kernel/process.ts';
import type { Simulation } from '../kernel/simulation.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { Crw, chainedRsid, crwWord, decodeCrw, RSC } from '../zarch/crw.ts';
import {
  type Chpid,
  EXPLICIT_IMAGE,
  NONE,
  type SubchannelId,
  ssidOf,
  subchannelNumberOf,
} from '../zarch/ids.ts';
import { Storage } from '../zarch/storage.ts';
import type { ChannelPath } from './channel-path.ts';
import type { AddressableChannelSubsystem, IoInstruction, Operands, Outcome } from './channel-subsystem.ts';
import { EventInformationQueue, type PendingEvent } from './event-information.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { MachineInterruptController } from './interrupt-controller.ts';
import type { MachineOptions } from './machine-model.ts';
import { ChannelMeasurement } from './measurement.ts';
import { machineOperandRules } from './operand-rules.ts';
import { ReportQueue } from './report-queue.ts';
import type { StartFunctions } from './start-function.ts';
import type { StopFunctions } from './stop-functions.ts';
import type { Subchannel } from './subchannel.ts';
import type { UnsolicitedStatus } from './unsolicited-status.ts';

/** What an image asks of the machine beyond its own subchannels. */
export interface PathResets {
  /** RCHP: cc 3 when the path is not there, 2 while a reset of it is in progress, else 0. */
  resetChannelPath(image: MachineChannelSubsystem, chpid: Chpid): 0 | 2 | 3;
}

/**
 * The channel subsystem as one partition sees it: its subchannels, channel reports, event information and
 * interruptions. Every instruction executes at one instant (architecture reference B.1 gives the condition codes).
 */
export class MachineChannelSubsystem implements AddressableChannelSubsystem {
  readonly host: number;
  readonly options: MachineOptions;
  readonly channelPaths: readonly ChannelPath[];
  readonly interrupts = new MachineInterruptController();
  readonly starts: StartFunctions;
  readonly stops: StopFunctions;
  readonly resets: PathResets;
  readonly reports: ReportQueue;
  readonly events: EventInformationQueue;
  readonly operandRules = machineOperandRules(this);
  /** Pages exist when they are stored into. */
  readonly storage: Storage;
  /** Subchannels in the order of their ids. */
  readonly subchannels: Subchannel[] = [];
  readonly measurement: ChannelMeasurement;
  /** Where devices present status of their own; null where none of them ever does. */
  unsolicited: UnsolicitedStatus | null = null;
  /** Set by SAL. */
  addressLimit = 0;
  /** Number of the channel-subsystem image that the partition lives in. */
  readonly cssid: number;
  /** Whether the program enabled the multiple-image facility: identifications and reports carry the image number. */
  multipleImages = false;
  /** Subchannel sets that the program may address; more than one after it enabled the facility. */
  enabledSets = 1;
  private readonly sets: Subchannel[][] = [[], [], [], []];
  /** By position of the channel path. */
  private readonly accessible: Uint8Array;
  private readonly configured: Uint8Array;
  private readonly sim: Simulation;
  private readonly observer: Observer;
  private readonly announceKind: number;
  /** A CSS report was queued for the event information that is waiting. */
  private eventsAnnounced = false;

  constructor(environment: {
    host: number;
    cssid: number;
    sim: Simulation;
    observer: Observer;
    options: MachineOptions;
    channelPaths: readonly ChannelPath[];
    accessible: readonly ChannelPath[];
    starts: StartFunctions;
    stops: StopFunctions;
    resets: PathResets;
  }) {
    this.host = environment.host;
    this.cssid = environment.cssid;
    this.sim = environment.sim;
    this.observer = environment.observer;
    this.options = environment.options;
    this.channelPaths = environment.channelPaths;
    this.starts = environment.starts;
    this.stops = environment.stops;
    this.resets = environment.resets;
    this.storage = new Storage(this.options.storageBytes);
    this.measurement = new ChannelMeasurement(this.storage, this.subchannels);
    this.reports = new ReportQueue(this.options.crwQueueDepth);
    this.events = new EventInformationQueue(this.options.eventQueueDepth);
    this.interrupts.intparmOf = (id) => this.subchannel(id)?.schib.pmcw.intparm ?? 0;
    this.accessible = Uint8Array.from(this.channelPaths, (path) =>
      environment.accessible.includes(path) ? 1 : 0,
    );
    this.configured = this.accessible.slice();
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
    return INSTRUCTIONS[instruction](this, id, operand);
  }

  /** The subchannel of this id when it is provided and its set is enabled. */
  subchannel(id: SubchannelId): Subchannel | undefined {
    const ssid = id >>> 16;
    return ssid < this.enabledSets ? this.sets[ssid][id & 0xffff] : undefined;
  }

  /** The same when it can work: with a valid device number, and enabled. Most instructions give cc 3 otherwise. */
  operational(id: SubchannelId): Subchannel | undefined {
    const sch = this.subchannel(id);
    if (sch === undefined) return undefined;
    const { enabled, deviceNumberValid } = sch.schib.pmcw;
    return enabled === 1 && deviceNumberValid === 1 ? sch : undefined;
  }

  add(sch: Subchannel): void {
    this.sets[ssidOf(sch.id)][sch.id & 0xffff] = sch;
    this.subchannels.push(sch);
    sch.measurement = this.measurement;
  }

  /** From now on identifications carry the number of the image; there is no way back. */
  enableMultipleImages(): void {
    this.multipleImages = true;
    this.interrupts.imageNumber = EXPLICIT_IMAGE + this.cssid;
  }

  /** Whether the channel path is in the access list of the image, and can be configured for it. */
  hasPath(path: ChannelPath): boolean {
    return this.channelPaths[path.index] === path && this.accessible[path.index] === 1;
  }

  isConfigured(path: ChannelPath): boolean {
    return this.configured[path.index] === 1;
  }

  setConfigured(path: ChannelPath, on: boolean): void {
    this.configured[path.index] = on ? 1 : 0;
  }

  /**
   * Queues a channel report; the first one since the queue was found empty is announced by a machine check. Where the
   * reporting-source id alone is ambiguous, a chained second word names subchannel set and image. False: it was lost.
   */
  report(crw: Readonly<Crw>, chpid: number, subchannel: number): boolean {
    const chained = this.chainedWord(crw, subchannel);
    const first = chained === null ? crw : Object.assign(new Crw(), crw, { chained: 1 });
    if (!this.reports.push(first, chained)) {
      this.observer.emit(EVENT['crw.lost'], this.host, subchannel, chpid, -1, -1, 0, 0, crwWord(crw));
      return false;
    }
    this.told(first, chpid, subchannel);
    if (chained !== null) this.told(chained, chpid, subchannel);
    this.announce();
    return true;
  }

  /** A report about one subchannel: `erc` says what happened to it. */
  reportSubchannel(sch: Subchannel, erc: number): boolean {
    const crw = new Crw();
    crw.rsc = RSC.SUBCHANNEL;
    crw.erc = erc;
    crw.rsid = subchannelNumberOf(sch.id);
    return this.report(crw, NONE, sch.id);
  }

  /** Queues one word as it is, as Linux' cio_inject does; it stays alone even when it says that it is chained. */
  injectReport(word: number): boolean {
    const crw = decodeCrw(word);
    if (!this.reports.push(crw)) {
      this.observer.emit(EVENT['crw.lost'], this.host, NONE, NONE, -1, -1, 0, 0, word);
      return false;
    }
    this.told(crw, crw.rsc === RSC.CHANNEL_PATH ? crw.rsid & 0xff : NONE, NONE);
    this.announce();
    return true;
  }

  /** Stores event information; one CSS report stands for all events until they have been read, unless it was lost. */
  reportEvent(event: PendingEvent, crw: Readonly<Crw>): void {
    if (this.events.pending === 0) this.eventsAnnounced = false;
    this.events.push(event);
    if (!this.eventsAnnounced) this.eventsAnnounced = this.report(crw, event.rsid, -1);
  }

  private told(crw: Readonly<Crw>, chpid: number, subchannel: number): void {
    const kind =
      crw.rsc === RSC.CHANNEL_PATH
        ? EVENT['crw.channel-path']
        : crw.rsc === RSC.SUBCHANNEL
          ? EVENT['crw.subchannel']
          : EVENT['crw.channel-subsystem'];
    const flag = crw.rsc === RSC.SUBCHANNEL ? crw.chained : crw.solicited;
    this.observer.emit(kind, this.host, subchannel, chpid, -1, -1, crw.erc, flag, crwWord(crw));
  }

  private announce(): void {
    if (!this.reports.takeAnnouncement()) return;
    this.observer.emit(EVENT['machine-check.pending'], this.host, -1, -1, -1, -1, 0, 0, 0);
    this.sim.after(0, PRIORITY.MACHINE, this.announceKind, this.host, 0);
  }

  /** The second word of a report, null when there is none. */
  private chainedWord(crw: Readonly<Crw>, subchannel: number): Crw | null {
    const isSubchannel = crw.rsc === RSC.SUBCHANNEL && (this.enabledSets > 1 || this.multipleImages);
    if (!isSubchannel && !(crw.rsc === RSC.CHANNEL_PATH && this.multipleImages)) return null;
    const chained = Object.assign(new Crw(), crw);
    const ssid = isSubchannel ? ssidOf(subchannel) : 0;
    chained.rsid = chainedRsid(this.multipleImages ? this.cssid : 0, ssid);
    return chained;
  }
}
