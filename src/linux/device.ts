import { WAIT } from '../channel/channel-subsystem.ts';
import { type Process, type Steps, WaitQueue } from '../kernel/process.ts';
import type { TimerId } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import { EVENT } from '../observe/event-table.ts';
import type { ChannelProgram } from '../zarch/ccw.ts';
import { CHSC } from '../zarch/chsc.ts';
import { type Chpid, cssidOf, type DeviceNumber, NONE, type SubchannelId, ssidOf } from '../zarch/ids.ts';
import { Irb } from '../zarch/irb.ts';
import { firstPath, type PathIndex, type PathMask, pathBit } from '../zarch/path-mask.ts';
import { ACTL, STCTL } from '../zarch/scsw.ts';
import type { CcwDevice, CcwDriver } from './ccw-driver.ts';
import type { CcwRequest } from './ccw-request.ts';
import { GENERAL_CHARACTERISTIC, simpleRequest } from './chsc.ts';
import { clearSubchannel, haltSubchannel, prepareOrb, startAnswered } from './cio.ts';
import type { CmfWait } from './cmf.ts';
import type { DeviceMeasurement } from './cmf-attributes.ts';
import { fsmEvent } from './device-fsm.ts';
import { NO_SENSE_ID, type SenseId } from './device-id.ts';
import type { Verification } from './device-pgid.ts';
import { senseIdDone } from './device-recognition.ts';
import { DEV_EVENT, DEV_STATE, type DevEvent, type DevState, isFinalState } from './device-state.ts';
import { isPlainEnd } from './device-status.ts';
import { disbandDone, verifyDone } from './device-verify.ts';
import { E, type Errno } from './errno.ts';
import type { Executor } from './ioasm.ts';
import type { LinuxSystem } from './linux-system.ts';
import type { Subchannel } from './subchannel.ts';
import { Work } from './work-queue.ts';

/** Work that waits for a device; a later one replaces an earlier one of lower rank (device.h:enum cdev_todo). */
export type DeviceTodo =
  | 'nothing'
  | 'enable-measurement'
  | 'rebind'
  | 'register'
  | 'unregister'
  | 'unregister-evaluate';
const TODO_RANK: Record<DeviceTodo, number> = {
  nothing: 0,
  'enable-measurement': 1,
  rebind: 2,
  register: 3,
  unregister: 4,
  'unregister-evaluate': 5,
};

/** A ccw device: `struct ccw_device` with its private part. */
export class CioDevice implements CcwDevice {
  readonly linux: LinuxSystem;
  readonly index: number;
  readonly ssid: number;
  readonly deviceNumber: DeviceNumber;
  sch: Subchannel;
  state: DevState = DEV_STATE.NOT_OPER;
  driver: CcwDriver | null = null;
  registered = false;
  /** Without subchannel: it went away, and the driver keeps the device in case it comes back ("orphanage"). */
  orphan = false;
  online = false;
  /** An administrator's request to change that is in progress. */
  onOff = false;
  id: SenseId = NO_SENSE_ID;
  /** Answer to the last SENSE ID. */
  sensed: SenseId = NO_SENSE_ID;
  recognitionOver = false;
  /** Recognized for the first time: boot waits for the end of it. */
  firstRecognition = false;

  /** Measurement, and what waits for the next interruption because of it; null while it is switched off. */
  cmb: DeviceMeasurement | null = null;
  cmfWait: CmfWait | null = null;

  readonly options = { pathGroup: false, multipath: false };
  pathGroup = false;
  multipath = false;
  verification: Verification | null = null;
  request: CcwRequest | null = null;
  /** Paths that became unavailable or available through events, or had no group id: for the driver's path events. */
  pathGone: PathMask = 0;
  pathNew: PathMask = 0;
  pgidReset: PathMask = 0;
  pathBroken: PathMask = 0;

  /** Status accumulated for the driver or for the request in progress. */
  readonly irb = new Irb();
  /** Status of the interruption being handled. */
  interruptIrb: Irb;
  senseArea: Uint8Array | null = null;
  intparm = 0;
  dosense = false;
  doverify = false;
  donotify = false;
  fakeIrbOwed = false;
  /** A START SUBCHANNEL of the driver has not been answered yet. */
  startUnanswered = false;
  iretry = 0;
  /** What the driver gets for an operation that is being stopped. */
  killError: Errno = E.OK;
  todo: DeviceTodo = 'nothing';
  readonly todoWork: Work;

  private readonly timer: TimerId;
  private waiting: WaitQueue | null = null;
  /** Depth of driver callbacks: what they start runs under the lock that their caller holds. */
  private inCallback = 0;

  constructor(linux: LinuxSystem, sch: Subchannel, index: number) {
    this.linux = linux;
    this.sch = sch;
    this.index = index;
    this.ssid = ssidOf(sch.schid);
    this.deviceNumber = sch.schib.pmcw.deviceNumber;
    this.interruptIrb = this.irb;
    this.timer = linux.defineDeviceTimer(index);
    this.todoWork = new Work((self) => linux.ccw.deviceTodo(self, this));
  }

  get subchannel(): SubchannelId {
    return this.sch.schid;
  }
  get cuType(): number {
    return this.id.cuType;
  }
  get cuModel(): number {
    return this.id.cuModel;
  }
  get devType(): number {
    return this.id.devType;
  }
  get devModel(): number {
    return this.id.devModel;
  }
  get pathMask(): PathMask {
    return this.sch.lpm;
  }
  get settled(): boolean {
    return isFinalState(this.state);
  }
  get settledOrDisconnected(): boolean {
    return isFinalState(this.state) || this.state === DEV_STATE.DISCONNECTED;
  }

  /** Enters a state. */
  transition(to: DevState): void {
    if (to === this.state) return;
    const { linux, state } = this;
    linux.emit(EVENT['device.state'], this.sch.schid, NONE, state, to, 0);
    this.state = to;
    if (to !== DEV_STATE.VERIFY) linux.verifications?.left(this, state === DEV_STATE.VERIFY);
  }

  /** dev_fsm_event; the caller holds the lock of the subchannel. */
  event(self: Executor, event: DevEvent): Steps {
    return fsmEvent(self, this, event);
  }
  verified(self: Executor, rc: Errno): Steps {
    return verifyDone(self, this, rc);
  }
  disbanded(self: Executor, rc: Errno): Steps {
    return disbandDone(self, this, rc);
  }
  recognitionEnded(self: Executor, rc: Errno): Steps {
    return senseIdDone(self, this, rc);
  }

  startTimer(delayNs: SimTime): void {
    this.linux.sim.arm(this.timer, delayNs);
  }
  stopTimer(): void {
    this.linux.sim.disarm(this.timer);
  }

  /** Waits until `condition` holds; the state machine wakes at each state that holds. */
  *waitUntil(self: Process, condition: () => boolean): Steps {
    this.waiting ??= new WaitQueue(this.linux.sim);
    yield* this.waiting.until(self, condition);
  }
  wake(): void {
    this.waiting?.wake();
  }

  /** ccw_device_sched_todo. */
  scheduleTodo(todo: DeviceTodo): void {
    if (TODO_RANK[this.todo] >= TODO_RANK[todo]) return;
    this.todo = todo;
    this.linux.cioQueue.queue(this.todoWork);
  }

  /** io_subchannel_recog_done: a first recognition came to an end. */
  recognitionFinished(): void {
    if (this.state === DEV_STATE.OFFLINE) {
      this.scheduleTodo('register');
      return;
    }
    this.recognitionOver = true;
    this.scheduleTodo('unregister');
    this.linux.ccw.recognitionEnded(this);
  }

  /** ccw_device_set_disconnected. */
  setDisconnected(): void {
    this.stopTimer();
    this.fakeIrbOwed = false;
    this.transition(DEV_STATE.DISCONNECTED);
    this.linux.emit(EVENT['device.disconnected'], this.sch.schid, NONE, 0, 0, 0);
    if (this.online) this.linux.recovery.schedule();
  }

  /** ccw_device_notify: whether the driver wants to keep the device; false without driver or when not online. */
  notify(event: number): boolean {
    if (this.driver === null || !this.online) return false;
    this.inCallback++;
    const kept = this.driver.notify(this, event);
    this.inCallback--;
    return kept;
  }

  handle(intparm: number, irb: Irb, error: Errno): void {
    if (this.driver === null) return;
    this.inCallback++;
    this.driver.handler(this, intparm, irb, error);
    this.inCallback--;
  }

  pathEvent(events: Uint8Array): void {
    if (this.driver === null) return;
    this.inCallback++;
    this.driver.pathEvent(this, events);
    this.inCallback--;
  }

  /** The usual end of an I/O, without the state machine's detours; false when it is something else. */
  plainInterruption(irb: Irb): boolean {
    if (this.state !== DEV_STATE.ONLINE || this.doverify || this.irb.scsw.stctl !== 0) return false;
    if (!isPlainEnd(irb)) return false;
    this.stopTimer();
    this.handle(this.intparm, irb, E.OK);
    return true;
  }

  start(
    program: ChannelProgram,
    intparm: number,
    lpm: PathMask,
    hitDraw: number,
    serviceDraw: number,
  ): Errno {
    const refused = this.refusesStart(intparm);
    if (refused !== ASK_THE_SUBCHANNEL) return refused;
    const { sch, linux } = this;
    const mask = lpm & sch.lpm;
    if (lpm !== 0 && mask === 0) return E.ACCES;
    if (sch.lock.holds > 0 && this.inCallback === 0) {
      return this.answerLater((self) =>
        this.startWhenFree(self, program, intparm, mask, hitDraw, serviceDraw),
      );
    }
    prepareOrb(sch, program, mask);
    sch.orb.hitDraw = hitDraw;
    sch.orb.serviceDraw = serviceDraw;
    const cc = linux.io.sschNow(linux.interruptions.spare, sch.schid, sch.orb);
    if (cc === 0) {
      sch.schib.scsw.actl |= ACTL.START_PENDING;
      this.cmb?.started();
      this.intparm = intparm;
      return E.OK;
    }
    sch.lock.holds++;
    return this.answerLater((self) => this.finishStart(self, intparm, mask, cc));
  }

  clear(intparm: number): Errno {
    return this.stopOperation(intparm, clearSubchannel);
  }

  halt(intparm: number): Errno {
    return this.stopOperation(intparm, haltSubchannel);
  }

  scheduleReprobe(): void {
    this.linux.css.scheduleReprobe();
  }

  chpid(path: PathIndex): Chpid {
    return cssidOf(this.sch.schid) * 256 + this.sch.schib.pmcw.chpids[path];
  }

  maximumDataCount(lpm: PathMask): number {
    const { sch, linux } = this;
    if (!linux.hasGeneral(GENERAL_CHARACTERISTIC.FCX)) return 0;
    let least = 0;
    for (let left = lpm === 0 ? sch.lpm : lpm & sch.lpm; left !== 0; left &= ~pathBit(firstPath(left))) {
      const chpid = sch.schib.pmcw.chpids[firstPath(left)];
      const mdc = linux.chps.extendedDescription(chpid)?.mdc ?? 0;
      if (mdc === 0) return 0;
      least = least === 0 ? mdc : Math.min(least, mdc);
    }
    return least;
  }

  *readControlUnitDescription(self: Process, ssid: number): Steps<Errno> {
    const block = yield* simpleRequest(this.linux, self, CHSC.STORE_CONTROL_UNIT_DESCRIPTION, ssid);
    return block === null ? E.OPNOTSUPP : E.OK;
  }

  /** ccw_device_start_timeout_key up to the instruction. */
  private refusesStart(intparm: number): Errno {
    const { sch, state } = this;
    if (sch.schib.pmcw.enabled === 0) return E.INVAL;
    if (state === DEV_STATE.NOT_OPER) return E.NODEV;
    const owed = this.doverify && this.linux.features.fakeIrbForOwedVerification;
    if (state === DEV_STATE.VERIFY || owed) {
      if (this.fakeIrbOwed) return E.BUSY;
      this.fakeIrbOwed = true;
      this.intparm = intparm;
      return E.OK;
    }
    const { stctl } = sch.schib.scsw;
    const halfEnded = (stctl & (STCTL.PRIMARY | STCTL.SECONDARY)) === STCTL.PRIMARY;
    if (state !== DEV_STATE.ONLINE || halfEnded || this.doverify || this.startUnanswered) return E.BUSY;
    return ASK_THE_SUBCHANNEL;
  }

  /** Runs the rest of a start. When it has to wait, the start counts as accepted, and an error comes to the handler. */
  private answerLater(body: (self: Executor) => Steps<Errno>): Errno {
    const rc = this.linux.interruptions.begin(body);
    if (rc !== WAIT) return rc;
    this.startUnanswered = true;
    return E.OK;
  }

  private *startWhenFree(
    self: Executor,
    program: ChannelProgram,
    intparm: number,
    mask: PathMask,
    hitDraw: number,
    serviceDraw: number,
  ): Steps<Errno> {
    const { sch, linux } = this;
    yield* sch.lock.acquire(self);
    prepareOrb(sch, program, mask);
    sch.orb.hitDraw = hitDraw;
    sch.orb.serviceDraw = serviceDraw;
    const cc = yield* linux.io.ssch(self, sch.schid, sch.orb);
    return yield* this.finishStart(self, intparm, mask, cc);
  }

  /** From a condition code that is not 0, or not there yet, to what it means. Gives one hold of the lock back. */
  private *finishStart(self: Executor, intparm: number, mask: PathMask, outcome: number): Steps<Errno> {
    const { sch, linux } = this;
    let cc = outcome;
    if (cc === WAIT) {
      cc = yield;
      linux.io.sschDone(sch.schid, sch.orb, cc);
    }
    const rc = yield* startAnswered(linux, self, sch, mask, cc);
    if (rc === E.OK) this.intparm = intparm;
    const late = this.startUnanswered;
    this.startUnanswered = false;
    if (rc === E.ACCES || rc === E.NODEV || (rc !== E.OK && this.doverify)) {
      yield* this.event(self, DEV_EVENT.VERIFY);
    }
    if (late && rc !== E.OK) this.handle(intparm, linux.emptyIrb, rc);
    sch.lock.release(linux.sim);
    return rc;
  }

  private stopOperation(
    intparm: number,
    stop: (linux: LinuxSystem, self: Executor, sch: Subchannel) => Steps<Errno>,
  ): Errno {
    const { sch, linux, state } = this;
    if (sch.schib.pmcw.enabled === 0) return E.INVAL;
    if (state === DEV_STATE.NOT_OPER) return E.NODEV;
    if (state !== DEV_STATE.ONLINE && state !== DEV_STATE.W4SENSE) return E.INVAL;
    const inCallback = this.inCallback > 0;
    const device = this;
    const rc = linux.interruptions.begin(function* (self) {
      if (inCallback) sch.lock.holds++;
      else yield* sch.lock.acquire(self);
      const result = yield* stop(linux, self, sch);
      if (result === E.OK) device.intparm = intparm;
      sch.lock.release(linux.sim);
      return result;
    });
    return rc === WAIT ? E.OK : rc;
  }
}

/** The checks found nothing: the condition code decides. No error number is positive. */
const ASK_THE_SUBCHANNEL: Errno = 1;
