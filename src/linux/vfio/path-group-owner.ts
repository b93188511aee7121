/**
 * Who groups the paths of a passed-through device (strategies P8, P9). Linux hands SENSE and SET PATH GROUP ID of a guest
 * on as any other command: the group is the guest's. `host`: the host sets the group, once for each path until it is reset,
 * and answers the guest itself. `both`: each takes the group for its own; the guest's commands are handed on, and the host
 * groups paths that come back, as it does for devices that it drives.
 */
export const PATH_GROUP_OWNERS = ['guest', 'host', 'both'] as const;
export type PathGroupOwner = (typeof PATH_GROUP_OWNERS)[number];
