import type { PathLink } from '../linux/subchannel.ts';
import { Crw, crwWord, decodeCrw, RSC } from '../zarch/crw.ts';

/**
 * An event of a channel path as words of the report region: the report and, where only links of the path are concerned,
 * a second word that it is chained to, with the link address in place of the id.
 */
export function eventWords(report: number, { flaMask, fla }: PathLink): number[] {
  if (flaMask === 0) return [report];
  const link = new Crw();
  link.rsc = RSC.CHANNEL_PATH;
  link.ancillary = flaMask === WHOLE_ADDRESS ? 1 : 0;
  link.rsid = fla;
  return [crwWord({ ...decodeCrw(report), chained: 1 }), crwWord(link)];
}

/** Bits of a link address that count: all, or those of the port without the control-unit image behind it. */
const WHOLE_ADDRESS = 0xffff;
const PORT_ADDRESS = 0xff00;

/** The link that the second word of an event names. */
export function linkOf(chpid: number, word: number): PathLink {
  const { rsid, ancillary } = decodeCrw(word);
  return { chpid, flaMask: ancillary === 1 ? WHOLE_ADDRESS : PORT_ADDRESS, fla: rsid };
}
