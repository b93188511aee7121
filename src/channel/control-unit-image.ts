import type { PathIndex } from '../zarch/path-mask.ts';
import type { ControlUnit } from './control-unit.ts';
import type { Subchannel } from './subchannel.ts';

/**
 * One image's way to a control unit: which port each path leads to, which links work, and the rotation pointer that
 * the channel subsystem keeps for every control-unit header.
 */
export class ControlUnitImage {
  readonly controlUnit: ControlUnit;
  readonly host: number;
  /** Port of the control unit for each path index. */
  readonly ports: readonly number[];
  /** Path that took the last start, −1 before the first. */
  lastPath: PathIndex = -1;
  /** Address of each path's link at the director, as "store subchannel description" gives it. */
  readonly fullLinkAddresses = new Uint16Array(8);
  /** The image's subchannels on this control unit. */
  readonly subchannels: Subchannel[] = [];

  constructor(controlUnit: ControlUnit, host: number, ports: readonly number[]) {
    this.controlUnit = controlUnit;
    this.host = host;
    this.ports = ports;
  }
}
