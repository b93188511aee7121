/** Eight channel paths of a subchannel as a bit mask: path 0 is 0x80, path 7 is 0x01. */
declare const brand: unique symbol;
export type PathMask = number & { readonly [brand]?: 'path-mask' };
/** Position of a path in the PMCW's CHPID list, 0 … 7. */
export type PathIndex = number & { readonly [brand]?: 'path-index' };

export const ALL_PATHS: PathMask = 0xff;
export const NO_PATHS: PathMask = 0;

export const pathBit = (index: PathIndex): PathMask => 0x80 >> index;
/** Index of the first (leftmost) path in a mask; 8 when the mask is empty. */
export const firstPath = (mask: PathMask): PathIndex => Math.clz32(mask & 0xff) - 24;

/** Number of paths in a mask. */
export function countPaths(mask: PathMask): number {
  let count = 0;
  for (let rest = mask & 0xff; rest !== 0; rest &= rest - 1) count++;
  return count;
}
