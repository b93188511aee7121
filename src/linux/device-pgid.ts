import type { Steps } from '../kernel/process.ts';
import { EVENT } from '../observe/event-table.ts';
import { CCW_FLAG, type Ccw } from '../zarch/ccw.ts';
import { COMMAND } from '../zarch/commands.ts';
import { NONE } from '../zarch/ids.ts';
import { firstPath, type PathIndex, type PathMask } from '../zarch/path-mask.ts';
import { GROUP_FUNCTION, GROUP_MULTIPATH, PGID_RECORD_BYTES } from '../zarch/pgid.ts';
import { adjustLpm, CcwRequest, type RequestOptions } from './ccw-request.ts';
import { commitConfig } from './cio.ts';
import type { CioDevice } from './device.ts';
import { E, type Errno } from './errno.ts';
import type { Executor } from './ioasm.ts';
import { analysePgids, fillPgids, newPgidRecords, pgidRecord, settledPaths } from './path-group.ts';

/**
 * Path verification and path grouping (device_pgid.c). One verification of one device:
 *
 *   path group wanted:  SNID on each available path ─► analysis ─► SPID on each path not settled ─► done
 *                       an unanswered SNID or SPID leaves unknown groups: one DISBAND wipes them out, and all begins again
 *   no path group:      NOP on each available and allowed path ─► done
 */
export class Verification {
  /** SENSE PATH GROUP ID records of the eight paths; after a verification all hold the id of the group. */
  private pgids = newPgidRecords();
  private valid: PathMask = 0;
  private todo: PathMask = 0;
  /** Paths on which no interruption came; not tried again in the same verification. */
  private silent: PathMask = 0;
  /** A command without answer may have changed a group. */
  private pgidUnknown = false;
  private path = 0;
  private readonly device: CioDevice;

  constructor(device: CioDevice) {
    this.device = device;
  }

  /** ccw_device_verify_start. */
  *start(self: Executor): Steps {
    const { device } = this;
    device.pathGroup = device.options.pathGroup;
    device.multipath = device.options.multipath;
    device.doverify = false;
    this.silent = 0;
    const { pam } = device.sch.schib.pmcw;
    device.linux.emit(EVENT['verify.start'], device.sch.schid, NONE, pam, device.sch.opm, 0);
    yield* this.begin(self);
  }

  /** One round; a wipe-out or a refused path group begins another. */
  private *begin(self: Executor): Steps {
    const { device } = this;
    const { sch } = device;
    sch.vpm = 0;
    sch.lpm = sch.schib.pmcw.pam;
    this.pgids = newPgidRecords();
    this.valid = 0;
    this.todo = sch.schib.pmcw.pam;
    this.path = 0x80;
    if (device.pathGroup) yield* this.snidNext(self);
    else yield* this.nopNext(self);
  }

  private *nopNext(self: Executor): Steps {
    const { sch } = this.device;
    this.path = adjustLpm(this.path, sch.schib.pmcw.pam & sch.opm & ~this.silent);
    if (this.path === 0) return yield* this.end(self, sch.vpm !== 0 ? E.OK : E.ACCES);
    yield* this.request(self, {
      program: single(COMMAND.nop, 0, null),
      lpm: this.path,
      singlePath: true,
      // Whatever the device says, it was reached; only the channel can tell that a path is bad.
      filter: (irb, status) => (status === 'status-error' && irb.scsw.cstat === 0 ? 'done' : status),
      callback: (executor, rc) => this.nopDone(executor, rc),
    });
  }

  private *nopDone(self: Executor, rc: Errno): Steps {
    switch (rc) {
      case E.OK:
        this.device.sch.vpm |= this.path;
        break;
      case E.TIME:
        this.silent |= this.path;
        break;
      case E.ACCES:
        break;
      default:
        return yield* this.end(self, rc);
    }
    this.path >>= 1;
    yield* this.nopNext(self);
  }

  private *snidNext(self: Executor): Steps {
    // Paths that the administrator took away are asked too: they may still have to resign from the group.
    this.path = adjustLpm(this.path, this.device.sch.schib.pmcw.pam & ~this.silent);
    if (this.path === 0) {
      const none = this.silent !== 0 ? E.TIME : E.ACCES;
      return yield* this.snidEnd(self, this.valid !== 0 ? E.OK : none);
    }
    yield* this.request(self, {
      program: single(COMMAND.snid, PGID_RECORD_BYTES, pgidRecord(this.pgids, firstPath(this.path))),
      lpm: this.path,
      singlePath: true,
      callback: (executor, rc) => this.snidDone(executor, rc),
    });
  }

  private *snidDone(self: Executor, rc: Errno): Steps {
    switch (rc) {
      case E.OK:
        this.valid |= this.path;
        break;
      case E.TIME:
        this.pgidUnknown = true;
        this.silent |= this.path;
        break;
      case E.ACCES:
        break;
      default:
        return yield* this.snidEnd(self, rc);
    }
    this.path >>= 1;
    yield* this.snidNext(self);
  }

  /** All paths were asked: what is left to do (snid_done). */
  private *snidEnd(self: Executor, rc: Errno): Steps {
    const result = rc === E.OK ? this.analyse() : rc;
    if (result === E.OPNOTSUPP) return yield* this.withoutPathGroup(self);
    if (result !== E.OK) return yield* this.end(self, result);
    if (this.pgidUnknown) return yield* this.wipeOut(self);
    if (this.todo === 0) return yield* this.end(self, this.device.sch.vpm !== 0 ? E.OK : E.ACCES);
    this.path = 0x80;
    yield* this.spidNext(self);
  }

  /** −EUSERS: reserved elsewhere on every path that answered; −EOPNOTSUPP: the paths belong to different groups. */
  private analyse(): Errno {
    const { sch, pgidReset, multipath, linux } = this.device;
    const { mismatch, reserved, reset, chosen } = analysePgids(this.pgids, this.valid);
    if (reserved === this.valid) return E.USERS;
    if (mismatch) {
      this.emit(EVENT['path-group.several']);
      return E.OPNOTSUPP;
    }
    const settled = settledPaths(this.pgids, this.valid, sch.opm, multipath);
    sch.vpm = settled & sch.opm;
    this.device.pgidReset = pgidReset | reset;
    this.todo &= ~(settled | this.silent);
    fillPgids(this.pgids, chosen, linux.pgid);
    return E.OK;
  }

  private *spidNext(self: Executor): Steps {
    const { sch } = this.device;
    this.path = adjustLpm(this.path, this.todo);
    if (this.path === 0) {
      if (this.pgidUnknown) return yield* this.wipeOut(self);
      return yield* this.end(self, sch.vpm !== 0 ? E.OK : E.ACCES);
    }
    const established = (this.path & sch.opm) !== 0;
    yield* this.request(self, {
      program: this.spid(
        established ? GROUP_FUNCTION.ESTABLISH : GROUP_FUNCTION.RESIGN,
        firstPath(this.path),
      ),
      lpm: this.path,
      singlePath: true,
      callback: (executor, rc) => this.spidDone(executor, rc),
    });
  }

  private *spidDone(self: Executor, rc: Errno): Steps {
    const { device } = this;
    switch (rc) {
      case E.OK:
        device.sch.vpm |= this.path & device.sch.opm;
        break;
      case E.TIME:
        this.pgidUnknown = true;
        this.silent |= this.path;
        break;
      case E.ACCES:
        break;
      case E.OPNOTSUPP:
        if (!device.multipath) return yield* this.withoutPathGroup(self);
        device.multipath = false;
        this.emit(EVENT['path-group.single-path']);
        return yield* this.begin(self);
      default:
        return yield* this.end(self, rc);
    }
    this.path >>= 1;
    yield* this.spidNext(self);
  }

  /** One DISBAND for the whole group; the channel subsystem chooses the path, and may choose a silent one. */
  private *wipeOut(self: Executor): Steps {
    const { pam } = this.device.sch.schib.pmcw;
    yield* this.request(self, {
      program: this.spid(GROUP_FUNCTION.DISBAND, lastPath(pam)),
      lpm: pam,
      singlePath: false,
      callback: (executor, rc) => this.wipedOut(executor, rc),
    });
  }

  private *wipedOut(self: Executor, rc: Errno): Steps {
    if (rc !== E.OK) return yield* this.end(self, rc);
    this.pgidUnknown = false;
    yield* this.begin(self);
  }

  private *withoutPathGroup(self: Executor): Steps {
    this.device.pathGroup = false;
    this.device.multipath = false;
    this.emit(EVENT['path-group.none']);
    yield* this.begin(self);
  }

  /** The subchannel's multipath bit follows the mode of the group; then the state machine takes over (verify_done). */
  private *end(self: Executor, rc: Errno): Steps {
    const { device } = this;
    const { sch, linux } = device;
    let result = rc;
    const mp = device.multipath ? 1 : 0;
    if (rc === E.OK && sch.config.mp !== mp) {
      sch.config.mp = mp;
      result = yield* commitConfig(linux, self, sch);
    }
    linux.emit(EVENT['verify.done'], sch.schid, NONE, result, sch.vpm, mp);
    yield* device.verified(self, result);
  }

  private emit(event: number): void {
    const { linux, sch } = this.device;
    linux.emit(event, sch.schid, NONE, 0, 0, 0);
  }

  private spid(groupFunction: number, index: PathIndex) {
    return setPathGroup(pgidRecord(this.pgids, index), groupFunction, this.device.multipath);
  }

  private *request(self: Executor, options: RequestOptions): Steps {
    this.device.request = new CcwRequest(this.device, options);
    yield* this.device.request.start(self);
  }

  /** ccw_device_disband_start: leaves the group, on the first path on which that works. */
  *disband(self: Executor): Steps {
    const { device } = this;
    const lpm = device.sch.schib.pmcw.pam & device.sch.opm;
    yield* this.request(self, {
      program: this.spid(GROUP_FUNCTION.DISBAND, lastPath(lpm)),
      lpm,
      singlePath: true,
      callback: (executor, rc) => this.disbanded(executor, rc),
    });
  }

  private *disbanded(self: Executor, rc: Errno): Steps {
    const { device } = this;
    const { sch } = device;
    let result = rc;
    if (rc === E.OK) {
      device.multipath = false;
      if (sch.config.mp !== 0) {
        sch.config.mp = 0;
        result = yield* commitConfig(device.linux, self, sch);
      }
    }
    yield* device.disbanded(self, result);
  }
}

const lastPath = (mask: PathMask): PathIndex => firstPath(mask & -mask);

const single = (
  command: number,
  count: number,
  data: Uint8Array | null,
): { ccws: Ccw[]; length: number } => ({
  ccws: [{ command, flags: CCW_FLAG.SUPPRESS_LENGTH, count, data, versions: null }],
  length: 1,
});

function setPathGroup(
  record: Uint8Array,
  groupFunction: number,
  multipath: boolean,
): { ccws: Ccw[]; length: number } {
  record[0] = groupFunction | (multipath ? GROUP_MULTIPATH : 0);
  return single(COMMAND.spid, PGID_RECORD_BYTES, record);
}
