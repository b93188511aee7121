import type { Process, Steps } from '../kernel/process.ts';
import { FCTL, STCTL } from '../zarch/scsw.ts';
import { conditionCode } from './cancel-policy.ts';
import type { HostedChannelSubsystem } from './hosted-css.ts';
import * as instruction from './instructions.ts';
import { GO } from './instructions.ts';
import { request } from './passthrough-functions.ts';
import type { VirtualSubchannel } from './subchannel.ts';
import type { PassthroughDevice } from './vfio-ccw.ts';

/**
 * What RSCH does for a passed-through subchannel. QEMU decides on its own SCSW and hands the kernel the whole ORB again
 * (`emulate`): another start, which the host's subchannel refuses, because its program is suspended. Document 0 leaves open
 * what it should be. With `unsupported` no ORB has suspend control, so that the suspend flag in a CCW is a program check, and
 * nothing can be resumed. `pass` has the host resume the program, by a command that no kernel has.
 */
export const RESUME_POLICIES = ['emulate', 'unsupported', 'pass'] as const;
export type ResumePolicy = (typeof RESUME_POLICIES)[number];

type ConditionCode = 0 | 1 | 2 | 3;

export function* resume(
  { css, policies }: HostedChannelSubsystem,
  device: PassthroughDevice,
  self: Process,
): Steps<ConditionCode> {
  const { sch } = device;
  if (policies.resume === 'emulate' || (policies.resume === 'pass' && !device.regions.command)) {
    const decision = instruction.mayResume(sch);
    if (decision !== GO) return decision;
    css.measurement.count(sch);
    instruction.acceptResume(sch);
    // What this has changed is not rolled back when the kernel refuses.
    return yield* request(css, device, self);
  }
  const refused = refusal(sch);
  if (refused !== 0) return refused;
  if (policies.resume === 'unsupported') return 2;
  // A program that could not be copied again stays suspended, as one that there is nothing to resume of.
  const cc = conditionCode(yield* device.resume(self));
  if (cc !== 0) return cc;
  css.measurement.count(sch);
  instruction.acceptResume(sch);
  return 0;
}

/** What QEMU can tell without the host, which alone knows whether the program is suspended. */
function refusal({ notOperational, schib: { scsw } }: VirtualSubchannel): ConditionCode {
  if (notOperational) return 3;
  if ((scsw.stctl & STCTL.PENDING) !== 0) return 1;
  return scsw.fctl === FCTL.START ? 0 : 2;
}
