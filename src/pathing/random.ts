import type { PathView, SelectionPolicy } from '../channel/path-selection.ts';
import { WAIT_ANY } from '../channel/path-selection.ts';
import type { PathMask } from '../zarch/path-mask.ts';
import { drawnPath } from './drawn-path.ts';

/** Each path that may be tried and has a free exchange is as likely as the others (strategies reference P3). */
export const random: SelectionPolicy = {
  name: 'random',
  draws: true,
  smoothing: 0,
  choose({ candidates, busy }: PathView, draw: number): PathMask {
    const free = candidates & ~busy;
    return free === 0 ? WAIT_ANY : drawnPath(free, draw);
  },
};
