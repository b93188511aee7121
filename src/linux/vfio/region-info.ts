import type { KernelFeatures } from '../kernel-features.ts';
import type { KernelRelay } from './event-relay.ts';
import type { RegionLayout } from './region-layout.ts';
import {
  REGION,
  REGION_BYTES,
  REGION_CAPABILITY_TYPE,
  REGION_FLAG,
  REGION_SUBTYPE,
  REGION_TYPE_CCW,
  type RegionIndex,
  type RegionInfo,
  regionOffset,
} from './uapi.ts';

/** What a device that nobody has open offers. */
export const ONLY_IO: readonly RegionIndex[] = [REGION.IO];

/** Regions in the order in which they are registered when a device is opened. */
export function offeredRegions(
  features: KernelFeatures,
  relay: KernelRelay,
  layout: RegionLayout,
): readonly RegionIndex[] {
  const regions: RegionIndex[] = [REGION.IO];
  if (features.vfioCommandRegion && layout === 'separate') regions.push(REGION.COMMAND);
  if (features.vfioPathEvents && relay.offersSchib) regions.push(REGION.SCHIB);
  if (features.vfioPathEvents && relay.offersReports) regions.push(REGION.CRW);
  return regions;
}

/** VFIO_DEVICE_GET_REGION_INFO for the region at an index; null when there is none. */
export function regionInfo(regions: readonly RegionIndex[], index: number): RegionInfo | null {
  const region = regions[index];
  if (region === undefined) return null;
  const isReadOnly = region === REGION.SCHIB || region === REGION.CRW;
  const access = isReadOnly ? REGION_FLAG.READ : REGION_FLAG.READ | REGION_FLAG.WRITE;
  const place = { bytes: REGION_BYTES[region], offset: regionOffset(index) };
  if (region === REGION.IO) return { ...place, flags: access, capability: null };
  const subtype = REGION_SUBTYPE[region];
  return {
    ...place,
    flags: access | REGION_FLAG.CAPABILITIES,
    capability: { id: REGION_CAPABILITY_TYPE, type: REGION_TYPE_CCW, subtype },
  };
}
