import {
  cssidOf,
  EXPLICIT_IMAGE,
  NONE,
  type SubchannelId,
  ssidOf,
  subchannelId,
  subchannelNumberOf,
} from './ids.ts';
import { WordLayout } from './word-layout.ts';

/**
 * Subsystem-identification word: how instructions and interruptions name a subchannel in general register 1 and in low
 * core (Principles of Operation, "Subsystem-Identification Word").
 */
const WORD = new WordLayout({
  cssid: [0, 7],
  reserved: [8, 11],
  multipleCss: [12, 12],
  ssid: [13, 14],
  one: [15, 15],
  subchannel: [16, 31],
});

class Fields {
  cssid = 0;
  reserved = 0;
  /** The m bit: the image number is given; otherwise the default image is meant and the field is zero. */
  multipleCss = 0;
  ssid = 0;
  one = 1;
  subchannel = 0;
}

/** The word for a subchannel. Without the multiple-CSS bit the image number is left out, unless it is EXPLICIT_IMAGE. */
export function encodeSubsystemId(id: SubchannelId, multipleCss = false): number {
  const fields = new Fields();
  const cssid = cssidOf(id);
  if (multipleCss || cssid >= EXPLICIT_IMAGE) {
    fields.multipleCss = 1;
    fields.cssid = cssid & 0xff;
  }
  fields.ssid = ssidOf(id);
  fields.subchannel = subchannelNumberOf(id);
  return WORD.pack(fields);
}

/** The subchannel that a word designates; NONE where an instruction would recognize an operand exception. */
export function decodeSubsystemId(word: number, defaultCssid = 0): SubchannelId {
  const fields = new Fields();
  WORD.unpack(word, fields);
  if (fields.one === 0 || fields.reserved !== 0) return NONE;
  if (fields.multipleCss === 0 && fields.cssid !== 0) return NONE;
  const cssid = fields.multipleCss === 1 ? fields.cssid : defaultCssid;
  return subchannelId(cssid, fields.ssid, fields.subchannel);
}
