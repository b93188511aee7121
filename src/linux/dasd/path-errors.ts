import type { Process, Steps } from '../../kernel/process.ts';
import { NS_PER_MS } from '../../kernel/time.ts';
import { EVENT } from '../../observe/event-table.ts';
import { NONE } from '../../zarch/ids.ts';
import { firstPath, NO_PATHS, type PathIndex, type PathMask, pathBit } from '../../zarch/path-mask.ts';
import { E } from '../errno.ts';
import { ErrorHistory, GIVEN_UP, type PathErrorPolicy, TAKEN_BACK } from '../path-recovery.ts';
import { testPath } from './control-requests.ts';
import type { DasdDevice } from './dasd-device.ts';
import type { DasdShared } from './dasd-shared.ts';
import { MESSAGE } from './definitions.ts';
import { accountPathError } from './paths.ts';
import { Worker } from './worker.ts';

const VERDICT_MESSAGE = {
  keep: MESSAGE.DESPITE_IFCC,
  'keep-last': MESSAGE.LAST_DESPITE_IFCC,
  disable: MESSAGE.PATH_DISABLED,
} as const;

interface Suspect {
  readonly device: DasdDevice;
  readonly path: PathIndex;
}

/**
 * Control checks of the devices of one driver, and the paths that are given up for them. In Linux each device counts for
 * itself. A policy may count for a whole control unit, and has a path tested by READ CONFIGURATION DATA after an error:
 * one path of one device after the other, as z/OS does path recovery.
 */
export class PathErrors {
  private readonly shared: DasdShared;
  private readonly devices: readonly DasdDevice[];
  private readonly policy: PathErrorPolicy | null;
  private readonly histories = new Map<string, ErrorHistory>();
  private readonly suspects: Suspect[] = [];
  private readonly tester: Worker;

  constructor(shared: DasdShared, devices: readonly DasdDevice[], policy: PathErrorPolicy | null) {
    this.shared = shared;
    this.devices = devices;
    this.policy = policy;
    this.tester = new Worker(`dasd ${shared.system} path test`, shared, (self) => this.test(self));
  }

  /** A request of the device ended with a control check that named these paths. */
  seen(device: DasdDevice, lpum: PathMask): void {
    // A check that names no path is nobody's; the kernel would write behind its table of paths.
    if (lpum === NO_PATHS) return;
    const path = firstPath(lpum);
    const { now } = this.shared.sim;
    const history = this.historyOf(device, path);
    history.note(now);
    if (this.policy === null) this.countAsLinux(device, path, history);
    else if (this.policy.account(history, now)) this.giveUp(device, path, GIVEN_UP.ERRORS);
    else this.suspect(device, path);
  }

  /** Paths that were given up have been verified, and are used again. */
  takenBack(device: DasdDevice, paths: PathMask): void {
    const { observer, system } = this.shared;
    for (let left = paths; left !== NO_PATHS; left &= ~pathBit(firstPath(left))) {
      const path = firstPath(left);
      const { cdev } = device;
      observer.emit(
        EVENT['path.taken-back'],
        system,
        cdev.subchannel,
        cdev.chpid(path),
        pathBit(path),
        NONE,
        TAKEN_BACK.VERIFIED,
        0,
        0,
      );
    }
  }

  private countAsLinux(device: DasdDevice, path: PathIndex, history: ErrorHistory): void {
    const verdict = accountPathError(device.paths, path, this.shared.sim.now, this.shared.tunables);
    if (verdict === 'count') return;
    device.message(VERDICT_MESSAGE[verdict], pathBit(path));
    if (verdict !== 'disable') return;
    device.pathsChanged();
    this.tell(device, path, GIVEN_UP.ERRORS, history);
    history.reset();
  }

  private suspect(device: DasdDevice, path: PathIndex): void {
    if (this.suspects.some((other) => other.device === device && other.path === path)) return;
    this.suspects.push({ device, path });
    this.tester.queue();
  }

  private *test(self: Process): Steps {
    for (let suspect = this.suspects.shift(); suspect !== undefined; suspect = this.suspects.shift()) {
      const { device, path } = suspect;
      if ((device.paths.opm & pathBit(path)) === 0) continue;
      const rc = yield* testPath(self, device, pathBit(path));
      if (rc === E.IO || rc === E.ACCES || rc === E.TIMEDOUT) this.giveUp(device, path, GIVEN_UP.TEST);
    }
  }

  /** For the device, or for all devices of its control unit; none loses its last path. */
  private giveUp(device: DasdDevice, path: PathIndex, reason: number): void {
    const history = this.historyOf(device, path);
    for (const other of this.concerned(device)) {
      const index = pathTo(other, device.cdev.chpid(path));
      if (index < 0) continue;
      if ((other.paths.opm & ~pathBit(index)) === 0) {
        other.message(MESSAGE.LAST_DESPITE_IFCC, pathBit(index));
        continue;
      }
      other.paths.disable(index);
      other.message(MESSAGE.PATH_DISABLED, pathBit(index));
      other.pathsChanged();
      this.tell(other, index, reason, history);
    }
    history.reset();
  }

  private concerned(device: DasdDevice): readonly DasdDevice[] {
    if (this.policy?.scope !== 'control-unit') return [device];
    const unit = unitOf(device);
    return this.devices.filter((other) => other.uid !== null && unitOf(other) === unit);
  }

  private tell(device: DasdDevice, path: PathIndex, reason: number, history: ErrorHistory): void {
    const { observer, system, sim } = this.shared;
    const { cdev } = device;
    const sinceMs = Math.floor((sim.now - history.firstNs) / NS_PER_MS);
    observer.emit(
      EVENT['path.given-up'],
      system,
      cdev.subchannel,
      cdev.chpid(path),
      pathBit(path),
      NONE,
      reason,
      history.errors,
      sinceMs,
    );
  }

  private historyOf(device: DasdDevice, path: PathIndex): ErrorHistory {
    const owner = this.policy?.scope === 'control-unit' ? unitOf(device) : `${device.index}`;
    const key = `${owner}/${device.cdev.chpid(path)}`;
    let history = this.histories.get(key);
    if (history === undefined) {
      history = new ErrorHistory();
      this.histories.set(key, history);
    }
    return history;
  }
}

/** A device that has not said yet which control unit it belongs to is one by itself. */
function unitOf({ uid, index }: DasdDevice): string {
  return uid === null ? `${index}` : `${uid.vendor}.${uid.serial}.${uid.ssid}`;
}

/** The operational path of a device that a channel path is; −1: none. */
function pathTo({ cdev, paths }: DasdDevice, chpid: number): PathIndex | -1 {
  for (let left = paths.opm; left !== NO_PATHS; left &= ~pathBit(firstPath(left))) {
    if (cdev.chpid(firstPath(left)) === chpid) return firstPath(left);
  }
  return -1;
}
