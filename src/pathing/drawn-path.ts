import { countPaths, firstPath, type PathMask, pathBit } from '../zarch/path-mask.ts';

/** A path of a mask, which is not empty, each with the same probability: one uniform draw from [0, 1) decides. */
export function drawnPath(mask: PathMask, draw: number): PathMask {
  let rest = mask;
  for (let skip = Math.floor(draw * countPaths(mask)); skip > 0; skip--) rest &= ~pathBit(firstPath(rest));
  return pathBit(firstPath(rest));
}
