import type { PathView, SelectionPolicy } from '../channel/path-selection.ts';
import { WAIT_ANY } from '../channel/path-selection.ts';
import type { PathMask } from '../zarch/path-mask.ts';
import { pathBit } from '../zarch/path-mask.ts';

/**
 * Rotation, the channel subsystem's documented order (IOCP): the next path after the one used last by this
 * control-unit header that may be tried and has a free exchange. Waits for the first channel when none has.
 */
export const rotation: SelectionPolicy = {
  name: 'rotation',
  draws: false,
  choose(view: PathView): PathMask {
    const free = view.candidates & ~view.busy;
    if (free === 0) return WAIT_ANY;
    let path = (view.last + 1) & 7;
    while ((free & pathBit(path)) === 0) path = (path + 1) & 7;
    return pathBit(path);
  },
};
