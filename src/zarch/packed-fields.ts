import type { PathMask } from './path-mask.ts';
import type { Pmcw } from './schib.ts';
import type { Scsw } from './scsw.ts';

/**
 * Several fields in one number of an event record, each pair of functions with its layout. Records hold numbers only, so
 * that recording an instruction allocates nothing.
 */

/** Enabled, subchannel type, device-number-valid and device number: `ena` bit 19, `st` 18–17, `dnv` 16, `dev` 15–0. */
export const packDevice = (pmcw: Pmcw): number =>
  (pmcw.enabled << 19) | (pmcw.subchannelType << 17) | (pmcw.deviceNumberValid << 16) | pmcw.deviceNumber;

export interface DeviceFields {
  readonly ena: number;
  readonly st: number;
  readonly dnv: number;
  readonly dev: number;
}

export const unpackDevice = (packed: number): DeviceFields => ({
  ena: (packed >>> 19) & 1,
  st: (packed >>> 17) & 3,
  dnv: (packed >>> 16) & 1,
  dev: packed & 0xffff,
});

/** Word 2 of the PMCW: lpm, pnom, lpum, pim from the left. */
export const packPathMasks = (pmcw: Pmcw): number =>
  ((pmcw.lpm << 24) | (pmcw.pnom << 16) | (pmcw.lpum << 8) | pmcw.pim) >>> 0;

export interface PathMasks {
  readonly lpm: PathMask;
  readonly pnom: PathMask;
  readonly lpum: PathMask;
  readonly pim: PathMask;
}

export const unpackPathMasks = (packed: number): PathMasks => ({
  lpm: (packed >>> 24) & 0xff,
  pnom: (packed >>> 16) & 0xff,
  lpum: (packed >>> 8) & 0xff,
  pim: packed & 0xff,
});

/** pam and pom. */
export const packPamPom = (pmcw: Pmcw): number => (pmcw.pam << 8) | pmcw.pom;

export const unpackPamPom = (packed: number): { readonly pam: PathMask; readonly pom: PathMask } => ({
  pam: (packed >>> 8) & 0xff,
  pom: packed & 0xff,
});

/** Four of the eight CHPIDs of a PMCW, from the one at `first` on, the first leftmost. */
export const packChpids = ({ chpids }: Pmcw, first: 0 | 4): number =>
  ((chpids[first] << 24) | (chpids[first + 1] << 16) | (chpids[first + 2] << 8) | chpids[first + 3]) >>> 0;

/** Deferred condition code, path-not-operational flag and the control bits of an SCSW: the low half as in word 0. */
export const packScswControl = (scsw: Scsw): number =>
  (scsw.cc << 17) | (scsw.pathNotOperational << 16) | (scsw.fctl << 12) | (scsw.actl << 5) | scsw.stctl;

export interface ScswControl {
  readonly dcc: number;
  readonly pno: number;
  readonly fctl: number;
  readonly actl: number;
  readonly stctl: number;
}

export const unpackScswControl = (packed: number): ScswControl => ({
  dcc: (packed >>> 17) & 3,
  pno: (packed >>> 16) & 1,
  fctl: (packed >>> 12) & 7,
  actl: (packed >>> 5) & 0x7f,
  stctl: packed & 0x1f,
});
