import type { PathMask } from './path-mask.ts';
import { Scsw } from './scsw.ts';

/** Path-management-control word (Principles of Operation, "Path-Management-Control Word"). */
export class Pmcw {
  intparm = 0;
  isc = 0;
  enabled = 0;
  limitMode = 0;
  measurementMode = 0;
  multipath = 0;
  timing = 0;
  deviceNumberValid = 0;
  deviceNumber = 0;
  lpm: PathMask = 0;
  pnom: PathMask = 0;
  lpum: PathMask = 0;
  pim: PathMask = 0;
  measurementIndex = 0;
  pom: PathMask = 0;
  pam: PathMask = 0;
  /** CHPID of each path, meaningful where PIM is one. Eight entries, without the image number. */
  readonly chpids = new Uint8Array(8);
  /** 0 I/O, 1 CHSC, 2 message, 3 EADM. */
  subchannelType = 0;
  measurementFormat1 = 0;
  extendedMeasurement = 0;
  concurrentSense = 0;
}

/** Subchannel-information block: PMCW, SCSW, measurement-block address, model-dependent area. 52 bytes encoded. */
export class Schib {
  readonly pmcw = new Pmcw();
  readonly scsw = new Scsw();
  measurementBlock = 0;
}
