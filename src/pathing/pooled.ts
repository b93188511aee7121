import type { PathView, SelectionPolicy } from '../channel/path-selection.ts';
import { WAIT_ANY } from '../channel/path-selection.ts';
import type { PathMask } from '../zarch/path-mask.ts';
import { firstPath, pathBit } from '../zarch/path-mask.ts';

/**
 * One queue before all paths: the first path without any open exchange serves. No machine does this; it turns the
 * channel paths of a control unit into the servers of an M/M/c queue, for comparison with theory.
 */
export const pooled: SelectionPolicy = {
  name: 'pooled',
  draws: false,
  smoothing: 0,
  choose({ candidates, busy, open }: PathView): PathMask {
    for (let rest = candidates & ~busy; rest !== 0; rest &= ~pathBit(firstPath(rest))) {
      const path = firstPath(rest);
      if (open[path] === 0) return pathBit(path);
    }
    return WAIT_ANY;
  },
};
