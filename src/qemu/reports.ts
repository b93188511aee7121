import { ReportStorage } from '../linux/vfio/report-storage.ts';
import { Crw, chainedRsid, crwWord, ERC, RSC } from '../zarch/crw.ts';
import type { Facilities } from './facilities.ts';
import type { QemuFeatures } from './qemu-features.ts';
import { ReportQueue } from './report-queue.ts';
import type { VirtualSubchannel } from './subchannel.ts';
import type { QemuTrace } from './trace.ts';

/**
 * The channel reports that QEMU makes of its own (css.c:css_generate_*). A subchannel report does not say whether the
 * device came or went; channel paths that come are not reported at all, and none ever goes.
 */
export class Reports {
  readonly queue: ReportQueue;
  readonly storage = new ReportStorage();
  /** Some report has found no storage since QEMU made one of its own (channel_subsys.crws_lost). */
  anyLost = false;
  private readonly facilities: Facilities;
  private readonly defaultCssid: number;
  private readonly features: QemuFeatures;
  private readonly trace: QemuTrace;

  /** `announce` makes the channel-report machine check pending. */
  constructor(
    facilities: Facilities,
    defaultCssid: number,
    features: QemuFeatures,
    trace: QemuTrace,
    announce: () => void,
  ) {
    this.queue = new ReportQueue(announce);
    this.facilities = facilities;
    this.defaultCssid = defaultCssid;
    this.features = features;
    this.trace = trace;
  }

  /**
   * A device was plugged or unplugged; false: the guest has not enabled the set or image, and is not told. With more
   * than one set or image a second report says which of them is meant.
   */
  subchannelChanged({ cssid, ssid, number }: VirtualSubchannel): boolean {
    const { facilities, defaultCssid } = this;
    const shown = !facilities.multipleImages && cssid === defaultCssid ? 0 : cssid;
    if (ssid > facilities.highestSsid || shown > facilities.highestCssid) return false;
    if (!facilities.multipleImages && cssid !== defaultCssid) return false;
    const chained = facilities.multipleSets || facilities.multipleImages;
    const report = { rsc: RSC.SUBCHANNEL, erc: ERC.PARAMETERS_INITIALIZED };
    this.queueReport({ ...report, rsid: number, chained: chained ? 1 : 0 });
    if (chained) this.queueReport({ ...report, rsid: chainedRsid(shown, ssid) });
    return true;
  }

  /** RCHP. It is chained for several images only, although a subchannel report is for several sets too. */
  pathReset(cssid: number, chpid: number): void {
    const { multipleImages } = this.facilities;
    const solicited = this.features.solicitedReset ? 1 : 0;
    const report = { rsc: RSC.CHANNEL_PATH, erc: ERC.INITIALIZED, solicited };
    this.queueReport({ ...report, rsid: chpid, chained: multipleImages ? 1 : 0 });
    if (multipleImages) this.queueReport({ ...report, rsid: cssid << 8 });
  }

  /** Event information is pending. */
  eventPending(): void {
    this.queueReport({ rsc: RSC.CHANNEL_SUBSYSTEM, erc: ERC.EVENT });
  }

  /** Any word, as reports of a host are handed on: it does not say that others were lost before. */
  add(word: number): void {
    this.trace.report(word);
    if (!this.storage.hasRoom(this.queue.pending)) {
      this.queue.overflowed();
      this.trace.reportLost(word);
    } else if (this.storage.take()) this.queue.add(word);
    else {
      this.anyLost = true;
      this.trace.reportLost(word);
    }
  }

  private queueReport(fields: Partial<Crw>): void {
    const overflow = this.anyLost ? 1 : 0;
    this.anyLost = false;
    this.add(crwWord({ ...new Crw(), ...fields, overflow }));
  }
}
