import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { NONE, type SubchannelId } from '../zarch/ids.ts';
import { Orb } from '../zarch/orb.ts';
import { type PathMask, pathBit } from '../zarch/path-mask.ts';
import type { Schib } from '../zarch/schib.ts';
import type { CioDevice } from './device.ts';
import type { SubchannelDriver } from './subchannel-driver.ts';
import { SubchannelLock } from './subchannel-lock.ts';
import type { Work } from './work-queue.ts';

/** PMCW fields that the control program sets with MSCH (`struct schib_config`). */
export interface SubchannelConfig {
  intparm: number;
  isc: number;
  ena: number;
  mp: number;
  csense: number;
  /** Measurement mode, block format, and index or address of the block. */
  mme: number;
  mbfc: number;
  mbi: number;
  mba: number;
}

/** Work that waits for a subchannel; a higher one replaces a lower one (css.h:enum sch_todo). */
export const SCH_TODO = { NOTHING: 0, EVAL: 1, UNREG: 2 } as const;

/** Subchannel types. Only I/O subchannels have drivers here. */
export const SUBCHANNEL_TYPE_IO = 0;

/** A channel path, or the part of it that a link address names, as the object of an event (`struct chp_link`). */
export interface PathLink {
  readonly chpid: number;
  /** 0: the whole channel path; 0xff00 or 0xffff: only links whose address equals `fla` under this mask. */
  readonly flaMask: number;
  readonly fla: number;
}

/** What control software knows of one subchannel (`struct subchannel` in cio.h). */
export class Subchannel {
  readonly schid: SubchannelId;
  readonly type: number;
  /** Last SCHIB seen; its SCSW is replaced by each interruption. */
  readonly schib: Schib;
  readonly lock = new SubchannelLock();
  readonly orb = new Orb();
  readonly config: SubchannelConfig = {
    intparm: 0,
    isc: 0,
    ena: 0,
    mp: 0,
    csense: 0,
    mme: 0,
    mbfc: 0,
    mbi: 0,
    mba: 0,
  };
  readonly todoWork: Work;
  todo: number = SCH_TODO.NOTHING;
  registered = false;
  /** Null: nobody drives the subchannel. */
  driver: SubchannelDriver | null = null;
  device: CioDevice | null = null;
  /** Paths that can be used for I/O now. */
  lpm: PathMask = 0;
  /** Paths that passed the last verification. */
  vpm: PathMask = 0;
  /** Paths that the administrator allows. */
  opm: PathMask = 0;

  /** CHPIDs and full link addresses of the paths ("store subchannel description", or from the PMCW). */
  readonly ssdChpids = new Uint8Array(8);
  readonly ssdLinkAddresses = new Uint16Array(8);
  ssdPathMask: PathMask = 0;
  ssdLinkMask: PathMask = 0;

  private reported = 0;

  constructor(schid: SubchannelId, schib: Schib, todoWork: (sch: Subchannel) => Work) {
    this.schid = schid;
    this.schib = schib;
    this.type = schib.pmcw.subchannelType;
    this.orb.intparm = interruptionParameter(schid);
    this.todoWork = todoWork(this);
  }

  /** The path that a link leads to: one bit even where a CHPID stands twice, 0 for none (chp.c:chp_ssd_get_mask). */
  pathOf(link: PathLink): PathMask {
    for (let index = 0; index < 8; index++) {
      const path = pathBit(index);
      if ((this.ssdPathMask & path) === 0 || this.ssdChpids[index] !== link.chpid) continue;
      const comparable = link.flaMask !== 0 && (this.ssdLinkMask & path) !== 0;
      if (comparable && (this.ssdLinkAddresses[index] & link.flaMask) !== (link.fla & link.flaMask)) continue;
      return path;
    }
    return 0;
  }

  /** Tells the observer when the masks differ from those told last. */
  reportMasks(observer: Observer, system: number): void {
    const masks = (this.lpm << 16) | (this.vpm << 8) | this.opm;
    if (masks === this.reported) return;
    this.reported = masks;
    observer.emit(EVENT['path.masks'], system, this.schid, NONE, NONE, NONE, this.lpm, this.vpm, this.opm);
  }
}

/** Linux passes the address of its subchannel object; all that counts is that it is not zero. */
export const interruptionParameter = (schid: SubchannelId): number => schid + 1;

/** io_subchannel_init_config: disabled, with concurrent sense. */
export function resetConfig(config: SubchannelConfig): void {
  config.intparm = 0;
  config.isc = 0;
  config.ena = 0;
  config.mp = 0;
  config.csense = 1;
  config.mme = 0;
  config.mbfc = 0;
  config.mbi = 0;
  config.mba = 0;
}

/** Writes the wanted values into a SCHIB for MSCH (cio.c:cio_apply_config). */
export function applyConfig(config: SubchannelConfig, schib: Schib): void {
  const { pmcw } = schib;
  pmcw.intparm = config.intparm;
  pmcw.isc = config.isc;
  pmcw.enabled = config.ena;
  pmcw.multipath = config.mp;
  pmcw.concurrentSense = config.csense;
  pmcw.measurementMode = config.mme;
  pmcw.measurementFormat1 = config.mbfc;
  pmcw.measurementIndex = config.mbi;
  if (config.mbfc === 1) schib.measurementBlock = config.mba;
}

/** Whether the SCHIB shows the wanted values (cio.c:cio_check_config). */
export const hasConfig = (config: SubchannelConfig, { pmcw, measurementBlock }: Schib): boolean =>
  pmcw.intparm === config.intparm &&
  pmcw.isc === config.isc &&
  pmcw.enabled === config.ena &&
  pmcw.multipath === config.mp &&
  pmcw.concurrentSense === config.csense &&
  pmcw.measurementMode === config.mme &&
  pmcw.measurementFormat1 === config.mbfc &&
  pmcw.measurementIndex === config.mbi &&
  (config.mbfc === 0 || measurementBlock === config.mba);

/** Whether a SCHIB describes something (css.c:css_sch_is_valid). An I/O subchannel without device number does not. */
export const isValidSchib = ({ pmcw }: Schib): boolean =>
  pmcw.subchannelType !== SUBCHANNEL_TYPE_IO || pmcw.deviceNumberValid === 1;
