import type { SimTime } from '../../kernel/time.ts';
import { ALL_PATHS, NO_PATHS, type PathIndex, type PathMask, pathBit } from '../../zarch/path-mask.ts';

/**
 * The driver's own knowledge of a device's paths (dasd_int.h: struct dasd_path), one mask per flag. It differs from the
 * subchannel's masks: the driver learns of paths through path events and believes them after reading their
 * configuration data.
 */
export class DasdPaths {
  /** Operational. */
  opm: PathMask = NO_PATHS;
  /** To be verified. */
  tbvpm: PathMask = NO_PATHS;
  /** Preferred and non-preferred, as the control unit states it. */
  ppm: PathMask = NO_PATHS;
  nppm: PathMask = NO_PATHS;
  /** Not used: leads to another device, control-unit initiated quiesce, no transport mode, too many errors. */
  cablepm: PathMask = NO_PATHS;
  cuirpm: PathMask = NO_PATHS;
  hpfpm: PathMask = NO_PATHS;
  ifccpm: PathMask = NO_PATHS;
  readonly errorCount = new Uint32Array(8);
  readonly lastErrorNs = new Float64Array(8);

  get notoperpm(): PathMask {
    return this.hpfpm | this.ifccpm | this.cuirpm | this.cablepm;
  }

  /** Makes paths operational and forgets why they were not. */
  addOperational(mask: PathMask): void {
    this.opm |= mask;
    this.cablepm &= ~mask;
    this.cuirpm &= ~mask;
    this.hpfpm &= ~mask;
    this.ifccpm &= ~mask;
  }

  setOperational(mask: PathMask): void {
    this.opm = NO_PATHS;
    this.addOperational(mask);
  }

  /** `dasd_path_available`: the path is used again when it has been verified. */
  available(path: PathMask): void {
    this.opm &= ~path;
    this.tbvpm |= path;
  }

  /** `dasd_path_notoper`. */
  notOperational(path: PathMask): void {
    this.opm &= ~path;
    this.ppm &= ~path;
    this.nppm &= ~path;
  }

  /** `dasd_path_no_path`. */
  allGone(): void {
    this.notOperational(ALL_PATHS);
    this.tbvpm = NO_PATHS;
  }

  /** Takes one path out of use because of errors; its count starts anew. */
  disable(path: PathIndex): void {
    this.opm &= ~pathBit(path);
    this.ifccpm |= pathBit(path);
  }
}

/** What an interface- or channel-control check on a path leads to. */
export type PathVerdict = 'count' | 'keep' | 'keep-last' | 'disable';

export interface PathErrorLimits {
  readonly pathThreshold: number;
  readonly pathIntervalNs: SimTime;
  readonly pathAutodisable: boolean;
}

/**
 * Accounts one control check (dasd_3990_erp.c: dasd_3990_erp_account_error, …_disable_path). The interval is measured
 * between consecutive errors, and the last path is never given up.
 */
export function accountPathError(
  paths: DasdPaths,
  path: PathIndex,
  now: SimTime,
  limits: PathErrorLimits,
): PathVerdict {
  if (limits.pathThreshold === 0) return 'count';
  if (now - paths.lastErrorNs[path] >= limits.pathIntervalNs) paths.errorCount[path] = 0;
  paths.errorCount[path]++;
  paths.lastErrorNs[path] = now;
  if (paths.errorCount[path] < limits.pathThreshold) return 'count';
  paths.errorCount[path] = 0;
  paths.lastErrorNs[path] = 0;
  if (!limits.pathAutodisable) return 'keep';
  if ((paths.opm & ~pathBit(path)) === 0) return 'keep-last';
  paths.disable(path);
  return 'disable';
}
