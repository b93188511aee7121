import type { Process, Steps } from '../../kernel/process.ts';
import { Crw, crwWord, ERC, RSC } from '../../zarch/crw.ts';
import type { SubchannelId } from '../../zarch/ids.ts';
import type { PathMask } from '../../zarch/path-mask.ts';
import type { PathLink } from '../subchannel.ts';
import { CHP_EVENT, type ChpEvent } from '../subchannel-driver.ts';
import type { ReportList } from './report-list.ts';

/**
 * The kernel half of a relay for channel-path events: what the host's kernel keeps for user space, and when it tells it
 * so. A relay is made for one user, with the mediated devices that it is going to open, so that it may hold what is
 * common to them. Its VMM half stands in `qemu/`, and knows what the words mean that are read here.
 *
 *   path event ─► masks, running I/O stopped ─► pathEvent ─► work queue ─► hasNews ─► eventfd ─► read … 0
 */
export interface KernelRelay {
  readonly name: string;
  /** Regions that user space is offered besides those for requests. */
  readonly offersSchib: boolean;
  readonly offersReports: boolean;
  /** Reports that have taken storage and wait elsewhere than in the lists of devices. */
  readonly held: number;
  /**
   * A channel path of the device came, went or was varied (all codes of CHP_EVENT but FCES). The caller holds the
   * subchannel's lock; SCHIB and masks are those after the event, and an operation on the path is being stopped.
   */
  pathEvent(self: Process, device: RelayedDevice, event: PathEvent): Steps;
  /** The device's work has its turn: whether user space is told. Asked again after each read. */
  hasNews(device: RelayedDevice): boolean;
  /** User space reads the region for channel reports: the next word, zero when there is none. */
  read(self: Process, device: RelayedDevice): Steps<number>;
  /** The subchannel is not operational any more, and is going to be unregistered. */
  deviceGone(device: RelayedDevice): void;
}

/** One passed-through subchannel, as far as a relay is concerned with it. */
export interface RelayedDevice {
  readonly subchannel: SubchannelId;
  readonly isOpen: boolean;
  /** Paths of the SCHIB as STSCH stored it last. */
  readonly pim: PathMask;
  readonly pam: PathMask;
  readonly pom: PathMask;
  /** The device's own list of channel reports. It outlives the process that has the device open. */
  readonly reports: ReportList;
  /**
   * Adds a word to the list and has user space told (vfio_ccw_queue_crw). Without storage for it the word is lost, and
   * nobody ever knows.
   */
  queueReport(self: Process, word: number): Steps;
  /**
   * Whether a list in which so many reports wait has room for another one, where a fault gives lists of whole machines a
   * limit; one that has none is counted as lost. The list of a single device has no limit.
   */
  hasRoom(word: number, waiting: number): boolean;
  /** Takes storage for a channel report that a relay keeps elsewhere; false: there is none. Either is counted. */
  takeStorage(word: number): boolean;
  /** A report has been read: its storage is free again. */
  giveBackStorage(): void;
  /** Queues the work that tells user space; nothing happens when it is queued already (crw_work). */
  notify(): void;
}

export interface PathEvent {
  readonly event: ChpEvent;
  /** The channel path and its link. One object per event: the same for every subchannel that is told of it. */
  readonly link: PathLink;
  /** The path of this subchannel. */
  readonly mask: PathMask;
}

/** The report that a path event makes: INIT for CHP_ONLINE, PERRN for CHP_OFFLINE; zero for others (vfio_ccw_chp_event). */
export function pathReport({ event, link }: PathEvent): number {
  const erc = REPORTED[event];
  if (erc === undefined) return 0;
  const crw = new Crw();
  crw.rsc = RSC.CHANNEL_PATH;
  crw.erc = erc;
  crw.rsid = link.chpid;
  return crwWord(crw);
}

const REPORTED: Partial<Record<ChpEvent, number>> = {
  [CHP_EVENT.ONLINE]: ERC.INITIALIZED,
  [CHP_EVENT.OFFLINE]: ERC.PERMANENT_NOT_INITIALIZED,
};

/** What Linux does since 5.8: a report for each subchannel and event, kept until it is read. */
export class UpstreamKernelRelay implements KernelRelay {
  readonly name: string = 'upstream';
  readonly offersSchib: boolean = true;
  readonly offersReports: boolean = true;
  readonly held: number = 0;

  *pathEvent(self: Process, device: RelayedDevice, event: PathEvent): Steps {
    const word = pathReport(event);
    if (word !== 0) yield* device.queueReport(self, word);
  }

  hasNews(device: RelayedDevice): boolean {
    return !device.reports.isEmpty;
  }

  *read(self: Process, device: RelayedDevice): Steps<number> {
    const word = yield* device.reports.take(self);
    if (word !== 0) device.giveBackStorage();
    return word;
  }

  deviceGone(_device: RelayedDevice): void {}
}
