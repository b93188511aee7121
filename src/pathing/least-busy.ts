import type { PathView, SelectionPolicy } from '../channel/path-selection.ts';
import { WAIT_ANY } from '../channel/path-selection.ts';
import { firstPath, NO_PATHS, type PathMask, pathBit } from '../zarch/path-mask.ts';
import { nextPath } from './next-path.ts';

/**
 * The channel with the fewest open exchanges, the next of them in the rotation where there are several (strategies
 * reference P4, "join the shortest queue"; patent US 4435755 counts outstanding starts like this).
 */
export const leastBusy: SelectionPolicy = {
  name: 'least-busy',
  draws: false,
  smoothing: 0,
  choose({ candidates, busy, open, last }: PathView): PathMask {
    let shortest = NO_PATHS;
    let fewest = 0;
    for (let rest = candidates & ~busy; rest !== 0; rest &= ~pathBit(firstPath(rest))) {
      const path = firstPath(rest);
      if (shortest === NO_PATHS || open[path] < fewest) {
        shortest = pathBit(path);
        fewest = open[path];
      } else if (open[path] === fewest) shortest |= pathBit(path);
    }
    return shortest === NO_PATHS ? WAIT_ANY : nextPath(shortest, last);
  },
};
