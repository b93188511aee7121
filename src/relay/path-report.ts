import { Crw, crwWord, ERC, RSC } from '../zarch/crw.ts';
import type { Chpid } from '../zarch/ids.ts';
import type { PathChange } from './coalescing-window.ts';

/** The report that a channel path came or went, as the host's kernel makes it of its events. */
export const reportOf = (chpid: Chpid, change: PathChange): number =>
  crwWord({
    ...new Crw(),
    rsc: RSC.CHANNEL_PATH,
    erc: change === 'gone' ? ERC.PERMANENT_NOT_INITIALIZED : ERC.INITIALIZED,
    rsid: chpid,
  });
