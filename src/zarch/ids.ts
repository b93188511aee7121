/** Identifiers of the channel subsystem, each its own type so that a CHPID is never taken for a device number. */
declare const brand: unique symbol;

/** Channel-path identifier with its channel-subsystem image: cssid · 256 + chpid. */
export type Chpid = number & { readonly [brand]?: 'chpid' };
/** Subchannel identification without the fixed bits: cssid · 2^18 + ssid · 2^16 + subchannel number. */
export type SubchannelId = number & { readonly [brand]?: 'subchannel' };
/** Device number, 0 … FFFF. */
export type DeviceNumber = number & { readonly [brand]?: 'device' };

/**
 * Added to the image number of a SubchannelId whose image a program or an interruption gave explicitly (the m bit of the
 * subsystem-identification word) where that tells it from an id of the default image: under QEMU both exist side by side.
 */
export const EXPLICIT_IMAGE = 0x100;

/** "No subchannel", "no CHPID" in records and interfaces. */
export const NONE = -1;

export const subchannelId = (cssid: number, ssid: number, number: number): SubchannelId =>
  cssid * 0x40000 + ssid * 0x10000 + number;
export const cssidOf = (id: SubchannelId): number => id >>> 18;
export const ssidOf = (id: SubchannelId): number => (id >>> 16) & 3;
export const subchannelNumberOf = (id: SubchannelId): number => id & 0xffff;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
/** Bus id as s390-tools print it: `0.0.1000` (cssid, ssid, device or subchannel number). */
export const formatBusId = (cssid: number, ssid: number, number: number): string =>
  `${hex(cssid, 1)}.${hex(ssid, 1)}.${hex(number, 4)}`;
export const formatSubchannel = (id: SubchannelId): string =>
  formatBusId(cssidOf(id), ssidOf(id), subchannelNumberOf(id));
/** Channel path as s390-tools print it: `0.40`. */
export const formatChpid = (chpid: Chpid): string => `${hex(chpid >>> 8, 1)}.${hex(chpid & 0xff, 2)}`;
