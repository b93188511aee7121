import type { SubchannelKind } from '../channel/subchannel-kinds.ts';
import type { DeviceRange } from './resolved.ts';

/** Subchannels of one kind without I/O; their numbers are device numbers only where the kind has valid ones. */
export interface ResolvedSubchannelRange extends DeviceRange {
  readonly kind: SubchannelKind;
}

/** One subchannel of a `ResolvedSubchannelRange`. */
export interface ResolvedSubchannel {
  readonly cssid: number;
  readonly ssid: number;
  readonly deviceNumber: number;
  readonly kind: SubchannelKind;
}
