import { WaitQueue } from '../../kernel/process.ts';
import type { Stream } from '../../kernel/random.ts';
import type { TimerId } from '../../kernel/simulation.ts';
import type { SimTime } from '../../kernel/time.ts';
import { EVENT } from '../../observe/event-table.ts';
import { NONE } from '../../zarch/ids.ts';
import type { PathMask } from '../../zarch/path-mask.ts';
import type { CcwDevice } from '../ccw-driver.ts';
import type { PavGroup } from './alias-group.ts';
import type { ProgramTarget } from './block-program.ts';
import type { BlockQueue } from './block-queue.ts';
import { type ConfigurationRecord, type DeviceUid, isAliasType } from './configuration-record.ts';
import type { DasdShared } from './dasd-shared.ts';
import { type Message, REQUEST_RETRIES, STATE } from './definitions.ts';
import { DasdPaths } from './paths.ts';
import type { DasdRequest, RequestSink } from './request.ts';
import type { Worker } from './worker.ts';

/** What set-online found out about the volume and its control unit. */
export class VolumeProperties implements ProgramTarget {
  tracksPerCylinder = 15;
  cylinders = 0;
  usesCdl = false;
  regularFormat = false;
  logicalSubsystem = 0;
  unitAddress = 0;
  blocksPerTrack = 0;
  blocks = 0;
  usePrefix = false;
  readTracks = false;
  writeTracks = false;
  /** The control unit has said that it knows transport mode; bytes that a program in it may move now. */
  transportFeature = false;
  transportBytes = 0;
  transportTracks = false;
}

/**
 * One DASD as its driver sees it (`struct dasd_device` with its `struct dasd_block`). This file holds the state and
 * the queue of requests at the device; starting, interruptions, error recovery and the block layer act on it.
 */
export class DasdDevice {
  readonly shared: DasdShared;
  /** Position in the driver's list of devices, target of its events. */
  readonly index: number;
  readonly cdev: CcwDevice;
  readonly paths = new DasdPaths();
  readonly volume = new VolumeProperties();
  state: number = STATE.NEW;
  stopped = 0;
  /** Going out of use: requests are refused. */
  offline = false;
  isReserved = false;
  /** `last_known_reservation_state` in sysfs. */
  reservationState: 'none' | 'reserved' | 'lost' = 'none';
  lockStolen = false;

  /** Identity, and the configuration data of the path that it was taken from. */
  uid: DeviceUid | null = null;
  configuration: ConfigurationRecord | null = null;
  /** Configuration data of each path, where the kernel keeps them. */
  readonly pathRecords: (Uint8Array | null)[] = new Array(8).fill(null);
  /** The logical control unit that the device is in, once it is ready for use. */
  logicalControlUnit: { readonly members: readonly DasdDevice[] } | null = null;
  defaultExpiresNs: SimTime = 0;
  defaultRetries = REQUEST_RETRIES;

  /** Requests at the device; the first is the one that may be started. */
  queue: DasdRequest | null = null;
  /** Block requests that were built to be started here and have not ended. */
  built = 0;
  /** Whose aliases serve this base, or which bases this alias serves; null where there are none. */
  pavGroup: PavGroup | null = null;
  /** The block layer's queue; null until the device has a volume in use. */
  block: BlockQueue | null = null;
  /** Expiry of the running request, and delayed starts. */
  readonly timer: TimerId;
  /** Delayed starts of the block layer. */
  readonly blockTimer: TimerId;
  bottomHalfPending = false;
  /** Who waits for a request's end or a stop bit's fall. */
  readonly changed: WaitQueue;
  /** Sink of requests that a process waits for. */
  readonly sleepers: RequestSink = { requestEnded: () => this.changed.wake() };
  /** Path verification, validation of the storage server, asking anew what an alias is: started when first needed. */
  verification: Worker | null = null;
  validation: Worker | null = null;
  /** Asks the control unit what it wants; and the paths on which it has asked for attention. */
  attentionWork: Worker | null = null;
  readonly attentions: PathMask[] = [];
  reload: Worker | null = null;
  /** Takes all requests back from the devices that they were started on, to have them built anew. */
  requeue: Worker | null = null;
  /** Paths handed to the verification worker. */
  verifyMask: PathMask = 0;
  /** The security of the paths' links has changed: the worker reads it anew. */
  securityChanged = false;
  /** Draws of retries and control requests, so that they move no application's stream. */
  ownDraws: Stream | null = null;

  constructor(shared: DasdShared, index: number, cdev: CcwDevice) {
    this.shared = shared;
    this.index = index;
    this.cdev = cdev;
    const { sim, priority, events } = shared;
    this.timer = sim.defineTimer(priority, events.deviceTimer, index);
    this.blockTimer = sim.defineTimer(priority, events.blockTimer, index);
    this.changed = new WaitQueue(sim);
  }

  /** A way to the volumes of others, without one of its own. */
  get isAlias(): boolean {
    return this.uid !== null && isAliasType(this.uid.type);
  }

  setStopped(bits: number): void {
    if ((this.stopped & bits) === bits) return;
    this.stopped |= bits;
    this.emitStopped();
  }

  /** Takes stop bits away and wakes who waited for that. */
  clearStopped(bits: number): void {
    if ((this.stopped & bits) === 0) return;
    this.stopped &= ~bits;
    this.emitStopped();
    if (this.stopped !== 0) return;
    this.changed.wake();
    this.scheduleBottomHalf();
  }

  /** Runs the device's deferred work (the tasklet `dasd_device_tasklet`) after the current event. */
  scheduleBottomHalf(): void {
    if (this.bottomHalfPending) return;
    this.bottomHalfPending = true;
    const { sim, priority, events } = this.shared;
    sim.after(0, priority, events.bottomHalf, this.index, 0);
  }

  appendRequest(request: DasdRequest): void {
    request.next = null;
    if (this.queue === null) {
      this.queue = request;
      return;
    }
    let last = this.queue;
    while (last.next !== null) last = last.next;
    last.next = request;
  }

  prependRequest(request: DasdRequest): void {
    request.next = this.queue;
    this.queue = request;
  }

  /** Puts a request behind the first one, which is being ended for its sake. */
  insertSecond(request: DasdRequest): void {
    if (this.queue === null) {
      this.appendRequest(request);
      return;
    }
    request.next = this.queue.next;
    this.queue.next = request;
  }

  removeRequest(request: DasdRequest): void {
    if (this.queue === request) {
      this.queue = request.next;
    } else {
      let before = this.queue;
      while (before !== null && before.next !== request) before = before.next;
      if (before !== null) before.next = request.next;
    }
    request.next = null;
  }

  /** The queued request with this interruption parameter. */
  requestOf(handle: number): DasdRequest | null {
    let request = this.queue;
    while (request !== null && request.handle !== handle) request = request.next;
    return request;
  }

  message(message: Message, lpm: PathMask = 0): void {
    this.emit(EVENT['dasd.message'], lpm, message, 0, 0);
  }

  /** Tells what the path masks are; called after each change. */
  pathsChanged(): void {
    const { paths } = this;
    this.emit(EVENT['dasd.paths'], 0, paths.opm, paths.tbvpm, paths.notoperpm);
  }

  /** One uniform draw for a control request or a retry. */
  ownDraw(): number {
    this.ownDraws ??= this.shared.streams.stream(
      `linux/${this.shared.system}/dasd/${this.cdev.subchannel.toString(16)}/own`,
    );
    return this.ownDraws.uniform();
  }

  emit(event: number, lpm: PathMask, a: number, b: number, c: number): void {
    const { observer, system } = this.shared;
    observer.emit(event, system, this.cdev.subchannel, NONE, lpm, NONE, a, b, c);
  }

  private emitStopped(): void {
    this.emit(EVENT['dasd.stopped'], 0, this.stopped, 0, 0);
  }
}
