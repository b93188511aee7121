import type { RegionLayout } from '../linux/vfio/region-layout.ts';
import {
  DEVICE_FLAG,
  IRQ,
  REGION,
  REGION_BYTES,
  REGION_CAPABILITY_TYPE,
  REGION_SUBTYPE,
  REGION_TYPE_CCW,
  type RegionInfo,
  type VfioCcwDevice,
} from '../linux/vfio/uapi.ts';
import type { QemuFeatures } from './qemu-features.ts';

/** Regions besides the I/O region, and interrupts besides that for I/O, that both the kernel and this QEMU know. */
export interface UsedRegions {
  readonly command: boolean;
  readonly schib: boolean;
  readonly crw: boolean;
  readonly request: boolean;
}

export const NO_REGIONS: UsedRegions = { command: false, schib: false, crw: false, request: false };

/** How HSCH and CSCH reach the host; `emulated`: they do not. */
export type StopRoute = 'command-region' | 'io-region' | 'emulated';

/**
 * The way of HSCH and CSCH. Where the I/O region is to take them, nothing tells QEMU whether the kernel does: one that
 * knows them tries.
 */
export function stopRoute(used: UsedRegions, layout: RegionLayout, features: QemuFeatures): StopRoute {
  if (used.command) return 'command-region';
  return layout === 'one' && features.asyncRegion ? 'io-region' : 'emulated';
}

/** Why QEMU cannot use a device that it has opened, in the words of its messages. */
export type RegionError =
  | 'vfio: device is not a vfio-ccw device'
  | 'vfio: Unexpected size of the I/O region'
  | 'vfio: Unexpected size of a region'
  | 'vfio: unexpected number of irqs';

/**
 * What a device offers and this QEMU looks for (vfio_ccw_get_region). A region of its own size is expected; one that is
 * missing is done without, and so is the interrupt that goes with it.
 */
export function findRegions(host: VfioCcwDevice, features: QemuFeatures): UsedRegions | RegionError {
  if ((host.info.flags & DEVICE_FLAG.CCW) === 0) return 'vfio: device is not a vfio-ccw device';
  if (host.regionInfo(REGION.IO)?.bytes !== REGION_BYTES[REGION.IO]) {
    return 'vfio: Unexpected size of the I/O region';
  }
  const wanted = [
    { index: REGION.COMMAND, known: features.asyncRegion },
    { index: REGION.SCHIB, known: features.schibRegion },
    { index: REGION.CRW, known: features.crwRegion },
  ] as const;
  const found = wanted.map(({ index, known }) => (known ? bytesOf(host, REGION_SUBTYPE[index]) : 0));
  const isWrong = wanted.some(({ index }, at) => found[at] !== 0 && found[at] !== REGION_BYTES[index]);
  if (isWrong) return 'vfio: Unexpected size of a region';
  const [command, schib, crw] = found.map((bytes) => bytes > 0);
  if (host.irqCount(IRQ.IO) < 1 || (crw && host.irqCount(IRQ.CRW) < 1)) {
    return 'vfio: unexpected number of irqs';
  }
  return { command, schib, crw, request: features.requestInterrupt && host.irqCount(IRQ.REQ) > 0 };
}

/** Size of the region with a subtype, at whichever index it stands; zero: there is none. */
function bytesOf(host: VfioCcwDevice, subtype: number): number {
  for (let index = REGION.IO + 1; index < host.info.regions; index++) {
    const region = host.regionInfo(index);
    if (region !== null && isOfSubtype(region, subtype)) return region.bytes;
  }
  return 0;
}

const isOfSubtype = ({ capability }: RegionInfo, subtype: number): boolean =>
  capability !== null &&
  capability.id === REGION_CAPABILITY_TYPE &&
  capability.type === REGION_TYPE_CCW &&
  capability.subtype === subtype;
