import {
  cssidOf,
  EXPLICIT_IMAGE,
  type SubchannelId,
  ssidOf,
  subchannelId,
  subchannelNumberOf,
} from '../zarch/ids.ts';

/**
 * Subchannels as programs name them. With the m bit the image is given, and the SubchannelId has EXPLICIT_IMAGE in its
 * image number; without it the image number is zero and the default image is meant, whatever its number
 * (ioinst.c:ioinst_disassemble_sch_ident, css.c:css_find_subch).
 */
export const imageOf = (id: SubchannelId, defaultCssid: number): number =>
  cssidOf(id) === 0 ? defaultCssid : cssidOf(id) & 0xff;

/** The id as the trace of an instruction shows it: image 0 when none was given. */
export const shownId = (id: SubchannelId): SubchannelId =>
  subchannelId(cssidOf(id) & 0xff, ssidOf(id), subchannelNumberOf(id));

/** The id with which an interruption names a subchannel (css.c:css_do_build_subchannel_id). */
export const presentedId = (
  cssid: number,
  ssid: number,
  number: number,
  multipleImages: boolean,
): SubchannelId => subchannelId(multipleImages ? cssid + EXPLICIT_IMAGE : 0, ssid, number);
