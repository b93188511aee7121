import { LINUX_PATH_POLICIES, type PathPolicies } from '../linux/path-recovery.ts';
import { createPathPolicies } from '../pathing/recovery.ts';
import type { ResolvedStrategy } from './resolved.ts';

/** What the systems of a run do about paths that go, come and fail. */
export const pathPoliciesOf = ({ paths }: ResolvedStrategy): PathPolicies =>
  paths === undefined ? LINUX_PATH_POLICIES : createPathPolicies(paths);
