/**
 * How the driver has the paths of its devices grouped (strategies P7). Linux wants multipath mode, where reservation and
 * reconnection belong to the whole group; in single-path mode only the reservation does; without a group each path is on
 * its own, and what one has reserved is busy on the others.
 */
export const PATH_GROUPINGS = ['multipath', 'single-path', 'none'] as const;
export type PathGrouping = (typeof PATH_GROUPINGS)[number];

/** Options that the driver gives a device before it goes online (`ccw_device_set_options`). */
export const groupingOptions = (grouping: PathGrouping): { pathGroup: boolean; multipath: boolean } => ({
  pathGroup: grouping !== 'none',
  multipath: grouping === 'multipath',
});
