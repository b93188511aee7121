import { CHP_EVENT, type ChpEvent } from '../linux/subchannel-driver.ts';
import type { PathMask } from '../zarch/path-mask.ts';
import type { PathChange } from './coalescing-window.ts';

/** What has happened to the paths of one device since somebody looked: a bit stays set whatever happens afterwards. */
export interface PathStates {
  readonly online: PathMask;
  readonly offline: PathMask;
  readonly varyOn: PathMask;
  readonly varyOff: PathMask;
}

const SHIFT: Partial<Record<ChpEvent, number>> = {
  [CHP_EVENT.ONLINE]: 24,
  [CHP_EVENT.OFFLINE]: 16,
  [CHP_EVENT.VARY_ON]: 8,
  [CHP_EVENT.VARY_OFF]: 0,
};

/** The four masks as one word, which is zero when nothing has happened; an event adds its path to one of them. */
export function addEvent(word: number, event: ChpEvent, path: PathMask): number {
  const shift = SHIFT[event];
  return shift === undefined ? word : (word | (path << shift)) >>> 0;
}

export const statesOf = (word: number): PathStates => ({
  online: word >>> 24,
  offline: (word >>> 16) & 0xff,
  varyOn: (word >>> 8) & 0xff,
  varyOff: word & 0xff,
});

/**
 * What is to be told of a path, null for nothing. A path that went and came back, or the other way round, has both bits
 * set, and their order is lost: the state found now is told, even if the guest was told the same before, because it may
 * have lost more than the path meanwhile. Otherwise a change is told once, whichever device brings it first.
 */
export function decide(
  { online, offline }: PathStates,
  path: PathMask,
  pam: PathMask,
  told: PathChange | undefined,
): PathChange | null {
  const came = (online & path) !== 0;
  const went = (offline & path) !== 0;
  if (came && went) return (pam & path) === 0 ? 'gone' : 'back';
  if (came) return told === 'back' ? null : 'back';
  if (went) return told === 'gone' ? null : 'gone';
  return null;
}
