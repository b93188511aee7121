import type { Process, Steps } from '../kernel/process.ts';
import { EVENT } from '../observe/event-table.ts';
import { CHSC, type ChannelPathDescription, ChscBlock } from '../zarch/chsc.ts';
import { type Crw, ERC } from '../zarch/crw.ts';
import { type Chpid, NONE } from '../zarch/ids.ts';
import { type PathMask, pathBit } from '../zarch/path-mask.ts';
import {
  CHSC_CHARACTERISTIC,
  GENERAL_CHARACTERISTIC,
  processEventInformation,
  request,
  storePathDescription,
} from './chsc.ts';
import { E, type Errno } from './errno.ts';
import type { Executor } from './ioasm.ts';
import type { LinuxSystem } from './linux-system.ts';
import type { PathLink, Subchannel } from './subchannel.ts';
import { CHP_EVENT } from './subchannel-driver.ts';
import { Work } from './work-queue.ts';

/** One channel path as Linux knows it (`struct channel_path`). */
interface LinuxChannelPath {
  readonly chpid: Chpid;
  /** Logically online: what the administrator wants, not what the machine says. */
  online: boolean;
  description: ChannelPathDescription;
  /** Format-1 description where the machine has it: maximum data count and more. */
  extended: ChannelPathDescription | null;
}

/** Configuration requests that wait for their turn (chp.c:enum cfg_task_t), by operation code of event information. */
const CONFIGURE = { CONFIGURE: 0, DECONFIGURE: 1, CANCEL: 2 } as const;

const CHPIDS = 256;
const wholePath = (chpid: Chpid): PathLink => ({ chpid, flaMask: 0, fla: 0 });

/** The service-call processor, as far as channel paths are concerned (SCLP commands, chp.c and sclp_cmd.c). */
export interface ServiceProcessor {
  /** CHPIDs that are configured or in standby, ascending. */
  channelPaths(): readonly Chpid[];
  /** Configures or deconfigures a CHPID; 0 or an error. */
  configure(chpid: Chpid, on: boolean): Errno;
}

/** Channel paths of one system (chp.c): which are known, which the administrator has varied off, and their events. */
export class ChannelPaths {
  private readonly linux: LinuxSystem;
  private readonly paths: (LinuxChannelPath | undefined)[] = [];
  private readonly waiting = new Int8Array(CHPIDS).fill(NONE);
  private readonly configureWork: Work;
  /** Return code of the last configuration of each CHPID. */
  private readonly configureResults = new Int32Array(CHPIDS);

  constructor(linux: LinuxSystem) {
    this.linux = linux;
    this.configureWork = new Work((self) => this.configureWaiting(self));
  }

  isRegistered(chpid: Chpid): boolean {
    return this.paths[chpid] !== undefined;
  }

  /** CHPIDs of the channel paths that are known, ascending. */
  registered(): Chpid[] {
    return this.paths.flatMap((path) => path?.chpid ?? []);
  }

  /** chp_get_status: 1 logically online, 0 varied off, −ENODEV unknown. */
  status(chpid: Chpid): number {
    const path = this.paths[chpid];
    return path === undefined ? E.NODEV : path.online ? 1 : 0;
  }

  /** Type of a channel path, as its description says it; null: the channel path is not known. */
  type(chpid: Chpid): number | null {
    return this.paths[chpid]?.description.type ?? null;
  }

  /** The format-1 description of a channel path; null where there is none. */
  extendedDescription(chpid: Chpid): ChannelPathDescription | null {
    return this.paths[chpid]?.extended ?? null;
  }

  /** chp_get_sch_opm: all paths but those that are varied off. */
  allowedPaths(sch: Subchannel): PathMask {
    let opm: PathMask = 0;
    for (let index = 0; index < 8; index++) {
      if (this.status(sch.ssdChpids[index]) !== 0) opm |= pathBit(index);
    }
    return opm;
  }

  /** chp_new: registers a channel path that the machine describes as valid. */
  *register(self: Executor, chpid: Chpid): Steps<Errno> {
    if (this.isRegistered(chpid)) return E.OK;
    const description = yield* storePathDescription(this.linux, self, chpid, 0);
    if (description === null || !description.valid) return E.NODEV;
    const path: LinuxChannelPath = { chpid, online: true, description, extended: null };
    yield* this.describeFurther(self, path);
    this.paths[chpid] = path;
    return E.OK;
  }

  /** Registers an unknown channel path; asks again for the description of a known one. */
  *refresh(self: Executor, chpid: Chpid): Steps {
    const path = this.paths[chpid];
    if (path === undefined) yield* this.register(self, chpid);
    else yield* this.updateDescription(self, path);
  }

  /** chp_process_crw. */
  *processCrw(self: Process, crw: Crw | null, overflow: boolean): Steps {
    if (overflow || crw === null) return this.linux.css.scheduleEvaluationOfAll();
    // A solicited report is the answer to a reset of the channel path.
    if (crw.solicited === 1) return;
    const chpid = crw.rsid & 0xff;
    if (crw.erc === ERC.INITIALIZED && !this.linux.features.pathInitKnown) return;
    switch (crw.erc) {
      case ERC.INITIALIZED:
      case ERC.PARAMETERS_INITIALIZED:
        yield* this.register(self, chpid);
        return yield* this.cameOnline(self, chpid);
      case ERC.PERMANENT_NOT_INITIALIZED:
      case ERC.PERMANENT_INITIALIZED:
        return yield* this.wentOffline(self, chpid);
    }
  }

  /** chsc_process_crw. */
  *processSubsystemCrw(self: Process, overflow: boolean): Steps {
    if (overflow) this.linux.css.scheduleEvaluationOfAll();
    else yield* processEventInformation(this.linux, self);
  }

  /** An administrator's order: the `status` attribute in sysfs. */
  vary(self: Process, chpid: Chpid, on: boolean): Steps<Errno> {
    this.linux.failBack?.varied(chpid, on);
    return this.varyByPolicy(self, chpid, on);
  }

  /** s390_vary_chpid. */
  *varyByPolicy(self: Process, chpid: Chpid, on: boolean): Steps<Errno> {
    const path = this.paths[chpid];
    const { linux } = this;
    if (path === undefined) return E.NODEV;
    if (!on && !path.online) return E.OK;
    path.online = on;
    yield* linux.cioQueue.flush(self);
    linux.emit(EVENT[on ? 'chp.vary-on' : 'chp.vary-off'], NONE, chpid, 0, 0, 0);
    if (on) yield* this.updateDescription(self, path);
    yield* linux.css.deliver(self, wholePath(chpid), on ? CHP_EVENT.VARY_ON : CHP_EVENT.VARY_OFF);
    if (on) linux.css.scheduleReprobe();
    yield* self.settle();
    return E.OK;
  }

  /** CHP_ONLINE to the subchannels behind a channel path, or behind one of its links. */
  *deliverOnline(self: Process, link: PathLink): Steps {
    this.linux.emit(EVENT['chp.online'], NONE, link.chpid, 0, 0, 0);
    yield* this.linux.css.deliver(self, link, CHP_EVENT.ONLINE);
  }

  /** chp_cfg_schedule and chp_cfg_cancel_deconfigure: each channel path has one slot for a request. */
  scheduleConfigure(chpid: Chpid, operation: number): void {
    if (operation === CONFIGURE.CANCEL) {
      if (this.waiting[chpid] === CONFIGURE.DECONFIGURE) this.waiting[chpid] = NONE;
      return;
    }
    this.waiting[chpid] = operation;
    this.linux.systemQueue.queue(this.configureWork);
  }

  /** The `configure` attribute in sysfs: returns when the request has been carried out. */
  *configure(self: Process, chpid: Chpid, on: boolean): Steps<Errno> {
    this.scheduleConfigure(chpid, on ? CONFIGURE.CONFIGURE : CONFIGURE.DECONFIGURE);
    yield* this.linux.systemQueue.flush(self);
    return this.configureResults[chpid];
  }

  /** cfg_func: one channel path after the other, in ascending order. */
  private *configureWaiting(self: Process): Steps {
    for (;;) {
      const chpid = this.waiting.findIndex((operation) => operation !== NONE);
      if (chpid < 0) return;
      const on = this.waiting[chpid] === CONFIGURE.CONFIGURE;
      this.waiting[chpid] = NONE;
      const rc = this.linux.serviceProcessor?.configure(chpid, on) ?? E.OPNOTSUPP;
      this.configureResults[chpid] = rc;
      if (rc !== E.OK) continue;
      if (on) {
        yield* this.register(self, chpid);
        yield* this.cameOnline(self, chpid);
      } else yield* this.wentOffline(self, chpid);
    }
  }

  /** chsc_chp_online. A channel path that is varied off stays so; one that the machine does not describe counts all the same. */
  private *cameOnline(self: Process, chpid: Chpid): Steps {
    const { failBack } = this.linux;
    if (failBack !== null && !(yield* failBack.admits(self, chpid))) return;
    const path = this.paths[chpid];
    if (path?.online === false) return;
    yield* this.linux.cioQueue.flush(self);
    if (path !== undefined) yield* this.updateDescription(self, path);
    yield* this.deliverOnline(self, wholePath(chpid));
    this.linux.css.scheduleReprobe();
  }

  /** chsc_chp_offline. */
  private *wentOffline(self: Process, chpid: Chpid): Steps {
    const { linux } = this;
    const isHeld = linux.failBack?.lost(chpid) ?? false;
    const path = this.paths[chpid];
    if (path === undefined || !path.online) return;
    yield* linux.cioQueue.flush(self);
    yield* this.updateDescription(self, path);
    linux.emit(EVENT['chp.offline'], NONE, chpid, 0, 0, 0);
    // A path that will not be used when it is back is varied off with the same look at its devices.
    path.online = !isHeld;
    yield* linux.css.deliver(
      self,
      wholePath(chpid),
      isHeld ? CHP_EVENT.VARY_OFF : CHP_EVENT.OFFLINE,
      (sch) => {
        sch.lpm = 0;
        linux.css.scheduleEvaluation(sch.schid);
      },
    );
    linux.failBack?.lookAgain();
  }

  /** chp_update_desc. */
  private *updateDescription(self: Executor, path: LinuxChannelPath): Steps {
    const description = yield* storePathDescription(this.linux, self, path.chpid, 0);
    if (description === null) return;
    path.description = description;
    yield* this.describeFurther(self, path);
  }

  /** The formats and characteristics that not every machine has. */
  private *describeFurther(self: Executor, path: LinuxChannelPath): Steps {
    const { linux } = this;
    if (linux.hasGeneral(GENERAL_CHARACTERISTIC.FCS)) {
      path.extended = yield* storePathDescription(linux, self, path.chpid, 1);
    }
    if (linux.hasGeneral(GENERAL_CHARACTERISTIC.UTILITY_STRING)) {
      yield* storePathDescription(linux, self, path.chpid, 3);
    }
    if (linux.hasChsc(CHSC_CHARACTERISTIC.SCMC) && linux.hasChsc(CHSC_CHARACTERISTIC.SECM)) {
      const block = new ChscBlock();
      block.command = CHSC.STORE_CHANNEL_MEASUREMENT_CHARACTERISTICS;
      block.first = path.chpid;
      block.last = path.chpid;
      yield* request(linux, self, block);
    }
  }
}
