import { type SelectionSpecification, selectionName } from '../pathing/specification.ts';
import { relayName } from '../relay/specification.ts';
import type { Issues } from './errors.ts';
import { parseName } from './fields.ts';
import { type PassthroughPolicies, UPSTREAM_POLICIES } from './passthrough-policies.ts';
import { pathPolicyChoices } from './resolve-path-policies.ts';
import type { ResolvedStrategy, ResolvedSystem } from './resolved.ts';
import { type ParsedPolicies, type ParsedStrategies, USUAL_STEERING } from './schema-strategies.ts';
import { formatTime } from './units.ts';

/**
 * The runs of a scenario: every combination of strategies, or of those of each case. A case that is one combination gives
 * it its name.
 */
export function resolveStrategies(
  parsed: ParsedStrategies | undefined,
  systems: readonly ResolvedSystem[],
  issues: Issues,
): ResolvedStrategy[] {
  if (parsed === undefined) return [];
  const { cases, ...usual } = parsed;
  if (Object.keys(cases).length === 0) return combinations(usual, systems);
  return Object.entries(cases).flatMap(([name, differing]) => {
    const valid = parseName(name);
    if (!valid.ok) issues.key(['strategies', 'cases', name], valid.message, valid.hint);
    const strategies = combinations({ ...usual, ...withoutMissing(differing) }, systems);
    return strategies.map((strategy) => ({
      ...strategy,
      name: strategies.length === 1 ? name : `${name}.${strategy.name}`,
      case: name,
    }));
  });
}

/**
 * Every combination of strategies, in the order in which they are written. What guests with devices of a host are told
 * makes a difference where there is one, and only there it names runs: the relay always, everything else where a list
 * makes it necessary.
 */
function combinations(parsed: ParsedPolicies, systems: readonly ResolvedSystem[]): ResolvedStrategy[] {
  const choices = pathPolicyChoices(parsed);
  return withoutPathPolicies(parsed, systems).flatMap((strategy) =>
    choices.map(({ names, policies }) => ({
      ...strategy,
      ...policies,
      name: [strategy.name, ...names].join('.'),
    })),
  );
}

/** A key that is written without a value says nothing. */
const withoutMissing = <Keys extends object>(keys: Keys): { [Key in keyof Keys]: NonNullable<Keys[Key]> } =>
  Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Keys]: NonNullable<Keys[Key]>;
  };

function withoutPathPolicies(parsed: ParsedPolicies, systems: readonly ResolvedSystem[]): ResolvedStrategy[] {
  const selections = [parsed.selection].flat();
  if (!systems.some(hasDevicesOfHost)) {
    return groupings(parsed).flatMap(({ names, grouping }) =>
      selections.map((selection) => {
        const name = [nameOf(selection), ...names].join('.');
        return { name, selection, ...grouping };
      }),
    );
  }
  const relays = [parsed.relay].flat();
  return relays.flatMap((relay) =>
    passthroughPolicies(parsed).flatMap(({ names, passthrough }) =>
      groupings(parsed).flatMap(({ names: grouped, grouping }) =>
        selections.map((selection) => {
          const chosen = selections.length > 1 ? [nameOf(selection)] : [];
          const name = [relayName(relay, formatTime), ...names, ...grouped, ...chosen].join('.');
          return { name, selection, ...grouping, relay, passthrough };
        }),
      ),
    ),
  );
}

const nameOf = (selection: SelectionSpecification): string => selectionName(selection, USUAL_STEERING);

/** How paths are grouped, which is left out where it is as in Linux; a list of it names runs. */
function groupings({ grouping }: ParsedPolicies): {
  readonly names: readonly string[];
  readonly grouping: Pick<ResolvedStrategy, 'grouping'>;
}[] {
  const values = [grouping].flat();
  return values.map((value) => ({
    names: values.length > 1 ? [`grouping-${value}`] : [],
    grouping: value === 'multipath' ? {} : { grouping: value },
  }));
}

/** A choice of policies, and what names it: those of which the scenario has a list. */
interface NamedPolicies {
  readonly names: readonly string[];
  readonly passthrough: PassthroughPolicies;
}

/** How each policy is told apart in the name of a run; their order is that of the names. */
const POLICY_PREFIX = {
  hostVary: 'vary',
  modified: 'modified',
  pathGroup: 'pgid',
  cancel: 'cancel',
  resume: 'resume',
  gone: 'gone',
  regions: 'regions',
  status: 'status',
  transport: 'transport',
};
/** Keys that are about devices that guests have of a KVM host. */
export const PASSTHROUGH_KEYS: readonly string[] = ['relay', ...Object.keys(POLICY_PREFIX)];

function passthroughPolicies(parsed: ParsedPolicies): NamedPolicies[] {
  let choices: NamedPolicies[] = [{ names: [], passthrough: UPSTREAM_POLICIES }];
  for (const policy of Object.keys(POLICY_PREFIX) as (keyof typeof POLICY_PREFIX)[]) {
    const values = [parsed[policy]].flat();
    choices = choices.flatMap(({ names, passthrough }) =>
      values.map((value) => ({
        names: values.length > 1 ? [...names, `${POLICY_PREFIX[policy]}-${value}`] : names,
        passthrough: { ...passthrough, [policy]: value },
      })),
    );
  }
  return choices;
}

const hasDevicesOfHost = (system: ResolvedSystem): boolean =>
  system.kind === 'guest' && system.hosting !== undefined;
