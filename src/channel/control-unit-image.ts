import { NO_PATHS, type PathIndex, type PathMask } from '../zarch/path-mask.ts';
import type { ControlUnit } from './control-unit.ts';
import type { Subchannel } from './subchannel.ts';

/**
 * One image's way to a control unit: which port each path leads to, which links work, and what the channel subsystem
 * keeps for every control-unit header to choose among its paths.
 */
export class ControlUnitImage {
  readonly controlUnit: ControlUnit;
  readonly host: number;
  /** Port of the control unit for each path index. */
  readonly ports: readonly number[];
  /** Path that took the last start, −1 before the first. */
  lastPath: PathIndex = -1;
  /** Moving average of each path's initial command response time, ns; 0 before the first. */
  readonly responseNs = new Float64Array(8);
  /** Paths that the configuration marks as not preferred for this control unit. */
  readonly nonPreferred: PathMask;
  /** Address of each path's link at the director, as "store subchannel description" gives it. */
  readonly fullLinkAddresses = new Uint16Array(8);
  /** The image's subchannels on this control unit. */
  readonly subchannels: Subchannel[] = [];

  constructor(
    controlUnit: ControlUnit,
    host: number,
    ports: readonly number[],
    nonPreferred: PathMask = NO_PATHS,
  ) {
    this.controlUnit = controlUnit;
    this.host = host;
    this.ports = ports;
    this.nonPreferred = nonPreferred;
  }

  /** A first command was accepted: the average of its path moves by `weight` towards what it took. */
  responded(path: PathIndex, commandResponseNs: number, weight: number): void {
    const average = this.responseNs[path];
    this.responseNs[path] =
      average === 0 ? commandResponseNs : average + weight * (commandResponseNs - average);
  }
}
