import type { PathView, SelectionPolicy } from '../channel/path-selection.ts';
import { WAIT_ANY } from '../channel/path-selection.ts';
import type { PathMask } from '../zarch/path-mask.ts';
import { nextPath } from './next-path.ts';

/**
 * Rotation, the channel subsystem's documented order (IOCP): the next path after the one used last by this
 * control-unit header that may be tried and has a free exchange. Waits for the first channel when none has.
 */
export const rotation: SelectionPolicy = {
  name: 'rotation',
  draws: false,
  smoothing: 0,
  choose({ candidates, busy, last }: PathView): PathMask {
    const free = candidates & ~busy;
    return free === 0 ? WAIT_ANY : nextPath(free, last);
  },
};
