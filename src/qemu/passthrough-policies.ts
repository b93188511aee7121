import type { GonePolicy } from '../linux/vfio/gone-policy.ts';
import type { RegionLayout } from '../linux/vfio/region-layout.ts';
import type { CancelPolicy } from './cancel-policy.ts';
import type { ResumePolicy } from './resume-policy.ts';
import type { StatusPolicy } from './status-policy.ts';
import type { TransportPolicy } from './transport-policy.ts';

/** QEMU's side of the policies that a scenario can choose for passed-through subchannels. */
export interface PassthroughFunctionPolicies {
  readonly cancel: CancelPolicy;
  readonly resume: ResumePolicy;
  readonly gone: GonePolicy;
  readonly regions: RegionLayout;
  readonly status: StatusPolicy;
  readonly transport: TransportPolicy;
}

export const QEMU_POLICIES: PassthroughFunctionPolicies = {
  cancel: 'local',
  resume: 'emulate',
  gone: 'unplug',
  regions: 'separate',
  status: 'qemu',
  transport: 'qemu',
};
