import type { HostVaryPolicy } from '../linux/vfio/host-vary.ts';
import type { ModifiedPolicy } from '../linux/vfio/modified-paths.ts';
import type { PathGroupOwner } from '../linux/vfio/path-group-owner.ts';
import { type PassthroughFunctionPolicies, QEMU_POLICIES } from '../qemu/passthrough-policies.ts';
import type { ResolvedStrategy } from './resolved.ts';

/** Policies of passthrough that go with any relay. */
export interface PassthroughPolicies extends PassthroughFunctionPolicies {
  /** What paths that the host has varied off are to guests. */
  readonly hostVary: HostVaryPolicy;
  /** What guests learn of subchannels whose paths are others than before. */
  readonly modified: ModifiedPolicy;
  /** Who groups the paths of passed-through devices. */
  readonly pathGroup: PathGroupOwner;
}

/** What Linux and QEMU do. */
export const UPSTREAM_POLICIES: PassthroughPolicies = {
  ...QEMU_POLICIES,
  hostVary: 'none',
  modified: 'silent',
  pathGroup: 'guest',
};

export const policiesOf = ({ passthrough }: ResolvedStrategy): PassthroughPolicies =>
  passthrough ?? UPSTREAM_POLICIES;
