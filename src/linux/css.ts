import type { Process, Steps } from '../kernel/process.ts';
import { WaitQueue } from '../kernel/process.ts';
import { NS_PER_S, type SimTime } from '../kernel/time.ts';
import { copySchib } from '../zarch/block-copy.ts';
import { ChscBlock } from '../zarch/chsc.ts';
import { type Crw, ERC } from '../zarch/crw.ts';
import { NONE, type SubchannelId, ssidOf, subchannelId, subchannelNumberOf } from '../zarch/ids.ts';
import { pathBit } from '../zarch/path-mask.ts';
import { Schib } from '../zarch/schib.ts';
import { storeSubchannelDescription } from './chsc.ts';
import { E, type Errno } from './errno.ts';
import { IO_SUBCHANNEL_DRIVER } from './io-subchannel.ts';
import type { Executor } from './ioasm.ts';
import type { LinuxSystem } from './linux-system.ts';
import { isValidSchib, type PathLink, SCH_TODO, SUBCHANNEL_TYPE_IO, Subchannel } from './subchannel.ts';
import type { ChpEvent, SubchannelDriver } from './subchannel-driver.ts';
import { SubchannelSet } from './subchannel-set.ts';
import { Work } from './work-queue.ts';

const REPROBE_DELAY: SimTime = NS_PER_S;

/**
 * The subchannels that are known, and the slow path on which others are found (css.c). Everything that wants a subchannel
 * looked at adds it to one set; one work item of the `cio` queue goes through the set.
 */
export class SubchannelBus {
  /** Registered subchannels in the order of their registration; holes where one was unregistered. */
  readonly known: (Subchannel | null)[] = [];
  /** Subchannel sets that are enabled. */
  sets = 1;
  /** Names another driver than that of I/O subchannels for one that is found (`driver_override`). */
  driverOverride: (sch: Subchannel) => SubchannelDriver | null = () => null;
  private readonly linux: LinuxSystem;
  /** Registered subchannels by number within each subchannel set. */
  private readonly bySsid: (Subchannel | undefined)[][] = [[], [], [], []];
  private slow: SubchannelSet;
  /** What a reprobe looks at: ids that are not registered and, in newer kernels, subchannels without a usable path. */
  private reprobable: SubchannelSet;
  private readonly slowPath: Work;
  private readonly evaluated: WaitQueue;
  private readonly chscBlock = new ChscBlock();

  constructor(linux: LinuxSystem) {
    this.linux = linux;
    this.slow = new SubchannelSet(this.sets);
    this.reprobable = new SubchannelSet(this.sets);
    this.slowPath = new Work((self) => this.runSlowPath(self));
    this.evaluated = new WaitQueue(linux.sim);
  }

  /** Called once at boot, when the machine has said how many subchannel sets it has. */
  enableSets(sets: number): void {
    this.sets = sets;
    this.slow = new SubchannelSet(sets);
    this.reprobable = new SubchannelSet(sets);
    this.reprobable.fill();
  }

  /** The masks of a registered subchannel have changed: whether it has a usable path decides what a reprobe looks at. */
  masksChanged(sch: Subchannel): void {
    if (!sch.registered) return;
    if (this.linux.features.reprobePathless && isPathless(sch)) this.reprobable.add(sch.schid);
    else this.reprobable.delete(sch.schid);
  }

  lookup(schid: SubchannelId): Subchannel | undefined {
    return this.bySsid[ssidOf(schid)][subchannelNumberOf(schid)];
  }

  /** css_schedule_eval. */
  scheduleEvaluation(schid: SubchannelId): void {
    if (ssidOf(schid) >= this.sets) return;
    this.slow.add(schid);
    this.linux.cioQueue.queueDelayed(this.slowPath, 0);
  }

  /** css_schedule_eval_all. */
  scheduleEvaluationOfAll(): void {
    this.slow.fill();
    this.linux.cioQueue.queueDelayed(this.slowPath, 0);
  }

  /** css_schedule_reprobe: a second from now, all that cannot be used, or is not known, is looked at again. */
  scheduleReprobe(): void {
    this.slow.addAll(this.reprobable);
    this.linux.cioQueue.queueDelayed(this.slowPath, REPROBE_DELAY);
  }

  /** Waits until the slow path has gone through all that it was given. */
  *waitUntilEvaluated(self: Process): Steps {
    yield* this.evaluated.until(self, () => this.slow.size === 0 && !this.slowPath.pending);
  }

  /** css_process_crw. A subchannel report only says "look": what happened is found out by STSCH. */
  *processCrw(self: Process, crw0: Crw | null, crw1: Crw | null, overflow: boolean): Steps {
    if (overflow || crw0 === null) return this.scheduleEvaluationOfAll();
    const ssid = crw1 === null ? 0 : (crw1.rsid >> 4) & 3;
    const schid = subchannelId(0, ssid, crw0.rsid);
    if (crw0.erc === ERC.PARAMETERS_MODIFIED) {
      const sch = this.lookup(schid);
      if (sch !== undefined) yield* this.updateDescription(self, sch);
    }
    yield* this.evaluate(self, schid);
  }

  /** css_evaluate_subchannel outside the slow path: what cannot be done here is left to it. */
  private *evaluate(self: Process, schid: SubchannelId): Steps {
    const sch = this.lookup(schid);
    const rc = sch === undefined ? E.AGAIN : yield* this.evaluateKnown(self, sch, false);
    if (rc === E.AGAIN) this.scheduleEvaluation(schid);
  }

  private *evaluateKnown(self: Process, sch: Subchannel, slow: boolean): Steps<Errno> {
    if (sch.driver === null) return E.OK;
    return yield* sch.driver.subchannelEvent(this.linux, self, sch, slow);
  }

  private *evaluateNew(self: Process, schid: SubchannelId): Steps<Errno> {
    const { linux } = this;
    const schib = linux.takeSchib();
    const cc = yield* linux.io.stsch(self, schid, schib);
    const found = cc === 0 && isValidSchib(schib) ? new Schib() : null;
    if (found !== null) copySchib(schib, found);
    linux.giveBackSchib(schib);
    if (cc !== 0) return E.NXIO;
    if (found !== null) yield* this.register(self, new Subchannel(schid, found, (sch) => this.todoWork(sch)));
    return E.OK;
  }

  /** css_register_subchannel. Other types than I/O subchannels are known, but nobody drives them. */
  private *register(self: Process, sch: Subchannel): Steps {
    yield* this.updateDescription(self, sch);
    this.bySsid[ssidOf(sch.schid)][subchannelNumberOf(sch.schid)] = sch;
    sch.registered = true;
    this.known.push(sch);
    if (sch.type === SUBCHANNEL_TYPE_IO) {
      yield* this.bind(self, sch, this.driverOverride(sch) ?? IO_SUBCHANNEL_DRIVER);
    }
    this.masksChanged(sch);
  }

  /**
   * The `bind` attribute of a driver in sysfs (drivers/base/bus.c:bind_store): −ENODEV where it does not match, which both
   * drivers do for I/O subchannels only; −EBUSY while another one drives the subchannel; else what the driver's probe says.
   */
  *bind(self: Process, sch: Subchannel, driver: SubchannelDriver): Steps<Errno> {
    const { bindErrorsKept } = this.linux.features;
    if (sch.type !== SUBCHANNEL_TYPE_IO) return E.NODEV;
    if (sch.driver !== null) return bindErrorsKept ? E.BUSY : E.NODEV;
    sch.driver = driver;
    const rc = yield* driver.probe(this.linux, self, sch);
    if (rc === E.OK) return rc;
    sch.driver = null;
    return bindErrorsKept ? rc : E.NODEV;
  }

  /** The `unbind` attribute (unbind_store): afterwards nobody drives the subchannel. */
  *unbind(self: Process, sch: Subchannel): Steps<Errno> {
    if (sch.driver === null) return E.NODEV;
    yield* sch.driver.remove(this.linux, self, sch);
    sch.driver = null;
    return E.OK;
  }

  /** css_sch_device_unregister. */
  *unregister(self: Process, sch: Subchannel): Steps {
    if (!sch.registered) return;
    sch.registered = false;
    this.reprobable.add(sch.schid);
    this.known[this.known.indexOf(sch)] = null;
    this.bySsid[ssidOf(sch.schid)][subchannelNumberOf(sch.schid)] = undefined;
    yield* this.unbind(self, sch);
  }

  scheduleUnregister(sch: Subchannel): void {
    if (sch.todo >= SCH_TODO.UNREG) return;
    sch.todo = SCH_TODO.UNREG;
    this.linux.cioQueue.queue(sch.todoWork);
  }

  /** css_update_ssd_info: which channel paths and links lead to the device. */
  *updateDescription(self: Executor, sch: Subchannel): Steps {
    const description = yield* storeSubchannelDescription(this.linux, self, this.chscBlock, sch.schid);
    const { pmcw } = sch.schib;
    sch.ssdPathMask = description?.pathMask ?? pmcw.pim;
    sch.ssdLinkMask = description?.flaValidMask ?? 0;
    sch.ssdChpids.set(description?.chpids ?? pmcw.chpids);
    if (description !== null) sch.ssdLinkAddresses.set(description.fullLinkAddresses);
    for (let index = 0; index < 8; index++) {
      if ((sch.ssdPathMask & pathBit(index)) !== 0)
        yield* this.linux.chps.register(self, sch.ssdChpids[index]);
    }
  }

  /** Gives a channel-path event to all registered subchannels in turn; `failed` gets those that could not take it. */
  *deliver(self: Process, link: PathLink, event: ChpEvent, failed?: (sch: Subchannel) => void): Steps {
    for (let at = 0; at < this.known.length; at++) {
      const sch = this.known[at];
      if (sch === null || sch.driver === null) continue;
      const rc = yield* sch.driver.channelPathEvent(this.linux, self, sch, link, event);
      if (rc !== E.OK) failed?.(sch);
      yield* self.settle();
    }
  }

  /** css_slow_path_func: known subchannels in bus order, then unknown ones in ascending order. */
  private *runSlowPath(self: Process): Steps {
    const { slow, known } = this;
    for (let at = 0; at < known.length && slow.size > 0; at++) {
      const sch = known[at];
      if (sch === null || !slow.delete(sch.schid)) continue;
      if ((yield* this.evaluateKnown(self, sch, true)) === E.AGAIN) this.scheduleEvaluation(sch.schid);
      yield* self.settle();
    }
    for (let ssid = 0; ssid < this.sets; ssid++) yield* this.lookForNew(self, ssid);
    if (slow.size === 0) this.evaluated.wake();
    this.compact();
  }

  /** Numbers are dense: the first one that does not exist ends its subchannel set. */
  private *lookForNew(self: Process, ssid: number): Steps {
    const { slow } = this;
    const first = subchannelId(0, ssid, 0);
    for (let schid = slow.next(ssid, first); schid !== NONE; schid = slow.next(ssid, schid + 1)) {
      // Registered in this very run, and already wanted again: its turn is the next run.
      if (this.lookup(schid) !== undefined) continue;
      slow.delete(schid);
      const rc = yield* this.evaluateNew(self, schid);
      yield* self.settle();
      if (rc === E.NXIO) return slow.deleteFrom(schid);
    }
  }

  private todoWork(sch: Subchannel): Work {
    return new Work((self) => this.performTodo(self, sch));
  }

  /** css_sch_todo. */
  private *performTodo(self: Process, sch: Subchannel): Steps {
    const { todo } = sch;
    sch.todo = SCH_TODO.NOTHING;
    if (todo === SCH_TODO.UNREG) yield* this.unregister(self, sch);
  }

  private compact(): void {
    if (!this.known.includes(null)) return;
    const left = this.known.filter((sch) => sch !== null);
    this.known.length = 0;
    this.known.push(...left);
  }
}

/** No path of those that are allowed, available and operational (css.c:__unset_online and its like). */
const isPathless = (sch: Subchannel): boolean =>
  sch.type === SUBCHANNEL_TYPE_IO && (sch.opm & sch.schib.pmcw.pam & sch.schib.pmcw.pom) === 0;
