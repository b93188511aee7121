import type { ChannelPathEntry, VirtualImage } from '../image.ts';
import type { VirtualChannelSubsystem } from '../virtual-css.ts';
import type { LoadProblem } from './problem.ts';

/** Section `s390_css` (css.c:vmstate_css): what belongs to no single device. */
export interface CssState {
  readonly kind: 'css';
  /** Reports that no program has fetched, oldest first. */
  readonly reports: readonly number[];
  /** The next report makes a machine check pending (do_crw_mchk). Whether one is pending stands elsewhere. */
  readonly reportsArmed: boolean;
  /** Reports have been lost, and the next one will say so. */
  readonly reportsLost: boolean;
  /** A report says that event information is pending. */
  readonly eventReported: boolean;
  readonly highestCssid: number;
  readonly highestSsid: number;
  readonly measurement: { readonly active: boolean; readonly origin: number };
  /** By cssid: the channel paths of an image, or null where there is no image. */
  readonly images: readonly (readonly (ChannelPathEntry | undefined)[] | null)[];
}

export function saveCss(css: VirtualChannelSubsystem): CssState {
  const { reports, facilities, devices } = css;
  return {
    kind: 'css',
    reports: reports.queue.waiting(),
    reportsArmed: reports.queue.isArmed,
    reportsLost: reports.anyLost,
    eventReported: css.pciEvents.isReported,
    highestCssid: facilities.highestCssid,
    highestSsid: facilities.highestSsid,
    measurement: css.measurement.save(),
    images: Array.from(devices.images, (image) => image?.pathTable() ?? null),
  };
}

/**
 * Field by field, as the description has them: what stands before the images is there even when they do not fit. A table
 * of channel paths replaces that of the destination.
 */
export function loadCss(css: VirtualChannelSubsystem, state: CssState): LoadProblem | null {
  const { reports, facilities, devices } = css;
  reports.queue.takeOver(state.reports, state.reportsArmed);
  reports.anyLost = state.reportsLost;
  css.pciEvents.isReported = state.eventReported;
  facilities.highestCssid = state.highestCssid;
  facilities.highestSsid = state.highestSsid;
  css.measurement.load(state.measurement);
  return loadImages(devices.images, state.images);
}

/**
 * A pointer that is null on one side only ends the load. Where it is the destination's that is not null, QEMU takes what
 * follows in the stream for an image, and so comes to the same error at one of the next pointers.
 */
function loadImages(
  images: readonly (VirtualImage | undefined)[],
  saved: CssState['images'],
): LoadProblem | null {
  for (const [cssid, paths] of saved.entries()) {
    const image = images[cssid];
    if ((image === undefined) !== (paths === null)) return { kind: 'images', cssid };
    if (image !== undefined && paths !== null) image.replacePathTable(paths);
  }
  return null;
}
