import { ALL_PATHS, type PathMask, pathBit } from '../zarch/path-mask.ts';

/** A path of a subchannel that is not installed ends at no port. */
export const NO_PORT = -1;

/** Path-installed mask of a subchannel that has so many paths and no gap between them. */
export const leftmostPaths = (count: number): PathMask => ALL_PATHS & ~(ALL_PATHS >> count);

/**
 * Port of the control unit at which each path of its subchannels ends: the paths in `pim` take the ports in their order.
 * Gaps stay behind when a path is taken out of the I/O configuration while the machine runs.
 */
export function portsOf(pim: PathMask): number[] {
  const ports: number[] = [];
  let port = 0;
  for (let path = 0; (pim & (ALL_PATHS >> path)) !== 0; path++) {
    ports.push((pim & pathBit(path)) === 0 ? NO_PORT : port++);
  }
  return ports;
}
