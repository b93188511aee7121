import type { Steps } from '../kernel/process.ts';
import { NS_PER_S, type SimTime } from '../kernel/time.ts';
import { EVENT } from '../observe/event-table.ts';
import { clearIrb } from '../zarch/block-copy.ts';
import type { ChannelProgram } from '../zarch/ccw.ts';
import { NONE } from '../zarch/ids.ts';
import type { Irb } from '../zarch/irb.ts';
import type { PathMask } from '../zarch/path-mask.ts';
import { DSTAT, FCTL, STCTL } from '../zarch/scsw.ts';
import { clearSubchannel, startProgram, updateSchib } from './cio.ts';
import type { CioDevice } from './device.ts';
import { accumulateAndSense } from './device-sense.ts';
import { E, type Errno } from './errno.ts';
import type { Executor } from './ioasm.ts';

/** How an interruption is understood (io_sch.h:enum io_status). */
export type IoStatus = 'done' | 'running' | 'rejected' | 'path-error' | 'status-error' | 'killed';

const REQUEST_TIMEOUT: SimTime = 10 * NS_PER_S;
const REQUEST_RETRIES = 256;
const SENSE_COMMAND_REJECT = 0x80;

/** Both tries of each path: the low byte is the second round. */
const TWO_ROUNDS = 0x8080;

export interface RequestOptions {
  readonly program: ChannelProgram;
  /** Paths to be tried. */
  readonly lpm: PathMask;
  /** One path after the other, each twice to outlast a flapping link; otherwise the channel subsystem chooses. */
  readonly singlePath: boolean;
  /** May reinterpret a status; null: as it is. */
  readonly filter?: (irb: Irb, status: IoStatus) => IoStatus;
  /** Looks at the result of a program that ended well: 0, −EAGAIN once more, −EACCES next path, else give up. */
  readonly check?: (irb: Irb) => Errno;
  readonly callback: (self: Executor, rc: Errno) => Steps;
}

/** One channel program of the common I/O layer's own, tried until paths and tries are used up (ccwreq.c). */
export class CcwRequest {
  done = false;
  private readonly device: CioDevice;
  private readonly options: RequestOptions;
  /** Current path, or all of them; 16 bits because each path has two turns. */
  private mask = 0;
  private retries = 0;
  private cancelled = false;
  /** Return code that replaces any other error at the end. */
  private finalError: Errno = E.OK;

  constructor(device: CioDevice, options: RequestOptions) {
    this.device = device;
    this.options = options;
  }

  /** ccw_request_start. */
  *start(self: Executor): Steps {
    const { singlePath, lpm } = this.options;
    this.retries = REQUEST_RETRIES;
    this.mask = adjustLpm(singlePath ? TWO_ROUNDS : lpm, lpm);
    if (this.mask === 0) yield* this.stop(self, E.ACCES);
    else yield* this.perform(self);
  }

  /** ccw_request_handler: an interruption came while the request was running. */
  *interrupt(self: Executor, irb: Irb): Steps {
    let status = yield* this.classify(self, irb);
    if (this.options.filter !== undefined) status = this.options.filter(irb, status);
    if (status === 'running') return;
    this.device.stopTimer();
    switch (status) {
      case 'done':
        return yield* this.finish(self);
      case 'rejected':
        return yield* this.stop(self, E.OPNOTSUPP);
      case 'path-error':
        return yield* this.nextPathOrStop(self);
      case 'status-error':
        return yield* this.perform(self);
      case 'killed':
        return this.cancelled ? yield* this.stop(self, E.IO) : yield* this.perform(self);
    }
  }

  /** ccw_request_timeout: no interruption came in time. The clear interruption goes on with the next path. */
  *timeout(self: Executor): Steps {
    const { device } = this;
    const { linux, sch } = device;
    linux.emit(EVENT.timeout, sch.schid, NONE, 0, 0, 0);
    if ((yield* updateSchib(linux, self, sch)) !== E.OK) return yield* this.stop(self, E.NODEV);
    if (!this.nextPath()) this.finalError = E.TIME;
    // No timer runs for the clear function: a lost interruption would leave the request where it is.
    const rc = yield* clearSubchannel(linux, self, sch);
    if (rc !== E.OK) yield* this.stop(self, rc);
  }

  /** ccw_request_notoper. */
  *notOperational(self: Executor): Steps {
    yield* this.stop(self, E.NODEV);
  }

  /** ccw_request_cancel: true when it had ended before. */
  *cancel(self: Executor): Steps<boolean> {
    if (this.done) return true;
    this.cancelled = true;
    const rc = yield* clearSubchannel(this.device.linux, self, this.device.sch);
    if (rc !== E.OK) yield* this.stop(self, rc);
    return false;
  }

  private *perform(self: Executor): Steps {
    const { device } = this;
    let rc: Errno = E.ACCES;
    while (this.mask !== 0) {
      if (this.retries-- === 0) {
        this.nextPath();
        continue;
      }
      clearIrb(device.irb);
      rc = yield* startProgram(device.linux, self, device.sch, this.options.program, this.mask & 0xff);
      if (rc === E.OK) return device.startTimer(REQUEST_TIMEOUT);
      if (rc === E.NODEV) break;
      if (rc === E.ACCES) {
        this.nextPath();
        continue;
      }
      rc = yield* clearSubchannel(device.linux, self, device.sch);
      if (rc !== E.OK) break;
      return;
    }
    yield* this.stop(self, rc);
  }

  private *finish(self: Executor): Steps {
    const rc = this.options.check === undefined ? E.OK : this.options.check(this.device.irb);
    switch (rc) {
      case E.OK:
        return yield* this.stop(self, E.OK);
      case E.AGAIN:
        return yield* this.perform(self);
      case E.ACCES:
        return yield* this.nextPathOrStop(self);
      default:
        return yield* this.stop(self, E.OPNOTSUPP);
    }
  }

  private *nextPathOrStop(self: Executor): Steps {
    if (this.nextPath()) yield* this.perform(self);
    else yield* this.stop(self, E.ACCES);
  }

  private nextPath(): boolean {
    this.retries = REQUEST_RETRIES;
    this.mask = this.options.singlePath ? adjustLpm(this.mask >> 1, this.options.lpm) : 0;
    return this.mask !== 0;
  }

  private *stop(self: Executor, rc: Errno): Steps {
    if (this.done) return;
    this.done = true;
    const { device } = this;
    device.stopTimer();
    clearIrb(device.irb);
    const replaced = rc !== E.OK && rc !== E.NODEV && this.finalError !== E.OK;
    yield* this.options.callback(self, replaced ? this.finalError : rc);
  }

  private *classify(self: Executor, irb: Irb): Steps<IoStatus> {
    if ((yield* accumulateAndSense(self, this.device, irb)) !== E.OK) return 'running';
    return classifyStatus(this.device.irb);
  }
}

/** What an accumulated status means for a request (ccwreq.c:ccwreq_status). The first match counts. */
function classifyStatus(irb: Irb): IoStatus {
  const { scsw } = irb;
  if ((scsw.fctl & (FCTL.HALT | FCTL.CLEAR)) !== 0) return 'killed';
  if (scsw.cc === 3 || scsw.pathNotOperational === 1) return 'path-error';
  // Drivers with a say in this, such as the DASD driver, ask for a retry: what an unknown sense gets anyway.
  if (irb.concurrentSense === 1)
    return (irb.sense[0] & SENSE_COMMAND_REJECT) !== 0 ? 'rejected' : 'status-error';
  if (scsw.cstat !== 0) return 'status-error';
  if ((scsw.dstat & ~(DSTAT.CHANNEL_END | DSTAT.DEVICE_END)) !== 0) return 'status-error';
  if ((scsw.dstat & DSTAT.DEVICE_END) === 0) return 'running';
  if (scsw.cc === 1 && (scsw.stctl & STCTL.ALERT) !== 0) return 'status-error';
  return 'done';
}

/** Shifts `lpm` right until it has a path in common with `mask`, or is zero (ccwreq.c:lpm_adjust). */
export function adjustLpm(lpm: number, mask: PathMask): number {
  let adjusted = lpm;
  while (adjusted !== 0 && (adjusted & mask) === 0) adjusted >>= 1;
  return adjusted;
}
