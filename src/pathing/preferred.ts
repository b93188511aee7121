import type { PathView, SelectionPolicy } from '../channel/path-selection.ts';
import { WAIT_ANY, WAIT_BUSY } from '../channel/path-selection.ts';
import { NO_PATHS, type PathMask } from '../zarch/path-mask.ts';
import { nextPath } from './next-path.ts';

/**
 * Rotation over the preferred paths of the control unit; the others carry a start only when no preferred path answers
 * (strategies reference P6). A start waits for preferred paths as long as they are busy.
 */
export const preferred: SelectionPolicy = {
  name: 'preferred',
  draws: false,
  smoothing: 0,
  choose({ candidates, busy, answering, nonPreferred, last }: PathView): PathMask {
    const better = answering & ~nonPreferred;
    const eligible = better === NO_PATHS ? candidates : better & candidates;
    if (eligible === NO_PATHS) return WAIT_BUSY;
    const free = eligible & ~busy;
    if (free !== NO_PATHS) return nextPath(free, last);
    return eligible === candidates ? WAIT_ANY : eligible;
  },
};
