import type { PathIndex, PathMask } from '../zarch/path-mask.ts';
import { pathBit } from '../zarch/path-mask.ts';

/** The path of a mask, which is not empty, that follows `last` in the rotation: itself only when there is no other. */
export function nextPath(mask: PathMask, last: PathIndex): PathMask {
  let path = (last + 1) & 7;
  while ((mask & pathBit(path)) === 0) path = (path + 1) & 7;
  return pathBit(path);
}
