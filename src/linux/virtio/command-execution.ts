import { type Process, type Steps, WaitQueue } from '../../kernel/process.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import { NS_PER_US, type SimTime } from '../../kernel/time.ts';
import type { Ccw, ChannelProgram } from '../../zarch/ccw.ts';
import { COMMAND_SET } from '../../zarch/commands.ts';
import type { Irb } from '../../zarch/irb.ts';
import { DSTAT } from '../../zarch/scsw.ts';
import type { CcwDevice } from '../ccw-driver.ts';
import { E, type Errno } from '../errno.ts';

/** One round of the loop in which a start that finds the device busy is tried again. */
const BUSY_ROUND: SimTime = NS_PER_US;
const COMMAND_REJECT = 0x80;

/**
 * One virtio device's channel programs, each of a single command (virtio_ccw.c:ccw_io_helper): a thread starts one and
 * waits for its interruption; other threads wait for their turn.
 */
export class CommandExecution {
  private readonly device: CcwDevice;
  private readonly ccw: Ccw = { command: 0, flags: 0, count: 0, data: null, versions: null };
  private readonly program: ChannelProgram = {
    ccws: [this.ccw],
    length: 1,
    commandSet: COMMAND_SET.VIRTIO,
  };
  /** Command whose interruption is awaited, as the intparm of its start; 0: none. */
  private awaited = 0;
  private error: Errno = E.OK;
  private locked = false;
  private readonly changed: WaitQueue;

  constructor(sim: Simulation, device: CcwDevice) {
    this.device = device;
    this.changed = new WaitQueue(sim);
  }

  /** Executes a command on `data`, whole; 0, −EOPNOTSUPP when the device rejected it, −EIO, or why it was not started. */
  *execute(self: Process, command: number, data: Uint8Array | null, flags = 0): Steps<Errno> {
    yield* this.changed.until(self, () => !this.locked);
    this.locked = true;
    const rc = yield* this.startAndWait(self, command, data, flags);
    this.locked = false;
    this.changed.wake();
    return rc;
  }

  /** The interruption handler's part (virtio_ccw_int_handler). */
  ended(intparm: number, irb: Irb, error: Errno): void {
    const rc = error !== E.OK ? error : errorOf(irb);
    if (rc !== E.OK) this.error = rc;
    if (intparm === 0 || intparm !== this.awaited) return;
    this.awaited = 0;
    this.changed.wake();
  }

  private *startAndWait(
    self: Process,
    command: number,
    data: Uint8Array | null,
    flags: number,
  ): Steps<Errno> {
    const { ccw, device } = this;
    ccw.command = command;
    ccw.flags = flags;
    ccw.data = data;
    ccw.count = data?.length ?? 0;
    this.error = E.OK;
    let rc = device.start(this.program, command, 0, 0, 0);
    while (rc === E.BUSY) {
      yield* self.work(BUSY_ROUND);
      rc = device.start(this.program, command, 0, 0, 0);
    }
    if (rc !== E.OK) return rc;
    this.awaited = command;
    // An interruption that is pending already comes before the thread gets as far as to sleep.
    yield* self.work(0);
    yield* this.changed.until(self, () => this.awaited === 0 || this.error !== E.OK);
    return this.error;
  }
}

/** What the status of an ended command means (virtio_ccw.c:irb_is_error). */
function errorOf(irb: Irb): Errno {
  const { cc, dstat, cstat } = irb.scsw;
  const unusual = dstat & ~(DSTAT.CHANNEL_END | DSTAT.DEVICE_END);
  if (cc === 0 && cstat === 0 && unusual === 0) return E.OK;
  const rejected = (dstat & DSTAT.UNIT_CHECK) !== 0 && (irb.sense[0] & COMMAND_REJECT) !== 0;
  return rejected ? E.OPNOTSUPP : E.IO;
}
