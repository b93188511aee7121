import { z } from 'zod';
import { PATH_GROUPINGS } from '../linux/dasd/path-grouping.ts';
import { GONE_POLICIES } from '../linux/vfio/gone-policy.ts';
import { HOST_VARY_POLICIES } from '../linux/vfio/host-vary.ts';
import { MODIFIED_POLICIES } from '../linux/vfio/modified-paths.ts';
import { PATH_GROUP_OWNERS } from '../linux/vfio/path-group-owner.ts';
import { REGION_LAYOUTS } from '../linux/vfio/region-layout.ts';
import { SELECTION_NAMES, type SelectionSpecification } from '../pathing/specification.ts';
import { CANCEL_POLICIES } from '../qemu/cancel-policy.ts';
import { RESUME_POLICIES } from '../qemu/resume-policy.ts';
import { STATUS_POLICIES } from '../qemu/status-policy.ts';
import { TRANSPORT_POLICIES } from '../qemu/transport-policy.ts';
import { WINDOW_KINDS } from '../relay/coalescing-window.ts';
import { DUPLICATE_POLICIES } from '../relay/duplicate-reports.ts';
import { RELAY_NAMES, type RelaySpecification } from '../relay/specification.ts';
import { oneOf, positiveRatio, positiveTime, ratio } from './fields.ts';
import { recoveryKeys } from './schema-recovery.ts';

/** The part of the schema that names the policies under comparison. Sources: strategies reference 2.1, 3. */
const hostVary = () => oneOf(HOST_VARY_POLICIES);
const modified = () => oneOf(MODIFIED_POLICIES);
const grouping = () => oneOf(PATH_GROUPINGS);
const pathGroup = () => oneOf(PATH_GROUP_OWNERS);
const cancel = () => oneOf(CANCEL_POLICIES);
const resume = () => oneOf(RESUME_POLICIES);
const gone = () => oneOf(GONE_POLICIES);
const regions = () => oneOf(REGION_LAYOUTS);
const status = () => oneOf(STATUS_POLICIES);
const transport = () => oneOf(TRANSPORT_POLICIES);

/** Steering that no scenario has given other parameters: free ones, no machine's are published. */
export const USUAL_STEERING = { alpha: 0.2, reprobe: 0.01, margin: 0.25 };

const steering = z
  .strictObject({
    alpha: positiveRatio()
      .prefault(String(USUAL_STEERING.alpha))
      .describe('Weight of the latest initial command response in the average of its path, above 0 to 1.'),
    reprobe: ratio()
      .prefault(String(USUAL_STEERING.reprobe))
      .describe('Share of the starts that go to slow paths, so that a faster one is noticed, 0 to 1.'),
    margin: ratio()
      .prefault(String(USUAL_STEERING.margin))
      .describe('A path is slow whose average exceeds the shortest by more than this share of it, 0 to 1.'),
  })
  .describe('Rotation over the paths whose initial command response is short (P5).');

const selection = z
  .union([
    oneOf(SELECTION_NAMES).transform(
      (kind): SelectionSpecification => (kind === 'steering' ? { kind, ...USUAL_STEERING } : { kind }),
    ),
    z
      .strictObject({ steering })
      .transform((options): SelectionSpecification => ({ kind: 'steering', ...options.steering })),
  ])
  .meta({ id: 'selection' });

/** The strategy that a modifier wraps. */
const over = () =>
  z
    .lazy(() => relay)
    .prefault('upstream')
    .describe('Relay that is modified.');

const modifier = z
  .strictObject({
    coalesce: z
      .strictObject({
        window: oneOf(WINDOW_KINDS)
          .prefault('tumbling')
          .describe(
            'Told at the end of a window; at the end of a rest; as tumbling, but only what has changed (strategies 2.4).',
          ),
        length: positiveTime().prefault('10ms').describe('Length of the window or rest, ns.'),
        over: over(),
      })
      .optional()
      .describe('Gather the changes of a channel path before they are told.'),
    dedupe: z
      .strictObject({
        policy: oneOf(DUPLICATE_POLICIES)
          .prefault('drop-equal-pending')
          .describe('Which of several reports that wait for a guest are dropped (strategies 2.5).'),
        over: over(),
      })
      .optional()
      .describe('Drop reports that say again what the guest has not fetched yet.'),
    'virtual-chpids': z
      .strictObject({ over: over() })
      .optional()
      .describe('Show channel paths of the host to guests under numbers of their own.'),
  })
  .transform((kinds, context): RelaySpecification => {
    if (Object.values(kinds).filter((value) => value !== undefined).length !== 1) {
      const message = 'a relay has exactly one modifier';
      const hint = 'write for instance { coalesce: { over: { dedupe: { over: upstream } } } }';
      context.issues.push({ code: 'custom', input: kinds, message, params: { hint } });
      return z.NEVER;
    }
    const { coalesce, dedupe } = kinds;
    if (coalesce !== undefined) {
      return { kind: 'coalesce', window: coalesce.window, lengthNs: coalesce.length, over: coalesce.over };
    }
    if (dedupe !== undefined) return { kind: 'dedupe', policy: dedupe.policy, over: dedupe.over };
    return { kind: 'virtual-chpids', over: kinds['virtual-chpids']!.over };
  });

const relay: z.ZodType<RelaySpecification, unknown> = z
  .union([oneOf(RELAY_NAMES).transform((kind): RelaySpecification => ({ kind })), modifier])
  .meta({ id: 'relay' });

/** One policy or a list of each kind. */
const policyKeys = {
  selection: z
    .union([selection, z.array(selection).min(1)])
    .prefault('rotation')
    .describe(
      'How the channel subsystem chooses among paths (strategies P1 to P6); a list gives one run each.',
    ),
  ...recoveryKeys,
  relay: z
    .union([relay, z.array(relay).min(1)])
    .prefault('upstream')
    .describe(
      'How guests with passed-through devices are told of channel-path events (strategies 2.1); a list gives one run each.',
    ),
  hostVary: z
    .union([hostVary(), z.array(hostVary()).min(1)])
    .prefault('none')
    .describe(
      'What a channel path that a KVM host has varied off is to its guests (strategies V1); a list gives one run each.',
    ),
  modified: z
    .union([modified(), z.array(modified()).min(1)])
    .prefault('silent')
    .describe(
      'What guests learn of passed-through subchannels whose paths are others than before (strategies C1); a list gives one run each.',
    ),
  grouping: z
    .union([grouping(), z.array(grouping()).min(1)])
    .prefault('multipath')
    .describe('How Linux groups the paths of its DASD (strategies P7); a list gives one run each.'),
  pathGroup: z
    .union([pathGroup(), z.array(pathGroup()).min(1)])
    .prefault('guest')
    .describe(
      'Who groups the paths of passed-through devices of a KVM host (strategies P8, P9); a list gives one run each.',
    ),
  cancel: z
    .union([cancel(), z.array(cancel()).min(1)])
    .prefault('local')
    .describe(
      'What QEMU does for XSCH of a passed-through device (strategies E11); a list gives one run each.',
    ),
  resume: z
    .union([resume(), z.array(resume()).min(1)])
    .prefault('emulate')
    .describe('What QEMU does for RSCH of a passed-through device; a list gives one run each.'),
  gone: z
    .union([gone(), z.array(gone()).min(1)])
    .prefault('unplug')
    .describe(
      'What becomes of a passed-through device whose subchannel is gone (strategies 2.7); a list gives one run each.',
    ),
  regions: z
    .union([regions(), z.array(regions()).min(1)])
    .prefault('separate')
    .describe('How requests of QEMU reach vfio-ccw (document 0); a list gives one run each.'),
  status: z
    .union([status(), z.array(status()).min(1)])
    .prefault('qemu')
    .describe(
      'What QEMU does with status for a subchannel that its guest has disabled; a list gives one run each.',
    ),
  transport: z
    .union([transport(), z.array(transport()).min(1)])
    .prefault('qemu')
    .describe(
      'What becomes of programs in transport mode for passed-through devices (document 0); a list gives one run each.',
    ),
};

type PolicyKeys = typeof policyKeys;

/** The same keys without defaults: what is left out of a case stands beside `cases`. */
const caseKeys = Object.fromEntries(
  Object.entries(policyKeys).map(([key, policy]) => [
    key,
    policy
      .unwrap()
      .optional()
      .describe(policy.description!.replace(/; a list gives one run each\.$/, '.')),
  ]),
) as { [Key in keyof PolicyKeys]: z.ZodOptional<ReturnType<PolicyKeys[Key]['unwrap']>> };

export const strategiesSchema = z
  .strictObject({
    ...policyKeys,
    cases: z
      .record(z.string(), z.strictObject(caseKeys))
      .prefault({})
      .describe(
        'Combinations by name: each says what differs from the keys beside, and these alone are run.',
      ),
  })
  .prefault({})
  .describe('Policies under comparison. Lists multiply.');
export type ParsedStrategies = z.output<typeof strategiesSchema>;
/** Policies without the cases that differ from them. */
export type ParsedPolicies = Omit<ParsedStrategies, 'cases'>;
