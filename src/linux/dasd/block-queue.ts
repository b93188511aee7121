import { type BlockRequest, OUTCOME } from '../../observe/block-request.ts';
import { EVENT } from '../../observe/event-table.ts';
import { E } from '../errno.ts';
import { LEVEL } from '../levels.ts';
import { moveToBase } from './alias-request.ts';
import type { BlockProgram } from './block-program.ts';
import type { DasdDevice } from './dasd-device.ts';
import {
  BLOCK_QUEUE_SIZE,
  CHANNEL_QUEUE_SIZE,
  FLAG,
  MAX_BLOCKS,
  STATE,
  STATUS,
  STOPPED,
} from './definitions.ts';
import { finishRecovery, recover } from './erp.ts';
import type { DasdRequest, RequestSink } from './request.ts';
import { RequestRing } from './request-ring.ts';
import { terminate } from './shutdown.ts';
import { originOf, RETRY, startHead } from './start-io.ts';

/**
 * The block layer's side of a DASD (`struct dasd_block`, do_dasd_request): application requests wait in the order of
 * their arrival, up to four are built into channel programs, one runs at the hardware; as many for each alias that serves
 * the volume. Requests above 190 blocks become several programs, of which the last one's end is the request's end.
 *
 *   submit ─► waiting ─fill─► built ─► device queue ─► start … interruption ─► requestEnded ─► owner.completed
 *                               ▲──── TERMINATED, error recovery ◄──────────────────┘
 */
export class BlockQueue implements RequestSink {
  private readonly device: DasdDevice;
  private readonly waiting = new RequestRing();
  /** Blocks of the first waiting request that have been built already. */
  private builtBlocks = 0;
  /** Heads of the recovery chains of the built requests, in order. */
  private readonly built: (DasdRequest | null)[] = [null, null, null, null];
  private builtCount = 0;
  private startPending = false;

  constructor(device: DasdDevice) {
    this.device = device;
  }

  /** Application requests in the driver. */
  get length(): number {
    return this.waiting.length + this.builtCount;
  }

  submit(request: BlockRequest): void {
    const { device } = this;
    device.emit(EVENT['io.started'], 0, request.id, 0, 0);
    this.waiting.push(request);
    const busy = device.queue !== null && device.stopped === 0 && device.state === STATE.ONLINE;
    if (busy) this.fill(false);
    else this.scheduleStart();
  }

  /** The processor time of the request that found the device idle has been spent. */
  start(): void {
    this.startPending = false;
    this.fill(true);
  }

  /** Looks again at what waits: stop bits fell, or a delay is over (`dasd_block_tasklet`). */
  kick(): void {
    if (this.builtCount > 0 || this.waiting.length > 0) this.fill(false);
  }

  requestEnded(request: DasdRequest): void {
    let current = request;
    for (;;) {
      switch (current.status) {
        case STATUS.TERMINATED:
          if (current.refers === null) current.retryReason = RETRY.TERMINATED;
          current.status = current.retries < 0 ? STATUS.FAILED : STATUS.FILLED;
          moveToBase(this.device, current);
          break;
        case STATUS.NEED_ERP:
          current = this.replace(current, recover(this.device, current));
          break;
        case STATUS.FILLED:
          this.tellRequeue();
          this.fill(false);
          return;
        default:
          if (current.refers === null) {
            this.finish(current);
            this.tellRequeue();
            return;
          }
          current = this.replace(current, finishRecovery(current));
      }
    }
  }

  /** Gives back everything that has not been started, as failed (`dasd_flush_block_queue`). */
  flush(): void {
    // The end of one request may end others: look again from the first one.
    for (let index = 0; index < this.builtCount; index++) {
      const request = this.built[index]!;
      if (request.status !== STATUS.FILLED) continue;
      request.status = STATUS.FAILED;
      this.requestEnded(request);
      index = -1;
    }
    while (this.waiting.length > 0) this.failFirst();
  }

  /** Takes every request back from the device that it was given to; a running one is terminated. */
  recall(): void {
    for (const head of this.built) {
      if (head === null) break;
      const start = head.startDevice!;
      if (head.status === STATUS.IN_IO) terminate(start, head);
      else if (head.status === STATUS.QUEUED) head.status = STATUS.CLEARED;
      start.scheduleBottomHalf();
    }
  }

  /** No request is with a device. */
  get isRecalled(): boolean {
    return this.built.every((head) => head === null || head.status === STATUS.FILLED);
  }

  /**
   * Builds the requests anew that have been recalled, as the volume's properties are now, in their order; what error recovery
   * has made of them is forgotten.
   */
  rebuild(): void {
    const { device } = this;
    for (let index = 0; index < this.builtCount; index++) {
      const request = originOf(this.built[index]!);
      request.status = STATUS.FILLED;
      request.retries = request.startDevice!.defaultRetries;
      request.lpm = request.startDevice!.paths.ppm;
      request.paid = false;
      request.retryReason = RETRY.RECOVERY;
      this.buildProgram(request, device);
      this.built[index] = request;
    }
  }

  private tellRequeue(): void {
    const { changed, requeue } = this.device;
    if (requeue!.isBusy) changed.wake();
  }

  private scheduleStart(): void {
    if (this.startPending) return;
    this.startPending = true;
    const { cpus, costs, events } = this.device.shared;
    cpus.submit(costs.driverPathNs, LEVEL.THREAD, events.blockStart, this.device.index, 0);
  }

  /** Builds as many waiting requests as may be built, then hands over what is ready. `paid`: for the first one. */
  private fill(paid: boolean): void {
    const { device } = this;
    let isPaid = paid;
    while (this.waiting.length > 0 && this.hasRoom) {
      if (device.state !== STATE.ONLINE || device.offline || device.lockStolen) {
        if (this.builtBlocks > 0 && this.builtCount > 0) break;
        this.failFirst();
        continue;
      }
      if (device.stopped !== 0 && !device.shared.tunables.failfast) break;
      const start = this.startDevice();
      if (start === null) break;
      this.buildNext(start, isPaid);
      isPaid = false;
    }
    this.handOver();
  }

  private get hasRoom(): boolean {
    if (this.device.pavGroup === null) return this.device.built < CHANNEL_QUEUE_SIZE;
    return this.builtCount < BLOCK_QUEUE_SIZE;
  }

  /**
   * Where the next request is to be started (`dasd_eckd_build_alias_cp`); null when it has to wait. The parts of a large
   * request stay together at the base, in their order.
   */
  private startDevice(): DasdDevice | null {
    const { device } = this;
    const isPart = this.builtBlocks > 0 || this.waiting.first().blockCount > MAX_BLOCKS;
    const alias = isPart || !device.volume.usePrefix ? null : device.pavGroup?.startDevice(device);
    const start = alias ?? device;
    return start.built < CHANNEL_QUEUE_SIZE ? start : null;
  }

  private failFirst(): void {
    const request = this.waiting.shift();
    this.builtBlocks = 0;
    this.giveBack(request, false);
  }

  private buildNext(start: DasdDevice, paid: boolean): void {
    const { device } = this;
    const { shared } = device;
    const block = this.waiting.first();
    const offset = this.builtBlocks;
    const count = Math.min(MAX_BLOCKS, block.blockCount - offset);
    const request = shared.takeBlockRequest();
    request.block = block;
    request.firstBlock = block.firstBlock + offset;
    request.blockCount = count;
    request.paid = paid;
    request.sink = this;
    request.startDevice = start;
    request.builtFor = start;
    request.lpm = start.paths.ppm;
    request.retries = start.defaultRetries;
    request.expiresNs = start.defaultExpiresNs;
    start.built++;
    if (shared.tunables.failfast) request.flags |= FLAG.FAILFAST;
    if (block.write) {
      for (let index = 0; index < count; index++)
        block.versions[offset + index] = shared.writeVersions.next();
    }
    this.buildProgram(request, device);
    this.built[this.builtCount++] = request;
    if (offset + count < block.blockCount) {
      this.builtBlocks = offset + count;
    } else {
      this.builtBlocks = 0;
      this.waiting.shift();
    }
  }

  private buildProgram(request: DasdRequest, base: DasdDevice): void {
    const { firstBlock, blockCount, startDevice } = request;
    const { write, versions, firstBlock: first } = request.block!;
    const program = request.program as BlockProgram;
    program.build(base.volume, firstBlock, blockCount, write, versions, firstBlock - first);
    if (startDevice !== base) program.nameBase(startDevice!.uid!.type);
  }

  /** Queues what is ready at the device, in order (`__dasd_block_start_head`). */
  private handOver(): void {
    const { device } = this;
    for (let index = 0; index < this.builtCount; index++) {
      const request = this.built[index]!;
      if (request.status !== STATUS.FILLED) continue;
      if (this.mustFail(request)) {
        request.status = STATUS.FAILED;
        this.requestEnded(request);
        // The end of a request has moved the others up: look again from the first one.
        index = -1;
        continue;
      }
      if (device.stopped !== 0) continue;
      request.status = STATUS.QUEUED;
      const start = request.startDevice!;
      start.appendRequest(request);
      if (start.queue === request) startHead(start);
    }
  }

  private mustFail(request: DasdRequest): boolean {
    const { device } = this;
    if (device.offline || device.lockStolen) {
      request.intrc = device.offline ? E.NODEV : E.PERM;
      return true;
    }
    if ((device.stopped & ~STOPPED.PENDING) === 0 || !request.has(FLAG.FAILFAST)) return false;
    request.intrc = E.NOLINK;
    return true;
  }

  private replace(from: DasdRequest, to: DasdRequest): DasdRequest {
    if (from !== to) this.built[this.built.indexOf(from)] = to;
    return to;
  }

  private finish(request: DasdRequest): void {
    const { shared } = this.device;
    const block = request.block!;
    const offset = request.firstBlock - block.firstBlock;
    const isLast = offset + request.blockCount === block.blockCount;
    const isDone = request.status === STATUS.DONE;
    if (isDone && !block.write) (request.program as BlockProgram).fetchVersions(block.versions, offset);
    if (!isDone) block.outcome = OUTCOME.FAILED;
    this.forget(request);
    request.builtFor!.built--;
    shared.giveBackBlockRequest(request);
    if (isLast) this.giveBack(block, block.outcome !== OUTCOME.FAILED);
    if (this.waiting.length > 0) this.fill(false);
  }

  private forget(request: DasdRequest): void {
    let to = 0;
    for (let index = 0; index < this.builtCount; index++) {
      const kept = this.built[index];
      if (kept !== request) this.built[to++] = kept;
    }
    this.builtCount = to;
    this.built[to] = null;
  }

  private giveBack(block: BlockRequest, completed: boolean): void {
    const { device } = this;
    const { observer, system, sim } = device.shared;
    block.outcome = completed ? OUTCOME.COMPLETED : OUTCOME.FAILED;
    block.endNs = sim.now;
    if (completed) device.emit(EVENT['io.completed'], block.lpum, block.id, block.responseNs, 0);
    else device.emit(EVENT['io.failed'], block.lpum, block.id, 0, 0);
    observer.requestEnded(system, device.cdev.subchannel, block);
    block.owner.completed(block);
  }
}
