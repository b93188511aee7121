import { z } from 'zod';
import { NS_PER_S } from '../kernel/time.ts';
import type { InFlightPolicy, VerificationLimit } from '../linux/path-recovery.ts';
import { LINUX_RECOVERY } from '../linux/path-recovery.ts';
import { RECOVERY_NAMES, type RecoverySpecification } from '../pathing/recovery-specification.ts';
import { number, oneOf, positiveTime, time, whole } from './fields.ts';
import { formatTime } from './units.ts';

/** The part of the schema that names what systems do about paths that go, come and fail (strategies R1 to R9, V3). */

/** Policies that no scenario has given other parameters. */
export const USUAL_RECOVERY: { readonly [Kind in RecoverySpecification['kind']]: RecoverySpecification } = {
  linux: { kind: 'linux', timerNs: LINUX_RECOVERY.delaysNs },
  'zos-device': { kind: 'zos-device' },
  'zos-cu': { kind: 'zos-cu', threshold: 10, interval: 10 },
  'link-recovery': { kind: 'link-recovery', flaps: 5, withinNs: 60 * NS_PER_S, holdNs: 0 },
  manual: { kind: 'manual' },
  'hold-down': { kind: 'hold-down', penalty: 1, halfLifeNs: 900 * NS_PER_S, suppress: 2, reuse: 0.75 },
};

const positiveNumber = () => number().refine((value) => value > 0, 'it must be more than zero');

const options = z
  .strictObject({
    linux: z
      .strictObject({
        timer: z
          .array(positiveTime())
          .min(1)
          .prefault(LINUX_RECOVERY.delaysNs.map(formatTime))
          .describe(
            'Delays after which devices with missing paths are verified again; the last one repeats, ns.',
          ),
      })
      .optional()
      .describe('Each device counts its control checks (dasdOptions); recovery timer (R1, R5).'),
    'zos-cu': z
      .strictObject({
        threshold: whole(1, 100)
          .prefault('10')
          .describe('PATH_THRESHOLD: errors a minute that are too many.'),
        interval: whole(1, 10)
          .prefault('10')
          .describe('PATH_INTERVAL: minutes in a row with so many, after which the path is given up.'),
      })
      .optional()
      .describe('z/OS with PATH_SCOPE=CU: errors are counted for the control unit (R3).'),
    'link-recovery': z
      .strictObject({
        flaps: whole(1, 1000).prefault('5').describe('Losses after which the channel path is left alone.'),
        within: positiveTime().prefault('60s').describe('Span in which they are, ns.'),
        hold: time()
          .prefault('0s')
          .describe('For how long since the last loss, ns; 0s: until an operator varies it on.'),
      })
      .optional()
      .describe('A channel path that goes too often is left alone (R4).'),
    'hold-down': z
      .strictObject({
        penalty: positiveNumber().prefault('1').describe('Penalty for each loss.'),
        halfLife: positiveTime()
          .prefault('900s')
          .describe('Time in which the penalty decays to one half, ns.'),
        suppress: positiveNumber()
          .prefault('2')
          .describe('Penalty above which the channel path is out of use.'),
        reuse: positiveNumber().prefault('0.75').describe('Penalty below which it is used again.'),
      })
      .optional()
      .describe('Damping of channel paths that flap (R7).'),
  })
  .transform((kinds, context): RecoverySpecification => {
    if (Object.values(kinds).filter((value) => value !== undefined).length !== 1) {
      const message = 'a recovery policy has exactly one name';
      const hint = 'write for instance { zos-cu: { threshold: 20 } }, or just zos-cu';
      context.issues.push({ code: 'custom', input: kinds, message, params: { hint } });
      return z.NEVER;
    }
    const { linux, 'zos-cu': unit, 'link-recovery': link, 'hold-down': damping } = kinds;
    if (linux !== undefined) return { kind: 'linux', timerNs: linux.timer };
    if (unit !== undefined) return { kind: 'zos-cu', ...unit };
    if (link !== undefined) {
      return { kind: 'link-recovery', flaps: link.flaps, withinNs: link.within, holdNs: link.hold };
    }
    const { penalty, halfLife, suppress, reuse } = damping!;
    if (reuse >= suppress) {
      const message = `"reuse" is ${reuse}, and "suppress" ${suppress}`;
      const hint = 'a path is used again below a smaller penalty than that which takes it out of use';
      context.issues.push({ code: 'custom', input: kinds, message, params: { hint } });
      return z.NEVER;
    }
    return { kind: 'hold-down', penalty, halfLifeNs: halfLife, suppress, reuse };
  });

const recovery = z
  .union([oneOf(RECOVERY_NAMES).transform((kind): RecoverySpecification => USUAL_RECOVERY[kind]), options])
  .meta({ id: 'recovery' });

/** z/OS calls an interruption missing after 15 s (architecture reference B.14). */
const USUAL_TIMEOUT = '15s';

const inFlight = z
  .union([
    oneOf(['kill', 'ladder', 'wait', 'timeout']).transform(
      (kind): InFlightPolicy => (kind === 'timeout' ? { kind, afterNs: 15 * NS_PER_S } : { kind }),
    ),
    z
      .strictObject({
        timeout: z
          .strictObject({
            after: positiveTime()
              .prefault(USUAL_TIMEOUT)
              .describe('Time from the report to the first attempt, ns.'),
          })
          .describe('Nothing is done about the operation for a time.'),
      })
      .transform(({ timeout }): InFlightPolicy => ({ kind: 'timeout', afterNs: timeout.after })),
  ])
  .meta({ id: 'inFlight' });

const verificationThrottle = z
  .union([
    oneOf(['none']).transform((): VerificationLimit | null => null),
    z.strictObject({
      concurrent: whole(1, 65_536).describe('Most path verifications at a time.'),
      per: oneOf(['system', 'control-unit'])
        .prefault('system')
        .describe('What has so many: a system, or each set of channel paths that lead to a control unit.'),
    }),
  ])
  .meta({ id: 'verificationThrottle' });

/** Keys of `strategies`. */
export const recoveryKeys = {
  recovery: z
    .union([recovery, z.array(recovery).min(1)])
    .prefault('linux')
    .describe(
      'When Linux gives paths up and takes them back (strategies R1 to R7); a list gives one run each.',
    ),
  inFlight: z
    .union([inFlight, z.array(inFlight).min(1)])
    .prefault('kill')
    .describe(
      'What Linux does about an operation on a path that is reported gone (strategies V3); a list gives one run each.',
    ),
  verificationThrottle: z
    .union([verificationThrottle, z.array(verificationThrottle).min(1)])
    .prefault('none')
    .describe('How many devices verify their paths at a time (strategies R9); a list gives one run each.'),
};
