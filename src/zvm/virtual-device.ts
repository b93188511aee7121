import type { InterruptController } from '../channel/channel-subsystem.ts';
import { modifySubchannel } from '../channel/status.ts';
import { MESSAGE, SENSE_BYTES, SENSE0, storeSense } from '../dasd/sense.ts';
import { clearIrb, clearScsw, copyExtendedStatus, copySchib, copyScsw } from '../zarch/block-copy.ts';
import type { SubchannelId } from '../zarch/ids.ts';
import { Irb } from '../zarch/irb.ts';
import type { Orb } from '../zarch/orb.ts';
import { ALL_PATHS, firstPath, NO_PATHS, type PathMask, pathBit } from '../zarch/path-mask.ts';
import { Schib } from '../zarch/schib.ts';
import { ACTL, DSTAT, FCTL, STCTL } from '../zarch/scsw.ts';
import type { ForeignGroupPolicy, SensedGroup, ShownPaths } from './options.ts';
import { answerPathGroup } from './path-group.ts';
import type { DeviceUser, RealDevice } from './real-device.ts';

/** CHPID of the path that stands for all. */
export const SHARED_CHPID = 0x00;
const ONE_PATH: PathMask = 0x80;
const ENDED = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.PENDING;

/** What a guest's subchannels have in common. */
export interface VirtualEnvironment {
  readonly interrupts: InterruptController;
  readonly pgid: Uint8Array;
  readonly show: ShownPaths;
  readonly foreignGroup: ForeignGroupPolicy;
  readonly senseGroup: SensedGroup;
  /** CP has taken a path of the real device offline, whose group its guest did not want. */
  mismatch(device: RealDevice, path: PathMask): void;
  /** Real instructions for an operation in progress; their condition code. */
  signal(name: 'hsch' | 'csch' | 'xsch' | 'rsch', device: RealDevice): number;
  detached(id: SubchannelId): void;
}

/**
 * A dedicated device as its guest sees it: a subchannel whose paths are always there, or all gone. The condition codes are
 * those of the architecture (architecture reference B.1); which real path does the work, and how often, is CP's business.
 */
export class VirtualDevice implements DeviceUser {
  readonly id: SubchannelId;
  private readonly schib = new Schib();
  private readonly status = new Irb();
  private readonly environment: VirtualEnvironment;
  private device: RealDevice | null = null;
  /** Path of the guest's last start. */
  private shown: PathMask = NO_PATHS;

  constructor(id: SubchannelId, deviceNumber: number, environment: VirtualEnvironment) {
    this.id = id;
    this.environment = environment;
    const { pmcw } = this.schib;
    pmcw.deviceNumber = deviceNumber;
    pmcw.deviceNumberValid = 1;
    pmcw.pom = ALL_PATHS;
  }

  /** CP has found the device and knows its paths. */
  attach(device: RealDevice): void {
    const { pmcw } = this.schib;
    const real = device.schib.pmcw;
    this.device = device;
    pmcw.pim = this.environment.show === 'one' ? ONE_PATH : real.pim;
    pmcw.lpm = pmcw.pim;
    if (this.environment.show === 'one') pmcw.chpids[0] = SHARED_CHPID;
    else pmcw.chpids.set(real.chpids);
  }

  get isEnabled(): boolean {
    const { enabled, deviceNumberValid } = this.schib.pmcw;
    return enabled === 1 && deviceNumberValid === 1;
  }

  get intparm(): number {
    return this.schib.pmcw.intparm;
  }

  store(into: Schib): 0 {
    this.schib.pmcw.pam = this.pam;
    copySchib(this.schib, into);
    return 0;
  }

  modify(from: Schib): 0 | 1 | 2 {
    const { scsw, pmcw } = this.schib;
    if (pmcw.deviceNumberValid === 0) return 0;
    if ((scsw.stctl & STCTL.PENDING) !== 0) return 1;
    if (scsw.fctl !== 0) return 2;
    modifySubchannel(from, this.schib);
    return 0;
  }

  start(orb: Orb): 0 | 1 | 2 | 3 {
    const { pmcw, scsw } = this.schib;
    const paths = this.pam & orb.lpm;
    if (!this.isEnabled || paths === NO_PATHS) return 3;
    if ((scsw.stctl & STCTL.PENDING) !== 0) return 1;
    if (scsw.fctl !== 0) return 2;
    pmcw.intparm = orb.intparm;
    pmcw.lpm = orb.lpm;
    pmcw.pnom = NO_PATHS;
    clearScsw(scsw);
    scsw.format = orb.format1;
    scsw.fctl = FCTL.START;
    scsw.actl = ACTL.START_PENDING;
    this.shown = pathBit(firstPath(paths));
    const { pgid, senseGroup } = this.environment;
    const answer = orb.program === null ? null : answerPathGroup(orb.program, pgid, senseGroup);
    if (answer === null) this.device!.start(orb);
    else if (answer === 'done') this.end(FCTL.START, ENDED, DSTAT.CHANNEL_END | DSTAT.DEVICE_END);
    else this.refuseGroup();
    return 0;
  }

  test(irb: Irb): 0 | 1 | 3 {
    if (!this.isEnabled) return 3;
    const { scsw } = this.schib;
    copyScsw(scsw, irb.scsw);
    if ((scsw.stctl & STCTL.PENDING) === 0) return 1;
    copyExtendedStatus(this.status, irb);
    irb.extendedMeasurement = 0;
    this.environment.interrupts.withdraw(this.id);
    const intermediate = scsw.stctl === (STCTL.INTERMEDIATE | STCTL.PENDING);
    scsw.stctl = 0;
    if (intermediate) return 0;
    scsw.fctl = 0;
    scsw.actl = 0;
    scsw.pathNotOperational = 0;
    return 0;
  }

  clear(): number {
    if (!this.isEnabled) return 3;
    const { scsw } = this.schib;
    this.environment.interrupts.withdraw(this.id);
    scsw.stctl = 0;
    scsw.fctl = FCTL.CLEAR;
    scsw.actl = ACTL.CLEAR_PENDING;
    this.device!.forget();
    if (this.device!.isRunning) return this.environment.signal('csch', this.device!);
    this.end(FCTL.CLEAR, STCTL.PENDING, 0);
    return 0;
  }

  halt(): number {
    if (!this.isEnabled) return 3;
    const { scsw } = this.schib;
    if ((scsw.stctl & STCTL.PENDING) !== 0) return 1;
    if ((scsw.fctl & (FCTL.HALT | FCTL.CLEAR)) !== 0) return 2;
    scsw.fctl |= FCTL.HALT;
    scsw.actl |= ACTL.HALT_PENDING;
    const waited = this.device!.forget();
    if (this.device!.isRunning) return this.environment.signal('hsch', this.device!);
    this.end(scsw.fctl, waited ? ENDED : STCTL.PENDING, 0);
    return 0;
  }

  cancel(): number {
    if (!this.isEnabled) return 3;
    const { scsw } = this.schib;
    if ((scsw.stctl & STCTL.PENDING) !== 0) return 1;
    if (!this.device!.forget()) {
      if (!this.device!.isRunning || this.environment.signal('xsch', this.device!) !== 0) return 2;
      this.device!.cancelled();
    }
    scsw.fctl = 0;
    scsw.actl = 0;
    return 0;
  }

  resume(): number {
    if (!this.isEnabled) return 3;
    return this.device!.isRunning ? this.environment.signal('rsch', this.device!) : 2;
  }

  present(irb: Irb): void {
    if (!this.isEnabled) return;
    copyScsw(irb.scsw, this.schib.scsw);
    copyExtendedStatus(irb, this.status);
    this.post();
  }

  noPath(): void {
    this.end(FCTL.START, ENDED | STCTL.ALERT, 0);
    this.schib.scsw.cc = 3;
    this.schib.scsw.pathNotOperational = 1;
    this.schib.pmcw.pnom = this.shown;
  }

  detached(): void {
    const { pmcw, scsw } = this.schib;
    this.environment.interrupts.withdraw(this.id);
    clearScsw(scsw);
    pmcw.deviceNumberValid = 0;
    pmcw.enabled = 0;
    this.environment.detached(this.id);
  }

  /** Paths are all there as long as CP has one that may work. */
  private get pam(): PathMask {
    return this.device !== null && this.device.reachable !== NO_PATHS ? this.schib.pmcw.pim : NO_PATHS;
  }

  /** A group that is not CP's: command reject, as from a device whose path has another id. */
  private refuseGroup(): void {
    if (this.environment.foreignGroup === 'offline') this.takePathOffline();
    this.end(FCTL.START, ENDED | STCTL.ALERT, DSTAT.CHANNEL_END | DSTAT.DEVICE_END | DSTAT.UNIT_CHECK);
    this.schib.scsw.extendedControl = 1;
    this.status.concurrentSense = 1;
    this.status.senseCount = SENSE_BYTES;
    storeSense(this.status.sense, SENSE0.COMMAND_REJECT, 0, MESSAGE.INVALID_PARAMETER, 0);
  }

  /** The path that the guest has named; where it knows one only, which stands for all, the first in use. */
  private takePathOffline(): void {
    const { show, mismatch } = this.environment;
    const path = this.device!.takeOffline(show === 'all' ? this.shown : ALL_PATHS);
    if (path !== NO_PATHS) mismatch(this.device!, path);
  }

  /** Status that no device has made. */
  private end(fctl: number, stctl: number, dstat: number): void {
    const { scsw } = this.schib;
    clearIrb(this.status);
    scsw.fctl = fctl;
    scsw.stctl = stctl;
    scsw.dstat = dstat;
    scsw.cstat = 0;
    this.post();
  }

  /** The path that the guest is told of is the one that it named first: it must not learn which one CP has used. */
  private post(): void {
    const { pmcw } = this.schib;
    pmcw.lpum = this.shown;
    this.status.lpum = this.shown;
    this.environment.interrupts.withdraw(this.id);
    this.environment.interrupts.post(this.id, pmcw.isc);
  }
}
