import type { PathView, SelectionPolicy } from '../channel/path-selection.ts';
import { WAIT_BUSY } from '../channel/path-selection.ts';
import type { PathMask } from '../zarch/path-mask.ts';
import { firstPath, pathBit } from '../zarch/path-mask.ts';

/**
 * The first path carries everything, and the next one only what finds it gone or without an answer (strategies
 * reference P1). A start waits for it as long as it is busy, whatever else is free.
 */
export const fixed: SelectionPolicy = {
  name: 'fixed',
  draws: false,
  smoothing: 0,
  choose({ candidates, answering }: PathView): PathMask {
    const first = pathBit(firstPath(answering));
    return (first & candidates) === 0 ? WAIT_BUSY : first;
  },
};
